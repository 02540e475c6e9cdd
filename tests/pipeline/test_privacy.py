"""A file of persons leaves no trace; a column let through is told."""

from datetime import datetime
from pathlib import Path

import pytest

import kpialign
from kpialign.errors import UsageError
from kpialign.findings import Outcome
from kpialign.pipeline.ledger import inputs_hash
from kpialign.pipeline.request import Request, arrivals, read_allow
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store.database import open_database

NOW = datetime(2026, 11, 2, 9, 30)
BORN = "31/12/1899"


@pytest.fixture
def tainted(few: Path) -> Path:
    """A month with a column too many, and a list without a layout or headings."""
    path = next(few.glob("*April*"))
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head + ",DOB", *(row + "," + BORN for row in rows)]), "utf-8")
    (few / "list.csv").write_text("Ann Other,LS1 4AP\n" * 6, "utf-8")
    return few


def request(folder: Path, *allow: str) -> Request:
    settings = read_settings(folder, {"database": folder / "k.duckdb"}, environ={})
    return Request((folder,), settings, now=NOW, allow=read_allow(allow))


def reading(outcome: Outcome, words: str) -> tuple[str, str]:
    return next((r.state, r.why) for r in outcome.readings if words in r.file)


def test_nothing_of_a_stopped_file_is_kept_or_told(tainted: Path) -> None:
    outcome = check(request(tainted))
    state, why = reading(outcome, "April")
    assert state == "refused"
    assert "column 'DOB' looks like dates of birth" in why
    assert reading(outcome, "list")[0] == "refused"
    assert reading(outcome, "May")[0] == "published"
    assert BORN not in repr(outcome)
    assert "Ann Other" not in repr(outcome).replace("column 'Ann Other'", "")
    with open_database(tainted / "k.duckdb") as connection:
        tables = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
        for table in tables:
            kept = repr(connection.execute(f'SELECT * FROM "{table}"').fetchall())
            assert BORN not in kept
            assert "LS1 4AP" not in kept
    for name in ("k.duckdb", "k.duckdb.wal"):
        if (tainted / name).exists():
            assert BORN.encode() not in (tainted / name).read_bytes()


def test_a_column_let_through_is_published_and_recorded(tainted: Path) -> None:
    april = next(tainted.glob("*April*")).name
    asked = request(tainted, f"{april}:dob")
    outcome = check(asked)
    state, why = reading(outcome, "April")
    assert state == "published"
    assert "column 'DOB' looks like dates of birth" in why
    assert any(note.startswith(f"{april}: column 'DOB'") for note in outcome.notes)
    with open_database(tainted / "k.duckdb") as connection:
        (row,) = connection.execute(
            "SELECT why, notes FROM file WHERE name = ?", [april]
        ).fetchall()
    assert all("--allow let it through" in text for text in row)
    found = arrivals(asked)
    assert inputs_hash(asked, found) != inputs_hash(request(tainted), found)


def test_allow_is_written_as_file_and_column(tainted: Path) -> None:
    april = next(tainted.glob("*April*")).name
    outcome = kpialign.check(
        tainted, database=tainted / "k.duckdb", allow=[f"{april}:DOB", "list.csv:2"]
    )
    assert reading(outcome, "April")[0] == "published"
    assert "no layout recognises it" in reading(outcome, "list")[1]
    for text in ("x.csv", ":DOB", "x.csv: "):
        with pytest.raises(UsageError, match="write it as FILE:COLUMN"):
            read_allow([text])
