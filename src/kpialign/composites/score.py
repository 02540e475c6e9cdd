"""A composite: each part scored between fixed goalposts, then a weighted mean.

Fixed goalposts instead of this month's range, so that a unit's score moves only when its
own figures do (OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 5).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from kpialign.definitions.composites import Component, Composite, Goalposts
from kpialign.findings import CompositePart, CompositeValue, SystemValue


def score(value: float, posts: Goalposts) -> float:
    """Place a value between its goalposts: 0 at the worst, 100 at the best, held there.

    >>> from kpialign.terms import Period
    >>> posts = Goalposts.model_validate(
    ...     {"worst": 60, "best": 95, "from": Period(2025, 4), "basis": "example"})
    >>> score(77.5, posts), score(99, posts)
    (50.0, 100.0)
    """
    return 100.0 * min(1.0, max(0.0, (value - posts.worst) / (posts.best - posts.worst)))


def weighted_mean(scores: Sequence[float], weights: Sequence[float], how: str) -> float:
    """Arithmetic or geometric mean; a geometric mean with a part at 0 is 0.

    >>> weighted_mean([25.0, 100.0], [1, 1], "arithmetic")
    62.5
    >>> round(weighted_mean([25.0, 100.0], [1, 1], "geometric"), 6)
    50.0
    """
    total = sum(weights)
    if how == "arithmetic":
        return sum(s * w for s, w in zip(scores, weights, strict=True)) / total
    if min(scores) <= 0:
        return 0.0
    return math.exp(sum(w * math.log(s) for s, w in zip(scores, weights, strict=True)) / total)


def compose(
    composite: Composite, values: Mapping[str, SystemValue], period: str, scope: tuple[str, str]
) -> CompositeValue:
    """Score a composite for one scope and month, with last year and the other mean beside it.

    Args:
        composite: the definition.
        values: system values of the scope by indicator.
        period: the month, ``YYYY-MM``.
        scope: code and name.
    """
    parts = tuple(_part(one, values.get(one.indicator)) for one in composite.components)
    missing = [part.title for part in parts if part.score is None]
    other = "geometric" if composite.aggregate == "arithmetic" else "arithmetic"
    now = [part.score for part in parts if part.score is not None]
    weights = [part.weight for part in parts]
    return CompositeValue(
        id=composite.id,
        title=composite.title,
        scope=scope[0],
        scope_name=scope[1],
        period=period,
        value=None if missing else weighted_mean(now, weights, composite.aggregate),
        year_before=_year_before(composite, values),
        other_aggregate=None if missing else weighted_mean(now, weights, other),
        aggregate=composite.aggregate,
        state=_state(parts),
        parts=parts,
    )


def _state(parts: Iterable[CompositePart]) -> str:
    """Which parts are missing, else which are of fewer trusts than expected."""
    parts = list(parts)
    missing = [part.title for part in parts if part.score is None]
    incomplete = [part.title for part in parts if part.state == "incomplete"]
    if missing:
        return "part missing: " + ", ".join(missing)
    return "incomplete: " + ", ".join(incomplete) if incomplete else "reported"


def _part(component: Component, found: SystemValue | None) -> CompositePart:
    value = found.value if found else None
    return CompositePart(
        indicator=component.indicator,
        title=found.title if found else component.indicator,
        value=value,
        score=None if value is None else score(value, component.goalposts),
        weight=component.weight,
        worst=component.goalposts.worst,
        best=component.goalposts.best,
        state=found.state if found else "not_reported",
    )


def _year_before(composite: Composite, values: Mapping[str, SystemValue]) -> float | None:
    before = [values[c.indicator].year_before if c.indicator in values else None
              for c in composite.components]  # fmt: skip
    if any(value is None for value in before):
        return None
    scores = [
        score(value, c.goalposts)
        for value, c in zip(before, composite.components, strict=True)
        if value is not None
    ]
    return weighted_mean(scores, [c.weight for c in composite.components], composite.aggregate)
