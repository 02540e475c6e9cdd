"""Clocks: indicators that time one interval and are compared start and stop it alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from kpialign.definitions.indicators import Indicator
from kpialign.library.crosscheck.conflicts import arrows
from kpialign.library.crosscheck.wrong import Where, Wrong
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check the ends of every arrow, and the parts of every composite."""
    for rule in library.conflicts.values():
        for place, arrow in arrows(rule):
            ends = (arrow.start.indicator, arrow.end.indicator, *arrow.hold_fixed)
            yield from _alike(("conflicts", rule.id, place), ends, library)
    for composite in library.composites.values():
        parts = [leaf.indicator for leaf in composite.leaves if leaf.indicator]
        yield from _alike(("composites", composite.id, ("components",)), parts, library)


def _alike(where: Where, names: Iterable[str], library: Library) -> Iterator[Wrong]:
    known = [library.indicators[name] for name in names if name in library.indicators]
    for one, other in combinations(known, 2):
        if _interval(one) and _interval(one) == _interval(other) and _ends(one) != _ends(other):
            what = (
                f"{one.id} and {other.id} both time {_interval(one)!r}, one from {_ends(one)[0]} "
                f"to {_ends(one)[1]}, the other from {_ends(other)[0]} to {_ends(other)[1]}."
            )
            yield Wrong(where, what, "Compare one of them with itself, or take one out.")


def _interval(indicator: Indicator) -> str:
    return (indicator.clock.interval or "") if indicator.clock else ""


def _ends(indicator: Indicator) -> tuple[str, str]:
    return (indicator.clock.starts, indicator.clock.stops) if indicator.clock else ("", "")
