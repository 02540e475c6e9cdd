"""Publication calendars: on which day the figures of a month come out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from kpialign.definitions.model import Definition, Identifier, Month, OneOrMore
from kpialign.terms import Period

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


class Due(Definition):
    """A weekday of a month some months after the one the figures speak of."""

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
    nth: int = Field(ge=1, le=4)
    months_after: int = Field(ge=0, le=24)

    def day(self, period: Period) -> date:
        """The day the figures of a month are due.

        >>> Due(weekday="thursday", nth=2, months_after=1).day(Period(2026, 10))
        datetime.date(2026, 11, 12)
        """
        first = (period + self.months_after).first_day
        ahead = (WEEKDAYS.index(self.weekday) - first.weekday()) % 7
        return first + timedelta(days=ahead + 7 * (self.nth - 1))


class Calendar(Definition):
    """When layouts that carry the same figures are due; one file of any of them will do.

    ``moved`` names months that come out on another day; ``checked`` is the day the rule was
    last held against the publisher, without which the day is told as ``about``.
    """

    id: Identifier
    title: str
    layouts: OneOrMore
    due: Due
    moved: dict[Month, date] = Field(default_factory=dict)
    source: str
    checked: date | None = None

    def day(self, period: Period) -> date:
        """The day the figures of a month are due."""
        return self.moved.get(period, self.due.day(period))
