"""What somebody changed, what moved with it, and what they learned."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hope(StrEnum):
    """Why an indicator is looked at."""

    AIMED_AT = "aimed_at"
    MIGHT_HARM = "might_harm"


class Rank(StrEnum):
    """How a step stands among the same step where nothing was tried."""

    STANDS_OUT = "stands_out"
    DOES_NOT_STAND_OUT = "does_not_stand_out"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class Change:
    """A dated change as a row of ``changes.csv`` tells it.

    Attributes:
        since: the first month that counts, that of its date.
        aimed_at, might_harm: ids of indicators.
        learned: what those who tried it say they learned.
    """

    organisation: str
    date: str
    since: str
    tried: str
    by: str
    aimed_at: tuple[str, ...]
    might_harm: tuple[str, ...]
    source: str
    learned: str
    line: int


@dataclass(frozen=True)
class StepSeen:
    """One indicator before and from the change, against everyone else.

    Attributes:
        whose: the body whose figure it is, or the words for a tie's.
        state: ``estimated``, or why there is no estimate; then only ``word`` holds.
        effect: change of level in the indicator's unit, beyond the others'; ``low`` to ``high``
            is its nominal 95 % interval.
        place: rank among the places at that date, in the direction looked for.
        share: of all placebo places and dates those at least as strong, this one counted.
        direction: +1 where a rise was looked for, -1 for a fall.
    """

    indicator: str
    title: str
    unit: str
    hope: Hope
    whose: str
    state: str
    word: Rank
    direction: int
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    place: int | None = None
    places: int = 0
    share: float | None = None
    placebos: int = 0
    months_before: int = 0
    months_after: int = 0


@dataclass(frozen=True)
class Learned:
    """A change, and its steps on what it was aimed at and on what it might harm."""

    change: Change
    name: str
    steps: tuple[StepSeen, ...]
