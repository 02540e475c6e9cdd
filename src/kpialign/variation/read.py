"""What is asked about → rows in order: lists, arrays or frames, dated or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from kpialign.terms import Period

Dated: TypeAlias = Mapping[str, str] | pl.DataFrame

_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_COLUMNS = {
    "series": pl.String, "period": pl.String, "value": pl.Float64, "target": pl.Float64,
    "trajectory": pl.Float64, "denominator": pl.Float64, "improves": pl.String,
}  # fmt: skip
FIRST = "0001-01"


def tidy(
    values: ArrayLike | pl.DataFrame, *, improves: str, target: ArrayLike | None
) -> pl.DataFrame:
    """Rows by series and month with every column, ``month`` as a number beside ``period``.

    Raises:
        ValueError: a column is missing or of another kind, a month is not one, or comes twice.
    """
    frame = values if isinstance(values, pl.DataFrame) else _listed(values)
    missing = [name for name in ("period", "value") if name not in frame.columns]
    if missing:
        raise ValueError(
            f"the frame has no column {', '.join(missing)}: expected period, value and, where "
            f"wanted, {', '.join(name for name in _COLUMNS if name not in ('period', 'value'))}"
        )
    given = {"series": "", "improves": improves}
    absent = [
        pl.lit(given.get(name), kind).alias(name)
        for name, kind in _COLUMNS.items()
        if name not in frame.columns
    ]
    frame = frame.with_columns(*absent).select(
        *(pl.col(name).cast(kind) for name, kind in _COLUMNS.items())
    )
    if target is not None:
        aims = np.broadcast_to(np.asarray(target, dtype=float), len(frame))
        frame = frame.with_columns(pl.Series("target", aims))
    frame = frame.with_columns(
        pl.col("value", "target", "trajectory", "denominator").fill_nan(None)
    )
    _refuse(frame)
    year, month = pl.col("period").str.slice(0, 4), pl.col("period").str.slice(5, 2)
    number = year.cast(pl.Int64) * 12 + month.cast(pl.Int64) - 1
    return frame.with_columns(number.alias("month")).sort("series", "month")


def places(frame: pl.DataFrame, dated: Dated, what: str) -> pl.DataFrame:
    """The row each dated fact falls on, the next there is in its series, with the reason.

    Args:
        frame: as :func:`tidy` gives it.
        dated: month → reason, for every series; or a frame ``series, period, reason``.
        what: the fact, for messages.

    Raises:
        ValueError: a fact without a reason, or after the last month of its series.
    """
    rows = frame.with_row_index("row").select("row", "series", pl.col("period").alias("at"))
    if isinstance(dated, pl.DataFrame):
        facts = dated.select(pl.col("series", "period", "reason").cast(pl.String))
    else:
        told = pl.DataFrame(
            {"period": list(dated), "reason": list(dated.values())},
            schema={"period": pl.String, "reason": pl.String},
        )
        facts = rows.select(pl.col("series").unique()).join(told, how="cross")
    for fact in facts.filter(pl.col("reason").str.strip_chars().fill_null("") == "").rows():
        raise ValueError(f"{what} {fact[1]}: say why, so that a reader can judge it")
    hit = facts.join(rows, on="series", how="left").filter(pl.col("at") >= pl.col("period"))
    first = hit.group_by("series", "period", "reason").agg(pl.col("row", "at").first())
    for fact in facts.join(first, on=["series", "period"], how="anti").rows():
        of = f" of {fact[0]}" if fact[0] else ""
        raise ValueError(f"{what} {fact[1]}{of}: there is no month then, or after it")
    return first.sort("row")


def _listed(values: ArrayLike) -> pl.DataFrame:
    """A series without dates, as months of year 1 and after."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 1:
        raise ValueError(f"values have shape {array.shape}: expected one series, or a frame")
    start = Period.parse(FIRST)
    return pl.DataFrame({"period": [str(start + n) for n in range(len(array))], "value": array})


def _refuse(frame: pl.DataFrame) -> None:
    if frame.is_empty():
        raise ValueError("there are no months to judge")
    wrong = frame.filter(~pl.col("period").str.contains(_MONTH).fill_null(False))
    if len(wrong):
        raise ValueError(f"{wrong['period'][0]!r} is not a month written as YYYY-MM")
    twice = frame.filter(pl.struct("series", "period").is_duplicated()).sort("series", "period")
    if len(twice):
        series, period = twice.select("series", "period").row(0)
        of = f" of {series}" if series else ""
        raise ValueError(f"{period}{of} comes {len(twice)} times: give one figure a month")
    unknown = set(frame["improves"].unique()) - {"up", "down", "neither"}
    if unknown:
        raise ValueError(f"improves is {unknown.pop()!r}: expected up, down or neither")
