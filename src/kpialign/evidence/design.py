"""What is taken out of a series before two are compared: trend, season, peers, events."""

from collections.abc import Sequence

import numpy as np

from kpialign.evidence.state import Counts, Flags, Floats

# A regressor that the earlier ones explain to this share of its size says nothing new.
_NEGLIGIBLE = 1e-9


def calendar(months: int) -> list[Floats]:
    """Give the regressors every monthly series gets: constant, trend and one yearly wave.

    Month dummies would cost eleven columns, which 24 to 60 months cannot pay. Where the wave
    starts does not matter, because a sine and a cosine together fit any phase.

    >>> [column.round(1).tolist() for column in calendar(4)]
    [[1.0, 1.0, 1.0, 1.0], [-0.4, -0.1, 0.1, 0.4], [1.0, 0.9, 0.5, 0.0], [0.0, 0.5, 0.9, 1.0]]
    """
    month = np.arange(months, dtype=float)
    wave = 2 * np.pi * month / 12
    trend = (month - month.mean()) / months if months else month
    return [np.ones(months), trend, np.cos(wave), np.sin(wave)]


def step_from(months: int, at: int) -> Floats:
    """Give the regressor of a lasting change: 0 before month number `at`, 1 from it on.

    >>> step_from(4, at=2).tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    return np.asarray(np.arange(months) >= at, dtype=float)


def shock(months: int, first: int, last: int) -> list[Floats]:
    """Give one pulse for each month of a passing shock, so those months weigh nothing.

    >>> [pulse.tolist() for pulse in shock(4, first=1, last=2)]
    [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]
    """
    return [np.asarray(np.arange(months) == month, dtype=float) for month in range(first, last + 1)]


def on_calendar(months: Counts, values: Floats) -> Floats:
    """Put values on a full run of calendar months; a month that is not there is NaN.

    Args:
        months: month numbers (year × 12 + month), shape (n,), any order, none twice.
        values: shape (n,).

    Raises:
        ValueError: a month is given twice, or the lengths differ.

    >>> on_calendar(np.array([24, 27]), np.array([5.0, 6.0])).tolist()
    [5.0, nan, nan, 6.0]
    """
    if len(np.unique(months)) != len(values):
        raise ValueError("each value needs its own month: found the same month twice or too few")
    spine = np.full(int(months.max() - months.min()) + 1, np.nan)
    spine[months - months.min()] = values
    return spine


def residuals(
    values: Floats, regressors: Sequence[Floats], present: Flags
) -> tuple[Floats, Counts]:
    """Take the regressors out of many series at once by least squares.

    Args:
        values: shape (..., months); read only where `present`.
        regressors: arrays that broadcast to `values`; read only where `present`.
        present: shape (..., months).

    Returns:
        The residuals, 0 where not present or where rounding is all that is left, and how many
        regressors counted, shape (...).
    """
    basis = extended((), regressors, present)
    left, _ = remainder(np.where(present, values, 0.0), basis)
    return left, rank(basis)


def extended(
    basis: Sequence[Floats], regressors: Sequence[Floats], present: Flags
) -> tuple[Floats, ...]:
    """Add the directions that regressors bring to an orthonormal basis; 0 where none is new.

    Gram-Schmidt done twice is as exact as a QR (Giraud, Langou and Rozložník 2005), works on a
    batch with a different set of months in each, and shows which regressors add nothing: a
    held-fixed figure that never moves costs no degree of freedom. A direction has the shape of
    its regressor, not of the batch: what all series share is worked out once.
    """
    for regressor in regressors:
        direction, size = remainder(np.where(present, regressor, 0.0), basis)
        basis = (*basis, direction / np.where(size > 0, size, 1.0)[..., None])
    return tuple(basis)


def rank(basis: Sequence[Floats]) -> Counts:
    """Count the directions of a basis that are not 0."""
    counts = [np.asarray(np.abs(direction).max(axis=-1, initial=0.0) > 0) for direction in basis]
    return np.asarray(sum(map(np.int64, counts), np.int64(0)))


def remainder(column: Floats, basis: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Give what the basis leaves of a column and its length, both 0 where negligible."""
    before = np.linalg.norm(column, axis=-1)
    for _ in range(2):
        for direction in basis:
            share = np.einsum("...m,...m->...", column, direction)
            column = column - direction * share[..., None]
    after = np.linalg.norm(column, axis=-1)
    left = after > _NEGLIGIBLE * before
    return np.where(left[..., None], column, 0.0), np.where(left, after, 0.0)
