"""How far from the cut-off to look: bandwidths of least mean squared error, by plug-in.

Cattaneo, Jansson and Ma (Stata Journal 2018), section on bandwidth selection: a normal curve
gives two pilots, the pilots give bias and variance, these give four bandwidths, and the
middle or smallest is taken ("comb").
"""

from math import factorial

import numpy as np
from scipy import stats

from kpialign.evidence.jump import Design, Sides, fit, moments
from kpialign.evidence.state import Floats

ENOUGH = 20  # distinct points beyond the order within every bandwidth, as published
# Which estimate a bandwidth is best for: either side, their difference, their sum.
_TARGETS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0], [1.0, 1.0]])


def needed(order: int) -> int:
    """Give the distinct points that an order needs on each side.

    >>> needed(2)
    23
    """
    return ENOUGH + order + 1


def bandwidths(x: Floats, design: Design, *, errors: str) -> Sides:
    """Choose the bandwidths left and right of 0.

    Args:
        x: distances from the cut-off, sorted, with `needed` distinct points on each side.
        design: of the order before bias correction.
        errors: `jackknife` or `plugin`.
    """
    p = design.order
    for_bias, for_variance = _pilots(x, p)
    finer = Design(p + 2, design.kernel, design.restricted)
    bend = fit(x, finer, for_bias, errors="jackknife", derivative=p + 1).value
    spread = fit(x, design, for_variance, errors=errors).covariance * for_variance[0]
    gram, _, odd = moments(design, (1.0, 1.0), (1.0, 1.0))
    bias = (np.linalg.pinv(gram) @ (odd.T @ bend))[design.slots(1)] / factorial(p + 1)
    square = np.maximum((_TARGETS @ bias) ** 2, np.finfo(float).tiny)
    variance = np.einsum("ti,ij,tj->t", _TARGETS, spread, _TARGETS)
    left, right, difference, total = (variance / (2 * p * square)) ** (1 / (2 * p + 1))
    if design.restricted:
        one = _within(x, min(difference, total), needed(p))
        return max(one), max(one)
    return (
        _within(x, float(np.median([left, difference, total])), needed(p))[0],
        _within(x, float(np.median([right, difference, total])), needed(p))[1],
    )


def _pilots(x: Floats, p: int) -> tuple[Sides, Sides]:
    """Give bandwidths for the bias and for the variance as if x were normal."""
    spread = float(x.std(ddof=1))
    z = float(-x.mean()) / spread
    found = [
        (
            (2 * power - 1) / (2 * (order + 1 - power)) * _constant(order, power)
            / (len(x) * max(_hermite(order, z) ** 2 * stats.norm.pdf(z), np.finfo(float).tiny))
        ) ** (1 / (2 * order + 1)) * spread
        for order, power in ((p + 2, p + 1), (p, 1))
    ]  # fmt: skip
    bias, variance = found
    one, two = max(_within(x, bias, needed(p + 2))), max(_within(x, variance, needed(p)))
    return (one, one), (two, two)


def _constant(order: int, derivative: int) -> float:
    """Give variance over squared bias of a uniform kernel at an edge.

    >>> round(_constant(2, 1), 2)
    548.57
    """
    design = Design(order, "uniform")
    gram, middle, odd = moments(design, (1.0, 1.0), (1.0, 1.0))
    inverse, slot = np.linalg.pinv(gram), design.slots(derivative)[1]
    bias = (inverse @ odd[1])[slot] / factorial(order + 1)
    return float((inverse @ middle @ inverse)[slot, slot] / bias**2)


def _hermite(degree: int, z: float) -> float:
    return float(np.polynomial.hermite_e.hermeval(z, [0.0] * degree + [1.0]))


def _within(x: Floats, h: float, points: int) -> Sides:
    """Keep a bandwidth between the points needed and the furthest point, on each side.

    >>> _within(np.array([-3.0, -1.0, 0.5, 2.0, 9.0]), 1.5, points=2)
    (3.0, 2.0)
    """
    distinct = np.unique(x)
    left, right = -distinct[distinct < 0][::-1], distinct[distinct >= 0]
    return _clamped(left, h, points), _clamped(right, h, points)


def _clamped(distances: Floats, h: float, points: int) -> float:
    at_least = distances[min(points, len(distances)) - 1]
    return float(min(max(h, at_least), distances[-1]))
