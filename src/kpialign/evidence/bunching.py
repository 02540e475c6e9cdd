"""How many were finished in the last minutes before a limit?

Chetty, Friedman, Olsen and Pistaferri (QJE 2011); Kleven and Waseem (QJE 2013): a curve through
the counts away from the limit says how many there would have been near it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpialign.evidence.association import Interval
from kpialign.evidence.state import Flags, Floats, State

SPARE = 3  # bins beyond the coefficients, and on each side of what is left out


@dataclass(frozen=True)
class Bunching:
    """Crowding before a limit. Without an answer `state` says why, the rest is None or empty.

    Attributes:
        state: `estimated` or `too_little_data`.
        excess: counts before the limit beyond what the curve expects.
        interval: 95 % interval of the excess, by bootstrap.
        b: the excess in units of what the curve expects in the last bin before the limit.
        b_interval: 95 % interval of b.
        points: the excess as percentage points of all counts: performance from the last minutes.
        points_interval: 95 % interval of the points.
        missing: counts fewer than expected beyond the limit, as far as `hole_end`.
        hole_end: where the hole beyond the limit ends; None where no hole makes up the excess.
        expected: what the curve expects in each bin fitted.
        fitted: start of each bin fitted.
    """

    state: State
    excess: float | None
    interval: Interval | None
    b: float | None
    b_interval: Interval | None
    points: float | None
    points_interval: Interval | None
    missing: float | None
    hole_end: float | None
    expected: tuple[float, ...]
    fitted: tuple[float, ...]


@dataclass(frozen=True)
class _Window:
    """Which of the bins fitted are near the limit, on either side of it and past the hole."""

    before: Flags
    hole: Flags
    beyond: Flags


def bunching(
    starts: ArrayLike,
    counts: ArrayLike,
    *,
    limit: float,
    before: float,
    after: float | None = None,
    reach: float | None = None,
    degree: int = 7,
    heaps: Sequence[float] = (),
    balance: bool = True,
    draws: int = 999,
    seed: int = 1,
) -> Bunching:
    """Estimate the excess before a limit in counts by duration.

    With `after=None` the hole beyond ends where as many are missing as there are too many before
    (a notch: those just beyond were hurried). With a given `after`, or where no hole holds the
    excess, it may come from anywhere beyond, and the curve there is raised to hold it (a kink).

    An excess shows that the limit is responded to, not that anybody came to harm: earlier
    decisions look the same as late entries. From about 10,000 durations.

    Args:
        starts: lower edge of each bin, evenly spaced, ascending; a bin holds its lower edge.
        counts: durations in each bin, NaN = not reported.
        limit: an edge of bins; those that start there or later are beyond. Where durations are
            whole minutes and 240 still meets the limit, that is 241.
        before: how far before the limit the excess may reach, in the unit of `starts`.
        after: how far beyond the limit counts may be missing; None searches.
        reach: how far on either side of the limit the curve is fitted; everywhere if None.
        degree: of the curve.
        heaps: distances at which recording heaps (5, 15, 60 for minutes).
        balance: raise the curve beyond, for a given `after`.
        draws: bootstrap samples, of residuals.
        seed: of the bootstrap.

    Raises:
        ValueError: bins that are not even or do not meet at the limit, or heaps within one bin.
    """
    edge, count = np.asarray(starts, dtype=float), np.asarray(counts, dtype=float)
    width = _width(edge, count, limit, before)
    step = np.round((edge - limit) / width)
    sides = (before, after or 0.0, np.inf if reach is None else reach)
    near, hole, far = (float(np.round(side / width)) for side in sides)
    reported = np.isfinite(count)
    use = reported & (step >= -far) & (step < far)
    lost = ~reported & (step >= -near) & (step < hole)
    columns = _columns(edge[use], step[use], width, degree, heaps)
    window, y = _window(step[use], near, hole), count[use]
    if lost.any() or not _enough(window, columns):
        return _none()
    end: float | None = limit + width * hole
    if after is None:
        window, holds = _hole(step[use], y, columns, near)
        end, balance = (limit + width * int(window.hole.sum()), False) if holds else (None, True)
    samples = np.vstack([y, _bootstrap(y, columns, window, draws, seed)])
    curves, excess = _estimate(samples, columns, window, balance)
    total = float(np.nansum(count))
    return _told(curves, excess, y, window, total=total, hole_end=end, fitted=edge[use])


def _told(
    curves: Floats,
    excess: Floats,
    y: Floats,
    window: _Window,
    *,
    total: float,
    hole_end: float | None,
    fitted: Floats,
) -> Bunching:
    """Make the answer of the estimate, in the first row, and of the samples in the others."""
    curve, last = curves[0], np.flatnonzero(window.before)[-1]
    if not (curve[last] > 0 and total > 0):
        return _none()
    low, high = _interval(excess[1:])
    return Bunching(
        State.ESTIMATED,
        excess=float(excess[0]),
        interval=(low, high),
        b=float(excess[0] / curve[last]),
        b_interval=_interval(excess[1:] / np.maximum(curves[1:, last], curve[last] / 100)),
        points=100 * float(excess[0]) / total,
        points_interval=(100 * low / total, 100 * high / total),
        missing=float((curve - y)[window.hole].sum()),
        hole_end=hole_end,
        expected=tuple(curve.tolist()),
        fitted=tuple(fitted.tolist()),
    )


def _width(edge: Floats, count: Floats, limit: float, before: float) -> float:
    """Give the width of the bins."""
    if edge.ndim != 1 or edge.shape != count.shape:
        raise ValueError(f"{edge.shape} starts and {count.shape} counts: expected one for one")
    if len(edge) < 2:
        return 1.0
    width = float(edge[1] - edge[0])
    if not width > 0 or not np.allclose(np.diff(edge), width):
        raise ValueError("bins are not of one width in ascending order: expected even starts")
    if not before >= width / 2:
        raise ValueError(f"before is {before:g}: expected a bin of {width:g} or more")
    steps = (limit - edge[0]) / width
    if not np.isfinite(steps) or abs(steps - round(steps)) > 1e-6:
        raise ValueError(f"limit is {limit}: expected an edge of bins of {width:g}")
    return width


def _columns(x: Floats, steps: Floats, width: float, degree: int, heaps: Sequence[float]) -> Floats:
    """Give the curve's regressors: powers, and for each heap a level that may lean."""
    u = steps / np.abs(steps).max(initial=1.0)
    columns = [np.asarray(np.polynomial.legendre.legvander(u, degree), dtype=np.float64)]
    slack = 1e-9 * width
    for heap in heaps:
        if heap <= width:
            raise ValueError(f"heaps of {heap:g} in bins of {width:g}: expected wider ones")
        on = np.ceil((x - slack) / heap) * heap < x + width - slack
        columns.append(on[:, None] * np.column_stack([np.ones_like(u), u]))
    return np.hstack(columns)


