"""Events: dated facts about data or service that every series has to know of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kpialign.definitions.model import Definition, Identifier, Month, OneOrMore


class Scope(Definition):
    """Which items of which organisations, in which months (both ends included)."""

    items: OneOrMore
    organisations: OneOrMore = ()
    since: Annotated[Month, Field(alias="from")]
    until: Month | None = None


class Event(Definition):
    """A break, step, shock or span without reports; results are shown with and without it."""

    id: Identifier
    scope: Scope
    effect: Literal["incomparable", "step", "shock", "not_reported"]
    status: Literal["confirmed", "unconfirmed"]
    why: str
    source: str

    @model_validator(mode="after")
    def _cut_for_all(self) -> Event:
        if self.effect == "incomparable" and self.scope.organisations:
            raise ValueError("an incomparable span cuts the series of all: leave organisations out")
        return self
