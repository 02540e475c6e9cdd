from __future__ import annotations

from functools import cache

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.world import clean, planted, run
from kpialign.findings import GateVerdict


def faulty() -> pl.DataFrame:
    second = planted("rows", 2, "RCC")
    return planted("ae.wait", -7.0).with_columns(second["rows"]).vstack(clean().head(1))


@cache
def as_it_stands() -> GateVerdict:
    return run(faulty())


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.permutations(range(7)))
def test_shuffling_the_rows_changes_nothing(order: list[int]) -> None:
    assert run(faulty()[order]) == as_it_stands()
