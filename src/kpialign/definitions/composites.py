"""Composites: a tree of parts on one scale, always shown beside its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from kpialign.definitions.indicators import Review
from kpialign.definitions.model import AlsoWritten, Definition, Identifier, Maturity, Month, Several
from kpialign.definitions.ratings import Limiter, RatingRules, Scheme
from kpialign.terms import Period

Kind = Literal["process", "outcome", "experience", "balancing"]
MeanName = Literal["arithmetic", "geometric", "harmonic", "power", "mazziotta_pareto"]
ScaleName = Literal[
    "goalposts", "min_max", "z_score", "rank", "percentile_rank", "distance_to_target"
]


class Goalposts(Definition):
    """The values that score worst and best, fixed from a date so that only the unit moves it."""

    worst: float
    best: float
    since: Annotated[Month, Field(alias="from")]
    basis: str

    @model_validator(mode="after")
    def _apart(self) -> Goalposts:
        if self.worst == self.best:
            raise ValueError("goalposts must differ")
        return self


class Aggregate(Definition):
    """How the parts of one level become one figure; ``power`` is the exponent of a power mean."""

    mean: MeanName
    power: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"mean": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _power_goes_with_power(self) -> Aggregate:
        if (self.power is not None) != (self.mean == "power"):
            raise ValueError("power goes with mean: power, and a power mean needs it")
        if self.power == 0:
            raise ValueError("a power mean of exponent 0 is the geometric mean: say so")
        return self


AggregateOrMean = Annotated[Aggregate, AlsoWritten([{"enum": list(get_args(MeanName))}])]


class Normalise(Definition):
    """How figures come onto one scale: ``low`` is its worst end, ``high`` its best.

    ``over`` says whom ``min_max``, ``z_score`` and the ranks compare with: the units of each
    month, or all months together. ``cap`` holds a distance to target at the target. A z-score
    has a ``centre`` and a ``spread`` instead of ends.
    """

    method: ScaleName = "goalposts"
    low: float = 0.0
    high: float = 100.0
    centre: float = 0.0
    spread: float = Field(default=1.0, gt=0)
    over: Literal["each_month", "all_months"] = "each_month"
    cap: bool = True

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"method": value} if isinstance(value, str) else value


NormaliseOrMethod = Annotated[Normalise, AlsoWritten([{"enum": list(get_args(ScaleName))}])]


class Treat(Definition):
    """Outliers: winsorised till skew or kurtosis is in bounds, else a log of the original."""

    method: Literal["winsorise_then_log"]
    skew: float = Field(default=2.0, gt=0)
    kurtosis: float = Field(default=3.5, gt=0)
    most: int = Field(default=5, ge=1)


class Impute(Definition):
    """What stands in for a missing figure; every one that does is recorded."""

    method: Literal["mean", "median", "group_mean", "last_month"]
    by: str | None = None

    @model_validator(mode="after")
    def _group_has_a_name(self) -> Impute:
        if (self.by is not None) != (self.method == "group_mean"):
            raise ValueError("by names the column of groups, and goes with group_mean")
        return self


class Component(Definition):
    """One part: an indicator on its own scale, or a group of parts with its own mean.

    Direction lies with the indicator; ``improves`` says it where a definition stands alone.
    ``per`` divides the figure by another before anything else.
    """

    indicator: Identifier | None = None
    id: Identifier | None = None
    title: str = ""
    weight: float = Field(gt=0)
    goalposts: Several[Goalposts] = ()
    target: float | None = None
    improves: Literal["up", "down"] | None = None
    kind: Kind | None = None
    per: Identifier | None = None
    same_mechanism_because: str | None = None
    unlike_clock_because: str | None = None
    aggregate: AggregateOrMean | None = None
    components: tuple[Component, ...] = ()

    @model_validator(mode="after")
    def _a_leaf_or_a_group(self) -> Component:
        if (self.indicator is None) == (not self.components):
            raise ValueError("a part is either an indicator or a group of components")
        if self.components and (self.id is None or self.aggregate is None):
            raise ValueError("a group needs its id and how it aggregates")
        return self

    @property
    def name(self) -> str:
        """The indicator's id, or the group's."""
        return self.indicator or self.id or ""

    def posts(self, period: Period | None) -> Goalposts:
        """The goalposts in force in a month; the first ones for the months before any."""
        dated = sorted(self.goalposts, key=lambda posts: posts.since)
        in_force = [posts for posts in dated if period is None or posts.since <= period]
        return in_force[-1] if in_force else dated[0]


class Composite(Definition):
    """A tree of parts, each level with its own mean; a missing part gives no figure.

    ``missing: reweight`` lets the other parts of a level stand for a missing one, if those
    that are there carry ``at_least`` of its weight.
    """

    id: Identifier
    version: int = 1
    status: Maturity = Maturity.TRIAL
    title: str
    why: str
    limits: str = ""
    aggregate: AggregateOrMean
    normalise: NormaliseOrMethod = Field(default_factory=Normalise)
    treat: Treat | None = None
    impute: Impute | None = None
    missing: Literal["refuse", "reweight"] = "refuse"
    at_least: float = Field(default=0.65, gt=0, le=1)
    components: tuple[Component, ...] = Field(min_length=2)
    bands: tuple[Scheme, ...] = ()
    ratings: tuple[RatingRules, ...] = ()
    limiters: tuple[Limiter, ...] = ()
    without_outcome_because: str | None = None
    without_balancing_because: str | None = None
    unlike_bases_because: str | None = None
    review: Review | None = None

    @model_validator(mode="after")
    def _parts_are_told_apart(self) -> Composite:
        groups = [part.name for _, part in self.walk() if part.components]
        if len({*groups, self.id}) != len(groups) + 1:
            raise ValueError("two groups carry the same id")
        return self

    def walk(self) -> Iterator[tuple[tuple[str | int, ...], Component]]:
        """Every part with its place in the file, groups before what they hold."""
        yield from _walk(self.components, ())

    @property
    def leaves(self) -> tuple[Component, ...]:
        """The indicators, in the order of the file."""
        return tuple(part for _, part in self.walk() if part.indicator)

    def scheme(self, period: Period) -> Scheme | None:
        """The bands in force in a month; the first ones for the months before any."""
        dated = sorted(self.bands, key=lambda scheme: scheme.since)
        in_force = [scheme for scheme in dated if scheme.since <= period]
        return in_force[-1] if in_force else (dated[0] if dated else None)


def _walk(
    parts: tuple[Component, ...], above: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Component]]:
    for i, part in enumerate(parts):
        place = (*above, "components", i)
        yield place, part
        yield from _walk(part.components, place)
