"""How much a figure would differ if only chance differed, and draws of it.

A share of counts is drawn from a Beta(n·p + ½, n·(1 - p) + ½), with n less than the count where
the unit's own months scatter more than counts alone would (Laney 2002, Quality Engineering
14:531-537). What is no share (a mean of minutes, a rate of hours) is drawn around its figure
with the scatter of its own months, the mean moving range over 1.128 (Shewhart 1931).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpialign.composites.means import Floats
from kpialign.composites.panel import Panel

_RANGE = 1.128  # d2 of two: mean moving range of normal figures in standard deviations
_ENOUGH = 6  # moving ranges
_FEW = 30.0  # counts below which a Beta is drawn as such


@dataclass(frozen=True)
class Noise:
    """Draws of a panel's figures.

    Attributes:
        middle, spread, skew: (months, units, parts); NaN where there is no figure.
        exact: where a Beta is drawn as such; ``ones`` and ``others`` are its parameters.
        scale: (parts,), what a share is multiplied by.
        words: (parts,), how each part's noise was found.
    """

    middle: Floats
    spread: Floats
    skew: Floats
    exact: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    ones: Floats
    others: Floats
    scale: Floats
    words: tuple[str, ...]

    def draw(self, rng: np.random.Generator, draws: int) -> Floats:
        """Return (draws, months, units, parts) in single precision."""
        shape = (draws, *self.middle.shape)
        z = rng.standard_normal(shape, dtype=np.float32)
        # middle + spread·(z + skew/6·(z² - 1)), Cornish and Fisher 1938, first term
        bend = self.spread * self.skew / 6
        out = z * bend.astype(np.float32)
        out += self.spread.astype(np.float32)
        out *= z
        out += (self.middle - bend).astype(np.float32)
        if self.exact.any():
            m, u, k = np.nonzero(self.exact)
            found = rng.beta(self.ones[m, u, k], self.others[m, u, k], (draws, len(k)))
            out[:, m, u, k] = found * self.scale[k]
        return out


def noise_of(panel: Panel, parts: int) -> Noise:
    """Measure the noise of the first ``parts`` indicators of a panel."""
    value = panel.value[..., :parts]
    top, below = panel.numerator[..., :parts], panel.denominator[..., :parts]
    shares = _shares(top, below)
    scale = np.ones(parts)
    middle, spread, skew = value.copy(), np.zeros_like(value), np.zeros_like(value)
    ones, others = np.ones_like(value), np.ones_like(value)
    words = []
    for k in range(parts):
        if shares[k]:
            scale[k] = _scale(value[..., k], top[..., k], below[..., k])
            inflation = _inflation(top[..., k], below[..., k])
            n = below[..., k] / inflation
            p = np.divide(top[..., k], below[..., k], out=np.zeros_like(n), where=below[..., k] > 0)
            ones[..., k], others[..., k] = p * n + 0.5, (1 - p) * n + 0.5
            beta = _beta(ones[..., k], others[..., k])
            middle[..., k], spread[..., k] = scale[k] * beta[0], scale[k] * beta[1]
            skew[..., k] = beta[2]
            words.append("counts" if np.all(inflation == 1) else "counts and scatter of its months")
        else:
            spread[..., k], enough = _scatter(value[..., k])
            words.append("scatter of its months" if enough else "none: too few months to tell")
    known = np.isfinite(value)
    exact = known & shares & (np.minimum(ones, others) < _FEW)
    nothing = np.where(known, 0.0, np.nan)
    return Noise(
        middle + nothing, np.nan_to_num(spread), np.nan_to_num(skew), exact, ones, others, scale,
        tuple(words),
    )  # fmt: skip


def _shares(top: Floats, below: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which parts are shares of counts: every numerator lies within its denominator of many."""
    known = np.isfinite(top) & np.isfinite(below)
    inside = (top >= 0) & (top <= below)
    return np.asarray(known.any(axis=(0, 1)) & (inside | ~known).all(axis=(0, 1)))


def _scale(value: Floats, top: Floats, below: Floats) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = value * below / top
    found = found[np.isfinite(found)]
    return float(np.median(found)) if found.size else 1.0


def _inflation(top: Floats, below: Floats) -> Floats:
    """(units,): variance between a unit's months over that of counts alone; never below 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p = top / below
        middle = np.nansum(top, axis=0) / np.nansum(below, axis=0)
        z = (p - middle) / np.sqrt(middle * (1 - middle) / below)
    spread, enough = _ranges(z)
    own = np.where(enough, spread**2, np.nan)
    typical = np.nanmedian(own) if np.isfinite(own).any() else 1.0
    return np.maximum(np.where(np.isfinite(own), own, typical), 1.0)


def _scatter(value: Floats) -> tuple[Floats, bool]:
    """(units,): standard deviation between a unit's months, the units' median where too few."""
    spread, enough = _ranges(value)
    own = np.where(enough, spread, np.nan)
    typical = np.nanmedian(own) if np.isfinite(own).any() else 0.0
    return np.where(np.isfinite(own), own, typical), bool(np.isfinite(own).any())


def _ranges(x: Floats) -> tuple[Floats, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    moves = np.abs(np.diff(x, axis=0))
    count = np.isfinite(moves).sum(axis=0)
    total = np.nansum(np.where(np.isfinite(moves), moves, 0.0), axis=0)
    return total / np.maximum(count, 1) / _RANGE, count >= _ENOUGH


def _beta(a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    n = a + b
    middle = a / n
    spread = np.sqrt(a * b / (n * n * (n + 1)))
    skew = 2 * (b - a) * np.sqrt(n + 1) / ((n + 2) * np.sqrt(a * b))
    return middle, spread, skew
