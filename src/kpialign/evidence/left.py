"""What is left of both sides of an arrow, month by month: for pictures, and for no verdict."""

from collections.abc import Sequence

import numpy as np

from kpialign.evidence.arrows import given_alone
from kpialign.evidence.partial import left_of
from kpialign.evidence.peers import Panel
from kpialign.evidence.state import Floats


def left_over(
    x: Floats,
    y: Floats,
    *,
    peers_x: Panel | None = None,
    peers_y: Panel | None = None,
    events: Sequence[Floats] = (),
    memory: bool = True,
) -> tuple[Floats, Floats]:
    """Give what trend, season, peers, events and memory leave of both series of each tie.

    Correlated, they give the r of `linked_alone`.

    Args:
        x: shape (months, ties), NaN = not reported.
        y: the same shape.
        peers_x: the panel that the peers of x are taken from; peers stay in without one.
        peers_y: that of y.
        events: event regressors, each (months,) for all ties or (months, ties).
        memory: take each month's echo of the months before out.

    Returns:
        Both, shape (months, ties), NaN in months that are not compared.
    """
    given = given_alone(x.shape, (peers_x, peers_y), events)
    left = left_of(x.T, y.T, given, memory=memory)
    one, other = (np.where(left.rows, side, np.nan) for side in (left.x, left.y))
    return one.T, other.T
