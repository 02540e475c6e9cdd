import sys
from pathlib import Path

import duckdb
import pytest

from cli.command import run
from kpialign.cli.commands import doctor


def test_a_folder_without_anything_is_ready(tmp_path: Path) -> None:
    done = run("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert all(line.startswith("ok ") for line in done.stdout.splitlines())
    assert "`kpialign check` makes it" in done.stdout
    assert "text has ink" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_everything_that_has_to_be_mended_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "definitions" / "measures").mkdir(parents=True)
    (tmp_path / "definitions" / "measures" / "a.yaml").write_text("id: own\n", "utf-8")
    (tmp_path / "kpialign.duckdb").write_text("not a database", "utf-8")
    done = run("doctor", cwd=tmp_path)
    assert done.returncode == 3
    mend = [line for line in done.stdout.splitlines() if line.startswith("mend")]
    assert len(mend) == 2
    assert "a.yaml:1" in done.stdout
    assert "kpialign.duckdb" in mend[1]
    assert "Traceback" not in done.stderr
    assert (tmp_path / "kpialign.duckdb").read_text("utf-8") == "not a database"


def test_a_setting_that_does_not_exist_is_told(tmp_path: Path) -> None:
    (tmp_path / "kpialign.toml").write_text('sistem = "QRL"\n', "utf-8")
    done = run("doctor", cwd=tmp_path)
    assert done.returncode == 3
    assert "Did you mean system?" in done.stdout


def test_a_format_whose_library_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    done = run("doctor", cwd=tmp_path)
    assert done.returncode == 0
    assert "cannot write docx yet" in done.stdout


def test_no_room_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ROOM", 10**18)
    done = run("doctor", cwd=tmp_path)
    assert done.returncode == 3
    assert "Make room" in done.stdout


def test_files_that_are_known_are_counted(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "kpialign.duckdb")) as connection:
        connection.execute("CREATE TABLE file AS SELECT 1 AS file FROM range(3)")
    done = run("doctor", cwd=tmp_path)
    assert "it knows 3 files" in done.stdout
