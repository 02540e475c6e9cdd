"""System measures without what is hidden: composites, movement and ledgers."""

from __future__ import annotations

from dataclasses import replace

from kpialign.disclosure.figures import HIDDEN
from kpialign.findings import (
    CompositePart,
    CompositeValue,
    Ledger,
    LedgerStage,
    Movement,
    StageLoss,
    StageMeasure,
)
from kpialign.terms import Period

Hidden = frozenset[tuple[str, str, str]]
Marked = frozenset[tuple[str, str]]
"""Indicator and month of figures that are not published."""


def composite(value: CompositeValue, hidden: Hidden) -> CompositeValue:
    """A composite says nothing of months in which a part is hidden: it would give the part away."""
    now, last, year = (str(Period.parse(value.period) + back) for back in (0, -1, -12))
    gone = {
        month: {p.indicator for p in value.parts if (p.indicator, value.scope, month) in hidden}
        for month in (now, last, year)
    }
    if not any(gone.values()):
        return value
    parts = tuple(
        _part(part, [part.indicator in gone[month] for month in (now, last, year)])
        for part in value.parts
    )
    own = replace(
        value, parts=parts, band="", band_last_month="", rating="", held=(), doubt=None,
        alternatives=(), moves=(), to_move=(), coherence=None, other_aggregate=None,
    )  # fmt: skip
    if gone[now]:
        own = replace(own, value=None, state=HIDDEN)
    return replace(
        own,
        last_month=None if gone[last] else own.last_month,
        year_before=None if gone[year] else own.year_before,
    )


def _part(part: CompositePart, gone: list[bool]) -> CompositePart:
    now, last, year = gone
    if now:
        part = replace(part, value=None, score=None, state=HIDDEN)
    return replace(
        part,
        last_month=None if last else part.last_month,
        year_before=None if year else part.year_before,
    )


def moved(movements: tuple[Movement, ...], marked: Marked) -> tuple[Movement, ...]:
    """The movements between published months; the steps of others add up to what is hidden."""
    return tuple(
        move
        for move in movements
        if not {(move.indicator, move.since), (move.indicator, move.period)} & marked
    )


def ledger(given: Ledger, hidden: Hidden, marked: Marked) -> Ledger:
    """A ledger without hidden figures, and without losses counted out of unpublished ones."""
    year = str(Period.parse(given.period) + -12)

    def measure(one: StageMeasure) -> StageMeasure:
        if (one.indicator, given.scope, given.period) in hidden:
            one = replace(one, value=None, state=HIDDEN)
        gone = (one.indicator, given.scope, year) in hidden
        return replace(one, year_before=None if gone else one.year_before)

    def loss(one: StageLoss) -> StageLoss:
        if (one.indicator, given.period) in marked:
            one = replace(one, amount=None, per_1000=None)
        gone = (one.indicator, year) in marked
        return replace(one, year_before=None if gone else one.year_before)

    def stage(one: LedgerStage) -> LedgerStage:
        measures, losses = map(measure, one.measures), map(loss, one.losses)
        return replace(one, measures=tuple(measures), losses=tuple(losses))

    return replace(given, stages=tuple(map(stage, given.stages)))
