"""How often pairs that cannot influence each other look as strong."""

from dataclasses import dataclass

import numpy as np

from kpialign.evidence.arrows import Arrows
from kpialign.evidence.association import Association
from kpialign.evidence.partial import one_sided
from kpialign.evidence.state import Counts, Floats, State


@dataclass(frozen=True)
class Standing:
    """An arrow among the unlinked pairs: "`as_strong` of `of` unlinked pairs look as strong".

    Attributes:
        state: `too_little_data` if the arrow has no answer or there is no unlinked pair.
        as_strong: unlinked pairs at least as strong in the declared direction.
        of: unlinked pairs with an answer.
        share: (as_strong + 1) / (of + 1).
        deciding_p: the larger of the share and the model's p, measured from the unlinked pairs'
            mean.
    """

    state: State
    as_strong: int
    of: int
    share: float | None
    deciding_p: float | None


@dataclass(frozen=True)
class Ranked:
    """Arrows among unlinked pairs; arrays of the arrows' shape, see `Standing`."""

    as_strong: Counts
    share: Floats
    deciding_p: Floats


def standing(arrow: Association, among: Arrows) -> Standing:
    """Rank an arrow among the unlinked pairs of the same two indicators and months.

    Raises:
        ValueError: the arrow speaks for the other direction than the pairs.
    """
    if arrow.direction != among.direction:
        raise ValueError(f"direction {arrow.direction} ranked among {among.direction}")
    r = among.r[among.unlinked].compressed()
    df = among.df[among.unlinked].compressed().astype(np.int64)
    if arrow.r is None or not r.size:
        return Standing(State.TOO_LITTLE_DATA, 0, r.size, None, None)
    found = ranked(np.array(arrow.r), np.array(arrow.df), r, df, direction=arrow.direction)
    return Standing(
        State.ESTIMATED,
        int(found.as_strong),
        r.size,
        float(found.share),
        float(found.deciding_p),
    )


def ranked(
    r: Floats, df: Counts, unlinked_r: Floats, unlinked_df: Counts, *, direction: int
) -> Ranked:
    """Rank arrows among unlinked pairs, at least one.

    Strength is the one-sided p, which allows for pairs with fewer months. The arrow counts as
    one of the draws (Phipson and Smyth 2010), so the share is never 0. The model's p guards a
    share that has few pairs behind it. It is measured from where the unlinked pairs lie (an
    empirical null, Efron 2004): few peers keep some national noise in their mean, so that pairs
    with no link lean towards "together", and measured from 0 it would hide what moves apart.

    Args:
        r: partial correlations of the arrows, any shape.
        df: their degrees of freedom.
        unlinked_r: partial correlations of the unlinked pairs, shape (pairs,).
        unlinked_df: their degrees of freedom.
        direction: +1 or -1, the sign of r that is asked for.
    """
    yardstick = np.sort(one_sided(unlinked_r, unlinked_df, direction))
    # As strong to the last digit is as strong: a pair may be ranked among pairs it is one of.
    reach = one_sided(r, df, direction) * (1 + 1e-9)
    as_strong = np.searchsorted(yardstick, reach, side="right")
    share = (as_strong + 1) / (len(yardstick) + 1)
    lean = (np.arctanh(unlinked_r) * np.sqrt(unlinked_df - 1)).mean()
    centred = np.tanh(np.arctanh(r) - lean / np.sqrt(df - 1))
    return Ranked(as_strong, share, np.maximum(share, one_sided(centred, df, direction)))
