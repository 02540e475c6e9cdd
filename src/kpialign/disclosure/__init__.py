"""The one way out: what is not published passes here before any output sees it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from kpialign.disclosure import figures, process
from kpialign.disclosure import wholes as system_measures
from kpialign.disclosure.figures import HIDDEN
from kpialign.disclosure.presets import PRESETS, Preset
from kpialign.findings import Outcome, Revision, SystemValue
from kpialign.terms import Period

__all__ = ["HIDDEN", "PRESETS", "protected"]

_NOTE = (
    "figures that are not published have small numbers hidden and the rest rounded (disclosure: {})"
)
Hidden = frozenset[tuple[str, str, str]]


def protected(outcome: Outcome, preset: str) -> Outcome:
    """An outcome whose unpublished figures are safe to show; published ones stay as they are.

    Args:
        outcome: what a run found; a run without unpublished figures comes back itself.
        preset: a name of :data:`PRESETS`, or ``none``.
    """
    given = outcome.tables.bodies
    if given is None or preset == "none" or given["published"].all():
        return outcome
    rules = PRESETS[preset]
    marked = given.filter(~pl.col("published"))
    bodies = figures.bodies(given, rules)
    values = figures.wholes(outcome.tables.values, marked, rules)
    hidden = _hidden(outcome.tables.values, values)
    safe = replace(
        outcome.tables,
        pairs=_without_bodies(outcome.tables.pairs, bodies),
        values=values,
        points=process.points(outcome.tables.points, values, hidden),
        parts=_parts(outcome.tables.parts, marked, rules),
        bodies=bodies,
    )
    months = frozenset(
        (str(i), str(p)) for i, p in marked.select("indicator", "period").iter_rows()
    )
    told = tuple(
        process.judged(_value(_near(v, values), hidden), outcome.tables.points, hidden)
        for v in outcome.system_values
    )
    return replace(
        outcome,
        tables=safe,
        system_values=told,
        composites=tuple(system_measures.composite(c, hidden) for c in outcome.composites),
        movements=system_measures.moved(outcome.movements, months),
        ledgers=tuple(system_measures.ledger(one, hidden, months) for one in outcome.ledgers),
        revisions=tuple(_revision(r, rules) for r in outcome.revisions),
        notes=(*outcome.notes, _NOTE.format(preset)),
    )


def _parts(parts: pl.DataFrame | None, marked: pl.DataFrame, preset: Preset) -> pl.DataFrame | None:
    return None if parts is None else figures.wholes(parts, marked, preset)


def _hidden(before: pl.DataFrame, after: pl.DataFrame) -> Hidden:
    """Indicator, scope and month of every figure of a whole that went."""
    gone = before["value"].is_not_null() & after["value"].is_null()
    keys = before.filter(gone).select("indicator", "scope", "period")
    return frozenset((str(i), str(s), str(p)) for i, s, p in keys.iter_rows())


def _without_bodies(pairs: pl.DataFrame, bodies: pl.DataFrame) -> pl.DataFrame:
    """Months of a tie without what is hidden of the body it is.

    What is left of a figure, less season and peers, would give the hidden month away: none of
    that series is kept.
    """
    hidden = bodies.filter(state=HIDDEN).select(
        "indicator", "period", tie="organisation", _gone=pl.lit(value=True)
    )
    keys = ["indicator", "tie", "period"]
    told = pairs.join(hidden.unique(), on=keys, how="left", maintain_order="left")
    month = pl.col("_gone").is_not_null()
    left = [pl.col(name) for name in told.columns if name.startswith("less_")]
    return told.with_columns(
        pl.when(~month).then(pl.col("value")).alias("value"),
        *(pl.when(~month.any().over("indicator", "tie")).then(c) for c in left),
    ).drop("_gone")


def _near(value: SystemValue, values: pl.DataFrame) -> SystemValue:
    """A figure as it follows from its rounded parts, this month and a year before."""
    own = values.filter(indicator=value.indicator, scope=value.scope, basis=value.basis)
    by_month = dict(own.select("period", "value").iter_rows())
    year = str(Period.parse(value.period) + -12)
    was = by_month.get(year) if value.year_before is not None else None
    now = by_month.get(value.period) if value.value is not None else None
    return replace(
        value,
        value=value.value if now is None else now,
        year_before=value.year_before if was is None else was,
    )


def _value(value: SystemValue, hidden: Hidden) -> SystemValue:
    year = str(Period.parse(value.period) + -12)
    if (value.indicator, value.scope, year) in hidden:
        value = replace(
            value, year_before=None, year_before_state=HIDDEN, like_for_like=None
        )  # fmt: skip
    if (value.indicator, value.scope, value.period) not in hidden:
        return value
    targets = tuple(replace(t, value=None, met=None) for t in value.targets)
    return replace(value, value=None, state=HIDDEN, targets=targets, like_for_like=None)


def _revision(revision: Revision, preset: Preset) -> Revision:
    """Which file a revision came from says not whether it was published, so all are held."""

    def safe(count: float | None) -> float | None:
        return None if count is not None and preset.least <= count <= preset.most else count

    return replace(revision, was=safe(revision.was), now=safe(revision.now))
