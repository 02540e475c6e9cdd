"""Events: dated facts about data or service that every series has to know of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kpialign.definitions.model import Definition, Identifier, Month, OneOrMore
from kpialign.terms import Period


class Scope(Definition):
    """Which items of which organisations, in which months (both ends included).

    Without organisations it is all of them, or all of the ``roles`` named.
    """

    items: OneOrMore
    organisations: OneOrMore = ()
    roles: OneOrMore = ()
    since: Annotated[Month, Field(alias="from")]
    until: Month | None = None


class Event(Definition):
    """A break, step, shock or span without reports.

    ``incomparable`` cuts a series: figures of its months do not compare with earlier ones, nor
    later ones with those. A ``confirmed`` event holds everywhere; with and without an
    ``unconfirmed`` one results are shown.
    """

    id: Identifier
    title: Annotated[str, Field(max_length=60)] = ""
    scope: Scope
    effect: Literal["incomparable", "step", "shock", "not_reported"]
    status: Literal["confirmed", "unconfirmed"]
    why: str
    source: str

    @property
    def confirmed(self) -> bool:
        """Whether it is taken as a fact."""
        return self.status == "confirmed"

    @property
    def said(self) -> str:
        """Its title, or its effect in words."""
        return self.title or self.effect.replace("_", " ")

    def cut(self, last: Period) -> Period | None:
        """The month from which a cut series compares with ``last``."""
        ends = [self.scope.since, *([self.scope.until + 1] if self.scope.until else [])]
        return max((month for month in ends if month <= last), default=None)
