"""Composites: the plan is sound, and the parts are of one direction, basis, clock and mechanism."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import isclose

from kpialign.definitions.composite_plan import plan_faults
from kpialign.definitions.composites import Component, Composite, Goalposts
from kpialign.definitions.indicators import Indicator, MeasureType
from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library
from kpialign.library.reader import Path as Place
from kpialign.terms import Improves

_Known = tuple[tuple[Place, Component, Indicator], ...]


def check(library: Library) -> Iterator[Wrong]:
    """Check every composite."""
    for composite in library.composites.values():
        where = ("composites", composite.id, ("components",))
        names = [leaf.name for leaf in composite.leaves]
        yield from unknown(where, names, library.indicators, "indicator")
        for fault in plan_faults(composite):
            yield Wrong(("composites", composite.id, fault.place), fault.what, fault.todo)
        yield from _weights(composite)
        known = tuple(
            (place, part, library.indicators[part.name])
            for place, part in composite.walk()
            if part.indicator in library.indicators
        )
        for place, part, indicator in known:
            yield from _scores(composite, place, part, indicator)
        yield from _bases(composite, known)
        yield from _mechanisms(composite, known)
        yield from _kinds(composite, known, complete=len(known) == len(names))
        figures = [limiter.indicator for limiter in composite.limiters]
        at = ("composites", composite.id, ("limiters",))
        for name in sorted(set(figures) - set(names)):
            yield Wrong(at, f"{name} limits, but is no part.", "A limiter reads a part's figure.")


def _weights(composite: Composite) -> Iterator[Wrong]:
    levels: list[tuple[Place, tuple[Component, ...]]]
    levels = [(("components",), composite.components)]
    levels += [((*p, "components"), c.components) for p, c in composite.walk() if c.components]
    for place, parts in levels:
        total = sum(part.weight for part in parts)
        if not isclose(total, 1.0, abs_tol=1e-9):
            what = f"Weights add up to {total:g}, not 1."
            yield Wrong(("composites", composite.id, place), what)


def _scores(
    composite: Composite, place: Place, part: Component, indicator: Indicator
) -> Iterator[Wrong]:
    here = ("composites", composite.id, place)
    if indicator.improves is Improves.NEITHER:
        yield Wrong(here, f"{indicator.id} improves neither way.")
    elif part.improves and part.improves != str(indicator.improves):
        what = f"{indicator.id} improves {indicator.improves}, and here {part.improves}."
        yield Wrong((*here[:2], (*place, "improves")), what, "Direction lies with the indicator.")
    else:
        for posts in part.goalposts:
            at = ("composites", composite.id, (*place, "goalposts"))
            yield from (Wrong(at, what, todo) for what, todo in _posts(posts, indicator))
    if indicator.measure.type is MeasureType.COUNT and not part.per:
        what = f"{indicator.id} is a count, which is large where the body is."
        yield Wrong(here, what, "Use a share or a rate, or say per.")
    if indicator.measure.roll_up == "none":
        yield Wrong(here, f"{indicator.id} has no system value, so it cannot be scored.")


def _posts(posts: Goalposts, indicator: Indicator) -> Iterator[tuple[str, str]]:
    if (posts.best - posts.worst) * indicator.improves.sign < 0:
        yield f"{indicator.id} improves {indicator.improves}; best and worst are swapped.", ""
        return
    for target in indicator.targets:
        if (target.level - posts.worst) * indicator.improves.sign <= 0:
            what = (
                f"{indicator.id}: target {target.name} ({target.level:g}) lies on the worse side "
                f"of worst, {posts.worst:g}."
            )
            yield what, "Meeting it would score nothing: set worst below what is asked for."


def _bases(composite: Composite, known: _Known) -> Iterator[Wrong]:
    roles = sorted({indicator.accountable.role for _, _, indicator in known})
    if len(roles) > 1 and not composite.unlike_bases_because:
        what = f"The parts are of unlike bases: those of {' and '.join(roles)}."
        todo = "Use parts of one basis, or say unlike_bases_because."
        yield Wrong(("composites", composite.id, ("components",)), what, todo)


def _mechanisms(composite: Composite, known: _Known) -> Iterator[Wrong]:
    for (_, one, first), (place, part, second) in combinations(known, 2):
        if first.id == second.id:
            continue
        here = ("composites", composite.id, place)
        excused = part.same_mechanism_because or one.same_mechanism_because
        if _shared(first, second) and not excused:
            what = f"{second.id} counts the same mechanism as {first.id}: {_shared(first, second)}."
            yield Wrong(here, what, "Keep one of them, or say same_mechanism_because.")
        elif _unlike(first, second) and not (part.unlike_clock_because or one.unlike_clock_because):
            what = f"{second.id} and {first.id} stop at one moment and start at two."
            yield Wrong(here, what, "Their waits overlap: keep one, or say unlike_clock_because.")


def _shared(first: Indicator, second: Indicator) -> str:
    """What two indicators count alike: an item of their numerators, or the whole of a clock."""
    items = sorted(first.measure.numerator_terms.keys() & second.measure.numerator_terms.keys())
    if items:
        return f"both count {items[0]}"
    return "one clock" if first.clock is not None and first.clock == second.clock else ""


def _unlike(first: Indicator, second: Indicator) -> bool:
    clocks = first.clock, second.clock
    if clocks[0] is None or clocks[1] is None:
        return False
    return clocks[0].stops == clocks[1].stops and clocks[0].starts != clocks[1].starts


def _kinds(composite: Composite, known: _Known, *, complete: bool) -> Iterator[Wrong]:
    """One without an outcome, or without a balancing part, has to say why."""
    if not complete:
        return
    kinds = {part.kind or indicator.kind for _, part, indicator in known}
    wanted = (
        ("outcome", "an outcome", composite.without_outcome_because),
        ("balancing", "a balancing measure", composite.without_balancing_because),
    )
    for kind, words, because in wanted:
        if kind not in kinds and not because:
            todo = f"Add one, or say without_{kind}_because."
            yield Wrong(("composites", composite.id, ("components",)), f"No part is {words}.", todo)
