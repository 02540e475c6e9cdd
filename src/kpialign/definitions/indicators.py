"""Indicators: measures with a purpose, a direction, a clock, targets and accountable bodies."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kpialign.definitions.expression import read_sum
from kpialign.definitions.model import (
    Definition,
    Fraction,
    Identifier,
    Maturity,
    Month,
    OneOrMore,
)
from kpialign.definitions.stakes import Stake
from kpialign.terms import Improves, Period


class MeasureType(StrEnum):
    """How the parts make the value; ``reported`` figures have no parts and no roll-up."""

    RATIO = "ratio"
    MEAN = "mean"
    RATE = "rate"
    COUNT = "count"
    REPORTED = "reported"


class Measure(Definition):
    """The parts of an indicator, each a linear sum of items.

    The value is ``scale * numerator / denominator`` (100 for a percent, 1/60 for minutes of
    seconds); a ``count`` has no denominator
    unless it is ``per: day``, where the denominator is the days of the month.
    """

    type: MeasureType
    numerator: str
    denominator: str | None = None
    per: Literal["day"] | None = None
    scale: Fraction = 1.0
    roll_up: Literal["sum_parts", "none"] = "sum_parts"

    @model_validator(mode="after")
    def _parts_fit_the_type(self) -> Measure:
        divides = self.type in (MeasureType.RATIO, MeasureType.MEAN, MeasureType.RATE)
        if divides and self.denominator is None:
            raise ValueError(f"a {self.type} needs a denominator")
        if not divides and self.denominator is not None:
            raise ValueError(f"a {self.type} has no denominator")
        if self.type is MeasureType.REPORTED and self.roll_up != "none":
            raise ValueError("a reported figure has no parts: say roll_up: none")
        for text in (self.numerator, self.denominator):
            if text is not None:
                read_sum(text)
        return self

    @cached_property
    def numerator_terms(self) -> dict[str, float]:
        """Item → coefficient of the numerator."""
        return read_sum(self.numerator)

    @cached_property
    def denominator_terms(self) -> dict[str, float]:
        """Item → coefficient of the denominator; empty where there is none."""
        return read_sum(self.denominator) if self.denominator else {}


class Clock(Definition):
    """When the time that is measured starts and stops.

    ``interval`` names what is timed: indicators that share it and have unlike clocks are never
    compared.
    """

    interval: str | None = None
    starts: str
    stops: str
    ambulance_starts: str | None = None


class Accountable(Definition):
    """Who answers for the indicator, to whom, and who shares in it."""

    role: str
    to: OneOrMore = ()
    jointly: OneOrMore = ()


class Peers(Definition):
    """The peer set an indicator's organisations are compared within."""

    set: Identifier


class Target(Definition):
    """A named level asked for; in force from a month, or for one month or financial year.

    ``basis`` says what is judged: the ``month``, or the mean of the ``quarter`` (from April)
    or ``financial_year``.
    """

    name: str
    kind: Literal["standard", "ambition", "trajectory"]
    at_least: float | None = None
    at_most: float | None = None
    since: Annotated[Month | None, Field(alias="from")] = None
    until: Month | None = None
    for_month: Annotated[Month | None, Field(alias="for")] = None
    for_year: Annotated[str | None, Field(pattern=r"^\d{4}-\d{2}$")] = None
    basis: Literal["month", "quarter", "financial_year"] = "month"
    source: str | None = None

    @model_validator(mode="after")
    def _one_level_one_time(self) -> Target:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a target says either at_least or at_most")
        if sum(x is not None for x in (self.since, self.for_month, self.for_year)) != 1:
            raise ValueError("a target says one of from, for or for_year")
        if (self.for_year is not None) != (self.basis == "financial_year") and not self.since:
            raise ValueError("for_year goes with basis: financial_year")
        return self

    @property
    def level(self) -> float:
        """The figure asked for."""
        return self.at_least if self.at_least is not None else self.at_most  # type: ignore[return-value]

    def in_force(self, period: Period) -> bool:
        """Whether the target is asked for in that month."""
        if self.for_month is not None:
            return period == self.for_month
        if self.for_year is not None:
            return period.financial_year == self.for_year
        return self.since is not None and self.since <= period <= (self.until or period)

    def met_by(self, value: float) -> bool:
        """Whether a value is at the level or on its better side."""
        return value >= self.level if self.at_least is not None else value <= self.level


class Quality(Definition):
    """What the gate asks of the indicator's values."""

    min_denominator: float = 0.0
    range: tuple[float, float] | None = None
    numerator_within_denominator: bool = True
    warn_above: float | None = None


class Incentives(Definition):
    """The statement of perverse incentives that indicator assurance asks for."""

    gains_if: OneOrMore = ()
    may_cost: OneOrMore = ()
    look_for: OneOrMore = ()


class Review(Definition):
    """Who keeps the definition true, and when it was last and is next looked at."""

    owner: str
    reviewed: date
    next: date


class ExampleRow(BaseModel):
    """What one organisation reports in one month of an example; the rest is item → figure."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, float | None] = Field(init=False)

    organisation: str
    period: Month

    @property
    def figures(self) -> dict[str, float | None]:
        """Item → figure; an item left out, or null, is not reported."""
        return self.__pydantic_extra__


class Example(Definition):
    """Rows of items and the values they must give, by organisation or for the ``system``.

    A system's value adds the parts of the organisations that report all of them; a value
    of ``null`` says that a part is missing.
    """

    name: str
    items: tuple[ExampleRow, ...] = Field(min_length=1)
    expect: dict[str, float | None]


class Indicator(Definition):
    """A measure with a purpose: parts, direction, clock, dated targets, accountable bodies.

    ``short`` is the title as it is printed on a line of the screen; ``headline`` puts the
    indicator on the first screen.
    """

    id: Identifier
    version: int = 1
    status: Maturity = Maturity.TRIAL
    title: str
    short: str = Field(max_length=38)
    why: str
    kind: Literal["process", "outcome", "experience", "balancing"]
    horizon: Literal["now", "year", "long"] = "now"
    used_for: str
    headline: bool = False
    unit: Literal["percent", "minutes", "seconds", "count", "per 1,000", "per day"]
    improves: Improves
    measure: Measure
    clock: Clock | None = None
    accountable: Accountable
    peers: Peers
    targets: tuple[Target, ...] = ()
    judge_against: str | None = None
    quality: Quality = Field(default_factory=Quality)
    incentives: Incentives = Field(default_factory=Incentives)
    stakes: tuple[Stake, ...] = ()
    review: Review
    examples: tuple[Example, ...] = ()
    notes: str = ""

    @property
    def part_names(self) -> dict[str, str]:
        """What an extract calls a part that it reports as such, not by items → the part."""
        parts = ("numerator", "denominator") if self.measure.denominator else ("numerator",)
        return {f"{self.id}.{part}": part for part in parts}

    @model_validator(mode="after")
    def _holds_together(self) -> Indicator:
        names = [target.name for target in self.targets]
        if len(set(names)) != len(names):
            raise ValueError("two targets carry the same name")
        if self.judge_against is not None and self.judge_against not in names:
            raise ValueError(f"judge_against names {self.judge_against}, which is not a target")
        if (self.unit == "percent") != (self.measure.scale == 100):
            raise ValueError("unit: percent goes with scale: 100, and no other unit does")
        if self.unit in ("minutes", "seconds") and self.clock is None:
            raise ValueError("a wait needs its clock: when it starts and when it stops")
        return self
