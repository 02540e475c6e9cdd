"""Compose: the figures of wholes, units side by side, become composites with their doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import polars as pl

from kpialign.composites import Scope
from kpialign.composites.doubt import doubt_of
from kpialign.composites.pulling import rewards
from kpialign.composites.stages import compose
from kpialign.composites.tell import Told, composite_value
from kpialign.definitions.composites import Composite
from kpialign.findings import CompositeValue, Finding, SystemValue
from kpialign.library import Library
from kpialign.pipeline.modelling import events_of
from kpialign.terms import Period

_FAMILY = {"icb_services": "icb"}  # a system's hospitals and the services that serve it
_PARTS = ("level", "unit", "name", "indicator", "period", "value", "numerator", "denominator",
          "reported", "expected", "trusts_reported", "trusts_expected")  # fmt: skip


def composed(
    library: Library,
    scopes: Sequence[Scope],
    parts: pl.DataFrame,
    told: Iterable[SystemValue],
    period: Period,
) -> tuple[CompositeValue, ...]:
    """Every composite of every scope that has a figure of any part, in the order of the scopes.

    Those with a figure come before those in which a part is missing.

    Args:
        library: definitions.
        scopes: the wholes to tell.
        parts: as :func:`part_figures` gives them.
        told: system values of the scopes.
        period: the month told.
    """
    wholes = {
        (_FAMILY.get(s.level, s.level), s.code): s.name
        for s in scopes
        if s.level != "icb_catchment"
    }
    own: dict[str, dict[str, SystemValue]] = {}
    for value in told:
        own.setdefault(value.scope, {}).setdefault(value.indicator, value)
    found = [
        value
        for composite in library.composites.values()
        for level in dict.fromkeys(level for level, _ in wholes)
        for value in at_level(
            library, composite, level, parts, period,
            told=own, only=[code for of, code in wholes if of == level],
        )
    ]  # fmt: skip
    order = {code: i for i, (_, code) in enumerate(wholes)}
    return tuple(sorted(found, key=lambda v: (order[v.scope], v.value is None)))


def at_level(
    library: Library,
    composite: Composite,
    level: str,
    parts: pl.DataFrame,
    period: Period,
    *,
    told: Mapping[str, Mapping[str, SystemValue]] = MappingProxyType({}),
    only: Sequence[str] | None = None,
) -> tuple[CompositeValue, ...]:
    """A composite of the wholes of a level (``icb, service, region, england``), by their codes.

    All of the level are computed, since some scales and bands compare them; ``only`` are told.
    """
    names = [leaf.name for leaf in composite.leaves]
    rows = parts.filter((pl.col("level") == level) & pl.col("indicator").is_in(names))
    if rows.is_empty():
        return ()
    improves = {name: library.indicators[name].improves.sign for name in names}
    whole = compose(rows, composite, improves, period)
    doubt = doubt_of(whole, months=slice(-2, None))
    called = dict(rows.select("unit", "name").unique().sort("unit").iter_rows())
    known = _called(library, composite, cuts(library, names, period))
    return tuple(
        composite_value(
            whole, replace(known, scope=code, name=name, values=told.get(code, {})), period, doubt
        )
        for code, name in called.items()
        if only is None or code in only
    )


def part_figures(
    library: Library, values: pl.DataFrame, names: Mapping[tuple[str, str], str], period: Period
) -> pl.DataFrame:
    """Every indicator at every whole up to the month told, see ``Tables.parts``."""
    known = {i.id: i.accountable.role for i in library.indicators.values()}
    role = pl.col("indicator").replace_strict(known, default="")
    # A system's ambulance figure is that of its services' whole area.
    services = (pl.col("scope_level") == "icb") & (role == "ambulance")
    roles = {"icb": "icb", "region": "region", "service": "ambulance"}
    called = [
        (level, code, name)
        for (of, code), name in names.items()
        for level, own in roles.items()
        if own == of
    ]
    called.append(("england", "ENGLAND", "England"))
    titles = pl.DataFrame(
        called, schema=dict.fromkeys(("level", "unit", "name"), pl.String), orient="row"
    )
    return (
        values.filter(
            (pl.col("period") <= str(period))
            & ~services
            & (pl.col("scope_level") != "icb_catchment")
        )
        .with_columns(pl.col("scope_level").replace(_FAMILY).alias("level"))
        .rename({"scope": "unit"})
        .join(titles, on=["level", "unit"], how="left")
        .with_columns(pl.col("name").fill_null(pl.col("unit")))
        .select(*_PARTS)
        .sort("level", "unit", "indicator", "period")
    )


def with_rewards(
    composites: Iterable[CompositeValue], findings: Sequence[Finding], library: Library
) -> tuple[CompositeValue, ...]:
    """Say of each composite what it rewards by the verdicts of rules."""
    answers = {i.id: i.accountable.role for i in library.indicators.values()}
    return tuple(
        replace(value, rewards=tuple(rewards(value, findings, answers))) for value in composites
    )


def cuts(library: Library, names: Sequence[str], period: Period) -> dict[str, Period]:
    """Indicators with the month from which their figures compare with the month told.

    Only what is confirmed, and of everybody, cuts the figure of a whole.
    """
    found: dict[str, Period] = {}
    for event, touched in events_of(library, names, "incomparable").values():
        cut = event.cut(period)
        if cut is not None and event.confirmed and not event.scope.organisations:
            found |= {name: max(cut, found.get(name, cut)) for name in touched}
    return {name: found[name] for name in names if name in found}


def _called(library: Library, composite: Composite, known: Mapping[str, Period]) -> Told:
    """What the parts are called, of no unit yet."""
    indicators = [library.indicators[leaf.name] for leaf in composite.leaves]
    return Told(
        "", "",
        titles={i.id: i.short for i in indicators},
        units={i.id: i.unit for i in indicators},
        kinds={i.id: i.kind for i in indicators},
        values={},
        cuts=known,
    )  # fmt: skip
