"""Bands, ratings by rule, and what holds them back; and what would move a band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kpialign.composites.means import Floats
from kpialign.composites.stages import Composed
from kpialign.definitions.ratings import Count, Limiter, RatingRules, Scheme
from kpialign.findings import BandStep
from kpialign.terms import Period

_HALVINGS = 60


@dataclass(frozen=True)
class Banded:
    """A band's number and name, and the reasons of the limiters that held it back."""

    number: int | None
    name: str = ""
    held: tuple[str, ...] = ()


def numbers(values: Floats, scheme: Scheme) -> Floats:
    """The band of each value, 0 for the worst, NaN without one.

    Args:
        values: (..., units); quarters are those of the last axis.
        scheme: the bands.
    """
    if scheme.by == "quarters":
        known = np.isfinite(values).sum(axis=-1, keepdims=True)
        below = (values[..., None, :] < values[..., :, None]).sum(axis=-1)
        found = np.floor(4 * below / np.maximum(known, 1))
    else:
        cuts = [band.at_least for band in scheme.bands if band.at_least is not None]
        found = (values[..., None] >= np.array(cuts)).sum(axis=-1)
    return np.where(np.isfinite(values), found, np.nan)


def banded(composed: Composed, month: int, unit: int) -> Banded:
    """The band of one unit and month, limiters taken into account."""
    scheme = composed.definition.scheme(_month(composed))
    if scheme is None or np.isnan(composed.whole[month, unit]):
        return Banded(None)
    number = int(numbers(composed.whole[month], scheme)[unit])
    names = [band.name for band in scheme.bands]
    return _held(number, names, composed, month, unit)


def rated(composed: Composed, month: int, unit: int) -> Banded:
    """The rating by the rules in force; parts are those of the first level."""
    rules = _in_force(composed.definition.ratings, _month(composed))
    parts = composed.levels[month, unit, list(composed.plan.nodes[-1].columns)]
    if rules is None or np.isnan(parts).any():
        return Banded(None)
    ratings = [rules.scale[sum(part >= cut for cut in rules.cuts)] for part in parts]
    number = rules.scale.index(rating_of(ratings, rules))
    return _held(number, rules.scale, composed, month, unit)


def rating_of(ratings: Sequence[str], rules: RatingRules) -> str:
    """The rating of the first rule whose counts all hold.

    >>> from kpialign.terms import Period
    >>> rules = RatingRules.model_validate({
    ...     "from": Period(2022, 5), "scale": ["poor", "good"], "cuts": [50], "basis": "b",
    ...     "rules": [{"rating": "poor", "where": [{"rating": "poor", "at_least": 2}]},
    ...               {"rating": "good"}]})
    >>> rating_of(["poor", "poor", "good"], rules), rating_of(["poor", "good", "good"], rules)
    ('poor', 'good')
    """
    return next(
        rule.rating
        for rule in rules.rules
        if all(_holds(count, ratings, rules.scale) for count in rule.where)
    )


def _holds(count: Count, ratings: Sequence[str], scale: Sequence[str]) -> bool:
    at = scale.index(count.rating)
    reach = {"exactly": (at, at), "or_worse": (0, at), "or_better": (at, len(scale))}
    first, last = reach[count.reach]
    found = sum(first <= scale.index(rating) <= last for rating in ratings)
    least = 0 if count.at_least is None else count.at_least
    most = len(ratings) if count.at_most is None else count.at_most
    return least <= found <= most


