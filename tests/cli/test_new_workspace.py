from pathlib import Path

import pytest
from click.testing import CliRunner

from kpialign.cli.commands.new import command
from kpialign.errors import UsageError
from kpialign.extracts.document import WORKSPACE_FILES
from kpialign.extracts.workspace import read_workspace
from kpialign.library import in_force
from kpialign.settings import read_settings


def test_a_new_workspace_is_read_as_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "q r & l"
    made = CliRunner().invoke(command, ["workspace", str(folder), "--system", "QRL"])
    assert made.exit_code == 0, made.exception
    assert len(made.stdout.splitlines()) == 7
    settings = read_settings(folder, {}, environ={})
    assert settings.system == "QRL"
    assert in_force(settings.definitions).replaced == ()
    facts = read_workspace(folder)
    assert facts.links.is_empty()
    assert facts.succession.is_empty()
    assert {path.name for path in folder.glob("*.csv")} <= WORKSPACE_FILES


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("mine", "utf-8")
    made = CliRunner().invoke(command, ["workspace", str(tmp_path)])
    assert "links.csv: is there already" in made.stderr
    assert (tmp_path / "links.csv").read_text("utf-8") == "mine"
    assert (tmp_path / "kpialign.toml").is_file()
    assert read_settings(tmp_path, {}, environ={}).system == ""


@pytest.mark.parametrize("system", ['Q"', "Q\nreport = 1", "Q R"])
def test_a_system_that_is_no_code_is_refused(tmp_path: Path, system: str) -> None:
    made = CliRunner().invoke(command, ["workspace", str(tmp_path / "x"), "--system", system])
    assert isinstance(made.exception, UsageError)
    assert not (tmp_path / "x").exists()


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", "utf-8")
    made = CliRunner().invoke(command, ["workspace", str(tmp_path / "x")])
    assert "is a file" in str(made.exception)
