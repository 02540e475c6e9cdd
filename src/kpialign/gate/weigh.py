"""Thresholds and exceptions: how many failing rows are how bad, and what is let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from kpialign.gate.asked import Asked
from kpialign.library import Library


@dataclass(frozen=True)
class Weighing:
    """The thresholds and exceptions of a library as they hold on a day."""

    library: Library = field(default_factory=Library)
    today: date = date.min

    def weigh(self, asked: Asked) -> pl.DataFrame:
        return asked.faults.with_columns(pl.lit("").alias("weighed"))

    def words(self, weighed: Sequence[str], excepted: Sequence[str]) -> list[str]:
        return [w for w in weighed if w]