def _window(steps: Floats, near: float, hole: float) -> _Window:
    """Split bins, numbered from the limit, by what they are for.

    >>> _window(np.arange(-3.0, 3), 2, 1).before.tolist()
    [False, True, True, False, False, False]
    """
    past = steps >= 0
    return _Window((steps >= -near) & ~past, past & (steps < hole), steps >= hole)


def _enough(window: _Window, columns: Floats) -> bool:
    """Say whether the curve has bins on both sides to go through."""
    outside = ~(window.before | window.hole)
    early = int((outside & ~window.beyond).sum())
    return bool(
        window.before.any()
        and min(early, int(window.beyond.sum())) >= SPARE
        and int(outside.sum()) >= columns.shape[1] + SPARE
    )


def _hole(steps: Floats, y: Floats, columns: Floats, near: float) -> tuple[_Window, bool]:
    """Widen the hole bin by bin until as many are missing as there are too many.

    Returns:
        The window and whether its hole holds the excess; if none does, the one without a hole.
    """
    for hole in range(len(steps)):
        window = _window(steps, near, hole)
        if not _enough(window, columns):
            break
        curve, excess = _estimate(y[None], columns, window, balance=False)
        if (curve[0] - y)[window.hole].sum() >= excess[0]:
            return window, True
    return _window(steps, near, 0), False


def _estimate(y: Floats, columns: Floats, window: _Window, balance: bool) -> tuple[Floats, Floats]:
    """Give the curve, shape (samples, bins), and the excess before the limit, shape (samples,).

    Raising the counts beyond by B / their sum moves the curve in proportion to B, so the B that
    agrees with its own curve is had without iterating.
    """
    outside = ~(window.before | window.hole)
    onto = columns @ np.linalg.pinv(columns * outside[:, None])
    curve = y @ onto.T
    if balance:
        beyond = np.where(window.beyond, y, 0.0)
        moved = beyond @ onto.T / np.maximum(beyond.sum(axis=1, keepdims=True), 1.0)
        net = (y - curve)[:, ~outside].sum(axis=1) / (1 + moved[:, ~outside].sum(axis=1))
        curve = curve + net[:, None] * moved
    return curve, (y - curve)[:, window.before].sum(axis=1)


def _bootstrap(y: Floats, columns: Floats, window: _Window, draws: int, seed: int) -> Floats:
    """Draw the residuals outside the window anew for every bin, shape (draws, bins)."""
    outside = ~(window.before | window.hole)
    smooth = np.where(outside, columns @ np.linalg.pinv(columns * outside[:, None]) @ y, y)
    rng = np.random.default_rng(seed)
    return np.asarray(smooth + rng.choice((y - smooth)[outside], size=(draws, len(y))))


def _interval(values: Floats) -> Interval:
    low, high = np.quantile(values, [0.025, 0.975]).tolist()
    return low, high


def _none() -> Bunching:
    return Bunching(State.TOO_LITTLE_DATA, *(None,) * 8, (), ())