def limited(composed: Composed, figures: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """The best band that limiters leave for figures (..., leaves); a large number for all."""
    most = np.full(figures.shape[:-1], np.iinfo(np.int16).max, dtype=np.int16)
    scheme = composed.definition.scheme(_month(composed))
    names = [band.name for band in scheme.bands] if scheme else []
    leaves = [leaf.name for leaf in composed.plan.leaves]
    for limiter in composed.definition.limiters:
        if limiter.not_better_than not in names or limiter.indicator not in leaves:
            continue
        own = figures[..., leaves.index(limiter.indicator)]
        above, below = (np.nan if x is None else x for x in (limiter.above, limiter.below))
        beyond = (own > above) | (own < below)
        best = names.index(limiter.not_better_than)
        most = np.where(beyond, np.minimum(most, best), most).astype(np.int16)
    return most


def _held(number: int, names: Sequence[str], composed: Composed, month: int, unit: int) -> Banded:
    figures = {
        leaf.name: float(composed.stages["reported"][month, unit, k])
        for k, leaf in enumerate(composed.plan.leaves)
    }
    held = []
    for limiter in composed.definition.limiters:
        most = names.index(limiter.not_better_than) if limiter.not_better_than in names else None
        if most is not None and number > most and _beyond(limiter, figures):
            number = most
            held.append(f"not better than {limiter.not_better_than}: {limiter.why}")
    return Banded(number, names[number], tuple(held))


def _beyond(limiter: Limiter, figures: Mapping[str, float]) -> bool:
    value = figures.get(limiter.indicator, np.nan)
    if limiter.above is not None:
        return value > limiter.above
    return limiter.below is not None and value < limiter.below


def to_move(composed: Composed, at: tuple[int, int], titles: Mapping[str, str]) -> list[BandStep]:
    """For each part alone: the nearest figure at which the whole enters another band, up or down.

    Only where parts are on goalposts: on any other scale a figure moves the others' scores too.
    """
    scheme = composed.definition.scheme(_month(composed))
    reported, here = composed.stages["reported"][at], banded(composed, *at).number
    simple = composed.definition.normalise.method == "goalposts" and scheme is not None
    if not simple or scheme is None or scheme.by == "quarters" or here is None:
        return []
    found = []
    for step in (1, -1):
        for k, leaf in enumerate(composed.plan.leaves):
            scores = [_score_for(composed, at, k, c, step) for c in _cuts(scheme, here, step)]
            edges = [_figure(composed, k, score) for score in scores if score is not None]
            edges += _limits(composed, leaf.name)
            reached = [(edge, _band_at(composed, at, k, scheme, edge)) for edge in edges]
            ways = [(edge, band) for edge, band in reached if (band - here) * step > 0]
            if ways:
                edge, band = min(ways, key=lambda way: abs(way[0] - reported[k]))
                name = titles.get(leaf.name, leaf.name)
                found.append(
                    BandStep(scheme.bands[band].name, leaf.name, name, float(reported[k]), edge)
                )
    return found


def _limits(composed: Composed, part: str) -> list[float]:
    """The figures at which limiters of a part begin to hold the whole back."""
    own = [one for one in composed.definition.limiters if one.indicator == part]
    return [float(edge) for one in own for edge in (one.above, one.below) if edge is not None]


def _cuts(scheme: Scheme, here: int, step: int) -> list[float]:
    """The score at which the whole leaves a band, if there is one beyond it."""
    cuts = [band.at_least for band in scheme.bands if band.at_least is not None]
    place = here if step > 0 else here - 1
    return cuts[place : place + 1] if place >= 0 else []


def _band_at(composed: Composed, at: tuple[int, int], k: int, scheme: Scheme, figure: float) -> int:
    """The band with one part's figure moved to an edge, and a hair beyond it."""
    ends, figures = composed.ends, composed.stages["reported"][at].copy()
    figures[k] = figure + 1e-9 * (figure - figures[k])
    scores = composed.stages["normalised"][at].copy()
    share = (figures[k] - ends.worst[k]) / (ends.best[k] - ends.worst[k])
    scores[k] = ends.onto(np.clip(share, 0, 1))
    number = scheme.number(float(composed.plan.levels(scores)[-1]))
    return min(number, int(limited(composed, figures)))


def _score_for(
    composed: Composed, at: tuple[int, int], k: int, cut: float, step: int
) -> float | None:
    """The score of one part at which the whole reaches a cut; ``None`` if it cannot."""
    ends, own = composed.ends, composed.stages["normalised"][at]

    def whole(score: float) -> float:
        scores = own.copy()
        scores[k] = score
        return float(composed.plan.levels(scores)[-1])

    inside, outside = float(own[k]), ends.high if step > 0 else ends.low
    reached = whole(outside) >= cut if step > 0 else whole(outside) < cut
    if not reached:
        return None
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        over = whole(middle) >= cut if step > 0 else whole(middle) < cut
        inside, outside = (inside, middle) if over else (middle, outside)
    return outside


def _figure(composed: Composed, k: int, score: float) -> float:
    ends = composed.ends
    share = (score - ends.low) / (ends.high - ends.low)
    return float(ends.worst[k] + share * (ends.best[k] - ends.worst[k]))


def _month(composed: Composed) -> Period:
    return Period.parse(composed.panel.months[-1] or "2026-01")


def _in_force(dated: Sequence[RatingRules], period: Period) -> RatingRules | None:
    rules = sorted(dated, key=lambda one: one.since)
    in_force = [one for one in rules if one.since <= period]
    return in_force[-1] if in_force else (rules[0] if rules else None)
