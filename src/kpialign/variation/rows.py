"""Series as flat columns: every month of every series is one row, in order.

All series are worked out in one pass, so that nothing is looped over but the columns. A row
``follows`` the one before where both belong to one segment of one series and no month, no
missing figure and no point left out parts them; nothing is measured or counted across a break.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.str_]


@dataclass(frozen=True)
class Rows:
    """Months of many series; every array has shape (rows,).

    Attributes:
        series: number of the series, from 0, not falling.
        segment: number of the segment over all series, from 0, not falling.
        month: months since year 0, rising within a series.
        value: the figure; NaN where none was reported.
        counted: reported and not left out.
        base: counted, and among the months the segment's limits are computed from.
        follows: counted like the row before, of the same segment, with nothing between.
    """

    series: Counts
    segment: Counts
    month: Counts
    value: Floats
    counted: Flags
    base: Flags
    follows: Flags

    @property
    def segments(self) -> int:
        """How many segments there are."""
        return int(self.segment[-1]) + 1 if len(self.segment) else 0

    def mean_of(self, values: Floats, where: Flags) -> Floats:
        """Means over the rows of each segment, shape (segments,); NaN for none."""
        total = np.bincount(self.segment[where], values[where], self.segments)
        count = self.count(where)
        mean: Floats = np.full(self.segments, np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        return mean

    def count(self, where: Flags) -> Counts:
        """Rows of each segment, shape (segments,)."""
        return np.bincount(self.segment[where], minlength=self.segments).astype(np.int64)


def arrange(
    series: Counts,
    month: Counts,
    value: Floats,
    *,
    left_out: Flags,
    starts: Flags,
    baseline: int | None,
    across_gaps: bool,
) -> Rows:
    """Put rows sorted by series and month in order for the arithmetic.

    Args:
        series: number of the series of each row, not falling.
        month: months since year 0.
        value: NaN where not reported.
        left_out: points shown but not counted.
        starts: rows at which a new segment starts; the first of a series always does.
        baseline: limits are computed from so many counted months of a segment; from all if None.
        across_gaps: a month without a row parts nothing.
    """
    first = np.ones(len(series), dtype=bool)
    first[1:] = series[1:] != series[:-1]
    segment = np.cumsum(first | starts) - 1
    counted = np.isfinite(value) & ~left_out
    follows = np.zeros(len(series), dtype=bool)
    near = np.ones(max(len(series) - 1, 0), dtype=bool) if across_gaps else np.diff(month) == 1
    follows[1:] = counted[1:] & counted[:-1] & (segment[1:] == segment[:-1]) & near
    base = counted
    if baseline is not None:
        base = counted & (_position(segment, counted) < baseline)
    return Rows(series, segment, month, value, counted, base, follows)


def _position(segment: Counts, counted: Flags) -> Counts:
    """How many counted rows of the segment stand before each row."""
    before: Counts = np.cumsum(counted) - counted
    return before - before[np.searchsorted(segment, segment, side="left")]


def run_lengths(same: Flags) -> tuple[Counts, Counts]:
    """Length of the run each row is in, and its place in it from 0.

    ``same`` says that a row goes on with the run of the row before.

    >>> length, place = run_lengths(np.array([False, True, True, False, False, True]))
    >>> length.tolist(), place.tolist()
    ([3, 3, 3, 1, 2, 2], [0, 1, 2, 0, 0, 1])
    """
    run = np.cumsum(~same) - 1 if len(same) else np.zeros(0, dtype=np.int64)
    length = np.bincount(run)[run] if len(run) else run
    start = np.flatnonzero(~same)
    place = np.arange(len(same)) - (start[run] if len(run) else 0)
    return length.astype(np.int64), place.astype(np.int64)
