"""Means of parts, and the exact split of a mean's change among them.

Arithmetic, geometric, harmonic and power means share one form, back(sum(w·bend(x))/sum(w)),
so each is two functions. OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 6.
Mazziotta-Pareto: De Muro, Mazziotta and Pareto 2011, Social Indicators Research 104:1-18.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]

_TINY = 1e-30  # stands for 0 where a log or a reciprocal needs it


@dataclass(frozen=True)
class Mean:
    """A mean by its bend and the way back.

    Attributes:
        name: as a definition calls it.
        bend, back: the two functions; identities for the arithmetic mean.
        slope: derivative of ``bend``.
        positive: figures below 0 have no such mean.
        nil: whether one part at 0 makes it 0.
        penalty: whether the spread of the parts is taken off (Mazziotta-Pareto).
    """

    name: str
    bend: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    positive: bool = False
    nil: bool = False
    penalty: bool = False


def _same(x: Floats) -> Floats:
    return x


def _held(x: Floats) -> Floats:
    return np.maximum(x, np.asarray(_TINY, dtype=x.dtype))


def _power(p: float) -> Mean:
    return Mean(
        "harmonic" if p == -1 else "power",
        lambda x: _held(x) ** p,
        lambda y: np.asarray(y ** (1 / p)),
        lambda x: p * _held(x) ** (p - 1),
        positive=True,
        nil=p < 0,
    )


ARITHMETIC = Mean("arithmetic", _same, _same, np.ones_like)
GEOMETRIC = Mean(
    "geometric",
    lambda x: np.log(_held(x)),
    np.exp,
    lambda x: 1 / _held(x),
    positive=True,
    nil=True,
)
HARMONIC = _power(-1.0)
MAZZIOTTA_PARETO = Mean("mazziotta_pareto", _same, _same, np.ones_like, penalty=True)
_NAMED = {m.name: m for m in (ARITHMETIC, GEOMETRIC, HARMONIC, MAZZIOTTA_PARETO)}


def mean_named(name: str, power: float | None = None) -> Mean:
    """The mean a definition names.

    Raises:
        ValueError: no mean is called so, or a power mean has no exponent.
    """
    if name == "power" and power:
        return _power(power)
    if name not in _NAMED:
        raise ValueError(f"no mean {name!r} with exponent {power}; known: {', '.join(_NAMED)}")
    return _NAMED[name]


def mean(
    scores: ArrayLike, weights: ArrayLike, how: Mean, *, reweight: bool = False, least: float = 0.0
) -> Floats:
    """Average the last axis.

    Args:
        scores: (..., parts); NaN = missing.
        weights: (parts,) or (..., parts), of any sum.
        how: which mean.
        reweight: let those present stand for the missing; else one missing gives NaN.
        least: share of the weight that has to be present when reweighting.

    Raises:
        ValueError: a figure below 0 in a mean that has none.

    >>> x, w = [1, 2, 3], [2, 1, 1]
    >>> [round(float(mean(x, w, how)), 6) for how in (ARITHMETIC, GEOMETRIC, HARMONIC, _power(2))]
    [1.75, 1.565085, 1.411765, 1.936492]
    >>> float(mean([1, np.nan, 3], w, ARITHMETIC)), round(float(mean(
    ...     [1, np.nan, 3], w, ARITHMETIC, reweight=True)), 6)
    (nan, 1.666667)
    """
    x, w = np.asarray(scores), np.asarray(weights)
    if not np.issubdtype(x.dtype, np.floating):
        x = x.astype(float)
    w = w.astype(x.dtype)
    if how.positive and (np.nanmin(x, initial=0.0) < 0):
        raise ValueError(f"a {how.name} mean needs figures of 0 and above")
    if not reweight:
        return _of_all(x, w / w.sum(axis=-1, keepdims=True), how)
    here = np.isfinite(x)
    known = np.where(here, w, 0.0)
    total = known.sum(axis=-1, keepdims=True)
    enough = total[..., 0] >= least * np.broadcast_to(w, x.shape).sum(axis=-1) - 1e-12
    enough &= total[..., 0] > 0
    shares = known / np.where(total > 0, total, 1.0)
    return np.where(enough, _of_all(np.where(here, x, 1.0), shares, how), np.nan)


def _of_all(x: Floats, shares: Floats, how: Mean) -> Floats:
    middle = _weigh(how.bend(x), shares)
    if how.penalty:
        return middle - _imbalance(x, shares, middle)
    found = how.back(middle)
    return np.where(x.min(axis=-1) > 0, found, found * 0) if how.nil else found


def _weigh(x: Floats, shares: Floats) -> Floats:
    """Sum over the last axis; as a product of matrices where the shares allow, for its speed."""
    if shares.ndim == 1:
        return np.asarray(x @ shares)
    return np.asarray((x * shares).sum(axis=-1))


def _imbalance(x: Floats, shares: Floats, middle: Floats) -> Floats:
    """Spread times coefficient of variation, S²/M, of the parts (population form)."""
    spread = _weigh((x - middle[..., None]) ** 2, shares)
    return np.divide(spread, middle, out=np.zeros_like(middle), where=middle != 0)


def split(
    before: Floats, after: Floats, weights: ArrayLike, how: Mean
) -> tuple[Floats, Floats, Floats]:
    """Split the change of a mean among its parts; nothing is left over.

    The change of the bent figures adds up by itself; it is carried back with one factor, the
    quotient of the two changes (for the geometric mean the logarithmic mean of both figures,
    the LMDI of Ang 2004, Energy Policy 32:1131-1139).

    Args:
        before: (..., parts), NaN = missing.
        after: the same of the later month.
        weights: (parts,).
        how: which mean.

    Returns:
        By part (..., parts), what a change of balance between them adds (...; 0 unless the mean
        has a penalty), and the whole change.

    >>> by_part, balance, change = split(
    ...     np.array([25.0, 100.0]), np.array([50.0, 50.0]), [1, 1], GEOMETRIC)
    >>> [abs(float(x)) < 1e-9 for x in (by_part.sum(), balance, change)]
    [True, True, True]
    """
    shares = np.asarray(weights, dtype=float) / np.sum(weights)
    was, now = _of_all(before, shares, how), _of_all(after, shares, how)
    bent = shares * (how.bend(after) - how.bend(before))
    if how.penalty:
        middle_was, middle_now = _weigh(before, shares), _weigh(after, shares)
        balance = _imbalance(before, shares, middle_was) - _imbalance(after, shares, middle_now)
        return bent, balance, now - was
    factor = quotient(now - was, bent.sum(axis=-1), 1 / how.slope((was + now) / 2))
    return bent * factor[..., None], np.zeros_like(was), now - was


def quotient(change: Floats, bent: Floats, level: Floats) -> Floats:
    """The one change over the other; ``level`` where both are rounding."""
    apart = np.abs(bent) > 1e-12
    return np.where(apart, change / np.where(apart, bent, 1.0), level)
