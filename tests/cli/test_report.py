from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from fixtures.told import told
from kpialign.cli.commands import report
from kpialign.cli.commands.report import command
from kpialign.findings import Outcome
from kpialign.outputs import pack
from kpialign.outputs.pack.choice import Choice
from kpialign.pipeline import retelling
from kpialign.pipeline.request import Request
from kpialign.settings import Settings


def run(*args: object) -> tuple[int, str]:
    done = CliRunner().invoke(command, [str(a) for a in args], standalone_mode=False)
    return (1 if done.exception else done.exit_code), f"{done.output}{done.exception or ''}"


def test_without_a_database_it_says_what_to_run_first(tmp_path: Path) -> None:
    code, said = run("--database", tmp_path / "none.duckdb")
    assert code
    assert "Run `kpialign check` first" in said


def test_endings_and_templates_are_held_to_what_there_is(tmp_path: Path) -> None:
    code, said = run("--output", tmp_path / "pack.odt")
    assert code
    assert "end it in one of html, docx, pptx, pdf, xlsx, md" in said
    (tmp_path / "t.odt").touch()
    code, said = run("--template", tmp_path / "t.odt")
    assert "a .odt file cannot be one" in said


def test_formats_of_the_command_are_those_there_are() -> None:
    assert sorted(report.FORMATS) == sorted(pack.kinds())


def test_only_takes_sections_and_rules_and_stands_before_pack_toml() -> None:
    known = Choice(sections=("method",), rules=("KA-UEC-001",))
    assert report._wanted(known, (), ()) == known
    found = report._wanted(known, ("headline", "KA-UEC-002"), ())
    assert found.sections == ("headline", "findings")
    assert found.rules == ("KA-UEC-002",)


def test_outputs_lie_in_the_report_folder_unless_they_are_named() -> None:
    settings = Settings(report=Path("r"))
    assert list(report._targets((), (), settings)) == [("html", Path("r/pack.html"))]
    assert list(report._targets((), (Path("b.PDF"),), settings)) == [("pdf", Path("b.PDF"))]
    both = list(report._targets(("md",), (Path("b.pdf"),), settings))
    assert [kind for kind, _ in both] == ["pdf", "md"]


def test_a_pack_for_each_system_is_written_beside_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def retold(settings: Settings, published_on: object = None) -> object:
        asked.append(settings.system)
        return told()

    monkeypatch.setattr("kpialign.pipeline.retelling.retold", retold)
    monkeypatch.setattr("kpialign.pipeline.retelling.difference", lambda settings: None)
    target = tmp_path / "b.md"
    code, said = run("--systems", "QRL,QU9", "--output", target, "--only", "method")
    assert code == 0, said
    assert asked == ["QRL", "QU9"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b-QRL.md", "b-QU9.md"]


@pytest.mark.slow
def test_what_is_retold_is_what_the_run_said(
    sample_outcome: Outcome, sample_request: Request
) -> None:
    again = retelling.retold(sample_request.settings)
    assert [r.file for r in again.readings] == [r.file for r in sample_outcome.readings]
    assert again.gate.outcome == sample_outcome.gate.outcome
    assert again.basis_note == sample_outcome.basis_note
    assert again.system_values == sample_outcome.system_values
    assert again.findings == sample_outcome.findings
    bodies = again.tables.bodies
    assert bodies is not None
    assert bodies.filter(pl.col("here"))["organisation"].unique().sort().to_list() == [
        "ZA06", "ZH27", "ZH29", "ZH31",
    ]  # fmt: skip
