"""Composites: indicators that can be scored, weights that add up, an outcome or a reason."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from kpialign.definitions.composites import Composite
from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library
from kpialign.terms import Improves


def check(library: Library) -> Iterator[Wrong]:
    """Check every composite."""
    for composite in library.composites.values():
        names = [part.indicator for part in composite.components]
        at = ("components",)
        yield from unknown(("composites", composite.id, at), names, library.indicators, "indicator")
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Wrong(("composites", composite.id, at), f"{name} is counted twice.")
        total = sum(part.weight for part in composite.components)
        if not isclose(total, 1.0, abs_tol=1e-9):
            yield Wrong(("composites", composite.id, at), f"Weights add up to {total:g}, not 1.")
        yield from _scores(composite, library)
        yield from _outcome(composite, library)


def _scores(composite: Composite, library: Library) -> Iterator[Wrong]:
    for i, part in enumerate(composite.components):
        indicator = library.indicators.get(part.indicator)
        if indicator is None:
            continue
        at = ("components", i)
        if indicator.improves is Improves.NEITHER:
            yield Wrong(("composites", composite.id, at), f"{indicator.id} improves neither way.")
        elif (part.goalposts.best - part.goalposts.worst) * indicator.improves.sign < 0:
            what = f"{indicator.id} improves {indicator.improves}; best and worst are swapped."
            yield Wrong(("composites", composite.id, (*at, "goalposts")), what)
        if indicator.measure.roll_up == "none":
            what = f"{indicator.id} has no system value, so it cannot be scored."
            yield Wrong(("composites", composite.id, at), what)


def _outcome(composite: Composite, library: Library) -> Iterator[Wrong]:
    parts = [library.indicators.get(part.indicator) for part in composite.components]
    if any(part is None or part.kind == "outcome" for part in parts):
        return
    if not composite.without_outcome_because:
        what = "No part is an outcome."
        todo = "Add one, or say without_outcome_because."
        yield Wrong(("composites", composite.id, ("components",)), what, todo)
