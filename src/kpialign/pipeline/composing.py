"""Compose: the figures of wholes, units side by side, become composites with their doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from kpialign.composites import Scope
from kpialign.composites.doubt import doubt_of
from kpialign.composites.stages import compose
from kpialign.composites.tell import Told, composite_value
from kpialign.definitions.composites import Composite
from kpialign.findings import CompositeValue, SystemValue
from kpialign.library import Library
from kpialign.terms import Period

_FAMILY = {"icb_services": "icb"}  # a system's hospitals and the services that serve it


def composed(
    library: Library,
    scopes: Sequence[Scope],
    values: pl.DataFrame,
    told: Iterable[SystemValue],
    period: Period,
) -> tuple[CompositeValue, ...]:
    """Every composite of every scope that has a figure of any part, in the order of the scopes.

    Args:
        library: definitions.
        scopes: the wholes to tell.
        values: ``indicator, scope_level, scope, period, numerator, denominator, value``.
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
    frame = _figures(library, values, period)
    out = []
    for composite in library.composites.values():
        names = [leaf.name for leaf in composite.leaves]
        for level in dict.fromkeys(level for level, _ in wholes):
            rows = frame.filter((pl.col("level") == level) & pl.col("indicator").is_in(names))
            if rows.is_empty():
                continue
            whole = compose(rows, composite, _improves(library, composite), period)
            doubt = doubt_of(whole, months=slice(-2, None))
            for (of, code), name in wholes.items():
                if of == level and code in whole.panel.units:
                    called = _called(library, composite, code, name, own.get(code, {}))
                    out.append(composite_value(whole, called, period, doubt))
    order = {code: i for i, (_, code) in enumerate(wholes)}
    return tuple(sorted(out, key=lambda value: order[value.scope]))


def _figures(library: Library, values: pl.DataFrame, period: Period) -> pl.DataFrame:
    """``level, unit, indicator, period, value, numerator, denominator`` up to the month told."""
    known = {i.id: i.accountable.role for i in library.indicators.values()}
    roles = pl.col("indicator").replace_strict(known, default="")
    # A system's ambulance figure is that of its services' whole area.
    services = (pl.col("scope_level") == "icb") & (roles == "ambulance")
    return (
        values.filter((pl.col("period") <= str(period)) & ~services)
        .with_columns(pl.col("scope_level").replace(_FAMILY).alias("level"))
        .rename({"scope": "unit"})
        .select("level", "unit", "indicator", "period", "value", "numerator", "denominator")
    )


def _improves(library: Library, composite: Composite) -> dict[str, int]:
    return {leaf.name: library.indicators[leaf.name].improves.sign for leaf in composite.leaves}


def _called(
    library: Library, composite: Composite, code: str, name: str, own: Mapping[str, SystemValue]
) -> Told:
    indicators = [library.indicators[leaf.name] for leaf in composite.leaves]
    return Told(
        code, name,
        titles={i.id: i.short for i in indicators},
        units={i.id: i.unit for i in indicators},
        kinds={i.id: i.kind for i in indicators},
        values=own,
    )  # fmt: skip
