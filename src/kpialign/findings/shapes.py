"""Figures of unusual shape: what was looked at, what was seen, and the questions it raises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kpialign.findings.evidence import Citation
from kpialign.findings.narratives import Narrative


class Seen(StrEnum):
    """What a look at a figure's shape ended with."""

    UNUSUAL = "unusual"
    NOTHING = "nothing_unusual"
    TOO_LITTLE_DATA = "too_little_data"

    def words(self) -> str:
        """The word as it is printed."""
        return self.value.replace("_", " ")


@dataclass(frozen=True)
class Look:
    """One look: an indicator, at a target or against another figure, in one scope.

    Attributes:
        id: of the look within its rule, the same every month.
        about: what was looked at in words, such as ``standard, at least 95.0%``.
        scope: ``ENGLAND``, the code of what is in front, of a body or of a tie.
        body: the code of the one organisation that the look names; else empty.
        said: the figures in words; where there is no answer, what is lacking.
        question: to be asked where the shape is unusual; else empty.
        figures: how many figures were looked at.
        estimate: in ``unit``, with ``low`` to ``high`` where there is an interval.
        p: of the look alone; ``family_p`` corrected within the family, of national looks.
        tested: whether its word rests on a test, and not on counting.
        low_power: whether seeing nothing means little.
        replies: the named organisation's own words.
        unconfirmed: whether it rests on what nobody has confirmed.
    """

    id: str
    indicator: str
    title: str
    about: str
    scope: str
    scope_name: str
    seen: Seen
    said: str
    question: str = ""
    body: str = ""
    first_month: str = ""
    last_month: str = ""
    figures: int = 0
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    p: float | None = None
    family_p: float | None = None
    tested: bool = True
    low_power: bool = False
    unconfirmed: bool = False
    replies: tuple[Narrative, ...] = ()

    @property
    def names_one(self) -> bool:
        """Whether it names one organisation: a lead, told in public only beside its reply."""
        return bool(self.body)


@dataclass(frozen=True)
class Stakes:
    """What rests on an indicator, beside what was found of its shape.

    Attributes:
        rests: what rests on it: kind, what, from which month (empty where nobody says), source.
        unusual: questions asked of it, leads among them.
        looked: looks that had an answer.
    """

    indicator: str
    title: str
    rests: tuple[tuple[str, str, str, str], ...]
    unusual: int
    looked: int


@dataclass(frozen=True)
class Shape:
    """A rule of unusual shape and its looks.

    Attributes:
        severity: harm if it is so.
        confidence: how strong the evidence is: ``high``, ``moderate``, ``low``; empty where
            nothing unusual was seen.
        withheld: looks that name one organisation and are not told, for want of its reply.
        false_alarms: how often its test fires where there is nothing, and on which figures that
            was measured; empty where nobody measured it.
    """

    rule: str
    version: int
    status: str
    kind: str
    method: str
    title: str
    mechanism: str
    severity: str
    confidence: str
    seen: Seen
    looks: tuple[Look, ...]
    family: str
    plan_hash: str
    people: str
    organisations: tuple[tuple[str, str], ...]
    public_purse: str
    ask: tuple[str, ...]
    involve: tuple[str, ...]
    goes_away: tuple[str, ...]
    other_explanations: tuple[str, ...]
    references: tuple[Citation, ...]
    withheld: int = 0
    false_alarms: str = ""

    @property
    def unusual(self) -> tuple[Look, ...]:
        """The looks that raise a question."""
        return tuple(look for look in self.looks if look.seen is Seen.UNUSUAL)
