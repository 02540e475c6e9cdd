"""Data items: the counts and totals that extracts carry."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kpialign.definitions.expression import read_sum
from kpialign.definitions.model import Definition, Identifier, Month, OneOrMore
from kpialign.terms import Period


class Behaviour(StrEnum):
    """How an item may be added up over organisations or months."""

    ADDS = "adds"
    NEVER = "never"


class Collected(Definition):
    """The months in which an item was collected; open where not given.

    In a sum, ``outside: zero`` says that in other months there was nothing to add (no
    booked appointments were counted apart); ``missing``, that the sum is not known.
    """

    since: Annotated[Month | None, Field(alias="from")] = None
    until: Month | None = None
    outside: Literal["missing", "zero"] = "missing"

    def covers(self, period: Period) -> bool:
        """Whether the item was collected in that month."""
        return (self.since or period) <= period <= (self.until or period)


class Flow(Definition):
    """What makes a stock: it opens as it closed the month before, or as ``opening`` says.

    What comes ``in`` is added and what goes ``out`` taken away; the rest is its closing figure.
    """

    opening: Identifier | None = None
    comes_in: Annotated[OneOrMore, Field(alias="in", min_length=1)]
    goes_out: Annotated[OneOrMore, Field(alias="out", min_length=1)]


class Item(Definition):
    """A reported count, total or figure, or a sum of others (``is``).

    Attributes:
        unit: what one unit of the value is: ``attendance``, ``second``, ``incident``…
        over_organisations: whether values of organisations add up (a mean never does).
        over_months: whether values of months add up (a stock does not).
        measured: ``flow`` over the month or ``stock`` at a moment.
        collected: first and last month the item was collected, where known.
        least: smallest value that can be right.
        flow: of a stock, the items it has to agree with.
    """

    id: Identifier
    title: str
    unit: str
    over_organisations: Behaviour = Behaviour.ADDS
    over_months: Behaviour = Behaviour.ADDS
    measured: Literal["flow", "stock"] = "flow"
    collected: Collected = Field(default_factory=Collected)
    least: float = 0.0
    flow: Flow | None = None
    sum_of: Annotated[str | None, Field(alias="is")] = None

    @model_validator(mode="after")
    def _collected_or_a_sum(self) -> Item:
        if self.sum_of is not None:
            read_sum(self.sum_of)
            if self.collected != Collected():
                raise ValueError("a sum is collected when its parts are: leave out collected")
        return self

    @model_validator(mode="after")
    def _only_a_stock_has_a_flow(self) -> Item:
        if self.flow and (self.measured != "stock" or self.sum_of):
            raise ValueError("flow is of a collected stock: say measured: stock")
        return self

    @cached_property
    def terms(self) -> dict[str, float]:
        """Item → coefficient of a sum; empty for a collected item."""
        return read_sum(self.sum_of) if self.sum_of else {}


class ItemFile(Definition):
    """A catalogue file: the items of one area."""

    area: Identifier
    items: tuple[Item, ...]

    @model_validator(mode="after")
    def _of_the_area(self) -> ItemFile:
        for item in self.items:
            if not item.id.startswith(f"{self.area}."):
                raise ValueError(f"{item.id} does not start with its area, {self.area}")
        return self
