"""False alarms on the figures at hand: measured, kept in the workspace, put beside findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kpialign.cli.commands.calibrate import command
from kpialign.conflicts.judge import judge
from kpialign.errors import UsageError
from kpialign.findings import Calibration, Finding, Outcome
from kpialign.library import Library, load
from kpialign.outputs.wording import beside
from kpialign.pipeline.calibrating import CALIBRATION_FILE, calibrated, rendered
from kpialign.pipeline.request import Request
from kpialign.proving.calibrate import measured
from kpialign.proving.rules import invent
from kpialign.shipped import shipped


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


@pytest.fixture(scope="module")
def judged(library: Library) -> tuple[Finding, Calibration]:
    rule = library.conflicts["KA-UEC-002"]
    network = invent(rule, rule.tests[0], library, seed=1)
    [found] = judge([rule], library.indicators, network, {}).findings
    return found, measured(rule, rule.links[0], library, network, draws=40, seed=1)


def test_a_planted_link_is_no_false_alarm(judged: tuple[Finding, Calibration]) -> None:
    found, seen = judged
    assert found.verdict == "supported"
    assert (seen.rule, seen.plan_hash, seen.ties, seen.unlinked) == (
        "KA-UEC-002", found.plan_hash, 11, 110,
    )  # fmt: skip
    assert (seen.looks, seen.draws) == (12, 40)
    assert seen.once <= seen.ever <= 0.3


def test_it_stands_beside_the_arrow_it_was_measured_of(
    judged: tuple[Finding, Calibration], tmp_path: Path
) -> None:
    found, seen = judged
    (tmp_path / CALIBRATION_FILE).write_text(rendered([seen]), "utf-8")
    [told], notes = calibrated([found], tmp_path)
    assert notes == ()
    kept = told.arrows[0].calibration
    assert kept == replace(
        seen,
        **{name: pytest.approx(getattr(seen, name), abs=1e-4) for name in (
            "model_declared", "model_other", "deciding_declared", "deciding_other", "once", "ever",
        )},
    )  # fmt: skip
    assert "at any of 12 monthly looks" in beside.calibration(told.arrows[0])
    assert beside.calibration(found.arrows[0]) == ""


def test_what_was_measured_of_another_plan_is_left_out(
    judged: tuple[Finding, Calibration], tmp_path: Path
) -> None:
    found, seen = judged
    (tmp_path / CALIBRATION_FILE).write_text(rendered([replace(seen, plan_hash="x")]), "utf-8")
    [told], [note] = calibrated([found], tmp_path)
    assert told.arrows[0].calibration is None
    assert "KA-UEC-002 had another plan" in note


@pytest.mark.parametrize("text", ["rule,arrow\nKA-UEC-002,starve\n", "nonsense\n1\n"])
def test_a_spoilt_file_costs_a_note_and_no_run(
    judged: tuple[Finding, Calibration], tmp_path: Path, text: str
) -> None:
    (tmp_path / CALIBRATION_FILE).write_text(text, "utf-8")
    told, [note] = calibrated([judged[0]], tmp_path)
    assert told == (judged[0],)
    assert "run that again" in note


def test_the_command_measures_what_was_published(
    sample_outcome: Outcome, sample_request: Request, tmp_path: Path
) -> None:
    database = sample_request.settings.database
    args = ["--workspace", str(tmp_path), "--database", str(database), "--draws", "20"]
    done = CliRunner().invoke(command, args)
    assert done.exit_code == 0, done.exception
    with_figures = {f.rule for f in sample_outcome.findings if f.arrows[0].pooled}
    assert with_figures <= {line.split(",")[0] for line in _lines(tmp_path)}
    assert "seed 2026" in done.stderr
    before = _lines(tmp_path)
    assert CliRunner().invoke(command, [*args, "--dry-run"]).exit_code == 0
    assert _lines(tmp_path) == before


def _lines(folder: Path) -> list[str]:
    return (folder / CALIBRATION_FILE).read_text("utf-8").splitlines()


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["--database", str(tmp_path / "k.duckdb")])
    assert isinstance(done.exception, UsageError)
