"""What a composite's own file shows to be wrong, before any figure is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from kpialign.definitions.composites import Component, Composite
from kpialign.errors import UsageError

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class PlanFault:
    """Where in the file, what is wrong, and what to do."""

    place: Place
    what: str
    todo: str = ""


_POSITIVE = ("geometric", "harmonic", "power")


def plan_faults(composite: Composite) -> Iterator[PlanFault]:
    """Everything that would make the plan answer another question than it seems to."""
    yield from _means(composite)
    yield from _twice(composite)
    for place, part in composite.walk():
        if part.indicator:
            yield from _scale(composite, part, place)
            yield from _posts(part, place)
    yield from _treatment(composite)
    yield from _limits(composite)


def sound(given: Composite | Mapping[str, Any]) -> Composite:
    """Read a definition that stands alone.

    Raises:
        UsageError: it cannot be read, or its plan is unsound; all faults at once.
    """
    try:
        composite = Composite.model_validate(given)
    except ValidationError as error:
        told = [f"{_dotted(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise UsageError("the definition cannot be read. " + "; ".join(told)) from None
    faults = [f"{_dotted(f.place)}: {f.what} {f.todo}".strip() for f in plan_faults(composite)]
    if faults:
        raise UsageError("the plan is refused. " + "; ".join(faults))
    return composite


def _dotted(place: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in place) or "definition"


def _means(composite: Composite) -> Iterator[PlanFault]:
    """A z-score has figures below 0, and every such mean needs figures above."""
    levels: list[tuple[Place, str]] = [(("aggregate",), composite.aggregate.mean)]
    levels += [((*p, "aggregate"), c.aggregate.mean) for p, c in composite.walk() if c.aggregate]
    method = composite.normalise.method
    ends = (composite.normalise.low, composite.normalise.high)
    for place, mean in levels:
        if mean in _POSITIVE and method == "z_score":
            what = f"A {mean} mean after z-scores: figures below 0 have none."
            yield PlanFault(place, what, "Use goalposts or min_max, or the arithmetic mean.")
        elif mean in _POSITIVE and method != "rank" and min(ends) < 0:
            what = f"A {mean} mean on a scale from {ends[0]:g} to {ends[1]:g}."
            yield PlanFault(place, what, "Start the scale at 0 or above.")


def _twice(composite: Composite) -> Iterator[PlanFault]:
    names = [part.name for part in composite.leaves]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield PlanFault(("components",), f"{name} is counted twice.")


def _scale(composite: Composite, part: Component, place: Place) -> Iterator[PlanFault]:
    method = composite.normalise.method
    if method == "goalposts" and not part.goalposts:
        yield PlanFault(place, f"{part.name} has no goalposts.", "Say worst, best, from and basis.")
    if method == "distance_to_target" and part.target is None:
        yield PlanFault(place, f"{part.name} has no target to be distant from.")
    if method not in ("goalposts", "distance_to_target") and part.goalposts:
        what = f"{part.name} has goalposts, which {method} does not use."
        yield PlanFault((*place, "goalposts"), what, "Leave them out, or normalise by goalposts.")


def _posts(part: Component, place: Place) -> Iterator[PlanFault]:
    at = (*place, "goalposts")
    months = [posts.since for posts in part.goalposts]
    if len(set(months)) != len(months):
        yield PlanFault(at, f"{part.name} has two goalposts from one month.")
    ways = {posts.best > posts.worst for posts in part.goalposts}
    if len(ways) > 1:
        yield PlanFault(at, f"{part.name} improves up in one month and down in another.")
    if part.improves and ways == {part.improves == "down"}:
        what = f"{part.name} improves {part.improves}; best and worst are swapped."
        yield PlanFault(at, what)
    for posts in part.goalposts:
        if part.target is not None and (part.target - posts.worst) * (posts.best - posts.worst) < 0:
            what = f"{part.name}: the target {part.target:g} lies beyond worst, {posts.worst:g}."
            yield PlanFault((*place, "target"), what, "A target met would score nothing.")


def _treatment(composite: Composite) -> Iterator[PlanFault]:
    if composite.treat and composite.normalise.method == "goalposts":
        what = "Outliers are treated by what others did, and goalposts are there to leave them out."
        yield PlanFault(("treat",), what, "Leave treat out: goalposts hold an outlier at the end.")


def _limits(composite: Composite) -> Iterator[PlanFault]:
    known = {band.name for scheme in composite.bands for band in scheme.bands}
    known |= {name for rules in composite.ratings for name in rules.scale}
    for i, limiter in enumerate(composite.limiters):
        if limiter.not_better_than not in known:
            what = f"No band or rating is called {limiter.not_better_than}."
            yield PlanFault(("limiters", i, "not_better_than"), what)
    for i, scheme in enumerate(composite.bands):
        levels = [b.at_least for b in scheme.bands if b.at_least is not None]
        ends = sorted((composite.normalise.low, composite.normalise.high))
        bounded = composite.normalise.method in ("goalposts", "min_max", "percentile_rank")
        if bounded and any(not ends[0] < level <= ends[1] for level in levels):
            what = f"A band begins outside the scale of {ends[0]:g} to {ends[1]:g}."
            yield PlanFault(("bands", i), what)
