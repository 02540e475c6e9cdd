"""The gate alone: what may go on and what may not, with nothing published."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from fixtures.totalled import bare, totalled
from kpialign.engine import models
from kpialign.findings import Gated
from kpialign.pipeline import remembering
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.store.gate_runs import KEPT
from kpialign.terms import GateOutcome, Release

NOW = datetime(2026, 11, 2, 9, 30)
APRIL = "Monthly-AE-April-2022.csv"
MAY = "Monthly-AE-May-2022-revised-gqkxa.csv"
OURS = ("gate_run", "gate_result")


def request(folder: Path, **options: object) -> Request:
    given = {"database": folder.parent / "k.duckdb"}
    audience = {"audience": options.pop("audience")} if "audience" in options else {}
    settings = read_settings(folder, {**given, **audience}, environ={})
    return Request((folder,), settings, **{"now": NOW, **options})  # type: ignore[arg-type]


def gate(folder: Path, **options: object) -> Gated:
    return remembering.answer(request(folder, **options))[0]


def lines(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text("utf-8").splitlines()]


def write(path: Path, rows: list[list[str]]) -> None:
    path.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")


def with_total(path: Path, change: Callable[[list[list[str]]], None]) -> None:
    """Change rows of a file; the printed total follows, so that nothing else differs."""
    rows = bare(path.read_text("utf-8"))
    change(rows)
    path.write_text(totalled(rows, [row for row in rows[1:] if row[1]]), "utf-8")


@pytest.fixture
def landing(sample: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    for name in (APRIL, MAY):
        shutil.copy(sample / "ae" / name, folder)
    return folder


@pytest.fixture
def one_bad(landing: Path) -> tuple[Path, str]:
    """In April one trust has more over four hours than it saw; the code of it."""

    def too_many(rows: list[list[str]]) -> None:
        at = rows[0].index("Attendances over 4hrs Type 1")
        row = next(row for row in rows[1:] if row[at] not in ("0", "-"))
        row[at] = "999999"
        codes.append(row[1])

    codes: list[str] = []
    with_total(landing / APRIL, too_many)
    return landing, codes[0]


def ledgers(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_database(folder.parent / "k.duckdb") as connection:
        names = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()
            for name in names
            if name not in OURS
        }


def test_one_bad_trust_does_not_hold_back_the_others(one_bad: tuple[Path, str]) -> None:
    folder, code = one_bad
    gated = gate(folder)
    assert gated.outcome is GateOutcome.FAIL
    april = gated.good.filter(pl.col("file") == APRIL)
    assert april["organisation"].n_unique() > 50
    assert code not in april["organisation"]
    assert code in gated.good.filter(pl.col("file") == MAY)["organisation"]
    assert set(gated.rejected["organisation"]) == {code}
    assert set(gated.rejected["check"]) == {"KG-007"}
    assert gated.rejected.height == 18
    assert gated.rejected["reason"].str.contains("expected a numerator").all()
    assert gated.rejected["todo"].str.len_chars().min() > 0
    assert "999999" in gated.rejected["value"]
    assert [reading.state for reading in gated.readings] == ["admitted", "admitted"]


def test_every_figure_is_good_or_rejected_and_never_both(one_bad: tuple[Path, str]) -> None:
    folder, _ = one_bad
    place = ["file", "row", "column"]
    gated = gate(folder)
    read = sum(reading.cells.read for reading in gated.readings if reading.cells)
    assert gated.good.height + gated.rejected.height == read
    assert gated.good.join(gated.rejected, on=place, how="semi").is_empty()
    assert gated.good.select(place).is_unique().all()


def test_a_cell_and_a_row_that_cannot_be_read_are_rejected_by_themselves(landing: Path) -> None:
    def spoil(rows: list[list[str]]) -> None:
        rows[3][4] = "n/a"
        rows[5][1] = ""

    with_total(landing / APRIL, spoil)
    gated = gate(landing)
    told = gated.rejected.select("row", "value", "check", "outcome", "reason").rows()
    assert [row[0] for row in told] == [4, 6]
    assert told[0][1:] == ("n/a", "KG-103", "warn", "a figure was expected")
    assert told[1][2:] == ("KG-104", "fail", "no organisation code")
    assert "rejected" not in gated.good["status"]
    of_row = gated.good.filter((pl.col("file") == APRIL) & (pl.col("row") == 4))
    assert of_row.height == 17


def test_a_file_whose_total_differs_is_held_back_and_the_other_goes_on(landing: Path) -> None:
    rows = lines(landing / APRIL)
    total = next(row for row in rows if "TOTAL" in "".join(row).upper())
    total[4] = str(int(total[4]) + 1)
    write(landing / APRIL, rows)
    gated = gate(landing)
    assert set(gated.good["file"]) == {MAY}
    assert set(gated.rejected.select("file", "check").rows()) == {(APRIL, "KG-101")}
    assert gated.rejected["reason"].str.starts_with("held back with its file: printed total").all()
    states = {reading.file: reading.state for reading in gated.readings}
    assert states == {APRIL: "held_back", MAY: "admitted"}


def test_a_file_without_rows_fails_and_has_a_row_to_itself(landing: Path) -> None:
    write(landing / APRIL, lines(landing / APRIL)[:1])
    gated = gate(landing)
    assert gated.outcome is GateOutcome.FAIL
    (row,) = gated.rejected.rows(named=True)
    assert (row["file"], row["row"], row["column"], row["check"]) == (APRIL, None, "", "KG-010")
    assert set(gated.good["file"]) == {MAY}


def test_a_file_that_cannot_be_read_is_an_error_and_the_other_goes_on(landing: Path) -> None:
    (landing / APRIL).write_bytes(b"")
    gated = gate(landing)
    assert gated.outcome is GateOutcome.ERROR
    assert {r.file: r.state for r in gated.readings} == {APRIL: "refused", MAY: "admitted"}
    assert set(gated.good["file"]) == {MAY}
    (landing / MAY).unlink()
    nothing = gate(landing)
    assert nothing.outcome is GateOutcome.ERROR
    assert (nothing.good.schema, nothing.rejected.schema) == (
        gated.good.schema, gated.rejected.schema,
    )  # fmt: skip


def test_what_check_published_is_as_it_was(one_bad: tuple[Path, str], sample: Path) -> None:
    folder, _ = one_bad
    check(request(folder))
    before = ledgers(folder)
    shutil.copy(sample / "ae" / "June-2022-CSV-ne5k9.csv", folder)
    gated = gate(folder)
    assert len(gated.readings) == 3
    assert ledgers(folder) == before


def test_the_month_and_the_gate_say_the_same(one_bad: tuple[Path, str]) -> None:
    folder, _ = one_bad
    gated, outcome = gate(folder), check(request(folder))
    assert outcome.gate.results == gated.verdict.results
    with open_database(folder.parent / "k.duckdb") as connection:
        published = connection.execute(
            "SELECT organisation, role, period, item, value, status FROM data_item_value "
            "WHERE status <> 'rejected' ORDER BY ALL"
        ).fetchall()
    names = ["organisation", "role", "period", "item", "value", "status"]
    assert sorted(gated.good.select(names).rows(), key=str) == sorted(published, key=str)


def test_the_second_time_it_is_remembered_whole(one_bad: tuple[Path, str]) -> None:
    folder, _ = one_bad
    asked = request(folder)
    (first, fresh), (second, again) = (remembering.answer(asked) for _ in range(2))
    assert (fresh, again) == (True, False)
    for name in ("version", "verdict", "readings", "notes"):
        assert getattr(second, name) == getattr(first, name)
    assert second.good.equals(first.good)
    assert second.rejected.equals(first.rejected)


def test_another_day_other_history_and_other_files_are_asked_again(landing: Path) -> None:
    def fresh(**options: object) -> bool:
        return remembering.answer(request(landing, **options))[1]

    assert fresh()
    assert not fresh(now=NOW + timedelta(hours=3))
    assert fresh(now=NOW + timedelta(days=1))
    check(request(landing))
    assert fresh()
    assert not fresh()
    (landing / MAY).unlink()
    assert fresh()


def test_only_the_last_runs_are_kept_whole_and_the_results_of_all(landing: Path) -> None:
    for day in range(KEPT + 2):
        gate(landing, now=NOW + timedelta(days=day))
    with open_database(landing.parent / "k.duckdb") as connection:
        kept = connection.execute(
            "SELECT gate_run_id, told IS NOT NULL AND good IS NOT NULL FROM gate_run ORDER BY 1"
        ).fetchall()
        results = connection.execute(
            "SELECT DISTINCT gate_run_id FROM gate_result WHERE \"check\" = 'KG-010' ORDER BY 1"
        ).fetchall()
    assert kept == [(n + 1, n >= 2) for n in range(KEPT + 2)]
    assert results == [(n + 1,) for n in range(KEPT + 2)]


def test_figures_under_an_embargo_are_told_to_nobody_outside(one_bad: tuple[Path, str]) -> None:
    folder, code = one_bad
    hidden = {APRIL: Release.parse("embargoed:2026-12-10")}
    public = gate(folder, statuses=hidden)
    assert set(public.good["file"]) == {MAY}
    assert public.rejected.is_empty()
    assert public.outcome is GateOutcome.FAIL
    assert all(result.organisation != code for result in public.verdict.results)
    assert any(APRIL in note and "embargoed until 10 Dec 2026" in note for note in public.notes)
    internal = gate(folder, statuses=hidden, audience="internal")
    assert set(internal.good["file"]) == {APRIL, MAY}
    assert set(internal.rejected["organisation"]) == {code}


@pytest.fixture
def own_sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped SQL in a folder of the test's own."""
    shutil.copytree(shipped("sql"), tmp_path / "sql")
    monkeypatch.setattr(models, "shipped", lambda folder: tmp_path / folder)
    return tmp_path / "sql"


