"""Commands that tell again what was published take workspace and system of the last run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from kpialign.cli.again import settings_again
from kpialign.pipeline.ledger import Summary, enter, remembered
from kpialign.pipeline.request import Request
from kpialign.settings import Settings
from kpialign.store.database import open_database


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database of a run on a workspace of its own, with a system in front."""
    (tmp_path / "here").mkdir()
    (tmp_path / "sample").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    database = Path("k.duckdb")
    with open_database(database) as connection:
        connection.execute(
            "INSERT INTO run (run_id, recorded_at, version, inputs_hash, outcome, screen, "
            "findings_json) VALUES (1, TIMESTAMP '2026-11-02', '1', '', '', '', '')"
        )
    settings = Settings(database=database, workspace=Path("../sample"), system="QRL")
    request = Request((), settings, now=datetime(2026, 11, 2))
    enter(request, 1, "i", Summary("pass", (), ()), screen="s", findings_json="{}")
    return tmp_path


def test_the_last_run_is_told_of_from_where_its_database_lies(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = settings_again(None, {"database": Path("k.duckdb")})
    assert (found.system, found.workspace) == ("QRL", Path("../sample"))
    assert "as in the last run: workspace" in capsys.readouterr().err
    monkeypatch.chdir(place)
    moved = settings_again(None, {"database": Path("here/k.duckdb")})
    assert (moved.system, moved.workspace) == ("QRL", Path("sample"))


def test_what_is_said_stands_before_the_last_run(place: Path) -> None:
    database = {"database": Path("k.duckdb")}
    assert settings_again(None, {**database, "system": "QU9"}).system == "QU9"
    assert settings_again(None, {**database, "system": "England"}).system == ""
    assert settings_again(place, database).workspace == place
    Path("kpialign.toml").write_text('system = "QT1"\n')
    assert settings_again(None, database).system == "QT1"
    assert settings_again(None, database).workspace == Path()


def test_a_workspace_that_is_gone_and_a_database_that_never_was_say_nothing(place: Path) -> None:
    (place / "sample").rmdir()
    assert settings_again(None, {"database": Path("k.duckdb")}).workspace == Path()
    assert remembered(place / "none.duckdb").system == ""
