"""What a process chart says, as frames: a row a month, and a row a series."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl


@dataclass(frozen=True, eq=False)
class Spc:
    """Process charts of one or many series.

    Attributes:
        points: a row per series and month: ``series, period (YYYY-MM), value, segment (from 1),
            reason (of the segment), left_out, centre, low, high, near_low, near_high, drawn_low,
            drawn_high, target, assurance, variation, outside, shift, rising, falling,
            two_of_three, runs, why, rules``. Lines are null where a segment has no limits; a
            direction is ``high``, ``low`` or empty; ``drawn_…`` are clipped to the bounds.
        series: a row per series: ``series, improves, variation, assurance, recency, limits,
            told (YYYY-MM of the latest month counted), value, centre, low, high, target,
            trajectory (ahead, on, behind, no_trajectory), months, autocorrelation,
            false_alarm, note, rules``. ``false_alarm`` is the chance of such an icon by accident.
        suggestions: a row per rebase that might be made: ``series, period, before, after,
            months_before, months_after``. None is applied.
        warnings: what a reader of the whole has to know.
    """

    points: pl.DataFrame = field(repr=False)
    series: pl.DataFrame
    suggestions: pl.DataFrame
    warnings: tuple[str, ...]

    @property
    def variation(self) -> str:
        """Variation of the latest month of the one series."""
        return str(self._one("variation"))

    @property
    def assurance(self) -> str:
        """Assurance of the one series."""
        return str(self._one("assurance"))

    @property
    def lines(self) -> tuple[float, float, float] | None:
        """Lower limit, centre line and upper limit of the latest month of the one series."""
        if self._one("limits") == "not_enough_data":
            return None
        return self._one("low"), self._one("centre"), self._one("high")

    def _one(self, column: str) -> Any:
        if len(self.series) != 1:
            raise ValueError(f"these are {len(self.series)} series: look them up in `series`")
        return self.series[column][0]
