"""One arrow over every pair of ties: the linked pairs and, as their yardstick, the unlinked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from kpialign.evidence.association import Association, check, one
from kpialign.evidence.partial import Partial, partial
from kpialign.evidence.peers import Panel
from kpialign.evidence.state import Counts, Flags, Floats, Masked, State

_WHOLE = 150  # ties of which all pairs are looked at: more say no more of chance, and cost time
_GROUP = 50  # ties of a group where there are more: 2,450 unlinked pairs each
_SEED = 2026
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
        groups: the ties of each group; pairs of two groups were not looked at.
    """

    batch: Partial
    unlinked: Flags
    direction: int
    groups: tuple[Counts, ...]

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
    peers_x: Floats | Panel | None = None,
    peers_y: Floats | Panel | None = None,
    hold: Sequence[Floats] = (),
    events: Sequence[Floats] = (),
    shared: Flags | None = None,
    lag: int = 0,
    direction: int = 1,
    season: bool = True,
    memory: bool = True,
) -> Arrows:
    """Weigh one arrow between every pair of ties at once.

    The diagonal equals `association` of each tie. In an unlinked pair x of tie i is held to
    tie i's own hold-fixed figures and events, y of tie j to tie j's. Of very many ties only
    pairs within groups drawn by lot are looked at; the draw is always the same.

    Args:
        x: shape (months, ties): a full run of calendar months, NaN = not reported.
        y: the same shape.
        peers_x: shape (months, ties, ties): the mean of x over peers outside ties i and j; or
            the panel of units that it is taken from.
        peers_y: the mean of y over peers outside ties i and j.
        hold: indicators to hold fixed, each (months, ties).
        events: event regressors, each (months,) for all ties or (months, ties).
        shared: shape (ties, ties), True where two ties share a unit and so are not unlinked.
        lag: months by which y follows x.
        direction: +1 if the arrow says "together", -1 if it says "against each other".
        season: take trend and season out, see `partial`.
        memory: whiten, see `partial`.

    Raises:
        ValueError: arrays whose shapes do not fit, a negative lag, or a direction other than ±1.
    """
    check(lag, direction)
    months, ties = _shaped(y, x.shape).shape
    peers = _given((peers_x, peers_y), (months, ties, ties))
    own = [np.broadcast_to(_columns(side), (months, ties)).T for side in (*hold, *events)]
    groups, batch = _groups(ties), _nothing(ties)
    for rows, columns in _blocks(groups):
        # Rows are the tie of x, columns the tie of y; months last, as `partial` wants them.
        part = partial(
            x.T[rows, None],
            y.T[None, columns],
            given=[_months_last(_between(side, rows, columns)) for side in peers],
            given_x=[side[rows, None] for side in own],
            given_y=[side[None, columns] for side in own],
            lag=lag,
            direction=direction,
            season=season,
            memory=memory,
        )
        for whole, piece in zip(_arrays(batch), _arrays(part), strict=True):
            whole[np.ix_(rows, columns)] = piece
    apart = np.zeros((ties, ties), dtype=bool) if shared is None else shared
    unlinked = ~(apart | np.eye(ties, dtype=bool)) & (batch.state != State.NOT_COMPARED)
    return Arrows(batch, unlinked, direction, groups)


def linked_alone(
    x: Floats,
    y: Floats,
    *,
    peers_x: Panel | None = None,
    peers_y: Panel | None = None,
    hold: Sequence[Floats] = (),
    events: Sequence[Floats] = (),
    lag: int = 0,
    direction: int = 1,
) -> tuple[Association, ...]:
    """Weigh the arrow of each tie with itself and no other pair: `arrows(…).linked()`, sooner.

    Args:
        x: shape (months, ties), and all the rest as for `arrows`.
        y: the same shape.
        peers_x: the panel that the peers of x are taken from.
        peers_y: that of y.
        hold: indicators to hold fixed.
        events: event regressors.
        lag: months by which y follows x.
        direction: +1 or -1.
    """
    check(lag, direction)
    given = given_alone(x.shape, (peers_x, peers_y), (*hold, *events))
    batch = partial(x.T, _shaped(y, x.shape).T, given=given, lag=lag, direction=direction)
    return tuple(one(batch, (tie,), direction) for tie in range(x.shape[1]))


def given_alone(
    shape: tuple[int, ...], peers: Sequence[Panel | None], own: Sequence[Floats]
) -> list[Floats]:
    """Give the regressors of ties looked at one by one, each of shape (ties, months)."""
    compared = [side.alone() for side in peers if side is not None]
    spread = [np.broadcast_to(_columns(side), shape) for side in own]
    return [np.ascontiguousarray(side.T) for side in (*compared, *spread)]


def _arrays(batch: Partial) -> tuple[np.ndarray[tuple[int, ...], np.dtype[Any]], ...]:
    """Give the arrays of a batch in the order of its fields."""
    return tuple(getattr(batch, field.name) for field in fields(batch))


def _given(sides: Sequence[Floats | Panel | None], shape: tuple[int, ...]) -> list[Floats | Panel]:
    """Give the peers there are, arrays of the shape that they must have."""
    given = [side for side in sides if side is not None]
    return [side if isinstance(side, Panel) else _shaped(side, shape) for side in given]


def _groups(ties: int) -> tuple[Counts, ...]:
    """Part very many ties by lot.

    >>> [len(group) for group in _groups(150)], [len(group) for group in _groups(160)]
    ([150], [40, 40, 40, 40])
    """
    if ties <= _WHOLE:
        return (np.arange(ties),)
    drawn = np.random.default_rng(_SEED).permutation(ties)
    return tuple(np.sort(group) for group in np.array_split(drawn, -(-ties // _GROUP)))


def _blocks(groups: Sequence[Counts]) -> Iterator[tuple[Counts, Counts]]:
    for group in groups:
        for at in range(0, len(group), _BLOCK):
            yield group[at : at + _BLOCK], group


def _between(side: Floats | Panel, rows: Counts, columns: Counts) -> Floats:
    """Give a side's peers of some pairs, shape (months, rows, columns)."""
    if isinstance(side, Panel):
        return side.between(rows, columns)
    return side[:, rows[:, None], columns]


def _months_last(values: Floats) -> Floats:
    """Turn (months, rows, columns) so that the months of a pair lie side by side in memory."""
    return np.ascontiguousarray(np.moveaxis(values, 0, -1))


def _nothing(ties: int) -> Partial:
    """Give a batch of pairs none of which has been looked at."""
    state = np.full((ties, ties), State.NOT_COMPARED, dtype=object)
    kinds: dict[str, Any] = dict.fromkeys(("df", "months", "order_x", "order_y"), np.int64)
    arrays = {
        field.name: np.zeros((ties, ties), dtype=kinds.get(field.name, float))
        for field in fields(Partial)
    }
    return Partial(**{**arrays, "state": state})


def _shaped(array: Floats, shape: tuple[int, ...]) -> Floats:
    """Refuse an array of another shape before broadcasting hides it."""
    if array.shape != shape:
        raise ValueError(f"an array has shape {array.shape}: expected {shape}")
    return array


def _columns(regressor: Floats) -> Floats:
    """Give a national regressor a column that every tie reads."""
    return regressor[:, None] if regressor.ndim == 1 else regressor
