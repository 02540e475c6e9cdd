"""Data items: the counts and totals that extracts carry."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from kpialign.definitions.model import Definition, Identifier, Month


class Behaviour(StrEnum):
    """How an item may be added up over organisations or months."""

    ADDS = "adds"
    NEVER = "never"


class Collected(Definition):
    """The months in which an item was collected; open where not given."""

    since: Annotated[Month | None, Field(alias="from")] = None
    until: Month | None = None


class Item(Definition):
    """A reported count, total or figure, or a sum of others (``is``).

    Attributes:
        unit: what one unit of the value is: ``attendance``, ``second``, ``incident``…
        over_organisations: whether values of organisations add up (a mean never does).
        over_months: whether values of months add up (a stock does not).
        measured: ``flow`` over the month or ``stock`` at a moment.
        collected: first and last month the item was collected, where known.
        least: smallest value that can be right.
    """

    id: Identifier
    title: str
    unit: str
    over_organisations: Behaviour = Behaviour.ADDS
    over_months: Behaviour = Behaviour.ADDS
    measured: str = "flow"
    collected: Collected = Field(default_factory=Collected)
    least: float = 0.0
    sum_of: Annotated[str | None, Field(alias="is")] = None

    @model_validator(mode="after")
    def _flow_or_stock(self) -> Item:
        if self.measured not in ("flow", "stock"):
            raise ValueError("measured is flow or stock")
        return self


class ItemFile(Definition):
    """A catalogue file: the items of one area."""

    area: Identifier
    items: tuple[Item, ...]
