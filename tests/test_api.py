"""The public functions, called as an analyst's script calls them."""

from datetime import date
from importlib import import_module
from pathlib import Path

import altair as alt
import duckdb
import pandas as pd
import polars as pl
import pytest

import kpialign as ka
from kpialign import evidence
from kpialign.errors import GateFailed, UsageError
from kpialign.findings import Gated, Outcome
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


def same(one: Gated, other: Gated) -> bool:
    """Whether both let the same figures go on, whatever their file is called."""
    kept = ["column", "organisation", "role", "period", "item", "value", "status"]
    return one.good.select(kept).equals(other.good.select(kept))


def test_the_gate_is_asked_of_a_file_and_of_every_kind_of_frame(few: Path, elsewhere: Path) -> None:
    path = min(few.iterdir())
    of_file = ka.gate(path)
    assert of_file.outcome is GateOutcome.PASS
    assert (elsewhere / "kpialign.duckdb").is_file()
    (elsewhere / "kpialign.duckdb").unlink()
    frame = pl.read_csv(path)
    relation = duckdb.connect().read_csv(str(path))
    keyed = pd.read_csv(path).set_index(["Period", "Org Code"])
    for given in (frame, frame.lazy(), pd.read_csv(path), keyed, relation, frame.to_arrow()):
        gated = ka.gate({"april": given})
        assert same(gated, of_file)
        assert set(gated.good["file"]) == {"april.parquet"}
        assert gated.good["row"].min() == 1
    assert list(elsewhere.iterdir()) == []  # nothing is kept of frames alone
    assert ka.gate(frame).readings[0].file == "frame.parquet"


def test_the_row_of_a_frame_is_told_and_the_gate_raises_only_when_asked(elsewhere: Path) -> None:
    place = {"organisation": "ZH01", "role": "hospital", "period": "2026-03"}
    rows = [
        {**place, "item": "ae.attendances.type1", "value": 900},
        {**place, "item": "ae.attendances.type2", "value": -3},
    ]
    gated = ka.gate({"ours": pl.DataFrame(rows)}, audience="internal")
    assert set(gated.rejected.select("file", "row", "check").rows()) == {
        ("ours.parquet", 1, "KG-006"), ("ours.parquet", 2, "KG-006"),
    }  # fmt: skip
    gated.raise_for_gate(at=GateOutcome.ERROR)
    with pytest.raises(GateFailed, match="gate: fail"):
        gated.raise_for_gate()


def test_frames_beside_files_and_a_named_database_are_kept(few: Path, elsewhere: Path) -> None:
    first, second, _ = sorted(few.iterdir())
    both = ka.gate({"a": pl.read_csv(first), "b": second}, database="own.duckdb")
    assert set(both.good["file"]) == {"a.parquet", second.name}
    with duckdb.connect("own.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT files FROM gate_run").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([pl.DataFrame({"a": [1]})], "Give several frames as"),
        ({"../a": pl.DataFrame({"a": [1]})}, "Use a plain word"),
        ({"a": pd.DataFrame({"a": [1, "x"]})}, "make it text"),
        ({"a": 5}, "neither a path nor a frame"),
        ("nowhere", "there is no such file"),
    ],
)
def test_what_is_no_frame_and_no_file_is_a_usage_error(
    elsewhere: Path, given: object, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        ka.gate(given)


def test_the_gate_stays_a_function_when_its_package_is_imported() -> None:
    import_module("kpialign.gate.run")
    assert callable(ka.gate)


def test_months_are_counted_in_the_boundaries_asked_for(few: Path, elsewhere: Path) -> None:
    told = {b: ka.check(few, boundaries=b).basis_note for b in ("now", "then")}
    assert "boundaries of Jun 2022" in told["now"]
    assert "boundaries of each month" in told["then"]
    with pytest.raises(UsageError, match="setting boundaries: Input should be 'now' or 'then'"):
        ka.check(few, boundaries="later")
