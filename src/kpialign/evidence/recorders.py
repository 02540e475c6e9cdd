"""Do two recorders of one flow agree, and do they move apart?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from kpialign.evidence.association import Interval
from kpialign.evidence.state import Flags, Floats, Masked, State

YEAR = 12
LEAST = 6  # months with both counts before a gap is told


@dataclass(frozen=True)
class Recorders:
    """Two counts side by side. Without an answer `state` says why and the rest is None.

    Attributes:
        state: `estimated` or `too_little_data`.
        months: with both counts at one place or more.
        gap: of all places together, the one count over the other less 1.
        gaps: the same by place over its last year, masked with fewer than six months of both.
        moved: change of the ratio from the year before to the last year by place, in the same
            unit, beyond the median of the places; masked with fewer than six months in either.
        trend: change of the ratio a year, mean over places; `interval` and two-sided `p` are
            those of its spread over places (Student's t), None with fewer than three.
    """

    state: State
    months: int
    gap: float | None
    gaps: Masked
    moved: Masked
    trend: float | None
    interval: Interval | None
    p: float | None


def recorders(one: ArrayLike, other: ArrayLike, *, drift: float = 0.0) -> Recorders:
    """Hold two counts against each other by month and place.

    Args:
        one: shape (months, places), a full run of calendar months, NaN = not reported.
        other: the same shape.
        drift: change of the ratio a year, as a share, up to which nobody minds; the test is
            of a larger one.

    Raises:
        ValueError: arrays of unlike shape.

    >>> found = recorders(np.full((24, 3), 103.0), np.full((24, 3), 100.0))
    >>> round(found.gap, 3), found.gaps.round(3).tolist()
    (0.03, [0.03, 0.03, 0.03])
    """
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape}: expected (months, places) twice")
    both = np.isfinite(a) & np.isfinite(b) & (a > 0) & (b > 0)
    a, b = np.where(both, a, 0.0), np.where(both, b, 0.0)
    months = int(both.any(axis=1).sum())
    gaps, last_known = _ratio(a[-YEAR:], b[-YEAR:], both[-YEAR:])
    before, before_known = _ratio(a[-2 * YEAR : -YEAR], b[-2 * YEAR : -YEAR],
                                  both[-2 * YEAR : -YEAR])  # fmt: skip
    known = last_known & before_known
    change = np.where(known, (1 + gaps) / (1 + before) - 1, 0.0)
    middle = float(np.median(change[known])) if known.any() else 0.0
    shown = np.ma.masked_array(gaps, mask=~last_known)
    moved = np.ma.masked_array(change - middle, mask=~known)
    if months < LEAST:
        return Recorders(State.TOO_LITTLE_DATA, months, None, shown, moved, None, None, None)
    trend, interval, p = _trend(_slopes(a, b, both), float(np.log1p(drift)))
    gap = float(a.sum() / b.sum() - 1)
    return Recorders(State.ESTIMATED, months, gap, shown, moved, trend, interval, p)


def _ratio(a: Floats, b: Floats, both: Flags) -> tuple[Floats, Flags]:
    """Give each place's ratio less 1 over some months, and whether there are enough of them."""
    total = b.sum(axis=0)
    known = (both.sum(axis=0) >= LEAST) & (total > 0)
    return np.where(known, a.sum(axis=0) / np.where(total > 0, total, 1.0) - 1, 0.0), known


def _slopes(a: Floats, b: Floats, both: Flags) -> Floats:
    """Give each place's change of the log ratio a year, for places with two years of both."""
    month = np.arange(len(a)) / YEAR
    found = []
    for place in range(a.shape[1]):
        here = both[:, place]
        if here.sum() >= 2 * YEAR:
            ratio = np.log(a[here, place] / b[here, place])
            found.append(float(np.polyfit(month[here], ratio, 1)[0]))
    return np.array(found)


def _trend(slopes: Floats, drift: float) -> tuple[float | None, Interval | None, float | None]:
    if len(slopes) < 3:
        return None, None, None
    mean, se = float(slopes.mean()), float(slopes.std(ddof=1) / np.sqrt(len(slopes)))
    if not se > 0:
        return float(np.expm1(mean)), None, None
    reach = float(stats.t.ppf(0.975, len(slopes) - 1)) * se
    low, high = np.expm1([mean - reach, mean + reach]).tolist()
    p = min(1.0, float(2 * stats.t.sf((abs(mean) - drift) / se, len(slopes) - 1)))
    return float(np.expm1(mean)), (low, high), p
