"""Process charts of published figures, none of which may come to nothing."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from tests.variation.plain import draw, label

import kpialign as ka

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def placebo(extracts: Path) -> pl.DataFrame:
    """Three figures of every department and type, 2016 to 2019, a row a month."""
    file = extracts / "placebo" / "ae-attendances-by-type-2016-19.csv"
    table = pl.read_csv(file, schema_overrides={"type": pl.String}).with_columns(
        four_hour=100 * (1 - pl.col("breaches") / pl.col("attendances")),
        period=pl.col("period").str.slice(0, 7),
    )
    return (
        table.unpivot(
            ["attendances", "breaches", "four_hour"], index=["period", "org_code", "type"]
        )
        .with_columns(series=pl.concat_str("org_code", "type", "variable", separator=" "))
        .with_columns(pl.col("value").fill_nan(None))
    )


def test_no_series_comes_to_nothing_and_constant_ones_meet_their_target(
    placebo: pl.DataFrame,
) -> None:
    chart = ka.spc(placebo.select("series", "period", "value"), improves="up", target=95)
    for table in (chart.points, chart.series):
        assert not table.select(cs.float().is_nan().any()).row(0).count(True)
    assert len(chart.series) == placebo["series"].n_unique()
    always = (
        chart.series.filter(pl.col("series").str.ends_with("four_hour"))
        .filter(pl.col("limits") == "no_variation", pl.col("value") == 100)
    )  # fmt: skip
    assert len(always) >= 50
    assert set(always["assurance"]) == {"pass"}
    assert set(always["variation"]) == {"common_cause"}


def test_the_old_rules_equal_a_pencil_on_every_series(placebo: pl.DataFrame) -> None:
    chart = ka.spc(placebo.select("series", "period", "value"), rules="plotthedots-0.2")
    rows = 0
    for part in chart.points.partition_by("series"):
        if part["value"].null_count() or len(part) < 2:
            continue
        plain = draw(part["value"].to_list())
        if plain.lines is None:
            continue
        first = part.row(0, named=True)
        assert [first[c] for c in ("low", "centre", "high")] == pytest.approx(plain.lines)
        assert [label(point) for point in part.iter_rows(named=True)] == plain.labels
        rows += len(part)
    assert rows > 30_000
