from __future__ import annotations

from functools import cache

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.world import MAY, planted, run
from kpialign.findings import GateVerdict


def faulty() -> pl.DataFrame:
    """Two trusts with faults; one of them in five months, each with another wrong figure."""
    trust = planted("rows", 2, "RCC").filter(pl.col("file") == MAY)
    months = [
        trust.tail(1).with_columns(
            pl.lit(f"2025-{month:02d}").alias("period"),
            pl.lit(-1.0 * month).alias("ae.new"),
            pl.lit(10 + month, pl.Int64).alias("row"),
        )
        for month in range(1, 5)
    ]
    return pl.concat([trust, *months])


@cache
def as_it_stands() -> GateVerdict:
    return run(faulty())


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.permutations(range(7)))
def test_shuffling_the_rows_changes_nothing(order: list[int]) -> None:
    assert run(faulty()[order]) == as_it_stands()
