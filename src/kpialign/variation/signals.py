"""Special causes, month by month: every rule by itself, none hiding another.

A point on a line is on neither side of it and beyond nothing. No rule looks across a break.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from kpialign.variation.limits import Limits
from kpialign.variation.rows import Counts, Flags, Floats, Rows, run_lengths
from kpialign.variation.rulesets import RuleSet

_ON_LINE = 1e-12  # share of its size by which a sum in floating point may miss a line


@dataclass(frozen=True)
class Signals:
    """Shape (rows,) each: +1 high, -1 low, 0 none.

    Attributes:
        outside: beyond a process limit.
        shift: in a run on one side of the centre line.
        rising, falling: in a trend; the month a trend turns may be in two.
        two_of_three: near a limit, with another of three.
        runs: in a segment whose longest run or crossings are unusual (Anhøj); 1 or 0.
        shift_length, trend_length: months of the run the row is in.
        turns: both a trend's last month and the next one's first.
    """

    outside: Counts
    shift: Counts
    rising: Flags
    falling: Flags
    two_of_three: Counts
    runs: Counts
    shift_length: Counts
    trend_length: Counts

    @property
    def high(self) -> Flags:
        """Rows with a signal upwards."""
        return (self.outside > 0) | (self.shift > 0) | self.rising | (self.two_of_three > 0)

    @property
    def low(self) -> Flags:
        """Rows with a signal downwards."""
        return (self.outside < 0) | (self.shift < 0) | self.falling | (self.two_of_three < 0)


def find(rows: Rows, limits: Limits, rules: RuleSet) -> Signals:
    """Ask every rule of every month; segments without enough months or variation stay silent."""
    asked = rows.counted & _judged(rows, limits, rules)[rows.segment]
    side = np.where(asked, _side(rows.value, limits.centre), 0)
    high = np.where(asked, _side(rows.value, limits.high), 0) > 0
    low = np.where(asked, _side(rows.value, limits.low), 0) < 0
    outside = high.astype(np.int64) - low.astype(np.int64)
    shift, shift_length = _shift(rows, side, rules.shift)
    rising, falling, trend_length = _trend(rows, asked, rules.trend)
    return Signals(
        outside,
        shift,
        rising,
        falling,
        _two_of_three(rows, limits, side, outside, rules),
        _anhoej(rows, side) if rules.runs else np.zeros_like(side),
        shift_length,
        trend_length,
    )


def _judged(rows: Rows, limits: Limits, rules: RuleSet) -> Flags:
    """Segments with enough months, that vary."""
    return (rows.count(rows.counted) >= rules.least) & ~limits.flat & (limits.ranges > 0)


def _side(value: Floats, line: Floats) -> Counts:
    apart = value - line
    size = np.maximum(np.abs(value), np.abs(line))
    with np.errstate(invalid="ignore"):
        clear = np.abs(apart) > _ON_LINE * size
    return np.where(clear, np.sign(apart), 0).astype(np.int64)


def _shift(rows: Rows, side: Counts, least: int) -> tuple[Counts, Counts]:
    same = np.zeros(len(side), dtype=bool)
    same[1:] = rows.follows[1:] & (side[1:] == side[:-1]) & (side[1:] != 0)
    length, _ = run_lengths(same)
    length = np.where(side != 0, length, 0)
    return np.where((length >= least) & (least > 0), side, 0), length


def _trend(rows: Rows, asked: Flags, least: int) -> tuple[Flags, Flags, Counts]:
    step = np.zeros(len(asked), dtype=np.int64)
    step[1:] = np.where(rows.follows[1:] & asked[1:], _side(rows.value[1:], rows.value[:-1]), 0)
    same = np.zeros(len(asked), dtype=bool)
    same[1:] = rows.follows[1:] & (step[1:] == step[:-1]) & (step[1:] != 0)
    length, place = run_lengths(same)
    months = np.where(step != 0, length + 1, 0)
    long = (months >= least) & (least > 0)
    rising, falling = long & (step > 0), long & (step < 0)
    # The month a run of steps starts from belongs to the trend as well.
    begins = np.flatnonzero(long & (place == 0)) - 1
    rising[begins] |= step[begins + 1] > 0
    falling[begins] |= step[begins + 1] < 0
    months[begins] = months[begins + 1]
    return rising, falling, np.where(rising | falling, months, 0)


def _two_of_three(
    rows: Rows, limits: Limits, side: Counts, outside: Counts, rules: RuleSet
) -> Counts:
    out = np.zeros(len(side), dtype=np.int64)
    if not rules.two_of_three or len(side) < 3:
        return out
    far = ((side > 0) & (_side(rows.value, limits.near_high) > 0)) | (
        (side < 0) & (_side(rows.value, limits.near_low) < 0)
    )
    if rules.two_of_three == "between":
        far &= outside == 0
    whole = rows.follows[1:-1] & rows.follows[2:]
    one_side = (side[:-2] == side[1:-1]) & (side[1:-1] == side[2:]) & (side[2:] != 0)
    enough = far[:-2].astype(int) + far[1:-1] + far[2:] >= 2
    window = np.flatnonzero(whole & one_side & enough)
    for place in range(3):
        hit = window + place
        hit = hit[far[hit]]
        out[hit] = side[hit]
    return out


def _anhoej(rows: Rows, side: Counts) -> Counts:
    """Segments with an unusually long run or few crossings; points on the line are left out.

    The longest run is unusual above round(log2 n) + 3, crossings below the 5 % point of a
    binomial of n - 1 even chances (Anhøj and Olesen 2014).
    """
    useful = np.flatnonzero(side)
    if not len(useful):
        return np.zeros(len(side), dtype=np.int64)
    segment, sign = rows.segment[useful], side[useful]
    within = np.zeros(len(useful), dtype=bool)
    within[1:] = segment[1:] == segment[:-1]
    same = within.copy()
    same[1:] &= sign[1:] == sign[:-1]
    length, _ = run_lengths(same)
    longest = np.zeros(rows.segments, dtype=np.int64)
    np.maximum.at(longest, segment, length)
    crossings = np.bincount(segment[within & ~same], minlength=rows.segments)
    n = np.bincount(segment, minlength=rows.segments)
    known = n >= 2
    most = np.round(np.log2(np.maximum(n, 1))) + 3
    fewest = stats.binom.ppf(0.05, np.maximum(n - 1, 1), 0.5)
    unusual = known & ((longest > most) | (crossings < fewest))
    return np.where(rows.counted & unusual[rows.segment], 1, 0).astype(np.int64)
