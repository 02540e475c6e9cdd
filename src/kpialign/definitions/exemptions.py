"""Exceptions of findings: what is known of a rule or of a body under it, agreed, until a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kpialign.definitions.model import Definition, Identifier, OneOrMore
from kpialign.definitions.thresholds import SOON, Excepted, Text

Action = Literal["annotate", "lower_severity", "mute"]


class Exempted(Definition):
    """What is agreed to be said beside a rule's finding for a while; no verdict hears of it.

    ``annotate`` says it; ``lower_severity`` tells the harm one step lower, with what it was;
    ``mute`` asks about no month of the organisations named, or of nobody's, and tells the finding
    in short. ``until`` is the last day on which it holds.
    """

    id: Identifier
    rules: Annotated[OneOrMore, Field(min_length=1)]
    organisations: OneOrMore = ()
    action: Action
    why: Text
    by: Text
    until: date

    @model_validator(mode="after")
    def _harm_is_of_the_rule(self) -> Exempted:
        if self.action == "lower_severity" and self.organisations:
            raise ValueError("how much harm a rule does is said of the rule: leave out "
                             "organisations, or annotate")  # fmt: skip
        return self

    def holds(self, today: date) -> bool:
        """Whether it has not run out."""
        return today <= self.until

    def runs_out(self, today: date) -> bool:
        """Whether it holds for a month more at most."""
        return self.holds(today) and self.until - today <= SOON


class ExceptionFile(Definition):
    """A file of the workspace's ``exceptions/``: of checks, of findings, or of both."""

    exceptions: tuple[Excepted, ...] = ()
    findings: tuple[Exempted, ...] = ()
