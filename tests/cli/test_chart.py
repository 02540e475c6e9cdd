"""``kpialign chart``: one chart of what was published, in every form a paper takes."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.fixtures.told import told as invented

import kpialign as ka
from kpialign import charts
from kpialign.cli.commands.chart import command
from kpialign.errors import UsageError
from kpialign.findings import Outcome
from kpialign.outputs.run import charts_folder


@pytest.fixture(scope="module")
def database(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("charted") / "k.duckdb"
    ka.check(sample / "ambulance", database=place, workspace=place.parent)
    return place


def draw(database: Path, *args: object) -> Result:
    return CliRunner().invoke(command, [*map(str, args), "--database", str(database)])


def test_what_can_be_drawn_is_listed(database: Path) -> None:
    lines = draw(database, "--list").stdout.splitlines()
    assert "system  ENGLAND" in lines
    assert "process  ENGLAND amb.handover.mean" in lines
    assert draw(database).stdout.splitlines() == lines


def test_one_chart_in_every_form(database: Path, tmp_path: Path) -> None:
    forms = ("svg", "png", "json", "csv", "txt", "md", "qmd")
    files = [tmp_path / f"handover.{form}" for form in forms]
    wanted = [part for file in files for part in ("--output", file)]
    done = draw(database, "ENGLAND", "amb.handover.mean", *wanted)
    assert done.exit_code == 0, done.output
    texts = {f.suffix[1:]: f.read_text("utf-8") for f in files if f.suffix != ".png"}
    assert files[1].read_bytes().startswith(b"\x89PNG")
    assert texts["txt"] in done.output
    assert json.loads(texts["json"])["description"] == texts["txt"].strip()
    rows = list(csv.DictReader(texts["csv"].splitlines()))
    assert rows[-1]["variation"]
    assert texts["md"].startswith("![Process chart of ")
    assert "(handover.svg)" in texts["md"]
    assert '{#fig-england-amb-handover-mean-process fig-alt="Process chart' in texts["qmd"]


def test_without_a_file_it_is_named_after_itself(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    draw(database, "ENGLAND", "--kind", "system")
    assert [path.name for path in tmp_path.iterdir()] == ["ENGLAND_system.png"]


def test_drawing_enters_nothing(database: Path, tmp_path: Path) -> None:
    before = database.read_bytes()
    draw(database, "ENGLAND", "--kind", "system", "--output", tmp_path / "a.txt")
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("ENGLND",), "Did you mean ENGLAND?"),
        (("ENGLAND", "amb.handover.meen"), "Did you mean amb.handover.mean?"),
        (("ENGLAND", "--kind", "proces"), "Did you mean process?"),
        (("ENGLAND", "--output", "a.gif"), "end it in one of .svg"),
    ],
)
def test_a_mistake_is_told_with_a_way_out(
    database: Path,
    args: tuple[str, ...],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = draw(database, *args)
    assert isinstance(done.exception, UsageError)
    assert told in str(done.exception)
    assert not list(tmp_path.iterdir())


def test_without_a_run_there_is_nothing_to_draw(tmp_path: Path) -> None:
    done = draw(tmp_path / "none.duckdb", "ENGLAND")
    assert isinstance(done.exception, UsageError)
    assert "Run `kpialign check` first" in str(done.exception)


def test_names_are_no_markdown() -> None:
    outcome: Outcome = invented()
    drawn = charts.picture(outcome, "QRL", kind="system")
    spoiled = replace(drawn, chart=drawn.chart.properties(description="a](x) <b>\n*c*"))
    text = charts_folder.snippet(spoiled, "a.svg", quarto=False)
    assert text.startswith(r"![a\]\(x\) \<b\> \*c\*](a.svg)")
