"""What definitions alone say: who is rewarded at whose cost, and what nobody measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kpialign.definitions.conflicts import Conflict, End
from kpialign.definitions.declared import Declared
from kpialign.definitions.indicators import Indicator
from kpialign.definitions.pathways import Pathway, Stage
from kpialign.library.model import Library

HORIZONS = ("now", "year", "long")
KINDS = ("process", "outcome", "experience", "balancing")


@dataclass(frozen=True)
class Cost:
    """An indicator one body answers for that may be met at the cost of another body's.

    ``tie`` is how rules link the two bodies, empty where none does; ``rules`` weigh the two
    indicators against each other.
    """

    gains: str
    pays: str
    indicator: str
    cost: str
    tie: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """Two rules of which the first moves, as it says, what the second starts from."""

    ends: tuple[End, End, End]
    rules: tuple[str, str]


@dataclass(frozen=True)
class Gap:
    """A step of a pathway, and who answers for it."""

    pathway: str
    stage: str
    answers: tuple[str, ...]


def costs_between(library: Library) -> tuple[Cost, ...]:
    """Every ``may_cost`` of an indicator on one of another body, in the order of the bodies."""
    found = [
        Cost(
            indicator.accountable.role, other.accountable.role, indicator.id, other.id,
            _tie(indicator, other, library), tuple(sorted(_weighing(indicator, other, library))),
        )
        for indicator, other in _costs(library)
        if indicator.accountable.role != other.accountable.role
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda c: (c.gains, c.pays, c.indicator, c.cost)))


def costs_inside(library: Library) -> int:
    """How many ``may_cost`` stay inside one kind of body."""
    return sum(a.accountable.role == b.accountable.role for a, b in _costs(library))


def kinds(library: Library) -> dict[str, int]:
    """How many indicators are of each kind, kinds without any included."""
    counts: Counter[str] = Counter(indicator.kind for indicator in library.indicators.values())
    return {kind: counts[kind] for kind in KINDS}


def horizons(library: Library) -> dict[str, int]:
    """How many indicators show what builds up in a month, in a year and over the long term."""
    counts: Counter[str] = Counter(indicator.horizon for indicator in library.indicators.values())
    return {horizon: counts[horizon] for horizon in HORIZONS}


def chains(library: Library) -> tuple[Chain, ...]:
    """Arrows of two rules that reach a third figure; each is weighed by itself."""
    rules = sorted(library.conflicts.values(), key=lambda rule: rule.id)
    arrows = [(rule.id, arrow) for rule in rules for arrow in rule.links]
    return tuple(
        Chain((first.start, first.end, then.end), (one, other))
        for one, first in arrows
        for other, then in arrows
        if first.end == then.start and then.end.indicator != first.start.indicator
    )


def unmeasured(library: Library) -> tuple[Gap, ...]:
    """Steps that no indicator measures; one that is only planned measures nothing yet."""
    return tuple(
        _gap(pathway, stage, library)
        for pathway, stage in _stages(library)
        if not any(name in library.indicators for name in stage.indicators)
    )


def unanswered(library: Library) -> tuple[Gap, ...]:
    """Steps that no body is named for."""
    gaps = (_gap(pathway, stage, library) for pathway, stage in _stages(library))
    return tuple(gap for gap in gaps if not gap.answers)


def without_figures(library: Library) -> tuple[Declared, ...]:
    """Documented conflicts that no rule judges yet, by id."""
    waiting = library.declared.keys() - library.conflicts.keys() - library.shapes.keys()
    return tuple(library.declared[name] for name in sorted(waiting))


def _costs(library: Library) -> Iterator[tuple[Indicator, Indicator]]:
    for indicator in library.indicators.values():
        for name in indicator.incentives.may_cost:
            if name in library.indicators:
                yield indicator, library.indicators[name]


def _tie(one: Indicator, other: Indicator, library: Library) -> str:
    """How rules link two kinds of bodies."""
    roles = {one.accountable.role, other.accountable.role}
    kinds = {r.tie.kind for r in library.conflicts.values() if {r.tie.one, r.tie.many} == roles}
    return ", ".join(sorted(kinds))


def _weighing(one: Indicator, other: Indicator, library: Library) -> Iterator[str]:
    for rule in library.conflicts.values():
        if {one.id, other.id} in _pairs(rule):
            yield rule.id


def _pairs(rule: Conflict) -> list[set[str]]:
    return [{arrow.start.indicator, arrow.end.indicator} for arrow in rule.links]


def _stages(library: Library) -> Iterator[tuple[Pathway, Stage]]:
    for pathway in library.pathways.values():
        for stage in pathway.stages:
            yield pathway, stage


def _gap(pathway: Pathway, stage: Stage, library: Library) -> Gap:
    built = [library.indicators[n] for n in stage.indicators if n in library.indicators]
    own = {body for i in built for body in (i.accountable.role, *i.accountable.jointly)}
    return Gap(pathway.id, stage.title, stage.answers or tuple(sorted(own)))