def test_a_check_that_crashes_is_an_error_holds_back_everything_and_is_asked_again(
    landing: Path, own_sql: Path
) -> None:
    broken = own_sql / "checks" / "rows_read.sql"
    broken.write_text("SELECT CAST(name AS INTEGER) AS file FROM staged_file", "utf-8")
    gated = gate(landing)
    assert gated.outcome is GateOutcome.ERROR
    (crashed,) = gated.verdict.at(GateOutcome.ERROR)
    assert crashed.check == "KG-104"
    assert "could not be evaluated: Conversion Error" in crashed.rows[0].message
    assert gated.good.is_empty()
    assert set(gated.rejected["check"]) == {"KG-104"}
    assert set(gated.rejected["outcome"]) == {"error"}
    assert set(gated.rejected["file"]) == {APRIL, MAY}
    assert remembering.answer(request(landing))[1]


def test_results_can_be_queried(one_bad: tuple[Path, str]) -> None:
    folder, code = one_bad
    gated = gate(folder)
    with duckdb.connect(str(folder.parent / "k.duckdb"), read_only=True) as connection:
        failed = connection.execute(
            'SELECT "check", file, organisation, failed FROM gate_result '
            "WHERE outcome = 'fail' ORDER BY ALL"
        ).fetchall()
        run = connection.execute(
            "SELECT outcome, files, refused, good_figures, rejected_rows FROM gate_run"
        ).fetchall()
    told = [("KG-007", APRIL, code, 2), ("KG-008", APRIL, code, 2)]
    assert failed == told
    assert run == [("fail", 2, 0, gated.good.height, gated.rejected.height)]
