from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from fixtures.told import EVIL, FORMULA
from kpialign.errors import UsageError
from kpialign.findings import Outcome
from kpialign.outputs import atomic
from kpialign.outputs import run as outputs
from kpialign.outputs.run import charts_folder, findings_csv, findings_json


def test_formats_are_listed_and_a_wrong_name_gets_a_hint(outcome: Outcome, tmp_path: Path) -> None:
    assert outputs.names() == (
        "charts_folder", "findings_csv", "findings_json", "report", "return_to_sender", "screen",
        "shapes_csv", "values_csv",
    )  # fmt: skip
    with pytest.raises(UsageError, match="Did you mean report"):
        outputs.write(outcome, tmp_path, ["reprot"])
    paths = outputs.write(outcome, tmp_path / "new", ["screen", "findings_json"])
    assert [p.name for p in paths] == ["screen.txt", "findings.json"]


def test_json_keeps_to_its_schema_and_comes_back(outcome: Outcome) -> None:
    schema = findings_json.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(findings_json.render(outcome))
    jsonschema.validate(document, schema)
    assert document["schema_version"] == "1.4"
    assert document["gate"]["outcome"] == "fail"
    assert document["findings"][0]["verdict"] == "supported"
    assert document["readings"][2]["file"] == f"{EVIL}.csv"
    assert "tables" not in document


def test_json_does_not_keep_to_a_schema_it_breaks(outcome: Outcome) -> None:
    document = json.loads(findings_json.render(outcome))
    document["findings"][0]["verdict"] = "proven"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, findings_json.schema())


def test_json_is_the_same_twice_and_rounds_to_six_digits(outcome: Outcome) -> None:
    text = findings_json.render(outcome)
    assert text == findings_json.render(outcome)
    digits = [n for n in text.replace(",", " ").split() if n.lstrip("-").startswith("0.")]
    assert digits
    assert max(len(n.lstrip("-0.")) for n in digits) <= 6


def test_json_has_null_and_no_zero_where_nothing_was_estimated(outcome: Outcome) -> None:
    document = json.loads(findings_json.render(outcome))
    silent = document["findings"][0]["arrows"][0]["ties"][-1]
    assert silent["state"] == "too_few_peers"
    assert silent["r"] is None
    wild = replace(outcome.composites[0], value=float("nan"))
    document = json.loads(findings_json.render(replace(outcome, composites=(wild,))))
    assert document["composites"][0]["value"] is None


def _table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_csv_has_a_row_per_arrow_and_control(outcome: Outcome) -> None:
    rows = _table(findings_csv.render(outcome))
    assert [(r["rule"], r["arrow"]) for r in rows][:2] == [
        ("KA-UEC-002", "starve"),
        ("KA-UEC-002", "control"),
    ]
    assert len(rows) == 6
    assert float(rows[2]["r"]) == pytest.approx(-0.17)  # a true number keeps its sign
    assert rows[4]["r"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_csv_never_hands_over_a_formula(outcome: Outcome, start: str) -> None:
    evil = replace(outcome.findings[0], title=f"{start}cmd|' /C calc'!A0")
    rows = _table(findings_csv.render(replace(outcome, findings=(evil,))))
    assert all(row["title"].startswith(f"'{start}cmd") for row in rows)


def test_csv_of_no_findings_is_a_file(outcome: Outcome, tmp_path: Path) -> None:
    path = findings_csv.write(replace(outcome, findings=()), tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_charts_have_stable_names_and_a_guarded_table(outcome: Outcome, tmp_path: Path) -> None:
    one = replace(outcome, findings=outcome.findings[:1], system_values=())
    place = charts_folder.write(one, tmp_path)
    names = sorted(p.name for p in place.iterdir())
    assert names == sorted(
        f"KA-UEC-002_{stem}.{end}"
        for stem in ("starve_RYD_pair", "starve_forest")
        for end in ("csv", "png", "svg", "txt", "vl.json")
    )
    rows = _table((place / "KA-UEC-002_starve_forest.csv").read_text(encoding="utf-8"))
    assert f"'{FORMULA}" in [row["name"] for row in rows]
    words = (place / "KA-UEC-002_starve_forest.txt").read_text(encoding="utf-8")
    assert words.startswith("Forest plot")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = atomic.write_text(tmp_path / "report.html", "old")

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        atomic.write_text(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
    assert path.read_text(encoding="utf-8") == "old"
