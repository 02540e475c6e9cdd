"""What would make a lead go away: a tie that stands out, with a change of level allowed for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kpialign.evidence.association import Association, one
from kpialign.evidence.design import step_from
from kpialign.evidence.partial import partial
from kpialign.evidence.state import Floats, State
from kpialign.evidence.step import MIN_SIDE


@dataclass(frozen=True)
class Stepped:
    """An arrow with the step that brings it nearest to the other ties.

    Attributes:
        at: first month of the step, counted from 0.
        arrow: the arrow with it taken out of both series.
    """

    at: int
    arrow: Association


def nearest_with_a_step(
    x: Floats,
    y: Floats,
    given: Sequence[Floats],
    *,
    towards: float,
    lag: int = 0,
    direction: int = 1,
) -> Stepped | None:
    """Try a lasting change of level at every month, and keep the one that explains most.

    Chosen after looking, so it can weaken a lead and never make one.

    Args:
        x: values of the first indicator at one tie, shape (months,), NaN = not reported.
        y: values of the second.
        given: peers' means and known events, each (months,).
        towards: r of the other ties.
        lag: months by which y follows x.
        direction: +1 or -1.

    Returns:
        `None` where no month leaves an answer.
    """
    at = np.arange(MIN_SIDE, len(x) - MIN_SIDE + 1)
    if not at.size:
        return None
    steps = np.array([step_from(len(x), int(month)) for month in at])
    batch = partial(
        x[None], y[None], given=[*(side[None] for side in given), steps], lag=lag,
        direction=direction,
    )  # fmt: skip
    known = np.flatnonzero(batch.state == State.ESTIMATED)
    if not known.size:
        return None
    best = min(known, key=lambda n: abs(np.arctanh(batch.r[n]) - np.arctanh(towards)))
    return Stepped(int(at[best]), one(batch, (int(best),), direction))
