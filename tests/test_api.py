"""The public functions, called as an analyst's script calls them."""

from datetime import date
from pathlib import Path

import altair as alt
import pytest

import kpialign as ka
from kpialign import evidence
from kpialign.errors import GateFailed, UsageError
from kpialign.findings import Outcome
from kpialign.terms import GateOutcome


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a workspace to run in."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def tampered(folder: Path) -> Path:
    """The file of the folder whose printed total no longer is the sum of its rows."""
    path = next(iter(sorted(folder.iterdir())))
    lines = path.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if ",ZH02," in line)
    cells = lines[number].split(",")
    cells[4] = str(int(cells[4]) + 900)
    lines[number] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_good_extracts_pass_and_come_back_as_an_outcome(few: Path, elsewhere: Path) -> None:
    outcome = ka.check(few, database="k.duckdb")
    assert isinstance(outcome, Outcome)
    assert outcome.period == "2022-06"
    assert [reading.state for reading in outcome.readings] == ["published"] * 3
    assert outcome.gate.outcome is GateOutcome.PASS
    outcome.raise_for_gate()
    outcome.raise_for_gate(at=GateOutcome.WARN)
    assert {path.name for path in elsewhere.iterdir()} == {"k.duckdb", "k.duckdb.manifest"}


def test_a_tampered_file_is_in_the_outcome_and_raises_only_when_asked(
    few: Path, elsewhere: Path
) -> None:
    bad = tampered(few)
    outcome = ka.check([str(path) for path in sorted(few.iterdir())], database="k.duckdb")
    held = [reading.file for reading in outcome.readings if reading.state == "held_back"]
    assert held == [bad.name]
    outcome.raise_for_gate(at=GateOutcome.ERROR)
    with pytest.raises(GateFailed, match="gate: fail"):
        outcome.raise_for_gate()


def test_an_undated_file_can_be_dated_and_the_workspace_named(few: Path, elsewhere: Path) -> None:
    (elsewhere / "kpialign.toml").write_text('database = "own.duckdb"\n', "utf-8")
    name = min(path.name for path in few.iterdir())
    outcome = ka.check(few, workspace=elsewhere, published={name: date(2022, 5, 12)})
    dated = {reading.file: reading.published_on for reading in outcome.readings}
    assert dated.pop(name) == "2022-05-12"
    assert set(dated.values()) == {""}
    assert (elsewhere / "own.duckdb").is_file()


def test_what_is_not_there_is_a_usage_error(few: Path, elsewhere: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        ka.check("nowhere", database="k.duckdb")


@pytest.mark.parametrize(("about", "kind"), [("KA-UEC-002", "forest"), ("ENGLAND", "system")])
def test_charts_of_a_run_are_altair_charts_with_figures(
    sample_outcome: Outcome, about: str, kind: str
) -> None:
    chart = ka.chart(sample_outcome, about, kind=kind)
    assert isinstance(chart, alt.VConcatChart)
    told = chart.to_dict()
    assert sum(len(rows) for rows in told["datasets"].values()) > 10
    assert ka.chart(sample_outcome, about, kind=kind).to_dict() == told


def test_a_chart_that_is_not_there_names_the_nearest(sample_outcome: Outcome) -> None:
    with pytest.raises(UsageError, match="KA-UEC-00"):
        ka.chart(sample_outcome, "KA-UEC-020")


@pytest.mark.parametrize("name", ["association", "density_test", "pool", "step"])
def test_the_statistics_are_those_of_the_runs(name: str) -> None:
    assert getattr(ka, name) is getattr(evidence, name)


def test_months_are_counted_in_the_boundaries_asked_for(few: Path, elsewhere: Path) -> None:
    told = {b: ka.check(few, boundaries=b).basis_note for b in ("now", "then")}
    assert "boundaries of Jun 2022" in told["now"]
    assert "boundaries of each month" in told["then"]
    with pytest.raises(UsageError, match="setting boundaries: Input should be 'now' or 'then'"):
        ka.check(few, boundaries="later")
