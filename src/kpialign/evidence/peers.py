"""What everybody else saw: the mean over units of the same kind outside both ties."""

from dataclasses import dataclass

import numpy as np

from kpialign.evidence.state import Counts, Flags, Floats


@dataclass(frozen=True)
class Peers:
    """Peers of every pair of ties, each array of shape (months, ties, ties).

    Attributes:
        movement: mean departure of the peers from their own averages; NaN with no peer that month.
        count: how many peers reported that month.
    """

    movement: Floats
    count: Counts


def leave_out_peers(units: Floats, members: Floats | Flags) -> Peers:
    """Average, for ties i and j, every unit that belongs to neither.

    Each unit is measured from its own average first, so that a unit missing for a month does
    not move the level of the mean; with nothing missing this changes nothing in a regression.

    Args:
        units: shape (months, units), NaN = not reported.
        members: shape (ties, units): share of a unit that belongs to a tie; any share above 0
            takes the unit out of that tie's peers. Mark neighbours too if they are no peers.

    Raises:
        ValueError: the two arrays speak of different numbers of units.

    >>> level = np.array([[1.0, 5.0, 7.0], [3.0, 5.0, 9.0]])
    >>> found = leave_out_peers(level, np.eye(3))
    >>> found.movement[:, 0, 1].tolist(), found.count[:, 0, 0].tolist()
    ([-1.0, 1.0], [2, 2])
    """
    if members.shape[1] != units.shape[1]:
        raise ValueError(f"{units.shape[1]} units but membership of {members.shape[1]}")
    reported = np.isfinite(units)
    values = np.where(reported, units, 0.0)
    averages = values.sum(axis=0) / np.maximum(reported.sum(axis=0), 1)
    departures = np.where(reported, values - averages, 0.0)
    inside = np.asarray(members > 0)
    # Neither party may be its own yardstick, so both ties' units are out.
    outside = ~(inside[:, None] | inside[None])
    count = np.tensordot(reported, outside.astype(float), axes=(1, 2))
    total = np.tensordot(departures, outside.astype(float), axes=(1, 2))
    movement = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return Peers(movement, count.astype(np.int64))


def sharing(members: Floats | Flags) -> Flags:
    """Say which ties share a unit, shape (ties, ties); such pairs are not unlinked.

    >>> sharing(np.array([[1, 1, 0], [0, 0.5, 1]])).tolist()
    [[True, True], [True, True]]
    """
    inside = np.asarray(members > 0, dtype=float)
    return np.asarray(inside @ inside.T > 0)
