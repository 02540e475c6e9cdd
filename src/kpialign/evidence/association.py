"""One arrow of one tie: does y move with x once everybody's movement is out?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from kpialign.evidence.design import on_calendar
from kpialign.evidence.partial import Partial, partial
from kpialign.evidence.state import Floats, State

Interval = tuple[float, float]


@dataclass(frozen=True)
class Association:
    """One arrow. Without an answer `state` says why and every estimate is None.

    Attributes:
        state: `estimated`, `too_little_data` or `no_variation`.
        r: partial correlation of the whitened series.
        interval: 95 % interval of r.
        slope: change of y, in its unit, that goes with one unit of x.
        slope_interval: 95 % interval of the slope.
        slope_se: standard error of the slope.
        p: one-sided p, in the declared direction; the same for r and slope.
        p_two_sided: two-sided p.
        direction: +1 or -1, the sign of r that `p` speaks for.
        df: degrees of freedom left, m - k - 2.
        months: months in which everything needed was reported.
        ar_orders: autoregressive order taken out of x and of y.
    """

    state: State
    r: float | None
    interval: Interval | None
    slope: float | None
    slope_interval: Interval | None
    slope_se: float | None
    p: float | None
    p_two_sided: float | None
    direction: int
    df: int
    months: int
    ar_orders: tuple[int, int]


def association(
    x: ArrayLike,
    y: ArrayLike,
    *,
    peers_x: ArrayLike | None = None,
    peers_y: ArrayLike | None = None,
    hold: Sequence[ArrayLike] = (),
    events: Sequence[ArrayLike] = (),
    lag: int = 0,
    direction: int = 1,
    months: ArrayLike | None = None,
) -> Association:
    """Weigh one arrow of one tie, x to y.

    Trend, season, the peers' mean on both sides, held-fixed indicators and events are taken out
    of both series; each is whitened by its own AR(2 or less); what is left is correlated.

    Args:
        x: values of the first indicator by calendar month, shape (months,), NaN = not reported.
        y: values of the second.
        peers_x: the mean of x over the peers, both parties left out.
        peers_y: the mean of y over the peers.
        hold: indicators to hold fixed.
        events: regressors of dated events, see `step_from` and `shock`.
        lag: months by which y follows x.
        direction: +1 if the arrow says "together", -1 if it says "against each other".
        months: month numbers (year × 12 + month) when the rows are not a full run of months.

    Raises:
        ValueError: series of different lengths, a negative lag, or a direction other than ±1.
    """
    check(lag, direction)
    given = [side for side in (peers_x, peers_y, *hold, *events) if side is not None]
    series = [np.asarray(side, dtype=float) for side in (x, y, *given)]
    if any(side.shape != series[0].shape or side.ndim != 1 for side in series):
        raise ValueError(f"series of different lengths: {[side.shape for side in series]}")
    if months is not None:
        series = [on_calendar(np.asarray(months, dtype=np.int64), side) for side in series]
    x_spine, y_spine, *spines = series
    return one(
        partial(x_spine, y_spine, given=spines, lag=lag, direction=direction),
        (),
        direction,
    )


def check(lag: int, direction: int) -> None:
    """Refuse a lag or direction that has no meaning."""
    if lag < 0:
        raise ValueError(f"lag is {lag}: y follows x by 0 or more months; swap x and y instead")
    if direction not in (-1, 1):
        raise ValueError(f"direction is {direction}: expected 1 (together) or -1 (against)")


def one(batch: Partial, at: tuple[int, ...], direction: int) -> Association:
    """Take one arrow out of a batch, with its intervals."""
    state = State(batch.state[at])
    known = state is State.ESTIMATED
    df, p, r, slope, se = (
        side[at].item() for side in (batch.df, batch.p, batch.r, batch.slope, batch.slope_se)
    )
    return Association(
        state=state,
        r=r if known else None,
        interval=r_interval(r, df) if known else None,
        slope=slope if known else None,
        slope_interval=_around(slope, stats.t.ppf(0.975, df) * se) if known else None,
        slope_se=se if known else None,
        p=p if known else None,
        p_two_sided=float(2 * stats.t.sf(abs(slope) / se, df)) if known else None,
        direction=direction,
        df=df,
        months=int(batch.months[at]),
        ar_orders=(int(batch.order_x[at]), int(batch.order_y[at])),
    )


def r_interval(r: float, df: int) -> Interval:
    """Give the 95 % interval of a partial correlation, by Fisher's z with variance 1/(df - 1).

    >>> [round(end, 3) for end in r_interval(0.5, df=26)]
    [0.156, 0.736]
    """
    low, high = _around(float(np.arctanh(r)), stats.norm.ppf(0.975) / np.sqrt(df - 1))
    return float(np.tanh(low)), float(np.tanh(high))


def _around(centre: float, half: Floats | float) -> Interval:
    return float(centre - half), float(centre + half)
