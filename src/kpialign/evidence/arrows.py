"""One arrow over every pair of ties: the linked pairs and, as their yardstick, the unlinked."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from kpialign.evidence.association import Association, check, one
from kpialign.evidence.partial import Partial, partial
from kpialign.evidence.state import Flags, Floats, Masked, State

_BLOCK = 32  # ties of x at a time: with 120 ties a quarter of the memory and no more time


@dataclass(frozen=True)
class Arrows:
    """An arrow from x of tie i (row) to y of tie j (column), for all pairs of ties.

    The matrices have shape (ties, ties). Where a pair has no answer they are masked and
    `state` says why; masked cells never enter a mean or a rank.

    Attributes:
        batch: the statistics behind the matrices.
        unlinked: pairs of different ties that share no unit, so x cannot move y.
        direction: +1 or -1, the sign of r that p speaks for.
    """

    batch: Partial
    unlinked: Flags
    direction: int

    @property
    def state(self) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
        """Whether each pair has an answer."""
        return self.batch.state

    @property
    def r(self) -> Masked:
        """Partial correlations."""
        return self._known(self.batch.r)

    @property
    def slope(self) -> Masked:
        """Change of y, in its unit, with one unit of x."""
        return self._known(self.batch.slope)

    @property
    def df(self) -> Masked:
        """Degrees of freedom."""
        return self._known(self.batch.df)

    @property
    def p(self) -> Masked:
        """One-sided p in the declared direction."""
        return self._known(self.batch.p)

    def linked(self) -> tuple[Association, ...]:
        """Give the arrow of each tie with itself, one per tie in order."""
        return tuple(self.pair(tie, tie) for tie in range(len(self.unlinked)))

    def pair(self, i: int, j: int) -> Association:
        """Give the arrow from x of tie i to y of tie j."""
        return one(self.batch, (i, j), self.direction)

    def _known(self, matrix: np.ndarray[tuple[int, ...], np.dtype[Any]]) -> Masked:
        return np.ma.masked_array(matrix, mask=self.state != State.ESTIMATED)


def arrows(
    x: Floats,
    y: Floats,
    *,
    peers_x: Floats | None = None,
    peers_y: Floats | None = None,
    hold: Sequence[Floats] = (),
    events: Sequence[Floats] = (),
    shared: Flags | None = None,
    lag: int = 0,
    direction: int = 1,
) -> Arrows:
    """Weigh one arrow between every pair of ties at once.

    The diagonal equals `association` of each tie. In an unlinked pair x of tie i is held to
    tie i's own hold-fixed figures and events, y of tie j to tie j's.

    Args:
        x: shape (months, ties): a full run of calendar months, NaN = not reported.
        y: the same shape.
        peers_x: shape (months, ties, ties): the mean of x over peers outside ties i and j.
        peers_y: the mean of y over peers outside ties i and j.
        hold: indicators to hold fixed, each (months, ties).
        events: event regressors, each (months,) for all ties or (months, ties).
        shared: shape (ties, ties), True where two ties share a unit and so are not unlinked.
        lag: months by which y follows x.
        direction: +1 if the arrow says "together", -1 if it says "against each other".

    Raises:
        ValueError: arrays whose shapes do not fit, a negative lag, or a direction other than ±1.
    """
    check(lag, direction)
    months, ties = x.shape
    peers = [np.moveaxis(_shaped(side, (months, ties, ties)), 0, -1)
             for side in (peers_x, peers_y) if side is not None]  # fmt: skip
    own = [np.broadcast_to(_columns(side), (months, ties)).T for side in (*hold, *events)]
    y_rows = _shaped(y, (months, ties)).T[None]
    # Rows are the tie of x, columns the tie of y; months last, as `partial` wants them.
    blocks = [
        partial(
            np.broadcast_to(x.T[rows, None], (len(x.T[rows]), ties, months)),
            np.broadcast_to(y_rows, (len(x.T[rows]), ties, months)),
            given_x=[*(side[rows] for side in peers), *(side[rows, None] for side in own)],
            given_y=[*(side[rows] for side in peers), *(side[None] for side in own)],
            lag=lag,
            direction=direction,
        )
        for rows in (slice(at, at + _BLOCK) for at in range(0, max(ties, 1), _BLOCK))
    ]
    batch = Partial(*(np.concatenate(parts) for parts in zip(*map(_arrays, blocks), strict=True)))
    apart = np.zeros((ties, ties), dtype=bool) if shared is None else shared
    return Arrows(batch, ~(apart | np.eye(ties, dtype=bool)), direction)


def _arrays(batch: Partial) -> tuple[np.ndarray[tuple[int, ...], np.dtype[Any]], ...]:
    """Give the arrays of a batch in the order of its fields."""
    return tuple(getattr(batch, field.name) for field in fields(batch))


def _shaped(array: Floats, shape: tuple[int, ...]) -> Floats:
    """Refuse an array of another shape before broadcasting hides it."""
    if array.shape != shape:
        raise ValueError(f"an array has shape {array.shape}: expected {shape}")
    return array


def _columns(regressor: Floats) -> Floats:
    """Give a national regressor a column that every tie reads."""
    return regressor[:, None] if regressor.ndim == 1 else regressor
