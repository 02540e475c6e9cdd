"""What methods of unusual shape look at: figures of all months, by body, tie and part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from kpialign.definitions.indicators import Indicator
from kpialign.evidence.state import Floats
from kpialign.terms import Period, months_between

ENGLAND = "ENGLAND"
FIGURES = {
    "indicator": pl.String, "organisation": pl.String, "period": pl.String,
    "numerator": pl.Float64, "denominator": pl.Float64, "value": pl.Float64,
}  # fmt: skip
PAIRS = {
    "rule": pl.String, "tie": pl.String, "period": pl.String, "one": pl.Float64,
    "other": pl.Float64, "one_missing": pl.Int64, "other_missing": pl.Int64,
}  # fmt: skip
PARTS = {
    "rule": pl.String, "part": pl.String, "organisation": pl.String, "role": pl.String,
    "period": pl.String, "value": pl.Float64,
}  # fmt: skip
PLANS = {
    "indicator": pl.String, "organisation": pl.String, "period": pl.String, "level": pl.Float64,
}  # fmt: skip
FACTS = {
    "kind": pl.String, "area": pl.String, "role": pl.String, "organisation": pl.String,
    "period": pl.String, "beside": pl.String, "months": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Break:
    """A month from which figures mean something else: an event that is a step or a cut."""

    id: str
    title: str
    effect: str
    since: str
    whom: str
    indicators: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True)
class Panel:
    """Figures of months by places, NaN = not reported; shape (months, places)."""

    periods: tuple[str, ...]
    places: tuple[str, ...]
    values: Floats


@dataclass(frozen=True)
class Sight:
    """Everything methods of unusual shape look at.

    Attributes:
        figures: as :data:`FIGURES`: bodies and months of the indicator's peer set.
        indicators: by id.
        here: role → organisations of what is in front; empty where that is England.
        front: code and name of what is in front.
        pairs: as :data:`PAIRS`: two counts of one flow.
        parts: as :data:`PARTS`: sums of items that a rule names, such as those of groups.
        plans: as :data:`PLANS`: what bodies planned, month by month.
        facts: as :data:`FACTS`: who ceased to send, left months out, or merged when.
        breaks: events within the months known after which figures mean something else.
        names: (role, organisation) → name.
    """

    figures: pl.DataFrame
    indicators: Mapping[str, Indicator]
    here: Mapping[str, frozenset[str]] = field(default_factory=dict)
    front: tuple[str, str] = (ENGLAND, "England")
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pairs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PAIRS))
    parts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PARTS))
    plans: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PLANS))
    facts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FACTS))
    breaks: tuple[Break, ...] = ()

    @classmethod
    def of_definitions(cls, indicators: Mapping[str, Indicator]) -> Sight:
        """Nothing but definitions, for invented figures to stand in."""
        return cls(pl.DataFrame(schema=FIGURES), indicators)

    def of(self, indicator: str) -> pl.DataFrame:
        """The rows of an indicator that its own quality rule takes: no tiny denominators."""
        least = self.indicators[indicator].quality.min_denominator
        counted = (pl.col("indicator") == indicator) & (pl.col("denominator") >= least)
        return self.figures.filter(counted & pl.col("value").is_not_null())

    def own(self, indicator: str) -> frozenset[str]:
        """The bodies in front that answer for an indicator."""
        return self.here.get(self.indicators[indicator].accountable.role, frozenset())

    def name(self, indicator: str, organisation: str) -> str:
        """The name of a body that reports an indicator."""
        role = self.indicators[indicator].accountable.role
        return self.names.get((role, organisation), organisation)


def panel(rows: pl.DataFrame, place: str = "organisation", value: str = "value") -> Panel:
    """Rows of place, period and value as a full run of months by places.

    >>> rows = pl.DataFrame({"organisation": ["A", "A"], "period": ["2025-01", "2025-03"],
    ...                      "value": [1.0, 2.0]})
    >>> panel(rows).values.tolist()
    [[1.0], [nan], [2.0]]
    """
    known = sorted(Period.parse(text) for text in rows["period"].unique())
    periods = tuple(str(p) for p in months_between(known[0], known[-1])) if known else ()
    places = tuple(sorted(rows[place].unique()))
    values = np.full((len(periods), len(places)), np.nan)
    month = {text: at for at, text in enumerate(periods)}
    column = {text: at for at, text in enumerate(places)}
    down = [month[text] for text in rows["period"]]
    across = [column[text] for text in rows[place]]
    values[down, across] = rows[value].cast(pl.Float64).to_numpy()
    return Panel(periods, places, values)
