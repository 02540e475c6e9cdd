"""What people say of the figures, in their own words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NarrativeKind(StrEnum):
    """Whose words they are, and what for."""

    REASON = "reason"
    PATIENT_STORY = "patient_story"
    STAFF_STORY = "staff_story"


@dataclass(frozen=True)
class Narrative:
    """A row of ``narrative.csv``: no evidence, and printed beside it for that very reason.

    Attributes:
        name: the organisation's name; its code where it has none.
        indicator, rule: ids; one of the two may be empty.
        title: short title of the indicator, empty where a rule alone is named.
        period: the month it speaks of, ``2026-03``.
        by: who stands by the words.
    """

    organisation: str
    name: str
    indicator: str
    title: str
    rule: str
    period: str
    kind: NarrativeKind
    text: str
    by: str
    line: int
