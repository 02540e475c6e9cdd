"""Would the national link be there had the ties been drawn by lot?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from kpialign.evidence.arrows import Arrows
from kpialign.evidence.state import Counts, Floats, State

_ENUMERATE_UP_TO = 7  # 5,040 ways to link 7 ties are worked through one by one
_ROUNDING = 1e-12  # the same cells added up in another order differ in the last digit


@dataclass(frozen=True)
class Relabelling:
    """The true links among links drawn by lot.

    Attributes:
        state: `too_little_data` with fewer than two ties that have an answer.
        mean_r: the pooled correlation of the true links, weighted by their precision.
        p: share of linkings at least as strong in the declared direction, the true one included.
        p_opposite: the same for the other direction.
        linkings: how many were looked at.
    """

    state: State
    mean_r: float | None
    p: float | None
    p_opposite: float | None
    linkings: int


def relabel(pairs: Arrows, *, draws: int = 4999, seed: int = 2026) -> Relabelling:
    """Draw which y goes with which x by lot and see how often the link looks as strong.

    Common pressure and noise left in the peers' mean act on unlinked pairs as they do on linked
    ones, so this test holds where the model's own p does not. Pairs that share a unit are
    neither linked nor unlinked and carry no weight.
    """
    z, weight = weights(pairs, linked=True)
    if (np.diag(weight) > 0).sum() < 2:
        return Relabelling(State.TOO_LITTLE_DATA, None, None, None, 0)
    linkings = _linkings(pairs.groups, draws, seed)
    drawn = means(z, weight, linkings) * pairs.direction
    true = drawn[0]
    return Relabelling(
        State.ESTIMATED,
        mean_r=float(np.tanh(true * pairs.direction)),
        p=float((drawn >= true - _ROUNDING).mean()),
        p_opposite=float((drawn <= true + _ROUNDING).mean()),
        linkings=len(linkings),
    )


def weights(pairs: Arrows, *, linked: bool) -> tuple[Floats, Floats]:
    """Give Fisher's z of every pair, and its weight: 0 where it is not to be counted.

    Args:
        pairs: of all ties.
        linked: count each tie's pair with itself too.
    """
    # A masked cell counts as nothing; 1/(df - 1) is the variance of Fisher's z.
    z = np.arctanh(pairs.r.filled(0.0))
    weight = np.where(pairs.r.mask | (pairs.df.filled(0) < 2), 0.0, pairs.df.filled(0) - 1.0)
    return z, weight * (pairs.unlinked | (linked & np.eye(len(z), dtype=bool)))


def _linkings(groups: Sequence[Counts], draws: int, seed: int) -> Counts:
    """Give orders of the ties, the true one first, shape (linkings, ties); no tie leaves its group.

    Orders within groups are as good a yardstick as orders of all (a restricted randomisation).
    """
    ties = sum(map(len, groups))
    if ties <= _ENUMERATE_UP_TO:
        return np.array(list(permutations(range(ties))), dtype=np.int64)
    rng = np.random.default_rng(seed)
    drawn = np.tile(np.arange(ties), (draws + 1, 1))
    for group in groups:
        drawn[1:, group] = rng.permuted(drawn[1:, group], axis=1)
    return drawn


def means(z: Floats, weight: Floats, linkings: Counts) -> Floats:
    """Give the weighted mean of z over the pairs of each linking that have any weight."""
    rows = np.arange(len(z))
    total = weight[rows, linkings].sum(axis=1)
    mean = (weight * z)[rows, linkings].sum(axis=1) / np.where(total > 0, total, 1.0)
    return np.asarray(mean[total > 0])
