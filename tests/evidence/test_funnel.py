from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpialign.evidence.funnel import Z_95, Z_998, funnel


@settings(deadline=None, max_examples=60)
@given(st.integers(3, 40), st.integers(0, 2**32 - 1))
def test_a_share_is_outside_a_limit_exactly_where_its_z_is(many: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    n = draw.integers(1, 5000, many).astype(float)
    seen = draw.binomial(n.astype(int), np.clip(draw.normal(0.7, 0.2, many), 0, 1)).astype(float)
    if seen.sum() in (0, n.sum()):
        return
    made = funnel(seen, n)
    share = seen / n
    for z in (Z_95, Z_998):
        low, high = made.limit(n, -z), made.limit(n, z)
        near = 1e-9
        # A limit at 0 or 1 is drawn there, and no share is beyond it.
        assert np.all((share > high + near) <= (made.z > z))
        assert np.all((share < low - near) <= (made.z < -z))
        assert np.all((made.z > z) <= ((share > high - near) | (high > 1 - near)))
        assert np.all((made.z < -z) <= ((share < low + near) | (low < near)))


def test_chance_alone_has_no_spread_of_its_own() -> None:
    draw = np.random.default_rng(1)
    n = np.full(60, 400.0)
    made = funnel(draw.binomial(400, 0.3, 60).astype(float), n)
    assert made.phi < 1.5
    assert made.tau2 < 0.001


def test_what_is_no_share_is_refused() -> None:
    for seen, n in (([1.0, 2], [2.0, 2]), ([1.0, 2, 3], [1.0, 0, 3]), ([3.0, 1, 1], [2.0, 2, 2])):
        with pytest.raises(ValueError, match="three bodies"):
            funnel(np.array(seen), np.array(n))


@pytest.mark.real
def test_a_year_of_departments_comes_out_as_funnelplotr_has_it(extracts: Path) -> None:
    frame = pl.read_csv(extracts / "placebo" / "ae-attendances-by-type-2016-19.csv")
    year = frame.filter(
        (pl.col("type") == "1") & (pl.col("period") >= "2018-04-01") & (pl.col("attendances") > 0)
    )
    own = year.group_by("org_code").agg(pl.col("attendances", "breaches").sum())
    made = funnel(own["breaches"].to_numpy().astype(float), own["attendances"].to_numpy() * 1.0)
    assert len(own) == 137
    assert made.theta == pytest.approx(0.1846142, abs=1e-7)
    assert made.phi == pytest.approx(3828.851, abs=0.001)
    assert made.tau2 == pytest.approx(0.008436251, abs=1e-9)
