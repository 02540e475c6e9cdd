"""One scale for unlike figures: each method is a function of figures and direction.

OECD/JRC Handbook 2008, step 5. Figures are (..., months, units, parts); ``sign`` is 1 where more
is better. Fixed goalposts are the default: between them a unit's score moves only when its own
figures do, while every other method but a target moves with those it is compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from kpialign.composites.means import Floats

_UNITS, _MONTHS = -2, -3


@dataclass(frozen=True)
class Ends:
    """What a scale is held to.

    Attributes:
        sign: (parts,), 1 where more is better and -1 where less is.
        low, high: scores of the worst and the best.
        centre, spread: score of the mean, and of one standard deviation more.
        worst, best: (parts,), goalposts; NaN where a part has none.
        target: (parts,), for the distance to it.
        cap: whether a distance beyond the target counts as the target.
        pooled: whether all months are compared together.
    """

    sign: Floats
    low: float = 0.0
    high: float = 100.0
    centre: float = 0.0
    spread: float = 1.0
    worst: Floats = field(default_factory=lambda: np.empty(0))
    best: Floats = field(default_factory=lambda: np.empty(0))
    target: Floats = field(default_factory=lambda: np.empty(0))
    cap: bool = True
    pooled: bool = False

    @property
    def axes(self) -> tuple[int, ...]:
        """Over which figures are compared."""
        return (_MONTHS, _UNITS) if self.pooled else (_UNITS,)

    def onto(self, share: Floats) -> Floats:
        """Shares of the way from worst to best as scores."""
        return self.low + share * (self.high - self.low)


def goalposts(x: Floats, ends: Ends) -> Floats:
    """Clamp between a worst and a best value that somebody fixed."""
    worst = ends.worst.astype(x.dtype)
    share = (x - worst) * (1 / (ends.best - ends.worst)).astype(x.dtype)
    np.clip(share, 0, 1, out=share)
    share *= ends.high - ends.low
    share += ends.low
    return share


def min_max(x: Floats, ends: Ends) -> Floats:
    """Place between the worst and the best that was seen.

    A part in which all are alike says nothing, and gets the middle.
    """
    x = x * ends.sign
    least, most = _extremes(x, ends)
    reach = most - least
    share = (x - least) / np.where(reach > 0, reach, 1.0)
    return ends.onto(np.where(reach > 0, share, np.where(np.isnan(x), np.nan, 0.5)))


def z_score(x: Floats, ends: Ends) -> Floats:
    """Distance from the mean in standard deviations (n - 1); 0 where all are alike."""
    x = x * ends.sign
    known = np.isfinite(x)
    count = known.sum(axis=ends.axes, keepdims=True)
    middle = np.where(known, x, 0).sum(axis=ends.axes, keepdims=True) / np.maximum(count, 1)
    square = np.where(known, (x - middle) ** 2, 0).sum(axis=ends.axes, keepdims=True)
    spread = np.sqrt(square / np.maximum(count - 1, 1))
    found = np.where(spread > 0, (x - middle) / np.where(spread > 0, spread, 1.0), x * 0)
    return ends.centre + ends.spread * found


def rank(x: Floats, ends: Ends) -> Floats:
    """1 for the worst; those alike share the lowest of their ranks."""
    from scipy.stats import rankdata

    x = x * ends.sign
    if ends.pooled:
        flat = x.reshape(*x.shape[:_MONTHS], -1, x.shape[-1])
        ranks = rankdata(flat, method="min", axis=_UNITS, nan_policy="omit")
        return np.asarray(ranks).reshape(x.shape)
    return np.asarray(rankdata(x, method="min", axis=_UNITS, nan_policy="omit"))


def percentile_rank(x: Floats, ends: Ends) -> Floats:
    """Share of the others that are worse."""
    others = np.isfinite(x).sum(axis=ends.axes, keepdims=True) - 1
    return ends.onto((rank(x, ends) - 1) / np.where(others > 0, others, np.nan))


def distance_to_target(x: Floats, ends: Ends) -> Floats:
    """Share of the way from the worst seen to the target."""
    least, _ = _extremes(x * ends.sign, ends)
    share = (x * ends.sign - least) / (ends.target * ends.sign - least)
    return ends.onto(np.minimum(share, 1.0) if ends.cap else share)


def _extremes(x: Floats, ends: Ends) -> tuple[Floats, Floats]:
    # fmin and fmax pass over NaN, and give it back where there is nothing else.
    return (
        np.fmin.reduce(x, axis=ends.axes, keepdims=True),
        np.fmax.reduce(x, axis=ends.axes, keepdims=True),
    )


SCALES: dict[str, Callable[[Floats, Ends], Floats]] = {
    each.__name__: each
    for each in (goalposts, min_max, z_score, rank, percentile_rank, distance_to_target)
}
