"""Mergers in the published extracts: nothing lost, nothing twice, each from its own month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from tests.conftest import NOW

from kpialign import engine
from kpialign.extracts.workspace import read_workspace
from kpialign.findings import Outcome
from kpialign.library import load
from kpialign.pipeline import modelling
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.store.publish import no_run

pytestmark = pytest.mark.real

FILES = (
    "ae/older/April-2020-revised-260421-abc123.csv",
    "ae/2024-26/Monthly-AE-December-2024.csv",
    "ae/2024-26/Monthly-AE-January-2025.csv",
    "ae/workbooks/May-26-AE-by-provider-QVPHP.xls",
    "beds/acute-beds-by-trust-monthly-2022-25.csv",
)


@pytest.fixture(scope="module")
def outcome(extracts: Path, place: Path) -> Outcome:
    settings = read_settings(place, {"database": place / "k.duckdb"}, environ={})
    return check(Request(tuple(extracts / name for name in FILES), settings, now=NOW))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mergers")


@pytest.fixture(scope="module")
def built(outcome: Outcome, place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    assert outcome.period
    library = load([shipped("indicators")])
    with open_database(place / "k.duckdb") as connection:
        modelling.know(connection, library, read_workspace(place))
        no_run(connection)
        modelling.build_core(connection)
        yield connection


def parts(
    built: duckdb.DuckDBPyConnection, model: str, indicator: str, period: str
) -> dict[str, float]:
    rows = engine.query(built, model).filter(indicator=indicator, period=period)
    return dict(rows.select("organisation", "numerator").rows())


@pytest.mark.parametrize(
    ("old", "new", "period"),
    [(("RAP",), "RAL", "2024-12"), (("RD3", "RDZ"), "R0D", "2020-04")],
)
def test_the_past_of_a_merged_trust_is_the_sum_of_those_it_was_made_of(
    built: duckdb.DuckDBPyConnection, old: tuple[str, ...], new: str, period: str
) -> None:
    sent = parts(built, "observation", "uec.ed.attendances", period)
    units = parts(built, "unit_part", "uec.ed.attendances", period)
    assert all(sent[code] > 1000 for code in old)
    assert units[new] == sum(sent[code] for code in (*old, new) if code in sent)
    assert not units.keys() & set(old)


def test_a_trust_that_merged_is_not_waited_for(built: duckdb.DuckDBPyConnection) -> None:
    absent = engine.query(built, "absent")
    assert absent.filter(organisation="RAP", period="2025-01").is_empty()
    assert "RAL" in parts(built, "unit_part", "uec.ed.attendances", "2025-01")


def test_england_is_the_sum_of_all_rows_and_of_all_systems_with_those_without_one(
    built: duckdb.DuckDBPyConnection,
) -> None:
    values = engine.query(built, "system_value").filter(indicator="uec.ed.attendances")
    ledger = built.execute(
        "SELECT period, sum(value) FROM data_item_value "
        "WHERE known_to IS NULL AND item LIKE 'ae.attendances.%' GROUP BY period ORDER BY period"
    ).fetchall()
    whole = values.filter(scope_level="england").sort("period")
    assert whole.select("period", "numerator").rows() == ledger
    keys = ["organisation", "role", "period"]
    placed = engine.query(built, "counted_membership").filter(level="icb")
    sent = engine.query(built, "observation").filter(indicator="uec.ed.attendances")
    without = sent.join(placed, on=keys, how="anti")
    assert max(map(len, without["organisation"])) >= 5  # walk-in centres closed years ago
    parts_ = pl.concat([
        values.filter(scope_level="icb").select("period", "numerator"),
        without.select("period", "numerator"),
    ])  # fmt: skip
    whole_again = parts_.group_by("period").agg(pl.col("numerator").sum()).sort("period")
    assert whole_again.rows() == ledger
    size = without["numerator"].sum() / sum(n for _, n in ledger)
    assert 0 < size < 0.005


def test_a_system_formed_in_2026_has_a_past(built: duckdb.DuckDBPyConnection) -> None:
    rows = engine.query(built, "counted_membership").filter(period="2024-12", level="icb")
    members = set(rows.filter(parent="Z9B2Z")["organisation"].to_list())
    assert {"RAP", "RAL", "RQM", "RYJ"} <= members
    trusts = engine.query(built, "organisation_type").filter(trust=True)["organisation"].to_list()
    assert not set(rows.filter(parent="QMJ")["organisation"].to_list()) & set(trusts)


def test_beds_switched_two_months_before_the_law(
    built: duckdb.DuckDBPyConnection, outcome: Outcome
) -> None:
    rows = engine.query(built, "succession_path").filter(predecessor="RAP", successor="RAL")
    months = dict(rows.select("area", "since").rows())
    assert (months["beds"], months["ae"]) == ("2024-11", "2025-01")
    assert any(note.startswith("RA4 and RH5 both report beds in 2023-04") for note in outcome.notes)


def test_trusts_are_told_apart_from_walk_in_centres(built: duckdb.DuckDBPyConnection) -> None:
    rows = engine.query(built, "organisation_type")
    kinds = {code: (kind, trust) for code, kind, trust in
             rows.select("organisation", "type", "trust").rows()}  # fmt: skip
    assert kinds["RAL"] == ("hospital", True)
    assert kinds["Y02428"] == ("primary_care", False)
    assert kinds["NTP11"] == ("other_provider", False)
    march = engine.query(built, "system_value").filter(
        indicator="uec.ed.attendances", scope_level="england", period="2025-01"
    )
    assert march["trusts_expected"][0] > 130
    assert march["expected"][0] - march["trusts_expected"][0] > 40
