"""Every organisation's figures judged by the run's rule set, once for all that show them."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from kpialign.findings import Outcome, SystemValue
from kpialign.terms import Period
from kpialign.variation import DEFAULT, Spc, spc

KEY = ("indicator", "organisation", "role")
_PARTED = " | "
_MONTHS = 36  # as the figures of wholes are judged
_REPORTED = "reported"


def told(outcome: Outcome) -> dict[str, SystemValue]:
    """Indicators by id, as the whole tells them: title, unit, direction."""
    return {value.indicator: value for value in reversed(outcome.system_values)}


@lru_cache(maxsize=1)
def bodies(outcome: Outcome) -> pl.DataFrame:
    """The figures of organisations; a value stands only where its state is ``reported``."""
    frame = outcome.tables.bodies
    if frame is None:
        return pl.DataFrame(schema=dict.fromkeys((*KEY, "name", "period", "state"), pl.String))
    known = pl.col("state") == _REPORTED
    return frame.with_columns(
        pl.when(known & pl.col(name).is_finite()).then(pl.col(name)).alias(name)
        for name in ("numerator", "denominator", "value")
    )


@lru_cache(maxsize=1)
def charts(outcome: Outcome) -> Spc:
    """Process charts of every organisation over the last three years; ``series`` is the key."""
    frame = bodies(outcome)
    last = Period.parse(outcome.period)
    improves = {i: v.improves for i, v in told(outcome).items()}
    recent = frame.filter(pl.col("period") > str(last + -_MONTHS)).with_columns(
        pl.concat_str(KEY, separator=_PARTED).alias("series"),
        pl.col("indicator").replace_strict(improves, default="neither").alias("improves"),
    )
    rules = next((v.process.rules for v in outcome.system_values if v.process), DEFAULT)
    columns = ("series", "period", "value", "target", "improves")
    return spc(
        recent.select(columns), rules=rules, as_at=str(last), rebases=_rebases(outcome, recent),
        left_out=_ghosts(outcome, recent),
    )  # fmt: skip


def _rebases(outcome: Outcome, recent: pl.DataFrame) -> pl.DataFrame | None:
    """The rebases of organisations, by series, within its months."""
    given = outcome.tables.rebases
    if given is None or given.is_empty():
        return None
    spans = recent.group_by("series", "indicator", "organisation").agg(
        pl.col("period").max().alias("_last")
    )
    found = given.filter(kind="rebase").join(spans, on=["indicator", "organisation"])
    kept = found.filter(pl.col("period") <= pl.col("_last"))
    return kept.select("series", "period", "reason") if kept.height else None


def _ghosts(outcome: Outcome, recent: pl.DataFrame) -> pl.DataFrame | None:
    """The months of organisations that are shown and not counted, by series."""
    given = outcome.tables.rebases
    if given is None or given.is_empty():
        return None
    there = recent.select("series", "indicator", "organisation", "period")
    found = given.filter(kind="ghost").join(there, on=["indicator", "organisation", "period"])
    return found.select("series", "period", "reason") if found.height else None


def with_key(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of a series with the three parts of its key in columns of their own."""
    parts = pl.col("series").str.split(_PARTED)
    return frame.with_columns(parts.list.get(n).alias(name) for n, name in enumerate(KEY))
