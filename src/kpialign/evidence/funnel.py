"""Shares of bodies of different size beside each other: limits and z-scores that agree.

Arcsine of the square root, with the spread that bodies really have added to chance
(Spiegelhalter 2005): a share lies outside a limit exactly where its z-score is beyond that
limit's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np

from kpialign.evidence.state import Floats

Z_95, Z_998 = 1.959964, 3.090232  # two-sided 95 % and 99.8 %
_TAIL = 0.1  # of the z-scores at each end drawn in, so that outliers do not widen the limits


@dataclass(frozen=True, eq=False)
class Funnel:
    """A funnel over bodies.

    Attributes:
        theta: the share of all together.
        phi: how much wider than chance the z-scores are; 1 is chance alone.
        tau2: variance between bodies on the arcsine scale, 0 where chance explains them.
        z: z-score of each body, with that variance in it.
    """

    theta: float
    phi: float
    tau2: float
    z: Floats

    def limit(self, n: Floats, z: float) -> Floats:
        """The share at which a body of size ``n`` has the z-score ``z``."""
        centre = np.arcsin(np.sqrt(self.theta))
        angle = centre + z * np.sqrt(1 / (4 * n) + self.tau2)
        share: Floats = np.sin(np.clip(angle, 0.0, pi / 2)) ** 2
        return share


def funnel(seen: Floats, n: Floats) -> Funnel:
    """Fit a funnel for shares ``seen / n``, shape (bodies,); all ``n`` above 0.

    Raises:
        ValueError: fewer than three bodies, or a share that is none.

    >>> made = funnel(np.array([50.0, 51, 49]), np.array([100.0, 100, 100]))
    >>> made.theta, made.tau2
    (0.5, 0.0)
    """
    if len(n) < 3 or np.any(n <= 0) or np.any(seen < 0) or np.any(seen > n):
        raise ValueError("a funnel needs three bodies and more, each with a share from 0 to 1")
    theta = float(seen.sum() / n.sum())
    spread = 1 / (2 * np.sqrt(n))
    chance = (np.arcsin(np.sqrt(seen / n)) - np.arcsin(np.sqrt(theta))) / spread
    low, high = np.quantile(chance, [_TAIL, 1 - _TAIL])
    phi = float(np.mean(np.clip(chance, low, high) ** 2))
    tau2 = _between(phi, spread)
    return Funnel(theta, phi, tau2, chance * spread / np.sqrt(spread**2 + tau2))


def _between(phi: float, spread: Floats) -> float:
    many, weight = len(spread), 1 / spread**2
    if many * phi < many - 1:
        return 0.0
    whole = weight.sum()
    return max(0.0, float((many * phi - (many - 1)) / (whole - (weight**2).sum() / whole)))
