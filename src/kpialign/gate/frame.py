"""The wide frame made ready: one value column for each thing an expectation compares.

Derived columns carry a slash, which no id can hold: ``period/month`` (months since year 0) and
``<indicator>/value``; in the frame of files ``file/rows`` and ``<item>/reported`` (figures in
the file).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import polars.selectors as cs

from kpialign.definitions.indicators import Indicator
from kpialign.definitions.items import Item
from kpialign.gate.scope import Scope

CALENDAR_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def make_ready(frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Turn blanks into nulls and add what the expectations compare.

    A column that holds no numbers is left out of the arithmetic; the expectation on what
    would be derived from it then crashes and is reported as an error.
    """
    indicators = scope.carried
    names = [*scope.headings, *(name for i in indicators for name in part_columns(i))]
    # What no file reports has no column, and is treated like a column without figures.
    absent = [pl.lit(None, pl.Float64).alias(name) for name in names if name not in frame.columns]
    tidy = frame.with_columns(
        *absent,
        pl.col("organisation", "period").str.strip_chars().replace("", None),
        # NaN means "not reported" to pandas, so that a NaN figure would pass unseen.
        cs.float().fill_nan(float("inf")),
    )
    dated = tidy.join(_months(tidy), "period", "left", maintain_order="left")
    return dated.with_columns(_value(i) for i in indicators if _is_numeric(i, tidy))


def of_files(ready: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """A row for each file of a frame made ready: its rows, and figures of each needed item.

    Counts are 64 bits wide, for Great Expectations compares any other width one by one.
    """
    return ready.group_by("file", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("file/rows"),
        *(_reported(scope.library.items[item]) for item in scope.required),
    )


def part_columns(indicator: Indicator) -> Iterator[str]:
    """The frame's columns an indicator is computed from."""
    yield from indicator.part_names


def _is_numeric(indicator: Indicator, frame: pl.DataFrame) -> bool:
    return all(frame.schema[name].is_numeric() for name in part_columns(indicator))


def _months(frame: pl.DataFrame) -> pl.DataFrame:
    """Each text of ``period`` with its month, or null where it is none."""
    text = pl.when(pl.col("period").str.contains(CALENDAR_MONTH)).then("period")
    year, month = text.str.slice(0, 4).cast(pl.Int64), text.str.slice(5, 2).cast(pl.Int64)
    return frame.select(pl.col("period").unique()).with_columns(
        (year * 12 + month - 1).alias("period/month")
    )


def _reported(item: Item) -> pl.Expr:
    """Figures of the item in the file; null where it was collected in none of its months."""
    month, since, until = pl.col("period/month"), item.collected.since, item.collected.until
    collected = month.is_not_null()
    if since is not None:
        collected &= month >= since.index
    if until is not None:
        collected &= month <= until.index
    counted = pl.when(collected.any()).then(pl.col(item.id).count())
    return counted.cast(pl.Int64).alias(f"{item.id}/reported")


def _value(indicator: Indicator) -> pl.Expr:
    measure = indicator.measure
    above, *below = (pl.col(name) for name in part_columns(indicator))
    value = measure.scale * above
    if measure.per == "day":
        month = pl.col("period/month")
        value = value / pl.date(month // 12, month % 12 + 1, 1).dt.days_in_month()
    for denominator in below:
        # A few cases can give any value: the definition says from how many it can be judged.
        enough = (denominator > 0) & (denominator >= indicator.quality.min_denominator)
        value = pl.when(enough).then(value / denominator)
    return value.fill_nan(None).alias(f"{indicator.id}/value")
