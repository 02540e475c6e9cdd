"""Centre line, process limits and the lines at two sigma, by the kind of figure.

Sources: Wheeler and Chambers, Understanding Statistical Process Control (XmR: 2.66 = 3 / 1.128);
Nelson 1982 (screening of moving ranges); Laney 2002 (p′ and u′); Benneyan 2001 (g); Nelson 1994
(t: the power 1 / 3.6 makes an exponential time nearly normal).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kpialign.variation.rows import Counts, Flags, Floats, Rows
from kpialign.variation.rulesets import RuleSet

SCREEN = 3.267  # D4 for ranges of two: three sigma of the moving range
_SIGMA = 1 / 1.128  # of a mean moving range, for charts that are in sigma
_POWER = 3.6
_SAME = 1e-9  # figures apart by less than this share of their size are the same figure


@dataclass(frozen=True)
class Limits:
    """Lines of every row, shape (rows,); NaN where a segment has no month to compute them from.

    Attributes:
        centre: the line runs are counted about; the mean, for g the median.
        low, high: process limits, not clipped.
        near_low, near_high: the lines at two sigma.
        flat: the segment's months do not differ, so that limits have no width; shape (segments,).
        unscreened: ranges were not dropped because nothing, or no width, would have been left.
        ranges: moving ranges the limits stand on; shape (segments,).
    """

    centre: Floats
    low: Floats
    high: Floats
    near_low: Floats
    near_high: Floats
    flat: Flags
    unscreened: Flags
    ranges: Counts


Spread = tuple[Floats, Flags, Counts]


def xmr(rows: Rows, rules: RuleSet, whole: Floats) -> Limits:
    """Individuals and moving ranges; ``whole`` (denominators) is not looked at."""
    mean = rows.mean_of(rows.value, rows.base)
    return _about(rows, mean, rules.reach, _mean_range(rows, rows.value, rules))


def p_prime(rows: Rows, rules: RuleSet, whole: Floats) -> Limits:
    """Shares of large and unequal numbers of cases: Laney's correction of the binomial."""
    return _laney(rows, rules, whole, lambda mean, n: np.sqrt(mean * (1 - mean) / n))


def u_prime(rows: Rows, rules: RuleSet, whole: Floats) -> Limits:
    """Rates of large and unequal exposure: Laney's correction of the Poisson."""
    return _laney(rows, rules, whole, lambda mean, n: np.sqrt(mean / n))


def g(rows: Rows, rules: RuleSet, whole: Floats) -> Limits:
    """Cases between rare events, counted: geometric."""
    mean = rows.mean_of(rows.value, rows.base)
    sigma = np.sqrt(mean * (mean + 1))
    flat, ranges = _flat(rows), rows.count(rows.base & rows.follows)
    at = rows.segment
    floor = np.where(np.isfinite(mean), 0.0, np.nan)
    return Limits(
        _median(rows)[at], floor[at], (mean + 3 * sigma)[at], floor[at], (mean + 2 * sigma)[at],
        flat, np.zeros_like(flat), ranges,
    )  # fmt: skip


def t(rows: Rows, rules: RuleSet, whole: Floats) -> Limits:
    """Time between rare events: XmR on the time to the power 1 / 3.6, told as times again."""
    bent = np.where(rows.value >= 0, rows.value, np.nan) ** (1 / _POWER)
    mean = rows.mean_of(bent, rows.base)
    lines = _about(rows, mean, 3 * _SIGMA, _mean_range(rows, bent, rules))
    low, near_low, centre, near_high, high = (
        np.maximum(line, 0.0) ** _POWER
        for line in (lines.low, lines.near_low, lines.centre, lines.near_high, lines.high)
    )
    return Limits(
        centre, low, high, near_low, near_high, lines.flat, lines.unscreened, lines.ranges
    )


KINDS: dict[str, Callable[[Rows, RuleSet, Floats], Limits]] = {
    "xmr": xmr, "p_prime": p_prime, "u_prime": u_prime, "g": g, "t": t,
}  # fmt: skip


def _laney(
    rows: Rows, rules: RuleSet, whole: Floats, sigma: Callable[[Floats, Floats], Floats]
) -> Limits:
    cases = np.bincount(rows.segment[rows.base], (rows.value * whole)[rows.base], rows.segments)
    total = np.bincount(rows.segment[rows.base], whole[rows.base], rows.segments)
    mean = np.divide(cases, total, out=np.full(rows.segments, np.nan), where=total > 0)
    one = sigma(mean[rows.segment], np.where(whole > 0, whole, np.nan))
    known = np.isfinite(one) & (one > 0)
    apart = np.divide(
        rows.value - mean[rows.segment], one, out=np.zeros_like(rows.value), where=known
    )
    width, unscreened, ranges = _mean_range(rows, apart, rules)
    each = np.where(known, one, 0.0) * width[rows.segment] * _SIGMA
    centre = mean[rows.segment]
    return Limits(
        centre, centre - 3 * each, centre + 3 * each, centre - 2 * each, centre + 2 * each,
        _flat(rows), unscreened, ranges,
    )  # fmt: skip


def _about(rows: Rows, mean: Floats, reach: float, spread: Spread) -> Limits:
    width, unscreened, ranges = spread
    at = rows.segment
    out, near = reach * width, 2 / 3 * reach * width
    return Limits(
        mean[at], (mean - out)[at], (mean + out)[at], (mean - near)[at], (mean + near)[at],
        _flat(rows), unscreened, ranges,
    )  # fmt: skip


def _mean_range(rows: Rows, value: Floats, rules: RuleSet) -> Spread:
    """Mean moving range of each segment, whether it could not be screened, and of how many."""
    steps = np.abs(np.diff(value, prepend=np.nan))
    both = rows.base.copy()
    both[1:] &= rows.base[:-1]
    used = rows.follows & both & np.isfinite(steps)
    mean = rows.mean_of(steps, used)
    mean = np.where(np.isfinite(mean) | (rows.count(rows.base) == 0), mean, 0.0)
    none = np.zeros(rows.segments, dtype=bool)
    if not rules.screens:
        return mean, none, rows.count(used)
    kept = used & (steps < SCREEN * mean[rows.segment])
    again = rows.mean_of(steps, kept)
    usable = np.isfinite(again) & (again > _SAME * np.maximum(mean, 0.0))
    dropped = rows.count(kept) < rows.count(used)
    return (
        np.where(usable, again, mean),
        dropped & ~usable,
        np.where(usable, rows.count(kept), rows.count(used)),
    )


def _flat(rows: Rows) -> Flags:
    """Segments of two months and more all of whose figures are the same."""
    low, high = np.full(rows.segments, np.inf), np.full(rows.segments, -np.inf)
    np.minimum.at(low, rows.segment[rows.base], rows.value[rows.base])
    np.maximum.at(high, rows.segment[rows.base], rows.value[rows.base])
    size = np.maximum(np.abs(low), np.abs(high))
    known = rows.count(rows.base) >= 2
    return known & (np.where(known, high - low, 1.0) <= np.where(known, size, 0.0) * _SAME)


def _median(rows: Rows) -> Floats:
    """Median of each segment's months; NaN for none."""
    out = np.full(rows.segments, np.nan)
    order = np.lexsort((rows.value, rows.segment))
    order = order[rows.base[order]]
    count = rows.count(rows.base)
    end = np.cumsum(count)
    known = count > 0
    low = (end - count + (count - 1) // 2)[known]
    high = (end - count + count // 2)[known]
    ranked = rows.value[order]
    out[known] = (ranked[low] + ranked[high]) / 2
    return out
