"""Walk the pathways: the figures of each stage for a whole, what it loses, and the gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from kpialign.definitions.indicators import Indicator
from kpialign.definitions.pathways import Lost, Pathway, Stage
from kpialign.findings import Ledger, LedgerStage, StageLoss, StageMeasure, SystemValue
from kpialign.library import Library
from kpialign.terms import Period

Rows = Mapping[tuple[str, str, str], tuple[float, float]]


def ledgers(
    library: Library, told: Iterable[SystemValue], series: pl.DataFrame, period: Period
) -> Iterator[Ledger]:
    """Every pathway of every whole that has a figure of one of its stages.

    Args:
        library: definitions.
        told: the system values.
        series: ``indicator, scope, basis, period, numerator, denominator``.
        period: the month told.
    """
    by_scope: dict[tuple[str, str], dict[str, SystemValue]] = {}
    for value in told:
        by_scope.setdefault((value.scope, value.scope_name), {}).setdefault(value.indicator, value)
    for (scope, name), values in by_scope.items():
        bases = {value.basis for value in values.values()}
        own = series.filter((pl.col("scope") == scope) & pl.col("basis").is_in(bases))
        parts = {
            (indicator, basis, month): (top, below)
            for indicator, basis, month, top, below in own.select(
                "indicator", "basis", "period", "numerator", "denominator"
            ).iter_rows()
            if top is not None and below
        }
        for pathway in library.pathways.values():
            stages = tuple(_stage(stage, library, values, parts, period)
                           for stage in pathway.stages)  # fmt: skip
            if any(not stage.gap for stage in stages):
                yield Ledger(
                    pathway.id, pathway.title, pathway.why, pathway.shown_as, scope, name,
                    str(period), stages, _end_to_end(pathway),
                )  # fmt: skip


def _end_to_end(pathway: Pathway) -> str:
    if pathway.linked_by:
        return f"both ends are in one extract: {pathway.linked_by}"
    why = pathway.not_linked_because or "no extract carries the clocks at both ends"
    return f"not linked end to end: {why}"


def _stage(
    stage: Stage,
    library: Library,
    values: Mapping[str, SystemValue],
    parts: Rows,
    period: Period,
) -> LedgerStage:
    built = [library.indicators[name] for name in stage.indicators if name in library.indicators]
    measures = tuple(_measure(values[i.id]) for i in built if i.id in values)
    bodies = {body for i in built for body in (i.accountable.role, *i.accountable.jointly)}
    losses = tuple(
        _loss(lost, library.indicators[lost.indicator], values[lost.indicator], parts, period)
        for lost in stage.lost
        if lost.indicator in values
    )
    return LedgerStage(
        stage.id,
        stage.title,
        stage.answers or tuple(sorted(bodies)),
        measures,
        losses,
        tuple((overlap.stage, overlap.why) for overlap in stage.overlaps),
        "" if any(m.value is not None for m in measures) else _gap(stage, built, values),
    )


def _gap(stage: Stage, built: list[Indicator], values: Mapping[str, SystemValue]) -> str:
    if not stage.indicators:
        return "nothing measures it"
    if not built:
        return "a measure is planned, and nobody sends its figures"
    missing = [i.short for i in built if i.id not in values]
    if missing:
        return f"no figure was read of {', '.join(missing)}"
    return "not reported for this month"


def _measure(value: SystemValue) -> StageMeasure:
    return StageMeasure(
        value.indicator, value.title, value.unit, value.improves, value.value, value.state,
        value.year_before, value.basis,
    )  # fmt: skip


def _loss(
    lost: Lost, indicator: Indicator, value: SystemValue, parts: Rows, period: Period
) -> StageLoss:
    now, before = (
        _amount(lost, indicator, parts.get((lost.indicator, value.basis, str(month))), month)
        for month in (period, period + -12)
    )
    return StageLoss(
        lost.indicator, lost.unit, lost.each,
        amount=now and now[0], per_1000=now and now[1],
        year_before=before[0] if before and value.year_before is not None else None,
        basis=value.basis, note=lost.note,
    )  # fmt: skip


def _amount(
    lost: Lost, indicator: Indicator, parts: tuple[float, float] | None, month: Period
) -> tuple[float, float] | None:
    """What is lost, and per 1,000 of the denominator; a mean inside its target loses nothing."""
    if parts is None:
        return None
    top, below = parts
    if lost.count == "each_day":
        amount, below = top * month.days, below * month.days
    elif lost.count == "remainder":
        amount = below - top
    elif lost.count == "beyond_target":
        level = next(t.level for t in indicator.targets if t.name == lost.target)
        beyond = indicator.measure.scale * top / below - level
        amount = max(0.0, beyond * indicator.improves.sign * -1) * below
    else:
        amount = top
    amount *= lost.times
    return amount, 1000 * amount / below
