"""The statistic of an arrow, for any number of pairs of series at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from kpialign.evidence.design import calendar, extended, rank, remainder
from kpialign.evidence.state import Counts, Flags, Floats, State
from kpialign.evidence.whiten import complete_runs, whiten

_MIN_DF = 3  # an interval on Fisher's z needs df - 1, one on the slope a variance
_AT_MOST = 1 - 1e-12  # keeps Fisher's z finite where one series is a multiple of the other


@dataclass(frozen=True)
class Partial:
    """Statistics of a batch of pairs; every array has the batch's shape.

    Numbers mean something only where `state` is `estimated`; the callers see to that.
    """

    state: np.ndarray[tuple[int, ...], np.dtype[np.object_]]
    r: Floats
    slope: Floats
    slope_se: Floats
    p: Floats
    df: Counts
    months: Counts
    order_x: Counts
    order_y: Counts


@dataclass(frozen=True)
class Left:
    """What is left of both series of a batch of pairs.

    Attributes:
        x, y: shape (..., months); they mean something only in `rows`.
        rows: the months that are compared.
        months: how many both reported.
        rank: how many regressors counted.
        order_x, order_y: the autoregressions taken out.
        batch: the shape of the batch; the arrays broadcast to it.
    """

    x: Floats
    y: Floats
    rows: Flags
    months: Counts
    rank: Counts
    order_x: Counts
    order_y: Counts
    batch: tuple[int, ...]


def partial(
    x: Floats,
    y: Floats,
    *,
    given: Sequence[Floats] = (),
    given_x: Sequence[Floats] = (),
    given_y: Sequence[Floats] = (),
    lag: int = 0,
    direction: int = 1,
    season: bool = True,
    memory: bool = True,
) -> Partial:
    """Correlate what trend, season and the regressors leave of x and y, each whitened.

    Each series is whitened by its own model, and the slope is that of whitened y on whitened x,
    so slope and r share their sign and their p. One filter on both can give them opposite signs.

    Args:
        x: shape (..., months), NaN where not reported.
        y: a shape that broadcasts with it; compared with x of `lag` months before.
        given: regressors of both, each broadcasting with x and y.
        given_x: regressors of x alone.
        given_y: regressors of y alone.
        lag: months by which y follows x, 0 or more.
        direction: +1 or -1, the sign of r that the one-sided p speaks for.
        season: take trend and season out; False shows what a plain comparison would say.
        memory: whiten; False leaves each month's echo of the months before in.
    """
    left = left_of(x, y, given, given_x, given_y, season=season, memory=memory)
    span = left.rows.shape[-1]
    # Whitened first and shifted afterwards, as in the reference pairs: memory is a series' own.
    cause = slice(0, max(span - lag, 0))
    pairs = left.rows[..., cause] & left.rows[..., lag:]
    var_x, var_y, cov = _moments(left.x[..., cause], left.y[..., lag:], pairs)
    # m - k - 2: peers and held-fixed figures are paid for, the AR coefficients are not.
    df = np.broadcast_to(pairs.sum(axis=-1) - left.rank - 2, left.batch)
    state = _state(df, var_x, var_y)
    r, slope, slope_se, p = _line(var_x, var_y, cov, np.maximum(df, 1), direction)
    counts = (left.months, left.order_x, left.order_y)
    return Partial(
        state, r, slope, slope_se, p, df, *(np.broadcast_to(n, left.batch) for n in counts)
    )


def left_of(
    x: Floats,
    y: Floats,
    given: Sequence[Floats] = (),
    given_x: Sequence[Floats] = (),
    given_y: Sequence[Floats] = (),
    *,
    season: bool = True,
    memory: bool = True,
) -> Left:
    """Give what trend, season, the regressors and memory leave of x and y; see `partial`."""
    # One set of months for both series, or k would count different rows on each side.
    present = np.isfinite(x) & np.isfinite(y)
    for regressor in (*given, *given_x, *given_y):
        present = present & np.isfinite(regressor)
    batch, span = present.shape[:-1], present.shape[-1]
    present = _in_common(present)
    shared = extended((), [*(calendar(span) if season else [np.ones(span)]), *given], present)
    residual_x, rank_x = _residuals(x, shared, given_x, present)
    residual_y, rank_y = _residuals(y, shared, given_y, present)
    rows = complete_runs(present) if memory else present
    (white_x, order_x), (white_y, order_y) = (
        whiten(side, rows) if memory else (side, np.zeros((), np.int64))
        for side in (residual_x, residual_y)
    )
    months, rank_of = present.sum(axis=-1), np.maximum(rank_x, rank_y)
    return Left(white_x, white_y, rows, months, rank_of, order_x, order_y, batch)


def _in_common(present: Flags) -> Flags:
    """Give one row for all where every pair has the same months, so that work is done once."""
    first = present[(slice(0, 1),) * (present.ndim - 1)]
    return first if first.size and (present == first).all() else present


def _residuals(
    values: Floats, shared: Sequence[Floats], own: Sequence[Floats], present: Flags
) -> tuple[Floats, Counts]:
    """Give what the shared directions and a side's own regressors leave of its values."""
    basis = extended(shared, own, present)
    left, _ = remainder(np.where(present, values, 0.0), basis)
    return left, rank(basis)


def _moments(x: Floats, y: Floats, pairs: Flags) -> tuple[Floats, Floats, Floats]:
    """Give the sums of squares and products about the mean over the pairs."""
    count = np.maximum(pairs.sum(axis=-1, keepdims=True), 1)
    x, y = (np.where(pairs, side, 0.0) for side in (x, y))
    x = np.where(pairs, x - x.sum(axis=-1, keepdims=True) / count, 0.0)
    y = np.where(pairs, y - y.sum(axis=-1, keepdims=True) / count, 0.0)
    return (x * x).sum(axis=-1), (y * y).sum(axis=-1), (x * y).sum(axis=-1)


def _state(
    df: Counts, var_x: Floats, var_y: Floats
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """Name why a pair has no answer."""
    state = np.full(df.shape, State.ESTIMATED, dtype=object)
    state[(var_x <= 0) | (var_y <= 0)] = State.NO_VARIATION
    state[df < _MIN_DF] = State.TOO_LITTLE_DATA
    return state


def _line(
    var_x: Floats, var_y: Floats, cov: Floats, df: Counts, direction: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Give r, the slope of y on x, its standard error and the one-sided p."""
    moves = (var_x > 0) & (var_y > 0)
    var_x, var_y = (np.where(moves, side, 1.0) for side in (var_x, var_y))
    r = np.clip(cov / np.sqrt(var_x * var_y), -_AT_MOST, _AT_MOST)
    slope_se = np.asarray(np.sqrt(var_y / var_x * (1 - r * r) / df), dtype=float)
    return r, cov / var_x, slope_se, one_sided(r, df, direction)


def one_sided(r: Floats, df: Counts, direction: int) -> Floats:
    """Give the model's p of partial correlations in one direction, by Student's t.

    >>> float(one_sided(np.array(0.0), np.array(20), 1))
    0.5
    """
    return np.asarray(special.stdtr(df, -direction * r * np.sqrt(df / (1 - r * r))), dtype=float)
