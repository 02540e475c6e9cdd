"""Every whole of a level beside the others, by code: values, who reported, targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from kpialign.composites import Scope, not_judged_across, system_values
from kpialign.findings import Outcome, WholeLine
from kpialign.library import Library
from kpialign.pipeline.composing import cuts
from kpialign.terms import Period

LEVELS = ("icb", "region", "service", "england")
_BASIS = {"ambulance": "ambulance services, whole area", "hospital": "providers"}


def lines(
    outcome: Outcome, library: Library, level: str, names: Sequence[str]
) -> Iterator[WholeLine]:
    """Each indicator at every whole of a level that ever had a figure of it.

    Args:
        outcome: what a run returned.
        library: definitions.
        level: one of :data:`LEVELS`.
        names: the indicators, in the order to tell them.
    """
    parts, period = outcome.tables.parts, Period.parse(outcome.period)
    if parts is None:
        return
    rows = parts.filter((pl.col("level") == level) & pl.col("indicator").is_in(list(names)))
    figures = {
        (indicator, unit, month): value
        for indicator, unit, month, value in rows.select(
            "indicator", "unit", "period", "value"
        ).iter_rows()
    }
    known = cuts(library, names, period)
    renamed = rows.rename({"level": "scope_level", "unit": "scope"})
    for name in names:
        role = library.indicators[name].accountable.role
        units = rows.filter(indicator=name).select("unit", "name").unique().sort("unit")
        scopes = [
            Scope(level, code, called, role, _BASIS.get(role, role))
            for code, called in units.iter_rows()
        ]
        for value in system_values([library.indicators[name]], scopes, renamed, period):
            before = [
                figures.get((name, value.scope, str(month)))
                if month >= known.get(name, month)
                else None
                for month in (period + -1, period + -12)
            ]
            cut = known.get(name)
            yield WholeLine(not_judged_across(value, cut) if cut else value, *before)
