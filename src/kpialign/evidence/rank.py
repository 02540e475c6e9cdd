"""How often pairs that cannot influence each other look as strong."""

from dataclasses import dataclass

from kpialign.evidence.arrows import Arrows
from kpialign.evidence.association import Association
from kpialign.evidence.state import State


@dataclass(frozen=True)
class Standing:
    """An arrow among the unlinked pairs: "`as_strong` of `of` unlinked pairs look as strong".

    Attributes:
        state: `too_little_data` if the arrow has no answer or there is no unlinked pair.
        as_strong: unlinked pairs at least as strong in the declared direction.
        of: unlinked pairs with an answer.
        share: (as_strong + 1) / (of + 1).
        deciding_p: the larger of the share and the model's own one-sided p.
    """

    state: State
    as_strong: int
    of: int
    share: float | None
    deciding_p: float | None


def standing(arrow: Association, among: Arrows) -> Standing:
    """Rank an arrow among the unlinked pairs of the same two indicators and months.

    Strength is the one-sided p, which allows for pairs with fewer months. The arrow counts as
    one of the draws (Phipson and Smyth 2010), so the share is never 0.

    Raises:
        ValueError: the arrow speaks for the other direction than the pairs.
    """
    if arrow.direction != among.direction:
        raise ValueError(f"direction {arrow.direction} ranked among {among.direction}")
    unlinked = among.p[among.unlinked].compressed()
    if arrow.p is None or not unlinked.size:
        return Standing(State.TOO_LITTLE_DATA, 0, unlinked.size, None, None)
    as_strong = int((unlinked <= arrow.p).sum())
    share = (as_strong + 1) / (unlinked.size + 1)
    return Standing(State.ESTIMATED, as_strong, unlinked.size, share, max(share, arrow.p))
