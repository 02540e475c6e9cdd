"""A dated change in one place, seen against everyone else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from kpialign.evidence.association import Interval
from kpialign.evidence.design import calendar, residuals, step_from
from kpialign.evidence.state import Counts, Floats, State

MIN_SIDE = 6  # months reported before and from the change; fewer are a blip, not a step
_MAX_RHO = 0.95  # nearer to 1 a step and a wandering level cannot be told apart


@dataclass(frozen=True)
class Step:
    """A change of level. Without an answer `state` says why and every estimate is None.

    Attributes:
        state: `estimated`, `too_little_data` or `no_variation`.
        effect: change of level from month `at` on, in the series' unit, beyond the others'.
        interval: 95 % interval; nominal, so rank the step among placebo steps as well.
        se: standard error of the effect.
        autocorrelation: AR(1) coefficient of the errors.
        df: degrees of freedom.
        months: months in which the series and somebody else reported.
    """

    state: State
    effect: float | None
    interval: Interval | None
    se: float | None
    autocorrelation: float | None
    df: int
    months: int


def step(series: ArrayLike, others: ArrayLike, *, at: int) -> Step:
    """Estimate a lasting change by generalised least squares with AR(1) errors.

    Regressors: trend and season, the others' mean of the month, the step. The coefficient of the
    AR(1) is the likeliest that is not negative, because errors that alternate by accident would
    shorten the interval; a hole in the months is allowed for exactly.

    Args:
        series: shape (months,), a full run of calendar months, NaN = not reported.
        others: the same indicator elsewhere, shape (months, places).
        at: first month of the change, counted from 0.

    Raises:
        ValueError: the others cover other months than the series.
    """
    y, elsewhere = np.asarray(series, dtype=float), np.asarray(others, dtype=float)
    if elsewhere.ndim != 2 or len(elsewhere) != len(y):
        raise ValueError(f"others have shape {elsewhere.shape}: expected ({len(y)}, places)")
    mean = _mean_reported(elsewhere)
    present = np.isfinite(y) & np.isfinite(mean)
    month = np.flatnonzero(present)
    columns = [side[present] for side in (*calendar(len(y)), mean, step_from(len(y), at))]
    df = len(month) - len(columns)
    if min((month < at).sum(), (month >= at).sum()) < MIN_SIDE or df < 3:
        return Step(State.TOO_LITTLE_DATA, None, None, None, None, df, len(month))
    return _gls(y[present], columns, month, df)


def _mean_reported(values: Floats) -> Floats:
    """Give the mean over the places that reported, NaN in a month with none."""
    reported = np.isfinite(values)
    count = reported.sum(axis=1)
    total = np.where(reported, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _gls(y: Floats, columns: Sequence[Floats], month: Counts, df: int) -> Step:
    """Fit the last column's coefficient with the likeliest AR(1) errors."""
    *others, change = columns
    if not (_left(y, columns).any() and _left(change, others).any()):
        return Step(State.NO_VARIATION, None, None, None, None, df, len(y))
    gaps = np.diff(month)
    rho = _likeliest(y, columns, gaps)
    flat, *given, free = (_unlink(side, rho, gaps) for side in (y, *columns))
    error = _left(flat, [*given, free])
    free = _left(free, given)
    effect = float(free @ flat / (free @ free))
    se = float(np.sqrt(error @ error / df / (free @ free)))
    half = float(stats.t.ppf(0.975, df)) * se
    return Step(State.ESTIMATED, effect, (effect - half, effect + half), se, rho, df, len(y))


def _likeliest(y: Floats, columns: Sequence[Floats], gaps: Counts) -> float:
    """Find the AR(1) coefficient of largest profile likelihood between 0 and 0.95."""

    def misfit(rho: float) -> float:
        flat, *given = (_unlink(side, rho, gaps) for side in (y, *columns))
        error = _left(flat, given)
        return float(len(y) * np.log(error @ error) + np.log(1 - rho ** (2 * gaps)).sum())

    found = optimize.minimize_scalar(misfit, bounds=(0.0, _MAX_RHO), method="bounded")
    return float(found.x)


def _left(values: Floats, columns: Sequence[Floats]) -> Floats:
    """Give what the columns leave of the values."""
    return residuals(values, columns, np.ones(len(values), dtype=bool))[0]


def _unlink(values: Floats, rho: float, gaps: Counts) -> Floats:
    """Turn AR(1) values, `gaps` months apart, into independent ones of equal variance.

    Over a gap of g months the correlation is rho^g, so nothing is filled in.

    >>> _unlink(np.array([1.0, 2.0, 4.0]), 0.0, np.array([1, 1])).tolist()
    [1.0, 2.0, 4.0]
    """
    tie = rho**gaps
    later = (values[1:] - tie * values[:-1]) / np.sqrt(1 - tie**2)
    return np.concatenate([values[:1], later])
