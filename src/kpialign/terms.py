"""The trade's words as types: period, direction, status, verdict, outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month.

    >>> Period.parse("2025-04").financial_year
    '2025-26'
    >>> str(Period(2025, 12) + 1), Period(2026, 3) - Period(2025, 3)
    ('2026-01', 12)
    """

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``YYYY-MM``.

        Raises:
            ValueError: the text is not a calendar month.
        """
        year, _, month = text.partition("-")
        if not (year.isdigit() and month.isdigit() and len(year) == 4 and 1 <= int(month) <= 12):
            raise ValueError(f"{text!r} is not a month written as YYYY-MM")
        return cls(int(year), int(month))

    @classmethod
    def from_index(cls, index: int) -> Period:
        """Undo :attr:`index`."""
        return cls(index // 12, index % 12 + 1)

    @classmethod
    def read(cls, text: str, form: str) -> Period:
        """Read a publisher's text by a ``strptime`` form, letter case aside.

        >>> str(Period.read("MSitAE-FEBRUARY-2026", "MSitAE-%B-%Y"))
        '2026-02'

        Raises:
            ValueError: the text does not have that form.
        """
        moment = datetime.strptime(text.strip(), form)
        return cls(moment.year, moment.month)

    @property
    def index(self) -> int:
        """Months since year 0, so that differences are counts of months."""
        return self.year * 12 + self.month - 1

    @property
    def days(self) -> int:
        """Number of days in the month."""
        return ((self + 1).first_day - self.first_day).days

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def financial_year(self) -> str:
        """The English financial year, April to March."""
        start = self.year if self.month >= 4 else self.year - 1
        return f"{start}-{(start + 1) % 100:02d}"

    def __add__(self, months: int) -> Period:
        return Period.from_index(self.index + months)

    def __sub__(self, other: Period) -> int:
        return self.index - other.index

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def words(self) -> str:
        """The month as a reader says it: ``Mar 2026``."""
        return self.first_day.strftime("%b %Y")


def months_between(first: Period, last: Period) -> Iterator[Period]:
    """Every month from ``first`` to ``last``, both included."""
    return (Period.from_index(i) for i in range(first.index, last.index + 1))


@dataclass(frozen=True, order=True)
class Release:
    """The status of a submission: from which day anybody may see what it says.

    >>> Release.parse("embargoed:2026-12-10").words()
    'embargoed until 10 Dec 2026'
    >>> str(Release.parse("management_information"))
    'management_information'
    """

    shown_from: date = date.min

    @classmethod
    def parse(cls, text: str) -> Release:
        """Read ``published``, ``management_information`` or ``embargoed:YYYY-MM-DD``.

        Raises:
            ValueError: the text is none of them.
        """
        kind, _, day = text.partition(":")
        if kind == "embargoed" and day:
            return cls(date.fromisoformat(day))
        for known in (PUBLISHED, MANAGEMENT_INFORMATION):
            if str(known) == text:
                return known
        raise ValueError(f"{text!r} is none of {STATUSES}")

    def __str__(self) -> str:
        named = {date.min: "published", date.max: "management_information"}
        return named.get(self.shown_from, f"embargoed:{self.shown_from}")

    @property
    def embargoed(self) -> bool:
        """Whether the figures are published from a day on."""
        return date.min < self.shown_from < date.max

    def words(self) -> str:
        """The status as it is printed."""
        if not self.embargoed:
            return str(self).replace("_", " ")
        return f"embargoed until {self.shown_from.day} {self.shown_from:%b %Y}"


PUBLISHED, MANAGEMENT_INFORMATION = Release(date.min), Release(date.max)
STATUSES = "published, management_information, embargoed:YYYY-MM-DD"


class Improves(StrEnum):
    """Which way an indicator gets better."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"

    @property
    def sign(self) -> int:
        """+1 where more is better, -1 where less is, 0 where neither is."""
        return {"up": 1, "down": -1, "neither": 0}[self.value]


class Status(StrEnum):
    """What is known of a value; a value is read only where it is ``reported``."""

    REPORTED = "reported"
    NOT_REPORTED = "not_reported"
    NOT_COLLECTED = "not_collected"
    SUPPRESSED = "suppressed"
    REJECTED = "rejected"
    PARTIAL_MONTH = "partial_month"


class ConflictKind(StrEnum):
    """The ways in which indicators of different bodies pull against each other."""

    TRADE_OFF = "trade_off"
    SPILL_OVER = "spill_over"
    THRESHOLD = "threshold"
    DEFINITION = "definition"


class Moves(StrEnum):
    """A movement in terms of the indicator's own direction."""

    BETTER = "better"
    WORSE = "worse"


class Verdict(StrEnum):
    """What the evidence allows to be said of a rule or an arrow."""

    SUPPORTED = "supported"
    OPPOSITE = "opposite"
    NOT_SEPARABLE = "not_separable_from_common_pressure"
    NO_MEANINGFUL_LINK = "no_meaningful_link"
    NOT_SUPPORTED = "not_supported"
    TOO_LITTLE_DATA = "too_little_data"

    def words(self) -> str:
        """The verdict as it is printed."""
        return self.value.replace("_", " ")


class LocalWord(StrEnum):
    """How one tie stands to the national estimate."""

    IN_LINE = "in_line"
    STANDS_OUT = "stands_out"
    CANNOT_TELL = "cannot_tell"


class GateOutcome(StrEnum):
    """The outcome of a check, mildest first."""

    PASS = "pass"
    SKIPPED = "skipped"
    WARN = "warn"
    FAIL = "fail"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Position on the scale from ``pass`` to ``error``."""
        return list(GateOutcome).index(self)

    @property
    def holds_back(self) -> bool:
        """Whether what was checked must not be published: a crashed check holds back too."""
        return self in (GateOutcome.FAIL, GateOutcome.ERROR)
