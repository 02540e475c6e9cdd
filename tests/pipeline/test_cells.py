"""Cells counted by a second reader become figures, gaps, rejects or repeats, or nothing does."""

import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from fixtures.totalled import bare, totalled
from kpialign.extracts.cells import mapped_cells
from kpialign.findings import CellCount, FileReading, Outcome
from kpialign.pipeline import reading
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.terms import GateOutcome
from store.test_kill import rows

ITEMS = 18  # columns of the A&E extract that carry an item


def run(folder: Path) -> Outcome:
    settings = read_settings(folder, {"database": folder / "kpialign.duckdb"}, environ={})
    return check(Request((folder,), settings, now=datetime(2026, 11, 2)))


def spoiled(folder: Path, sample: Path) -> Path:
    """A month with three words for figures, gaps by rule, and one row sent twice."""
    path = folder / "april.csv"
    kept = bare((sample / "ae" / "Monthly-AE-April-2022.csv").read_text("utf-8"))
    kept[3][4], kept[4][4], kept[5][4] = "n/a", "-", "five"
    path.write_text(totalled([*kept, kept[8]], kept[1:]), "utf-8")
    return path


def test_cells_of_a_file_add_up_and_stay_known(tmp_path: Path, sample: Path) -> None:
    spoiled(tmp_path, sample)
    (first,) = run(tmp_path).readings
    (again,) = run(tmp_path).readings
    assert first.cells is not None
    assert first.cells.read == first.loaded * ITEMS
    assert first.cells.rejected == 3
    assert first.cells.repeated == ITEMS
    assert first.cells.missing >= 1
    assert first.cells.read == (
        first.cells.figures + first.cells.missing + first.cells.rejected + first.cells.repeated
    )
    assert (again.state, again.cells) == ("unchanged", first.cells)
    stored = rows(tmp_path, "SELECT status FROM data_item_value")
    held = rows(tmp_path, "SELECT * FROM quarantine WHERE reason = 'held back by the gate'")
    assert len(held) == ITEMS  # the organisation that was sent twice
    assert len(stored) + len(held) + first.cells.repeated == first.cells.read


@pytest.mark.parametrize("step", [-1, 1])
def test_a_file_whose_cells_do_not_add_up_is_not_published(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    shutil.copy(sample / "ae" / "Monthly-AE-April-2022.csv", tmp_path)

    def other(fields: pl.DataFrame) -> pl.DataFrame:
        return mapped_cells(fields).with_columns(pl.col("cells") + step)

    monkeypatch.setattr(reading, "mapped_cells", other)
    outcome = run(tmp_path)
    (held,) = outcome.readings
    assert held.state == "held_back"
    assert f"a second count finds {72 * (ITEMS + step)} cells" in held.why
    assert {r.check for r in outcome.gate.at(GateOutcome.FAIL)} == {"KG-107"}
    assert rows(tmp_path, "SELECT * FROM data_item_value") == []


def test_figures_above_the_headings_are_no_titles(tmp_path: Path, sample: Path) -> None:
    text = (sample / "ae" / "Monthly-AE-April-2022.csv").read_text("utf-8")
    heading, *data = bare(text)
    heading, *after = totalled([heading, *data[3:]]).splitlines()
    above = [",".join(row) for row in data[:3]]
    lines = ["Title,2022,4", "1,," + "2," * 20, *above, heading, *after]
    (tmp_path / "april.csv").write_text("\n".join(lines), "utf-8")
    outcome = run(tmp_path)
    assert [reading.state for reading in outcome.readings] == ["held_back"]
    (told,) = outcome.gate.at(GateOutcome.FAIL)
    assert (told.check, [issue.row for issue in told.rows]) == ("KG-108", [3, 4, 5])


def test_every_layout_of_the_sample_adds_up(sample_outcome: Outcome) -> None:
    counted = [r for r in sample_outcome.readings if r.cells is not None]
    assert {r.layout for r in counted} == {
        "nhse.ae.csv", "nhse.ae.workbook", "nhse.ambsys",
    }  # fmt: skip
    assert not [r.file for r in counted if not _adds_up(r)]


def _adds_up(read: FileReading) -> bool:
    cells = read.cells or CellCount(0, 1, 0, 0, 0)
    return cells.read == cells.figures + cells.missing + cells.rejected + cells.repeated
