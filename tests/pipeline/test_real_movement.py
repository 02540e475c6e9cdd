"""What moved four-hour and handover at every system and service, on the published months."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from kpialign import engine
from kpialign.composites.movement import movements
from kpialign.extracts.workspace import read_workspace
from kpialign.findings import Movement, Outcome, SystemValue
from kpialign.library import load
from kpialign.pipeline import modelling
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.store.publish import no_run
from kpialign.terms import Period

pytestmark = pytest.mark.real

LEVELS = ("icb", "icb_services", "service", "region", "england")
INDICATORS = ("uec.ed.four_hour", "amb.handover.mean", "amb.handover.lost_over_30_per_1000")


@pytest.fixture(scope="module")
def built(real_outcome: Outcome, real_place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    assert real_outcome.period == "2026-03"
    with open_database(real_place / "k.duckdb") as connection:
        modelling.know(connection, load([shipped("indicators")]), read_workspace(real_place))
        no_run(connection)
        modelling.build_core(connection)
        # Every month instead of the three that a run compares.
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE moved_month AS SELECT DISTINCT period FROM observation"
        )
        for name in ("first_figure", "revised_part", "moved_part"):
            text = (shipped("sql") / "models" / "core" / f"{name}.sql").read_text("utf-8")
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {text}")
        yield connection


@pytest.fixture(scope="module")
def moved(built: duckdb.DuckDBPyConnection) -> list[tuple[str, Movement]]:
    wanted = pl.col("indicator").is_in(INDICATORS) & pl.col("scope_level").is_in(LEVELS)
    parts = engine.query(built, "moved_part").filter(wanted)
    values = engine.query(built, "system_value").filter(wanted & pl.col("value").is_not_null())
    found = []
    for (level, period), rows in values.group_by("scope_level", "period"):
        told = [
            SystemValue(r["indicator"], r["indicator"], "", "up", r["scope"], r["scope"],
                        str(level), str(period), r["value"], "reported", 1, 1, None)
            for r in rows.iter_rows(named=True)
        ]  # fmt: skip
        levels = {f"{value.scope}|{level}": str(level) for value in told}
        for back in (-1, -12):
            since = str(Period.parse(str(period)) + back)
            two = parts.filter(pl.col("period").is_in([since, period]))
            found += [(str(level), m) for m in movements(two, told, levels, since, {})]
    return found


def test_it_adds_up_at_every_system_and_service(
    moved: list[tuple[str, Movement]], built: duckdb.DuckDBPyConnection
) -> None:
    values = {
        (r["indicator"], r["scope_level"], r["scope"], r["period"]): r["value"]
        for r in engine.query(built, "system_value").iter_rows(named=True)
    }
    assert len(moved) > 5000
    for level, move in moved:
        assert move.after == pytest.approx(values[move.indicator, level, move.scope, move.period])
        told = values[move.indicator, level, move.scope, move.since]
        assert move.before_now == pytest.approx(told)
        steps = sum(step.amount for step in move.steps)
        assert steps == pytest.approx(move.after - move.before, abs=1e-9 * max(1, abs(move.after)))


def test_a_revision_has_a_step_of_its_own(moved: list[tuple[str, Movement]]) -> None:
    # June 2025 was published again in November 2025, with another figure for one trust.
    june = [m for level, m in moved if m.since == "2025-06" and m.scope == "ENGLAND"
            and m.indicator == "uec.ed.four_hour" and m.period == "2025-07"]  # fmt: skip
    assert len(june) == 1
    assert june[0].total("revision") != 0
    assert abs(june[0].total("revision")) < 0.5


def test_systems_and_services_whose_bodies_go_the_other_way_are_named(
    moved: list[tuple[str, Movement]],
) -> None:
    named = [m for _, m in moved if m.reversal]
    assert 0 < len(named) < len(moved) / 10
