"""Composites: several indicators on one scale, always shown beside their parts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kpialign.definitions.model import Definition, Identifier, Maturity, Month


class Goalposts(Definition):
    """The values that score 0 and 100, fixed from a date so that only the unit moves its score."""

    worst: float
    best: float
    since: Annotated[Month, Field(alias="from")]
    basis: str

    @model_validator(mode="after")
    def _apart(self) -> Goalposts:
        if self.worst == self.best:
            raise ValueError("goalposts must differ")
        return self


class Component(Definition):
    """One part: an indicator, its weight and its goalposts."""

    indicator: Identifier
    weight: float = Field(gt=0)
    goalposts: Goalposts


class Composite(Definition):
    """A weighted mean of parts on fixed goalposts."""

    id: Identifier
    version: int = 1
    status: Maturity = Maturity.TRIAL
    title: str
    why: str
    aggregate: Literal["arithmetic", "geometric"]
    components: tuple[Component, ...] = Field(min_length=2)
    without_outcome_because: str | None = None
