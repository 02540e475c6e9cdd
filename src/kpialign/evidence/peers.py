"""What everybody else saw: the mean over units of the same kind outside both ties."""

from dataclasses import dataclass

import numpy as np

from kpialign.evidence.state import Counts, Flags, Floats


@dataclass(frozen=True)
class Peers:
    """Peers of pairs of ties, each array of shape (months, ties, ties).

    Attributes:
        movement: mean departure of the peers from their own averages; NaN with no peer that month.
        count: how many peers reported that month.
    """

    movement: Floats
    count: Counts


@dataclass(frozen=True)
class Panel:
    """Units that peers are taken from, and which of them belong to which tie.

    Attributes:
        units: shape (months, units), NaN = not reported.
        members: shape (ties, units), see `leave_out_peers`.
    """

    units: Floats
    members: Floats | Flags

    def between(self, rows: Counts, columns: Counts) -> Floats:
        """Give what the peers of some pairs did, shape (months, rows, columns)."""
        return _peers(self.units, self.members[rows], self.members[columns]).movement


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
    return _peers(units, members, members)


def _peers(units: Floats, rows: Floats | Flags, columns: Floats | Flags) -> Peers:
    """Give the peers of every pair of a tie of the rows and a tie of the columns."""
    if rows.shape[1] != units.shape[1]:
        raise ValueError(f"{units.shape[1]} units but membership of {rows.shape[1]}")
    reported = np.isfinite(units)
    values = np.where(reported, units, 0.0)
    averages = values.sum(axis=0) / np.maximum(reported.sum(axis=0), 1)
    departures = np.where(reported, values - averages, 0.0)
    inside = (np.asarray(side > 0, dtype=float) for side in (rows, columns))
    first, second = inside
    # With nothing missing every month has the same peers, so they are counted once.
    whose = reported[:1] if reported.all() else reported
    count = _outside_both(whose, first, second).round().astype(np.int64)
    movement = _outside_both(departures, first, second)
    movement /= np.maximum(count, 1)
    movement = np.where(count > 0, movement, np.nan)
    return Peers(movement, np.broadcast_to(count, movement.shape))


def _outside_both(values: Floats | Flags, first: Floats, second: Floats) -> Floats:
    """Add up, for ties i and j, the units of neither: all, less i's, less j's, shared ones once.

    Neither party may be its own yardstick, so both ties' units are out.
    """
    total = values.sum(axis=1)[:, None, None] - (values @ first.T)[:, :, None]
    total = total - (values @ second.T)[:, None]
    i, j = np.nonzero(first @ second.T > 0)
    total[:, i, j] += values @ (first[i] * second[j]).T
    return np.asarray(total)


def sharing(members: Floats | Flags) -> Flags:
    """Say which ties share a unit, shape (ties, ties); such pairs are not unlinked.

    >>> sharing(np.array([[1, 1, 0], [0, 0.5, 1]])).tolist()
    [[True, True], [True, True]]
    """
    inside = np.asarray(members > 0, dtype=float)
    return np.asarray(inside @ inside.T > 0)
