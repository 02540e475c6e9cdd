"""Whether definitions do what their own examples say, and are still looked after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import isclose

from kpialign.definitions.conflicts import Conflict
from kpialign.definitions.indicators import Example, Indicator, Review
from kpialign.errors import Fault
from kpialign.library import Library
from kpialign.proving.worked import values


@dataclass(frozen=True)
class Lint:
    """What is wrong, and what will be if nobody looks."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def lint(library: Library, today: date | None = None) -> Lint:
    """Run every indicator's examples; look at the review dates of indicators and rules."""
    today = today or date.today()
    indicators = library.indicators.values()
    faults = [fault for i in indicators for fault in _examples(i, library)]
    warnings = [w for i in indicators for w in _upkeep(i, today, library)]
    warnings += [w for rule in library.conflicts.values() for w in _looked_at(rule, today, library)]
    return Lint(tuple(faults), tuple(warnings))


def _examples(indicator: Indicator, library: Library) -> Iterator[Fault]:
    for example in indicator.examples:
        if len({row.period for row in example.items}) > 1:
            what = f"{indicator.id}, example {example.name!r}: rows of more than one month."
            yield _at(indicator, library, what, "Make it two examples.")
            continue
        yield from _compared(indicator, example, library)


def _compared(indicator: Indicator, example: Example, library: Library) -> Iterator[Fault]:
    found = values(indicator, example, library)
    for name, wanted in example.expect.items():
        value = found.get(name)
        if not _same(value, wanted):
            what = (
                f"{indicator.id}, example {example.name!r}: {name} is {_shown(value)}, "
                f"expected {_shown(wanted)}."
            )
            yield _at(indicator, library, what, "Correct the measure or the example.")


def _upkeep(indicator: Indicator, today: date, library: Library) -> Iterator[Fault]:
    if not indicator.examples:
        yield _at(indicator, library, f"{indicator.id} has no example.", "Add one worked by hand.")
    yield from _overdue(indicator, indicator.review, today, library)


def _looked_at(rule: Conflict, today: date, library: Library) -> Iterator[Fault]:
    if rule.review is None:
        what = f"{rule.id} names nobody who looks at it again, and no day."
        yield _at(rule, library, what, "Add review: {owner: …, reviewed: …, next: …}.")
    else:
        yield from _overdue(rule, rule.review, today, library)


def _overdue(
    one: Indicator | Conflict, review: Review, today: date, library: Library
) -> Iterator[Fault]:
    if review.next < today:
        what = f"{one.id} was to be reviewed by {review.next}."
        yield _at(one, library, what, f"Ask its owner, the {review.owner}.")


def _same(value: float | None, wanted: float | None) -> bool:
    if value is None or wanted is None:
        return value is wanted
    return isclose(value, wanted, rel_tol=1e-6, abs_tol=1e-9)


def _shown(value: float | None) -> str:
    return "not known" if value is None else f"{value:.6g}"


def _at(one: Indicator | Conflict, library: Library, what: str, todo: str) -> Fault:
    file, _, line = library.sources[one.id].rpartition(":")
    return Fault(file, int(line), what, todo)
