"""What happened to the figures of a whole: its events, and comparisons that do not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpialign.composites import Scope, not_judged_across
from kpialign.definitions.events import Event
from kpialign.findings import SystemValue
from kpialign.findings.facts import EventMark, few
from kpialign.library import Library
from kpialign.pipeline.modelling import events_of
from kpialign.terms import Period

EFFECTS = ("incomparable", "step", "shock", "not_reported")


def with_events(
    values: Iterable[SystemValue],
    library: Library,
    scopes: Sequence[Scope],
    members: pl.DataFrame,
    names: Mapping[tuple[str, str], str],
) -> tuple[SystemValue, ...]:
    """Put the events of its items and members beside each value.

    A year before that does not compare, for all members and confirmed, is taken away, and no
    target is judged over months on both sides.

    Args:
        values: of the scopes.
        library: its events.
        scopes: the wholes.
        members: ``scope_level, scope, organisation, role``.
        names: (role, organisation) → name.
    """
    touching = events_of(library, library.indicators, *EFFECTS)
    bodies = {(s.code, s.role): _bodies(members, s) for s in scopes}
    out = []
    for value in values:
        role = library.indicators[value.indicator].accountable.role
        own = [event for event, touched in touching.values() if value.indicator in touched]
        here = bodies[value.scope, role]
        marks = tuple(_marks(own, here, role, names))
        before = str(Period.parse(value.period) + -12)
        barred = any(mark.bars(before, value.period) for mark in marks)
        state = {"year_before": None, "year_before_state": "incomparable"} if barred else {}
        told = replace(value, events=marks, **state)  # type: ignore[arg-type]
        for month in (month for mark in marks if mark.cuts for month in mark.breaks()):
            if month <= value.period:
                told = not_judged_across(told, Period.parse(month))
        out.append(told)
    return tuple(out)


def _bodies(members: pl.DataFrame, scope: Scope) -> frozenset[str]:
    rows = members.filter(
        (pl.col("scope_level") == scope.level)
        & (pl.col("scope") == scope.code)
        & (pl.col("role") == scope.role)
    )
    return frozenset(rows["organisation"].to_list())


def _marks(
    events: Iterable[Event], here: frozenset[str], role: str, names: Mapping[tuple[str, str], str]
) -> Iterator[EventMark]:
    for event in events:
        named = frozenset(event.scope.organisations)
        touched = sorted(named & here)
        if named and not touched:
            continue
        everyone = not named or here <= named
        whom = few([names.get((role, code), code) for code in touched])
        yield EventMark(
            event.id,
            event.said,
            event.effect,
            event.confirmed,
            str(event.scope.since),
            str(event.scope.until or ""),
            "" if everyone else whom,
        )
