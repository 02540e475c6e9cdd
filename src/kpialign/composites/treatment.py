"""What may be done to figures before they are scored: only by name, and always recorded.

OECD/JRC Handbook 2008, steps 3 and 4; the bounds of skew and kurtosis are those of the JRC.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpialign.composites.means import Floats


def skew(x: Floats) -> float:
    """Skew of the known figures, type 2.

    >>> round(skew(np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 100.0])), 6)
    3.063241
    """
    d, n = _centred(x)
    return float(np.sqrt(n * (n - 1)) / (n - 2) * (d**3).mean() / (d**2).mean() ** 1.5)


def kurtosis(x: Floats) -> float:
    """Excess kurtosis of the known figures, type 2.

    >>> round(kurtosis(np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 100.0])), 6)
    9.741391
    """
    d, n = _centred(x)
    raw = n * (d**4).sum() / (d**2).sum() ** 2
    return float(((n + 1) * (raw - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)))


def _centred(x: Floats) -> tuple[Floats, int]:
    known = x[np.isfinite(x)]
    return known - known.mean(), known.size


@dataclass(frozen=True)
class Bounds:
    """In bounds is whose skew is below ``skew`` or kurtosis below ``kurtosis``."""

    skew: float = 2.0
    kurtosis: float = 3.5
    most: int = 5

    def hold(self, x: Floats) -> bool:
        """Whether figures need no treatment; fewer than four, or all alike, never do."""
        known = x[np.isfinite(x)]
        if known.size < 4 or np.ptp(known) == 0:
            return True
        return abs(skew(x)) < self.skew or kurtosis(x) < self.kurtosis


def winsorise(x: Floats, bounds: Bounds, *, force: bool = False) -> tuple[Floats, int]:
    """Pull the most extreme figures to the next ones, one step at a time, till in bounds.

    Returns:
        The figures, and how many steps were taken (at most ``bounds.most``).
    """
    x, steps = x.copy(), 0
    while steps < bounds.most and (force or not bounds.hold(x)):
        known = x[np.isfinite(x)]
        end = known.max() if skew(x) > 0 else known.min()
        rest = known[known != end]
        x[x == end] = rest.max() if skew(x) > 0 else rest.min()
        steps += 1
    return x, steps


def logged(x: Floats) -> Floats:
    """Log from just below the least figure; from above, and turned, where the skew is negative.

    >>> [round(float(v), 4) for v in logged(np.array([1.0, 2, 3, 100]))]
    [-0.0101, 0.6881, 1.0953, 4.6051]
    """
    known = x[np.isfinite(x)]
    room = 0.01 * np.ptp(known)
    if skew(x) < 0:
        return np.asarray(-np.log(known.max() - x + room))
    return np.asarray(np.log(x - known.min() + room))


def winsorise_then_log(x: Floats, bounds: Bounds) -> tuple[Floats, str]:
    """Treat one part; a log of the untreated figures where winsorising is not enough.

    Returns:
        The figures and what was done, empty where nothing was.
    """
    if bounds.hold(x):
        return x, ""
    pulled, steps = winsorise(x, bounds)
    if bounds.hold(pulled):
        return pulled, f"winsorised in {steps} step{'s' * (steps > 1)}"
    return logged(x), "log of the untreated figures"
