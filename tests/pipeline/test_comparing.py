"""What changed between two runs: figures, findings, definitions."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.store.test_publish import publish_files

from kpialign.cli.commands.diff import command
from kpialign.errors import UsageError
from kpialign.findings.compared import Difference
from kpialign.library import Library, load
from kpialign.pipeline.comparing import compare, runs
from kpialign.pipeline.keeping import keep_definitions
from kpialign.shipped import shipped
from kpialign.store.database import open_database

FOUND = {
    1: {"kept": ("supported", 0.5), "turned": ("not_supported", 0.1), "left": ("opposite", -0.3)},
    2: {"kept": ("supported", 0.52), "turned": ("supported", 0.4), "came": ("supported", 0.6)},
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def enter(database: Path, run: int, own: Path, found: dict[str, tuple[str, float]]) -> None:
    with open_database(database) as connection:
        keep_definitions(connection, run, own)
        for arrow, (verdict, r) in found.items():
            connection.execute(
                "INSERT INTO finding VALUES (?, 'KA-UEC-002', ?, '', ?, ?, NULL, NULL, NULL)",
                [run, arrow, verdict, r],
            )


@pytest.fixture(scope="module")
def database(sample: Path, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CSV of March 2023; its revision; the same once more; and a run that broke off."""
    folder = tmp_path_factory.mktemp("compared")
    own, path = folder / "definitions", folder / "k.duckdb"
    own.mkdir()
    publish_files(
        path, [sample / "ae" / "Monthly-AE-March-2023.csv"], library, datetime(2023, 4, 1)
    )
    enter(path, 1, own, FOUND[1])
    (own / "flood.yaml").write_text("id: flood\n", "utf-8")
    workbook = list((sample / "ae").glob("*.xls"))
    publish_files(path, workbook, library, datetime(2023, 6, 1))
    enter(path, 2, own, FOUND[2])
    publish_files(path, workbook, library, datetime(2023, 7, 1))
    enter(path, 3, own, FOUND[2])
    publish_files(path, workbook, library, datetime(2023, 8, 1))
    return path


def test_the_last_two_that_differ_are_compared(database: Path, library: Library) -> None:
    found = compare(database, library)
    assert found is not None
    assert (found.was.run_id, found.now.run_id) == (1, 3)
    assert [line.finished for line in runs(database)] == [True, True, True, False]


def test_each_revised_figure_is_told_with_its_file(database: Path, library: Library) -> None:
    found = compare(database, library, 1, 2)
    assert found is not None
    told = {(r.organisation, r.item): r for r in found.revised}
    one = told["ZH29", "A&E attendances, type 3 (other and minor injury), not booked"]
    assert (one.period, one.was, one.now, one.published_on) == ("2023-03", 6167, 7213, "2023-05-11")
    assert one.was_file.endswith(".csv")
    assert one.now_file.endswith(".xls")
    assert dict(found.figures)["revised"] == len(found.revised)


def test_findings_are_new_gone_turned_or_still_there(database: Path, library: Library) -> None:
    found = compare(database, library)
    assert found is not None
    assert {f.arrow: f.became for f in found.findings} == {
        "kept": "still there", "turned": "verdict changed", "left": "gone", "came": "new",
    }  # fmt: skip
    turned = next(f for f in found.findings if f.arrow == "turned")
    assert (turned.was_verdict, turned.now_verdict) == ("not_supported", "supported")
    assert (turned.was_r, turned.now_r) == (0.1, 0.4)


def test_definitions_that_differ_are_named(database: Path, library: Library) -> None:
    found: Difference | None = compare(database, library)
    assert found is not None
    assert found.definitions == (("definitions/flood.yaml", "new"),)


def test_equal_runs_differ_in_nothing_and_one_run_has_nothing_to_compare_with(
    database: Path, library: Library, tmp_path: Path
) -> None:
    found = compare(database, library, 2, 3)
    assert found is not None
    assert (found.figures, found.revised, found.definitions) == ((), (), ())
    assert {f.became for f in found.findings} == {"still there"}
    assert compare(database, library, None, 1) is None
    with pytest.raises(UsageError, match="there is no run 9"):
        compare(database, library, 9)


def test_the_command_tells_it_as_text_as_json_and_lists_the_runs(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(database, tmp_path / "kpialign.duckdb")
    text = CliRunner().invoke(command, []).stdout
    assert "6,167 → 7,213 (published 11 May 2023); " in text
    assert "FINDINGS  3 changed, 1 still there" in text
    assert "verdict changed: KA-UEC-002 turned: not supported, r +0.10 → supported, r +0.40" in text
    assert "new: definitions/flood.yaml" in text
    told = json.loads(CliRunner().invoke(command, ["--format", "json"]).stdout)
    assert (told["from"]["run_id"], told["to"]["run_id"]) == (1, 3)
    assert told["definitions"] == {"definitions/flood.yaml": "new"}
    lines = CliRunner().invoke(command, ["--list"]).stdout.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("run 1, 2023-04-01")
    assert lines[3].endswith("did not finish")
