"""Local polynomial of the empirical distribution on either side of a cut-off.

Cattaneo, Jansson and Ma: *Simple local polynomial density estimators* (JASA 2020) and
*Manipulation testing based on density discontinuity* (Stata Journal 2018). The slope of the
distribution at the cut-off is the density there.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import ArrayLike

from kpialign.evidence.state import Counts, Floats

Sides = tuple[float, float]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)  # exact up to degree 39


@dataclass(frozen=True)
class Design:
    """What is fitted: a polynomial for each side, or one with a kink at the cut-off.

    Attributes:
        order: of the polynomial.
        kernel: `triangular` or `uniform`.
        restricted: the sides share level and curvature and differ in slope alone.
    """

    order: int
    kernel: str
    restricted: bool = False

    def columns(self, u: Floats) -> Floats:
        """Give the regressors at distances `u`, in bandwidths, shape (points, coefficients).

        >>> Design(2, "uniform", restricted=True).columns(np.array([-0.5, 1.0])).tolist()
        [[1.0, -0.5, 0.0, 0.25], [1.0, 0.0, 1.0, 1.0]]
        """
        powers = u[:, None] ** np.arange(self.order + 1)
        left = (u < 0)[:, None]
        below, above = np.where(left, powers, 0.0), np.where(left, 0.0, powers)
        if not self.restricted:
            return np.hstack([below, above])
        return np.hstack([powers[:, :1], below[:, 1:2], above[:, 1:2], powers[:, 2:]])

    def weights(self, u: Floats) -> Floats:
        """Give the kernel at distances `u`, in bandwidths."""
        inside = np.abs(u) <= 1
        return np.where(inside, 1 - np.abs(u) if self.kernel == "triangular" else 0.5, 0.0)

    def slots(self, derivative: int) -> Counts:
        """Say which coefficient is that derivative, left and right."""
        if not self.restricted:
            return np.array([derivative, self.order + 1 + derivative])
        return np.array([1, 2]) if derivative == 1 else np.array([derivative + 1] * 2)


@dataclass(frozen=True)
class Fit:
    """Derivatives of the distribution at the cut-off, left and right.

    Attributes:
        value: shape (2,).
        covariance: shape (2, 2).
    """

    value: Floats
    covariance: Floats


def fit(x: Floats, design: Design, h: Sides, *, errors: str, derivative: int = 1) -> Fit:
    """Fit the distribution around 0.

    Args:
        x: distances from the cut-off, sorted, shape (points,).
        design: what is fitted.
        h: bandwidths left and right; the same for a restricted design.
        errors: `jackknife` or `plugin`.
        derivative: 1 is the density.
    """
    near = (x >= -h[0]) & (x <= h[1])
    scale = np.where(x[near] < 0, *h)
    rows = design.columns(x[near] / scale)
    weighted = rows * (design.weights(x[near] / scale) / scale)[:, None]
    # Values that occur more than once all get the share up to the last of them.
    share = (np.searchsorted(x, x[near], side="right") - 1) / (len(x) - 1)
    gram = np.asarray(np.linalg.pinv(weighted.T @ rows), dtype=np.float64)
    slots = design.slots(derivative)
    units = factorial(derivative) / np.array(h) ** derivative
    value = (gram @ (weighted.T @ share))[slots] * units
    if errors == "plugin":
        spread = _plugin(design, h, np.maximum(value, 0.0)) / len(x)
    else:
        spread = _jackknife(x, x[near], gram, weighted)
    return Fit(value, spread[np.ix_(slots, slots)] * np.outer(units, units))


def _jackknife(x: Floats, near: Floats, gram: Floats, weighted: Floats) -> Floats:
    """Give the covariance of the coefficients from each point's own influence.

    Point i acts through the share of every point from x_i up. The influences are not centred,
    as in the published implementation; that adds the square of the density over n.
    """
    tail = np.vstack([np.cumsum(weighted[::-1], axis=0)[::-1], np.zeros(weighted.shape[1])])
    influence = tail[np.searchsorted(near, x, side="left")] @ gram / (len(x) - 1)
    return np.asarray(influence.T @ influence)


def _plugin(design: Design, h: Sides, density: Floats) -> Floats:
    """Give n times the covariance of the coefficients, for a density level on each side."""
    gram, middle, _ = moments(design, density, h)
    inverse = np.linalg.pinv(gram)
    return np.asarray(inverse @ middle @ inverse)


def moments(design: Design, density: ArrayLike, h: Sides) -> tuple[Floats, Floats, Floats]:
    """Integrate over the window what sums over many points come to, by exact quadrature.

    Args:
        design: what is fitted.
        density: level left and right.
        h: bandwidths left and right.

    Returns:
        Of the regressors r, kernel K and density f, in distances u in bandwidths: ∫ r r' K f;
        ∫ L L' f h with L(u) = ∫ from u up of r K f; and ∫ r K u^(order + 1) f for each side.
    """
    left, right = np.asarray(density, dtype=float)
    below, above = _between(np.full(1, -1.0), 0.0), _between(np.full(1, 0.0), 1.0)
    sides = [(below, 0.0, left, h[0]), (above, 1.0, right, h[1])]
    whole = right * _integral(design, *above)[0]
    gram, middle, bias = 0.0, 0.0, []
    for (u, weight), top, level, width in sides:
        rows, kernel = design.columns(u[0]), design.weights(u[0])
        mass = level * weight[0]
        gram = gram + rows.T @ (rows * (kernel * mass)[:, None])
        tail = level * _integral(design, *_between(u[0], top)) + (whole if top == 0 else 0.0)
        middle = middle + tail.T @ (tail * (width * mass)[:, None])
        bias.append(rows.T @ (kernel * mass * u[0] ** (design.order + 1)))
    return np.asarray(gram), np.asarray(middle), np.array(bias)


def _between(start: Floats, top: float) -> tuple[Floats, Floats]:
    """Give nodes and weights from each start to the top, shape (starts, nodes)."""
    half = (top - start)[:, None] / 2
    return start[:, None] + half * (1 + _NODES), half * _WEIGHTS


def _integral(design: Design, u: Floats, weight: Floats) -> Floats:
    """Integrate the weighted regressors over each row of nodes, shape (rows, coefficients)."""
    values = design.columns(u.ravel()) * (design.weights(u.ravel()) * weight.ravel())[:, None]
    return np.asarray(values.reshape(*u.shape, -1).sum(axis=1))
