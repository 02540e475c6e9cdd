"""A tie's own arrow beside England's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from kpialign.evidence.association import Association, Interval
from kpialign.evidence.pool import Pooled, pool
from kpialign.terms import LocalWord


@dataclass(frozen=True)
class Local:
    """A tie beside the pool.

    Attributes:
        word: `in_line`, `stands_out` or `cannot_tell`.
        shrunk: the tie's r, drawn towards the pooled one by how little the tie's own months
            can say; None if there is no pool.
        interval: 95 % interval of it.
        weight: how much of the tie's own estimate is in it, 0 to 1.
    """

    word: LocalWord
    shrunk: float | None
    interval: Interval | None
    weight: float | None


def beside_pool(
    arrows: Sequence[Association],
    tie: int,
    *,
    national: Pooled | None = None,
    others: Pooled | None = None,
) -> Local:
    """Shrink one tie's arrow to the pool and say how it stands to it.

    `stands_out`: outside the 95 % prediction interval from the other ties (Higgins, Thompson and
    Spiegelhalter 2009), its own noise allowed for; the tie has no part in its own yardstick.
    `in_line`: not so, and its own interval holds the pooled r but not 0, so the link is seen
    here too. `cannot_tell`: everything else, above all an interval that holds both.

    Args:
        arrows: the linked arrow of each tie.
        tie: position of the tie among them.
        national: their pool, if it was worked out before.
        others: the pool without this tie, if it was worked out before.
    """
    national = national or pool(arrows)
    own = arrows[tie]
    if national.centre is None or national.tau2 is None or national.se is None:
        return Local(LocalWord.CANNOT_TELL, None, None, None)
    if own.r is None or own.interval is None:
        centre, variance, weight = national.centre, national.tau2 + national.se**2, 0.0
    else:
        noise = 1 / (own.df - 1)
        weight = national.tau2 / (national.tau2 + noise)
        centre = national.centre + weight * (float(np.arctanh(own.r)) - national.centre)
        variance = weight * noise + (1 - weight) ** 2 * national.se**2
    # The pooled part is only as sure as the number of ties allows, hence Student's t.
    half = float(special.stdtrit(national.ties - 1, 0.975)) * float(np.sqrt(variance))
    interval = (float(np.tanh(centre - half)), float(np.tanh(centre + half)))
    word = _word(own, national, others or pool([*arrows[:tie], *arrows[tie + 1 :]]))
    return Local(word, float(np.tanh(centre)), interval, weight)


def _word(own: Association, national: Pooled, others: Pooled) -> LocalWord:
    """Choose the word by the rule of `beside_pool`."""
    if own.r is None or own.interval is None or national.estimate is None:
        return LocalWord.CANNOT_TELL
    if _outside(own.r, own.df, others):
        return LocalWord.STANDS_OUT
    low, high = own.interval
    seen_here = low <= national.estimate <= high and not low <= 0 <= high
    return LocalWord.IN_LINE if seen_here else LocalWord.CANNOT_TELL


def _outside(r: float, df: int, others: Pooled) -> bool:
    """Say whether a new tie's r would rarely lie so far from the others."""
    if others.centre is None or others.tau2 is None or others.se is None:
        return False
    # Ties differ (tau2), the mean of the others is uncertain (se), and this r has its own noise.
    spread = np.sqrt(others.tau2 + others.se**2 + 1 / (df - 1))
    reach = special.stdtrit(max(others.ties - 2, 1), 0.975) * spread
    return bool(abs(np.arctanh(r) - others.centre) > reach)
