"""From when on is the level of a series another one?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

MIN_SIDE = 3  # figures on either side: what a jump of the last three months needs


@dataclass(frozen=True)
class Split:
    """The one shift of level that fits best.

    Attributes:
        at: the first place of the new level.
        change: of the level, in the series' unit.
        gain: by how much the Bayesian information criterion of two levels and a date lies below
            that of one level; above 0 a shift tells more than it costs.
    """

    at: int
    change: float
    gain: float


def split(values: ArrayLike, *, side: int = MIN_SIDE) -> Split | None:
    """Find the least-squares date of one shift of level (Bai 1997); ``None`` with too few figures.

    It dates a shift that is known of otherwise. It is no test: figures that follow each other
    wander, and a wandering level has a best date too.

    Args:
        values: a full run of months, NaN = not reported.
        side: figures that either level needs.

    >>> found = split([1, 2, 1, 2, 8, 9, 8, 9])
    >>> found.at, found.change, round(found.gain, 1)
    (4, 7.0, 27.1)
    """
    series = np.asarray(values, dtype=float)
    places = np.flatnonzero(np.isfinite(series))
    y = series[places]
    n = len(y)
    if n < 2 * side:
        return None
    first = np.arange(side, n - side + 1)
    total, sums = y.sum(), np.cumsum(y)[first - 1]
    means = np.array([sums / first, (total - sums) / (n - first)])
    # Between levels lies what within them is no more.
    between = first * (n - first) / n * (means[1] - means[0]) ** 2
    whole = float(((y - y.mean()) ** 2).sum())
    best = int(np.argmax(between))
    within = max(whole - float(between[best]), np.finfo(float).tiny)
    gain = n * np.log(whole / within) - 2 * np.log(n) if whole > 0 else -np.inf
    return Split(int(places[first[best]]), float(means[1, best] - means[0, best]), float(gain))
