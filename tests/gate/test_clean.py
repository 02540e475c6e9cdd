from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from gate.world import APRIL, MAY, bad, clean, run
from kpialign.findings import GateVerdict
from kpialign.gate.checks import CHECKS
from kpialign.gate.verdict import HeldBack, held_back
from kpialign.terms import GateOutcome


@pytest.fixture(scope="module")
def verdict() -> GateVerdict:
    return run(clean())


def test_a_clean_frame_passes_and_holds_nothing_back(verdict: GateVerdict) -> None:
    assert verdict.outcome is GateOutcome.PASS
    assert held_back(verdict) == HeldBack((), ())
    assert bad(verdict) == []


def test_every_check_says_once_a_file_that_it_was_asked(verdict: GateVerdict) -> None:
    asked = [(r.check, r.file) for r in verdict.results]
    assert asked == [(c, f) for c in CHECKS if c < "KG-1" for f in (APRIL, MAY)]


def test_a_pass_says_of_how_many_figures(verdict: GateVerdict) -> None:
    totals = {(r.check, r.file): r.total for r in verdict.results}
    assert totals["KG-001", MAY] == 3  # rows
    assert totals["KG-006", APRIL] == 9  # three items reported by three trusts
    assert totals["KG-006", MAY] == 12  # and the new one
    assert totals["KG-011", APRIL] == 3  # columns
    assert totals["KG-011", MAY] == 4


def test_a_check_with_nothing_to_look_at_is_skipped_not_passed() -> None:
    figures = pl.col("^ae\\..*(seen|late|wait|numerator|denominator)$")
    frame = clean().with_columns(figures * 0.1)  # ten cases, of at least twenty
    outcomes = {r.check: r.outcome for r in run(frame).results}
    assert outcomes["KG-008"] is GateOutcome.SKIPPED


def test_nothing_is_written_to_the_terminal_by_a_pass_or_a_crash(
    capfd: pytest.CaptureFixture[str],
) -> None:
    run(clean())
    run(clean().with_columns(pl.lit("five").alias("ae.wait")))
    assert capfd.readouterr() == ("", "")


def test_the_manual_lists_every_check_with_its_title_and_severity() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "gate.md").read_text("utf-8").lower()
    for check in CHECKS.values():
        line = next(row for row in manual.splitlines() if row.startswith(f"| {check.code.lower()}"))
        assert check.title.lower() in line
        assert f"| {check.severity} |" in line


def test_the_gate_is_imported_without_great_expectations_or_pandas() -> None:
    code = (
        "import sys, kpialign.gate.run, kpialign.gate.verdict;"
        "print({'great_expectations', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
