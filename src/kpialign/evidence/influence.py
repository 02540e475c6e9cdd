"""Arrows taken together: where a push ends that is passed on from figure to figure.

A map of arrows is a claim and no data. It says which way the last figure would go, and says
"undetermined" where two ways of getting there pull against each other.
"""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike

from kpialign.evidence.state import Floats

_MOST = 8  # all orders of more figures than these are too many to walk through


@dataclass(frozen=True)
class Press:
    """What a lasting push on figure j (column) does to figure i (row), by signs alone.

    Attributes:
        net: loops that raise figure i less those that lower it, shape (figures, figures).
        weight: net over all such loops, -1 to 1; 1 and -1 are certain by the signs, the nearer
            to 0 the more it hangs on strengths that nobody knows. 0 where no push arrives.
    """

    net: Floats
    weight: Floats


def total_effects(strengths: ArrayLike) -> Floats:
    """Add up the effects over all paths: the sum of W, W², W³ and so on.

    Args:
        strengths: W, shape (figures, figures): change of the column's figure, in its unit, with
            one unit of the row's.

    Raises:
        ValueError: a matrix that is not square, or a loop that feeds itself without end.

    >>> total_effects([[0, 0.5, 0], [0, 0, -0.6], [0, 0, 0]]).round(3).tolist()
    [[0.0, 0.5, -0.3], [0.0, 0.0, -0.6], [0.0, 0.0, 0.0]]
    """
    w = _square(strengths)
    if np.abs(np.linalg.eigvals(w)).max(initial=0.0) >= 1:
        raise ValueError("a loop passes on as much as it gets or more: its effect has no end")
    same = np.eye(len(w))
    return np.asarray(np.linalg.inv(same - w) - same)


def press(signs: ArrayLike) -> Press:
    """Give what a lasting push does, from the signs of a map alone.

    The adjoint of -A over all feedback there is (Dambacher, Li and Rossignol, Ecology 2002).

    Args:
        signs: A, shape (figures, figures), -1, 0 or 1: effect of the column's figure on the
            row's. A figure that comes back to its level has -1 on its own.

    Raises:
        ValueError: a matrix that is not square, other numbers, or more than eight figures.
    """
    a = _square(signs)
    if len(a) > _MOST or not np.isin(a, (-1, 0, 1)).all():
        raise ValueError(f"expected -1, 0 and 1 for at most {_MOST} figures")
    figures = range(len(a))
    net = np.array([[_cofactor(-a, j, i) for j in figures] for i in figures])
    every = np.array([[_permanent(np.abs(_minor(a, j, i))) for j in figures] for i in figures])
    return Press(net, np.divide(net, every, out=np.zeros_like(net), where=every > 0))


def _square(matrix: ArrayLike) -> Floats:
    found = np.asarray(matrix, dtype=float)
    if found.ndim != 2 or len(found) != found.shape[-1]:
        raise ValueError(f"a matrix has shape {found.shape}: expected as many rows as columns")
    return found


def _minor(a: Floats, row: int, column: int) -> Floats:
    return np.delete(np.delete(a, row, axis=0), column, axis=1)


def _cofactor(a: Floats, row: int, column: int) -> float:
    return float((-1) ** (row + column) * np.round(np.linalg.det(_minor(a, row, column))))


def _permanent(a: Floats) -> float:
    """Count the ways of going once through every figure.

    >>> _permanent(np.ones((3, 3)))
    6.0
    """
    rows = np.arange(len(a))
    return float(sum(a[rows, list(order)].prod() for order in permutations(rows)))
