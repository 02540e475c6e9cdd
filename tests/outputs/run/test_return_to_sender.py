from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.told import FORMULA
from kpialign.findings import DataIssue, Outcome
from kpialign.outputs.run import findings_json, return_to_sender, screen
from kpialign.terms import GateOutcome

TEXT = st.text(max_size=12) | st.sampled_from(
    ["CON", "LPT1", "../x", "RA4", "a/b", "\\\\x", ".", "ra4"]
)


def issue(organisation: str, value: str = "5", row: int = 4) -> DataIssue:
    return DataIssue(
        "KG-103", GateOutcome.WARN, "a figure was expected", "a.csv", "", row, "Type 1", value,
        organisation, "2026-03", "Correct the cell.",
    )  # fmt: skip


def sent(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {
        path.name: list(csv.DictReader(io.StringIO(path.read_text("utf-8")[1:], newline="")))
        for path in (folder / "return-to-sender").glob("*")
    }


def test_each_organisation_has_its_own_and_nobody_elses(outcome: Outcome, tmp_path: Path) -> None:
    both = (issue("RA4"), issue("RA7"), issue("RA4", row=9), issue(""))
    return_to_sender.write(replace(outcome, returned=both), tmp_path)
    files = sent(tmp_path)
    assert {name: len(rows) for name, rows in files.items()} == {
        "RA4.csv": 2, "RA7.csv": 1, "unplaced.csv": 1,
    }  # fmt: skip
    assert files["RA7.csv"] == [{
        "marking": "not for publication", "organisation": "RA7", "file": "a.csv", "sheet": "",
        "row": "4", "column": "Type 1", "value": "5", "period": "2026-03", "check": "KG-103",
        "reason": "a figure was expected", "what_to_do": "Correct the cell.",
    }]  # fmt: skip


def test_what_was_mended_is_not_sent_back_again(outcome: Outcome, tmp_path: Path) -> None:
    return_to_sender.write(replace(outcome, returned=(issue("RA4"), issue("RA7"))), tmp_path)
    return_to_sender.write(replace(outcome, returned=(issue("RA7"),)), tmp_path)
    assert set(sent(tmp_path)) == {"RA7.csv"}
    return_to_sender.write(replace(outcome, returned=()), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_formula_is_handed_over(outcome: Outcome, tmp_path: Path) -> None:
    return_to_sender.write(replace(outcome, returned=(issue("RA4", FORMULA),)), tmp_path)
    assert sent(tmp_path)["RA4.csv"][0]["value"] == f"'{FORMULA}"


@given(organisation=TEXT, value=TEXT)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_an_extract_says_nothing_is_written_elsewhere(
    outcome: Outcome, tmp_path: Path, organisation: str, value: str
) -> None:
    return_to_sender.write(replace(outcome, returned=(issue(organisation, value),)), tmp_path)
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert path.parent == tmp_path / "return-to-sender"
    assert path.stem in {organisation, "unplaced"}
    assert path.stem.upper() not in {"CON", "LPT1"}
    assert len(sent(tmp_path)[path.name]) == 1


def test_it_goes_to_its_sender_and_into_no_other_output(outcome: Outcome) -> None:
    secret = replace(outcome, returned=(issue("RA4", "314159"),))
    assert "314159" not in findings_json.render(secret)
    text = screen.render(secret)
    assert "314159" not in text
    assert "return-to-sender/: 1 file, 1 row or cell" in text
    assert "return-to-sender" not in screen.render(outcome)
