"""Take a series' memory of its own last months out, so that months count as separate looks."""

import numpy as np

from kpialign.evidence.state import Counts, Flags, Floats

MAX_ORDER = 2  # more than two lags over-fits at 24 months


def complete_runs(present: Flags) -> Flags:
    """Say which months have both months before them, shape (..., months).

    The first two months and the two after a hole are left out: a hole is never bridged.

    >>> complete_runs(np.array([True, True, True, False, True, True, True])).astype(int).tolist()
    [0, 0, 1, 0, 0, 0, 1]
    """
    runs = np.zeros_like(present)
    runs[..., 2:] = present[..., 2:] & present[..., 1:-1] & present[..., :-2]
    return runs


def whiten(residual: Floats, rows: Flags) -> tuple[Floats, Counts]:
    """Fit AR(0), AR(1) and AR(2) by least squares and keep the best by AICc.

    All three are fitted on the same rows, without intercept, and the innovation variance counts
    as a parameter: the definition behind the reference pairs worked out in R.

    Args:
        residual: shape (..., months), the residuals of a design with a constant.
        rows: shape (..., months), see `complete_runs`.

    Returns:
        Innovations, shape (..., months), 0 outside `rows`; and the order chosen, shape (...).
    """
    now, one, two = (np.where(rows, _back(residual, lag), 0.0) for lag in range(MAX_ORDER + 1))
    fits = np.stack([now, *_autoregressions(now, one, two)])
    count = rows.sum(axis=-1)
    order = np.argmin([_aicc(fit, count, p) for p, fit in enumerate(fits)], axis=0)
    chosen = np.take_along_axis(fits, order[None, ..., None], axis=0)[0]
    return chosen, order


def _back(values: Floats, lag: int) -> Floats:
    """Give each month the value `lag` months before it, 0 where there is none."""
    shifted = np.zeros_like(values)
    shifted[..., lag:] = values[..., : values.shape[-1] - lag]
    return shifted


def _autoregressions(now: Floats, one: Floats, two: Floats) -> tuple[Floats, Floats]:
    """Give the residuals of the AR(1) and the AR(2) fit."""
    first, second = _without(now, one), _without(two, one)
    return first, _without(first, second)


def _without(values: Floats, other: Floats) -> Floats:
    """Take one regressor out of many series."""
    size = (other * other).sum(axis=-1, keepdims=True)
    slope = (values * other).sum(axis=-1, keepdims=True) / np.where(size > 0, size, 1.0)
    return np.asarray(values - slope * other)


def _aicc(innovations: Floats, count: Counts, order: int) -> Floats:
    """Give Akaike's criterion with the small-sample term (Hurvich and Tsai 1989)."""
    parameters = order + 1
    room = count - parameters - 1
    # A series that the design explains to the last digit has variance 0: any order will do.
    safe = np.maximum(count, 1)
    variance = np.maximum((innovations**2).sum(axis=-1) / safe, np.finfo(float).tiny)
    penalty = 2 * parameters + 2 * parameters * (parameters + 1) / np.maximum(room, 1)
    return np.where(room > 0, count * np.log(variance) + penalty, np.inf)
