"""Bad files: one clear message each, the others go on, nothing stored is lost."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from fixtures.totalled import bare, totalled
from kpialign.errors import UsageError
from kpialign.findings import Outcome
from kpialign.pipeline.request import Request, arrivals
from kpialign.pipeline.run import check
from kpialign.settings import Settings, read_settings
from kpialign.terms import GateOutcome

NOW = datetime(2026, 11, 2, 9, 30)


@pytest.fixture(scope="module")
def outcome(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One run over a good month and every kind of bad file."""
    folder = tmp_path_factory.mktemp("bad")
    months = {path.name: path.read_text("utf-8-sig") for path in (sample / "ae").glob("*.csv")}
    april = months["Monthly-AE-April-2022.csv"]

    def month(name: str, month: str, stands_as: str = "", *, unread: bool = False) -> None:
        text = next(t for t in months.values() if f"MSitAE-{month}" in t)
        rows = bare(text)
        if unread:
            next(row for row in rows if row[1] == "ZH01")[4] = "n/a"
        text = totalled(rows).replace(f"MSitAE-{month}", f"MSitAE-{stands_as or month}")
        (folder / name).write_text(text, "utf-8")

    (folder / "good.csv").write_text(april, "utf-8")
    month("text.csv", "MAY-2022", unread=True)
    month("future.csv", "AUGUST-2022", "MAY-2031")
    month("twice.csv", "JUNE-2022")
    twice = (folder / "twice.csv").read_text("utf-8")
    doubled = next(line for line in twice.splitlines() if ",ZH01," in line).split(",")
    doubled[4] = str(int(doubled[4]) + 1)
    (folder / "twice.csv").write_text(twice + "\n" + ",".join(doubled), "utf-8")
    month("short.csv", "JULY-2022")
    rows = bare((folder / "short.csv").read_text("utf-8"))
    rows[-1] = rows[-1][:12]
    (folder / "short.csv").write_text(totalled(rows), "utf-8")
    (folder / "unknown.csv").write_text("site,beds\nA,3\n", "utf-8")
    (folder / "empty.csv").touch()
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (folder / "~$lock.xlsx").write_bytes(b"lock")
    shutil.copy(folder / "good.csv", folder / "same again.csv")
    settings = read_settings(folder, {"database": folder / "k.duckdb"}, environ={})
    return check(Request((folder,), settings, now=NOW))


def state(outcome: Outcome, file: str) -> str:
    return next(r.state for r in outcome.readings if r.file == file)


def why(outcome: Outcome, file: str) -> str:
    return next(r.why for r in outcome.readings if r.file == file)


def test_the_good_month_is_published(outcome: Outcome) -> None:
    assert {state(outcome, "good.csv"), state(outcome, "same again.csv")} == {
        "published",
        "unchanged",
    }
    assert outcome.system_values


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("unknown.csv", "no layout recognises it"),
        ("empty.csv", "the file is empty"),
        ("broken.xlsx", "is damaged or cut short"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    outcome: Outcome, file: str, words: str
) -> None:
    assert state(outcome, file) == "refused"
    assert words in why(outcome, file)


def test_lock_files_are_no_files(outcome: Outcome) -> None:
    assert not any("lock" in r.file for r in outcome.readings)


@pytest.mark.parametrize(
    ("file", "value", "organisation"),
    [("text.csv", "n/a", "ZH01"), ("future.csv", "2031-05", ""), ("twice.csv", "", "ZH01")],
)
def test_the_gate_names_file_row_value_and_organisation(
    outcome: Outcome, file: str, value: str, organisation: str
) -> None:
    told = [r for r in outcome.gate.results if r.file == file]
    rows = [row for result in told for row in result.rows]
    assert rows
    assert all(row.file == file for row in rows)
    assert any(row.row and value in row.value for row in rows)
    assert any(row.organisation == organisation or not organisation for row in rows)
    assert all(row.message and row.todo for row in rows)


def test_only_the_bad_organisation_is_held_back(outcome: Outcome) -> None:
    values = outcome.tables.values
    may = values.filter(indicator="uec.ed.attendances", scope="ENGLAND", period="2022-05")
    april = values.filter(indicator="uec.ed.attendances", scope="ENGLAND", period="2022-04")
    assert may["reported"][0] == april["reported"][0] - 1


def test_what_cannot_be_read_fails_or_warns(outcome: Outcome) -> None:
    failing = {r.file for r in outcome.gate.at(GateOutcome.FAIL)}
    assert failing == {"future.csv", "twice.csv", "short.csv"}
    warned = {(r.check, r.file) for r in outcome.gate.at(GateOutcome.WARN)}
    assert ("KG-103", "text.csv") in warned


def test_a_row_cut_short_is_rejected_and_counted(outcome: Outcome) -> None:
    short = next(r for r in outcome.readings if r.file == "short.csv")
    assert short.rejected == 1
    assert short.read == short.loaded + short.set_aside + short.rejected == short.counted


def test_paths_that_are_not_there_are_a_usage_error(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {}, environ={})
    with pytest.raises(UsageError, match="no such file or folder"):
        arrivals(Request((tmp_path / "nowhere",), settings))
    with pytest.raises(UsageError, match="no extracts found"):
        arrivals(Request((tmp_path,), settings))


def test_two_undated_files_that_disagree_wait_for_a_word(few: Path, tmp_path: Path) -> None:
    (april,) = few.glob("*April*")
    text = april.read_text("utf-8")
    rows = bare(text)
    next(row for row in rows if row[1] == "ZH01")[-1] += "1"
    other = few / "other.csv"
    other.write_text(totalled(rows), "utf-8")
    settings = read_settings(few, {"database": tmp_path / "k.duckdb"}, environ={})
    waiting = check(Request((few,), settings, now=NOW))
    assert {state(waiting, april.name), state(waiting, "other.csv")} == {"held_back"}
    assert "nothing says which is later" in why(waiting, "other.csv")
    assert {r.check for r in waiting.gate.at(GateOutcome.FAIL)} == {"KG-105"}

    dated = Request((few,), settings, {"other.csv": NOW.date()}, now=NOW)
    assert state(check(dated), "other.csv") == "published"

    other.unlink()
    alone = Request((few,), replace(settings, tmp_path / "alone.duckdb"), now=NOW)
    assert state(check(alone), april.name) == "published"


def replace(settings: Settings, database: Path) -> Settings:
    return settings.model_copy(update={"database": database})
