from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from fixtures.told import told
from kpialign.findings import Outcome, Tables
from kpialign.outputs import star
from kpialign.outputs.star import tables
from kpialign.outputs.star.columns import TABLES, schema


@pytest.fixture(scope="module")
def made(outcome: Outcome) -> dict[str, pl.DataFrame]:
    return tables.all_of(outcome)


def test_every_table_has_the_columns_promised(made: dict[str, pl.DataFrame]) -> None:
    assert list(made) == list(TABLES)
    for name, frame in made.items():
        assert dict(frame.schema) == schema(name)
        assert frame.height


def test_the_promise_stands_until_its_version_changes() -> None:
    assert star.VERSION == "1.0"
    assert [len(columns) for columns in TABLES.values()] == [8, 13, 10, 15, 5, 5, 5, 9]


def test_every_key_of_a_fact_is_in_its_dimension_and_there_once(
    made: dict[str, pl.DataFrame],
) -> None:
    keys_of = {"indicator": "dim_indicator", "period": "dim_period", "rule": "dim_rule",
               "organisation_key": "dim_organisation"}  # fmt: skip
    for key, dimension in keys_of.items():
        keys = made[dimension][key]
        assert keys.n_unique() == len(keys)
        for name, frame in made.items():
            if name.startswith("fact_") and key in frame.columns:
                assert set(frame[key]) <= set(keys), (name, key)


def test_no_figure_stands_where_none_was_reported(made: dict[str, pl.DataFrame]) -> None:
    facts = made["fact_observation"]
    silent = facts.filter(pl.col("state") != "reported")
    assert silent.height
    assert silent["value"].null_count() == silent.height
    for frame in made.values():
        assert not any(frame[c].is_nan().any() for c, t in frame.schema.items() if t == pl.Float64)


def test_a_tie_without_an_estimate_has_none(made: dict[str, pl.DataFrame]) -> None:
    none = made["fact_finding"].filter(pl.col("state") == "too_few_peers")
    assert none.height
    assert none["r"].null_count() == none.height


def test_csv_runs_no_formula_and_parquet_says_the_same(outcome: Outcome, tmp_path: Path) -> None:
    star.write(outcome, tmp_path)
    text = (tmp_path / "dim_organisation.csv").read_text("utf-8-sig")
    names = [row["name"] for row in csv.DictReader(io.StringIO(text))]
    assert not [name for name in names if name.startswith("=")]
    assert any(name.startswith("'=HYPERLINK") for name in names)
    frame = pl.read_parquet(tmp_path / "dim_organisation.parquet")
    assert frame.height == len(names)
    assert (tmp_path / "columns.csv").read_text("utf-8-sig").startswith("version,table,column")


def test_a_run_without_figures_of_bodies_still_has_every_table(outcome: Outcome) -> None:
    bare = told().tables
    empty = replace(outcome, tables=Tables(bare.pairs, bare.values, bare.points))
    made = tables.all_of(empty)
    assert made["fact_observation"].is_empty()
    assert dict(made["fact_spc"].schema) == schema("fact_spc")
