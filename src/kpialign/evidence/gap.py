"""Whether a month's gap to the peers is beyond what the same body's own months were like."""

from dataclasses import dataclass

import numpy as np

from kpialign.evidence.state import Counts, Flags, Floats

HISTORY = 24  # months before, at most; an older level says little of what is usual now
FEWEST = 12  # months before, at least
REACH = 2.0  # standard deviations: one month in some forty on a side, in a steady process
_D2 = 1.128  # mean of a moving range of two, in standard deviations of a normal process


@dataclass(frozen=True)
class Gaps:
    """A month's gap of every body to its peers; arrays of shape (bodies,).

    Numbers mean something only where `known`.

    Attributes:
        value: the gap, in the indicator's unit, from the average gap of the months before.
        reach: how far from 0 the gap usually goes, `REACH` standard deviations.
        side: +1 above what is usual, -1 below, 0 within or not known.
        known: whether the month and enough of those before were reported.
        months: months before that were looked at.
    """

    value: Floats
    reach: Floats
    side: Counts
    known: Flags
    months: Counts


def gaps(values: Floats, peers: Floats) -> Gaps:
    """Hold the last month against the months before it.

    What is usual comes from the mean moving range, as on a process chart, so that one odd month
    of the past does not make everything usual. A month without a report is left out, and so is
    the range over it.

    Args:
        values: shape (months, bodies), NaN = not reported.
        peers: what the peers did in the same months, the same shape.

    >>> steady = np.array([[0.0], [1.0]] * 8 + [[9.0]])
    >>> found = gaps(steady, np.zeros_like(steady))
    >>> float(found.value[0]), found.side.tolist(), found.months.tolist()
    (8.5, [1], [16])
    """
    gap = values - peers
    before = gap[:-1][-HISTORY:]
    here = np.isfinite(before)
    months = here.sum(axis=0)
    mean = np.where(here, before, 0.0).sum(axis=0) / np.maximum(months, 1)
    ranges = np.abs(np.diff(before, axis=0))
    whole = np.isfinite(ranges)
    spread = np.where(whole, ranges, 0.0).sum(axis=0) / np.maximum(whole.sum(axis=0), 1)
    now = gap[-1] if len(gap) else np.full(gap.shape[1], np.nan)
    known = np.asarray(np.isfinite(now) & (months >= FEWEST) & (spread > 0))
    value = np.where(known, now - mean, 0.0)
    reach = REACH * spread / _D2
    side = np.where(known & (np.abs(value) > reach), np.sign(value), 0).astype(np.int64)
    return Gaps(value, reach, side, known, months)
