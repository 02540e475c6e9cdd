"""Exceptions of a workspace: applied loudly, gated again when edited or run out, kept."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from fixtures.totalled import bare, totalled
from kpialign.errors import DefinitionError
from kpialign.findings import Outcome
from kpialign.pipeline.ledger import inputs_hash
from kpialign.pipeline.request import Request, arrivals
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store import kept
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

ONE = """\
exceptions:
  - id: ex.april
    check: KG-006
    files: april*
    organisations: {who}
    periods: 2022-04
    at_most: warn
    why: the trust mends it with the figures of May
    by: A. Person, information manager
    until: {until}
"""


@pytest.fixture(scope="module")
def extract(sample: Path) -> tuple[str, str]:
    """A month of A&E in which one trust has a negative figure; and that trust."""
    text = (sample / "ae" / "Monthly-AE-April-2022.csv").read_text("utf-8")
    lines = bare(text)
    at = lines[0].index("Other emergency admissions")
    lines[3][at] = "-5"
    return totalled(lines), lines[3][1]


@pytest.fixture
def folder(tmp_path: Path, extract: tuple[str, str]) -> Path:
    (tmp_path / "april.csv").write_text(extract[0], "utf-8")
    (tmp_path / "exceptions").mkdir()
    return tmp_path


def ask(folder: Path, who: str = "", until: str = "2026-12-31") -> None:
    path = folder / "exceptions" / "ours.yaml"
    path.unlink(missing_ok=True)
    if who:
        path.write_text(ONE.format(who=who, until=until), "utf-8")


def request(folder: Path, day: date = date(2026, 11, 2)) -> Request:
    settings = read_settings(folder, {"database": folder / "k.duckdb"}, environ={})
    return Request((folder / "april.csv",), settings, now=datetime(day.year, day.month, day.day))


def run(folder: Path, day: date = date(2026, 11, 2)) -> Outcome:
    return check(request(folder, day))


def negative(outcome: Outcome) -> tuple[GateOutcome, ...]:
    return tuple(r.outcome for r in outcome.gate.results if r.check == "KG-006" and r.failed)


def months_of(folder: Path, who: str) -> int:
    with open_database(folder / "k.duckdb") as connection:
        return len(
            connection.execute(
                "SELECT DISTINCT period FROM data_item_value WHERE organisation = ?", [who]
            ).fetchall()
        )


def test_an_exception_lets_a_month_through_and_ends(folder: Path, extract: tuple[str, str]) -> None:
    who = extract[1]
    assert negative(run(folder)) == (GateOutcome.FAIL,)
    assert months_of(folder, who) == 0
    ask(folder, who)
    outcome = run(folder)
    assert negative(outcome) == (GateOutcome.WARN,)
    assert [r.state for r in outcome.readings] == ["published"]
    assert months_of(folder, who) == 1
    said = "exception ex.april makes KG-006 warn at most in 1 file"
    assert any(note.startswith(said) for note in outcome.notes)
    again = run(folder, date(2026, 12, 1))
    assert [r.state for r in again.readings] == ["unchanged"]
    assert negative(again) == (GateOutcome.WARN,)
    assert any(note.startswith(said) for note in again.notes)
    assert "exception ex.april runs out on 2026-12-31" in again.notes
    over = run(folder, date(2027, 1, 1))
    assert negative(over) == (GateOutcome.FAIL,)
    assert "exception ex.april ran out on 2026-12-31: KG-006 speaks as before" in over.notes


def test_every_failing_row_outlives_the_reading_of_its_file(folder: Path) -> None:
    first, again = run(folder), run(folder)
    assert [r.state for r in again.readings] == ["unchanged"]
    assert first.gate.faults.height > 0
    columns = ["check", "file", "row", "column", "organisation"]
    known = again.gate.faults.sort(columns)
    assert known.equals(first.gate.faults.sort(columns))


def test_an_exception_that_fits_nothing_is_noted_and_reads_nothing_again(folder: Path) -> None:
    run(folder)
    (folder / "exceptions" / "ours.yaml").write_text(
        ONE.format(who="RXX", until="2027-12-31").replace("april*", "may*"), "utf-8"
    )
    outcome = run(folder)
    assert [r.state for r in outcome.readings] == ["unchanged"]
    assert "exception ex.april changed nothing; is it still needed?" in outcome.notes


def test_faults_of_exceptions_are_told_all_at_once_with_their_lines(folder: Path) -> None:
    path = folder / "exceptions" / "ours.yaml"
    wrong = ONE.format(who="RXX", until="soon").replace("    why:", "    wy:")
    path.write_text(wrong, "utf-8")
    with pytest.raises(DefinitionError) as caught:
        run(folder)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [
        (str(path), line) for line in (2, 8, 10)
    ]
    path.write_text(ONE.format(who="RXX", until="2027-01-01").replace("006", "101"), "utf-8")
    with pytest.raises(DefinitionError, match="yaml:2: KG-101 speaks of whole files"):
        run(folder)


def test_an_edited_or_ended_exception_makes_the_run_another(
    folder: Path, extract: tuple[str, str]
) -> None:
    def inputs(day: date = date(2026, 11, 2)) -> str:
        one = request(folder, day)
        return inputs_hash(one, arrivals(one))

    none = inputs()
    ask(folder, extract[1])
    some = inputs()
    assert some != none
    assert inputs(date(2026, 11, 20)) == some
    soon, last = inputs(date(2026, 11, 30)), inputs(date(2026, 12, 31))
    assert soon != some  # a month before its end that is noted
    ask(folder, extract[1], "2026-12-30")
    assert inputs(date(2026, 12, 31)) != last


def test_exceptions_are_kept_with_the_definitions_of_the_run(
    folder: Path, extract: tuple[str, str]
) -> None:
    run(folder)
    ask(folder, extract[1])
    outcome = run(folder)
    assert "definitions changed since the run of 2 Nov 2026: 1 file" in outcome.notes
    with open_database(folder / "k.duckdb") as connection:
        files = kept.definitions_of(connection, 2) or {}
    assert "by: A. Person" in files["exceptions/ours.yaml"]


def test_a_threshold_of_the_workspace_is_weighed_and_reads_the_file_again(folder: Path) -> None:
    assert negative(run(folder)) == (GateOutcome.FAIL,)
    (folder / "definitions").mkdir()
    (folder / "definitions" / "thresholds.yaml").write_text(
        "thresholds:\n"
        "  - {check: KG-006, warn_from: {count: 1}, fail_from: {count: 2}, why: a slip}\n",
        "utf-8",
    )
    outcome = run(folder)
    assert negative(outcome) == (GateOutcome.WARN,)
    (result,) = (r for r in outcome.gate.results if r.check == "KG-006" and r.failed)
    assert result.threshold.endswith("warn from 1, fail from 2")
    assert result.observed.startswith("1 of ")


def test_many_cells_that_cannot_be_read_fail(folder: Path, extract: tuple[str, str]) -> None:
    lines = [line.split(",") for line in extract[0].splitlines()]
    for wrong in (1, 40):
        for line in lines[1 : 1 + wrong]:
            line[5] = line[6] = "n/a?"
        (folder / "april.csv").write_text("\n".join(",".join(row) for row in lines), "utf-8")
        (result,) = (r for r in run(folder).gate.results if r.check == "KG-103" and r.failed)
        few = wrong == 1
        assert result.failed == 2 * wrong
        assert result.total > 10 * wrong
        assert result.outcome is (GateOutcome.WARN if few else GateOutcome.FAIL)
