"""A dated change ranked among the same change at other places and dates."""

from dataclasses import dataclass

import numpy as np

from kpialign.evidence.state import Floats, State
from kpialign.evidence.step import MIN_SIDE, Step, step

MOST = 1500  # placebos are thinned by date above this; each takes a few milliseconds


@dataclass(frozen=True)
class StepRank:
    """A step among placebo steps.

    Attributes:
        state: that of the step; without an answer there is no rank.
        step: the step itself.
        place: rank among all places at that date, 1 = strongest in the declared direction.
        places: places with an answer at that date, this one included.
        share: (placebo place-dates at least as strong + 1) / (placebos + 1).
        placebos: other place-dates with an answer.
    """

    state: State
    step: Step
    place: int | None
    places: int
    share: float | None
    placebos: int


def rank_step(values: Floats, place: int, *, at: int, direction: int) -> StepRank:
    """Fit the step at every place and date, and rank the one that was made.

    Where that would be very many, every place is kept and dates are taken at even distances.

    A nominal 5 % test fires in 15 to 26 % of placebo steps on real monthly figures, so the rank
    is what counts. Strength is the effect in its own standard errors, in the declared direction.

    Args:
        values: one indicator, shape (months, places), NaN = not reported.
        place: column of the place that changed.
        at: first month of the change, counted from 0.
        direction: -1 if the change was meant to lower the figure, +1 if to raise it.

    Raises:
        ValueError: a direction other than ±1.
    """
    if direction not in (-1, 1):
        raise ValueError(f"direction is {direction}: expected 1 (raises) or -1 (lowers)")
    months, places = values.shape
    steps = {
        (month, column): step(values[:, column], np.delete(values, column, axis=1), at=month)
        for month in _dates(months, places, at)
        for column in range(places)
    }
    made = steps[at, place]
    strength = {
        key: direction * found.effect / found.se
        for key, found in steps.items()
        if found.effect is not None and found.se is not None
    }
    # The same place a month earlier or later stays in: it looks much alike, which is cautious.
    own = strength.pop((at, place), None)
    as_strong = [key for key, other in strength.items() if own is not None and other >= own]
    then = sum(month == at for month, _ in strength)
    return StepRank(
        made.state,
        made,
        place=None if own is None else 1 + sum(month == at for month, _ in as_strong),
        places=then + (own is not None),
        share=None if own is None else (len(as_strong) + 1) / (len(strength) + 1),
        placebos=len(strength),
    )


def _dates(months: int, places: int, at: int) -> list[int]:
    """Months with enough on both sides, thinned, and the month of the change.

    >>> _dates(30, 10, 14) == list(range(6, 25)), _dates(30, 500, 15)
    (True, [6, 13, 15, 20])
    """
    usable = range(MIN_SIDE, months - MIN_SIDE + 1)
    every = max(1, -(-len(usable) * places // MOST))
    return sorted({*usable[::every], at})
