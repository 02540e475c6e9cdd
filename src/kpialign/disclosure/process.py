"""Process charts without what is hidden: a mean and its months give a lacking month away."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from kpialign.findings import SystemValue

Hidden = frozenset[tuple[str, str, str]]
_KEY = ("indicator", "scope", "basis", "period")
_LINES = ("centre", "low", "high", "near_low", "near_high", "drawn_low", "drawn_high",
          "level_before", "level_since")  # fmt: skip
_SIGNALS = ("outside", "shift", "two_of_three", "why")


def points(given: pl.DataFrame, values: pl.DataFrame, hidden: Hidden) -> pl.DataFrame:
    """Months as the figures of wholes show them; a series that lacks one has no limits.

    Args:
        given: the months of process charts.
        values: the figures of wholes, small ones gone and the rest rounded.
        hidden: indicator, scope and month of those that went.
    """
    if not {*_KEY, "value"} <= set(given.columns):
        return given
    safe = values.select(*_KEY, pl.col("value").alias("_safe")).unique(_KEY, keep="first")
    joined = given.join(safe, on=list(_KEY), how="left", maintain_order="left")
    keys = given.select("indicator", "scope", "period").rows()
    gone = pl.Series([key in hidden for key in keys], dtype=pl.Boolean)
    lacking = {key[:2] for key in hidden & set(keys)}
    bare = pl.Series([key[:2] in lacking for key in keys], dtype=pl.Boolean)
    told = pl.when(~gone).then(pl.coalesce("_safe", "value")).alias("value")
    lines = [pl.when(~bare).then(c).alias(c) for c in _LINES if c in given.columns]
    words = [
        pl.when(gone).then(pl.lit("")).otherwise(c).alias(c) for c in _SIGNALS if c in given.columns
    ]
    named = (
        [pl.when(gone).then(pl.lit("not_reported")).otherwise("variation").alias("variation")]
        if "variation" in given.columns
        else []
    )
    return joined.with_columns(told, *lines, *words, *named).drop("_safe")


def judged(value: SystemValue, points: pl.DataFrame, hidden: Hidden) -> SystemValue:
    """A figure's process without its limits where its series lacks a month."""
    state = value.process
    if state is None or "scope" not in points.columns:
        return value
    own = points.filter(indicator=value.indicator, scope=value.scope)["period"]
    lacking = {month for month in own if (value.indicator, value.scope, month) in hidden}
    if not lacking:
        return value
    if state.told in lacking:
        return replace(value, process=None)
    return replace(value, process=replace(state, low=None, centre=None, high=None))
