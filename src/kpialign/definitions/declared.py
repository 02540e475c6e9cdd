"""Documented conflicts that no figures can judge yet: who gains, who pays, and what is lacking."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kpialign.definitions.conflicts import RULE_ID, Reference, Strength
from kpialign.definitions.model import Definition, OneOrMore
from kpialign.terms import ConflictKind


class LagRange(Definition):
    """Months by which the cost follows; without ``to`` that many or more."""

    since: Annotated[int, Field(alias="from", ge=0)]
    to: int | None = None
    basis: Literal["source", "editorial"]

    def words(self) -> str:
        """The months and whose they are.

        >>> LagRange.model_validate({"from": 0, "to": 1, "basis": "editorial"}).words()
        'after 0 to 1 months (editorial)'
        >>> LagRange.model_validate({"from": 12, "basis": "source"}).words()
        'after 12 months or more (source)'
        """
        if self.to is None:
            months = f"after {self.since} months or more"
        elif self.to > self.since:
            months = f"after {self.since} to {self.to} months"
        elif self.since > 0:
            months = f"after {self.since} month{'s' if self.since > 1 else ''}"
        else:
            months = "in the same month"
        return f"{months} ({self.basis})"


class Declared(Definition):
    """A conflict known from documents; it becomes a rule of the same id once it has figures.

    ``gains`` are those judged better or spared the cost, ``pays`` those it falls on.
    """

    id: str = Field(pattern=RULE_ID)
    kind: ConflictKind
    title: str
    mechanism: str
    gains: OneOrMore
    pays: OneOrMore
    lag: LagRange | None = None
    strength: Strength | None = None
    lacks: str
    references: tuple[Reference, ...] = ()

    @model_validator(mode="after")
    def _the_cost_comes_some_time(self) -> Declared:
        if self.lag is None and self.kind is not ConflictKind.THRESHOLD:
            raise ValueError("lag is missing: say how many months, and whether a source gives it")
        return self


class DeclaredFile(Definition):
    """The declared conflicts of one area."""

    declared: tuple[Declared, ...] = Field(min_length=1)
