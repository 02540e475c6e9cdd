"""Thresholds: from how many failing rows a check warns or fails; exceptions that run out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kpialign.definitions.model import Definition, Identifier, Month, OneOrMore, Several
from kpialign.terms import GateOutcome

SOON = timedelta(days=31)

Text = Annotated[str, Field(min_length=1)]


class Level(Definition):
    """So many failing rows, or such a share of the figures looked at; of both, both.

    >>> Level(count=20, share=0.05).reached(20, 1000), Level(count=20, share=0.05).reached(50, 1000)
    (False, True)
    """

    count: int | None = Field(default=None, ge=1)
    share: float | None = Field(default=None, gt=0, le=1)

    @model_validator(mode="after")
    def _says_something(self) -> Level:
        if self.count is None and self.share is None:
            raise ValueError("a level says a count, a share or both")
        return self

    def reached(self, failed: int, total: int) -> bool:
        """Whether so many of so many are at the level or above it."""
        many = self.count is None or failed >= self.count
        return many and (self.share is None or failed >= self.share * max(total, failed))

    def words(self) -> str:
        """The level as it is told.

        >>> Level(count=20, share=0.025).words()
        '20 and 2.5 %'
        """
        count = "" if self.count is None else f"{self.count:,}"
        share = "" if self.share is None else f"{100 * self.share:.3g} %"
        return " and ".join(filter(None, (count, share)))


class Threshold(Definition):
    """From how many failing rows a check warns and fails; below ``warn_from`` it passes.

    Without ``warn_from`` the first failing row warns; without ``fail_from`` it never fails.
    Rows are counted as the check reaches: of an organisation in a file, or of the file.
    """

    check: str
    warn_from: Level | None = None
    fail_from: Level | None = None
    layouts: OneOrMore = ()
    items: OneOrMore = ()
    indicators: OneOrMore = ()
    organisations: OneOrMore = ()
    types: OneOrMore = ()
    why: Text

    @model_validator(mode="after")
    def _asks_for_something(self) -> Threshold:
        if self.warn_from is None and self.fail_from is None:
            raise ValueError("a threshold says warn_from, fail_from or both")
        return self

    @property
    def id(self) -> str:
        """The check with its scope: a later folder replaces a threshold of the same."""
        scopes = [f"{name} {', '.join(sorted(of))}" for name, of in self.scopes.items() if of]
        return f"threshold of {self.check}" + (f" for {'; '.join(scopes)}" if scopes else "")

    @property
    def scopes(self) -> dict[str, tuple[str, ...]]:
        """What it is narrowed to; nothing named is everything."""
        return {
            "organisations": self.organisations,
            "items": self.items,
            "indicators": self.indicators,
            "types": self.types,
            "layouts": self.layouts,
        }

    @property
    def narrow(self) -> tuple[bool, ...]:
        """How specific it is: an organisation before an item, a type of body, a layout."""
        about = bool(self.items or self.indicators)
        return bool(self.organisations), about, bool(self.types), bool(self.layouts)

    def outcome(self, failed: int, total: int) -> GateOutcome:
        """What so many failing rows of so many are; never milder for more of them.

        >>> asked = Threshold(check="KG-006", warn_from=Level(count=2),
        ...                   fail_from=Level(share=0.1), why="x")
        >>> [str(asked.outcome(n, 100)) for n in (1, 2, 9, 10)]
        ['pass', 'warn', 'warn', 'fail']
        """
        if self.fail_from and self.fail_from.reached(failed, total):
            return GateOutcome.FAIL
        if self.warn_from is None or self.warn_from.reached(failed, total):
            return GateOutcome.WARN
        return GateOutcome.PASS

    def words(self) -> str:
        """The threshold as a result tells it."""
        levels = (("warn", self.warn_from), ("fail", self.fail_from))
        return ", ".join(f"{what} from {level.words()}" for what, level in levels if level)


class ThresholdFile(Definition):
    """A file of thresholds."""

    thresholds: tuple[Threshold, ...]


class Excepted(Definition):
    """What a check may not hold against some rows for a while: why, who says so, until when.

    ``files`` are names or patterns; ``until`` is the last day on which it holds.
    """

    id: Identifier
    check: str
    files: OneOrMore = ()
    organisations: OneOrMore = ()
    items: OneOrMore = ()
    indicators: OneOrMore = ()
    periods: Several[Month] = ()
    at_most: Literal["warn", "pass"]
    why: Text
    by: Text
    until: date

    @model_validator(mode="after")
    def _says_of_what(self) -> Excepted:
        scopes = (self.files, self.organisations, self.items, self.indicators, self.periods)
        if not any(scopes):
            raise ValueError(
                "an exception says of what: files, organisations, items, indicators or periods"
            )
        return self

    def holds(self, today: date) -> bool:
        """Whether it has not run out."""
        return today <= self.until

    def runs_out(self, today: date) -> bool:
        """Whether it holds for a month more at most."""
        return self.holds(today) and self.until - today <= SOON

    def words(self) -> str:
        """The exception as a result tells it."""
        return (
            f"{self.at_most} at most until {self.until} by exception {self.id} "
            f"({self.by}: {self.why})"
        )
