"""Bands, ratings by rule, and limiters, each dated, for these schemes change by the year."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kpialign.definitions.model import Definition, Identifier, Month


class Band(Definition):
    """A named stretch of the scale, from ``at_least`` up to the next; the lowest has none."""

    name: str
    at_least: float | None = None


class Scheme(Definition):
    """Bands by fixed thresholds, or by quarters of the units, in force from a month.

    Thresholds in the manner of the NHS Oversight Framework 2026/27, quarters in that of
    2025/26 (england.nhs.uk, methodology manuals). Bands run from the worst to the best.
    """

    since: Annotated[Month, Field(alias="from")]
    by: Literal["thresholds", "quarters"] = "thresholds"
    bands: tuple[Band, ...] = Field(min_length=2)
    basis: str

    @model_validator(mode="after")
    def _bands_follow_each_other(self) -> Scheme:
        names = [band.name for band in self.bands]
        if len(set(names)) != len(names):
            raise ValueError("two bands carry the same name")
        levels = [band.at_least for band in self.bands]
        if self.by == "quarters":
            if len(levels) != 4 or any(level is not None for level in levels):
                raise ValueError("quarters are four bands without at_least")
            return self
        if levels[0] is not None or None in levels[1:]:
            raise ValueError("every band but the lowest, which comes first, says at_least")
        known = [level for level in levels if level is not None]
        if any(a >= b for a, b in pairwise(known)):
            raise ValueError("bands go from the worst to the best")
        return self

    def number(self, value: float) -> int:
        """Which band a value is in, 0 for the worst; thresholds only.

        >>> from kpialign.terms import Period
        >>> bands = [{"name": "low"}, {"name": "high", "at_least": 50}]
        >>> scheme = Scheme.model_validate({"from": Period(2026, 4), "bands": bands, "basis": "b"})
        >>> scheme.number(49.9), scheme.number(50)
        (0, 1)
        """
        return sum(value >= band.at_least for band in self.bands if band.at_least is not None)


class Count(Definition):
    """How many parts have to stand at a rating, or at it and worse (or better)."""

    rating: str
    reach: Literal["exactly", "or_worse", "or_better"] = "exactly"
    at_least: int | None = None
    at_most: int | None = None


class RatingRule(Definition):
    """The rating that is given where every count holds."""

    rating: str
    where: tuple[Count, ...] = ()


class RatingRules(Definition):
    """A rating by rules instead of a mean, in the manner of CQC: the first rule that holds.

    ``scale`` names the ratings from worst to best; parts are rated by ``cuts``, the scores from
    which the second and every later rating begins. (CQC, how we aggregate ratings, May 2022.)
    """

    since: Annotated[Month, Field(alias="from")]
    scale: tuple[str, ...] = Field(min_length=2)
    cuts: tuple[float, ...]
    rules: tuple[RatingRule, ...] = Field(min_length=1)
    basis: str

    @model_validator(mode="after")
    def _ratings_are_on_the_scale(self) -> RatingRules:
        if len(self.cuts) != len(self.scale) - 1 or list(self.cuts) != sorted(set(self.cuts)):
            raise ValueError("cuts rise, and are one fewer than the ratings of the scale")
        named = {rule.rating for rule in self.rules}
        named |= {count.rating for rule in self.rules for count in rule.where}
        if unknown := sorted(named - set(self.scale)):
            raise ValueError(f"{', '.join(unknown)}: not on the scale {', '.join(self.scale)}")
        if self.rules[-1].where:
            raise ValueError("the last rule has no where, so that every case has a rating")
        return self


class Limiter(Definition):
    """A part that holds the whole back: not better than a band while its figure is beyond."""

    indicator: Identifier
    above: float | None = None
    below: float | None = None
    not_better_than: str
    why: str

    @model_validator(mode="after")
    def _one_side(self) -> Limiter:
        if (self.above is None) == (self.below is None):
            raise ValueError("a limiter says either above or below")
        return self
