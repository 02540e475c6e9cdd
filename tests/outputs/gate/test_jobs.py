"""Formats that jobs read, held against their schemas and documented forms."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from fixtures import gated as invented
from fixtures.gated import BOOK, CSV, NASTY, WIDE
from kpialign.findings import CheckResult, Gated, GateVerdict
from kpialign.outputs import gate
from kpialign.outputs.gate import json as gate_json
from kpialign.outputs.gate import markdown, sarif
from kpialign.terms import GateOutcome

SCHEMAS = Path(__file__).parents[2] / "schemas"
FOUND = [invented.gated(), invented.clean(), invented.empty(), invented.nasty(NASTY)]


@pytest.fixture(scope="module")
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))


@pytest.fixture(scope="module")
def sarif_schema() -> Any:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8"))
    return jsonschema.Draft7Validator(schema)


def many(outcome: GateOutcome, count: int, text: str = "") -> Gated:
    """So many answers of one kind, each of its own organisation."""
    results = tuple(
        invented.result("KG-007", outcome, CSV, f"R{n:05}", (_row(outcome, n, text),))
        for n in range(count)
    )
    return replace(invented.clean(), verdict=GateVerdict(results))


def _row(outcome: GateOutcome, row: int, text: str) -> Any:
    more = {"message": text} if text else {}
    return invented.issue("KG-007", outcome, CSV, row + 2, **more)


# JUnit


@pytest.mark.parametrize("found", FOUND, ids=["rich", "clean", "empty", "nasty"])
def test_junit_keeps_to_the_schema_of_jenkins(
    found: Gated, junit_schema: xmlschema.XMLSchema
) -> None:
    junit_schema.validate(gate.render("junit", found))


def test_the_schema_of_jenkins_refuses_what_is_wrong(junit_schema: xmlschema.XMLSchema) -> None:
    broken = gate.render("junit", invented.clean()).replace("<testcase ", "<case ")
    assert not junit_schema.is_valid(broken.replace("</testcase>", "</case>"))


def test_junit_has_a_suite_a_file_and_a_case_an_answer(gated: Gated) -> None:
    root = ElementTree.fromstring(gate.render("junit", gated))
    assert [suite.get("name") for suite in root] == [CSV, BOOK, WIDE, "notes.docx", "x"]
    cases = root.findall(".//testcase")
    assert len(cases) == len({case.get("name") for case in cases}) == 10
    inside = Counter(part.tag for case in cases for part in case)
    assert inside == {"failure": 4, "error": 2, "skipped": 1, "system-out": 1}
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("10", "4", "2")
    for suite in root:
        told = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
        count = [
            len(suite.findall(f"testcase{end}")) for end in ("", "/failure", "/error", "/skipped")
        ]
        assert told == list(map(str, count))


def test_junit_tells_each_row_its_place_and_what_is_left_out(gated: Gated) -> None:
    root = ElementTree.fromstring(gate.render("junit", gated))
    (failure,) = (f for f in root.iter("failure") if "12 of 40" in (f.get("message") or ""))
    lines = (failure.text or "").splitlines()
    assert lines[0].startswith(f"{CSV}:7, column 'Over 4 hours', Apr 2026: found 120 of 100")
    assert lines[5:] == ["and 7 more rows or figures", "To do: Compare them."]


# SARIF


@pytest.mark.parametrize("found", FOUND, ids=["rich", "clean", "empty", "nasty"])
def test_sarif_keeps_to_the_schema_of_oasis(found: Gated, sarif_schema: Any) -> None:
    sarif_schema.validate(json.loads(gate.render("sarif", found)))


def test_the_schema_of_oasis_refuses_what_is_wrong(gated: Gated, sarif_schema: Any) -> None:
    log = json.loads(gate.render("sarif", gated))
    log["runs"][0]["results"][0]["level"] = "grave"
    assert not sarif_schema.is_valid(log)


def _run(found: Gated) -> dict[str, Any]:
    return json.loads(gate.render("sarif", found))["runs"][0]  # type: ignore[no-any-return]


def test_sarif_has_a_line_for_text_and_a_logical_place_for_a_workbook(gated: Gated) -> None:
    results = _run(gated)["results"]
    text = [r for r in results if "RA4" in r["message"]["text"] and r["ruleId"] == "KG-007"]
    places = [r["locations"][0]["physicalLocation"] for r in text]
    assert [place["region"]["startLine"] for place in places] == [7, 8, 9, 10, 11]
    (book,) = (r for r in results if "RX9" in r["message"]["text"])
    place = book["locations"][0]
    assert place["physicalLocation"] == {"artifactLocation": {"uri": BOOK}}
    where = "sheet April 62-day, row 14, column Over 4 hours"
    assert place["logicalLocations"][0]["fullyQualifiedName"] == where
    assert f"{BOOK} [April 62-day]:14, column 'Over 4 hours'" in book["message"]["text"]


def test_sarif_levels_rules_and_uris(gated: Gated) -> None:
    run = _run(gated)
    rules = run["tool"]["driver"]["rules"]
    assert {"KG-001", "KG-109", "refused", "my_own"} <= {rule["id"] for rule in rules}
    for found in run["results"]:
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
    levels = {(r["ruleId"], r["level"]) for r in run["results"]}
    assert {("KG-007", "error"), ("KG-008", "error"), ("KG-009", "warning")} <= levels
    uris = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in run["results"]
        if "physicalLocation" in r["locations"][0]
    ]
    assert "deep/beds%202026.csv" in uris
    assert not [uri for uri in uris if uri.startswith("/") or ":" in uri]
    assert run["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize("path", ["/in/x.csv", "C:\\in\\x.csv", "../in/x.csv"])
def test_no_format_for_jobs_points_from_the_root(path: str) -> None:
    row = invented.issue("KG-007", GateOutcome.FAIL, path, 3)
    verdict = GateVerdict((invented.result("KG-007", GateOutcome.FAIL, path, "RA4", (row,)),))
    found = replace(invented.clean(), verdict=verdict)
    location = _run(found)["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "in/x.csv"
    assert "file=in/x.csv," in gate.render("github", found)
    assert "sourcepath=in/x.csv;" in gate.render("azure", found)


def test_a_fingerprint_stays_when_rows_move_and_figures_change(gated: Gated) -> None:
    def marks(found: Gated) -> list[str]:
        return [r["partialFingerprints"]["primaryLocationLineHash"] for r in _run(found)["results"]]

    def later(result: CheckResult) -> CheckResult:
        rows = tuple(replace(i, row=i.row and i.row + 1, value="9") for i in result.rows)
        return replace(result, rows=rows, observed="9")

    moved = replace(gated, verdict=GateVerdict(tuple(map(later, gated.verdict.results))))
    assert marks(moved) == marks(gated)
    assert len(set(marks(gated))) == len(marks(gated)) == 11


def test_sarif_says_what_it_leaves_out(gated: Gated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST", 10)
    run = _run(gated)
    assert len(run["results"]) == 10
    said = [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]]
    assert said[1:] == [
        "7 failing rows or figures more than are listed below",
        "1 result more than are listed below",
    ]


# Annotations


def test_github_lines_have_the_documented_form(gated: Gated) -> None:
    lines = gate.render("github", gated).splitlines()
    said = f"::error file={CSV},line=7,title=KG-007 The numerator lies within the denominator::fail"
    assert any(line.startswith(said) for line in lines)
    assert any(line.startswith(f"::error file={BOOK},title=KG-007") for line in lines)
    assert any(line.startswith(f"::warning file={WIDE},line=3,title=KG-009") for line in lines)
    assert lines[-1].startswith("::notice title=kpialign gate::error · 10 checks: 2 pass, 1 skip")


def test_github_and_azure_escape_what_would_be_a_command() -> None:
    found = invented.nasty("50%,x:y;z]\r\n::error::no")
    github = gate.render("github", found)
    assert "file=50%25%2Cx%3Ay;z]  %3A%3Aerror%3A%3Ano," in github
    assert ".csv" not in github
    azure = gate.render("azure", found)
    assert "sourcepath=50%AZP25,x:y%3Bz%5D  ::error::no;" in azure


@pytest.mark.parametrize("name", ["github", "azure"])
def test_annotations_stop_at_ten_of_a_kind_and_the_last_line_counts_the_rest(name: str) -> None:
    found = many(GateOutcome.FAIL, 13)
    warned = many(GateOutcome.WARN, 11).verdict.results
    both = replace(found, verdict=GateVerdict(warned + found.verdict.results))
    lines = gate.render(name, both).splitlines()
    kinds = ["error" if re.match(r"::error|##vso.*type=error", line) else "" for line in lines]
    assert kinds[:10] == ["error"] * 10
    assert len(lines) == (21 if name == "github" else 22)
    assert lines[-1].endswith("; 3 more errors and 1 more warnings not shown here")


def test_azure_has_issues_when_something_is_to_mend_and_never_fails_the_step() -> None:
    done = "##vso[task.complete result=SucceededWithIssues;]"
    for found in (invented.gated(), many(GateOutcome.WARN, 1)):
        assert done in gate.render("azure", found)
        assert "result=Failed" not in gate.render("azure", many(GateOutcome.FAIL, 1))
    assert "task.complete" not in gate.render("azure", invented.clean())


# JSON and Markdown


@pytest.mark.parametrize("found", FOUND, ids=["rich", "clean", "empty", "nasty"])
def test_json_keeps_to_its_schema(found: Gated) -> None:
    schema = gate_json.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(gate.render("json", found)), schema)


def test_json_has_the_whole_verdict(gated: Gated) -> None:
    document = json.loads(gate.render("json", gated))
    assert document["outcome"] == "error"
    assert document["answers"] == {"pass": 2, "skipped": 1, "warn": 1, "fail": 4, "error": 2}
    assert document["figures"] == {"good": 2, "rejected": 1}
    assert document["rows"] == {
        "read": 72, "loaded": 60, "set_aside": 9, "rejected": 3, "counted": 72
    }  # fmt: skip
    assert len(document["results"]) == 10
    assert [r["outcome"] for r in document["results"]][:3] == ["error", "error", "fail"]
    assert document["results"][2]["rows"][4]["row"] == 11
    document["outcome"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, gate_json.schema())


def test_markdown_stays_below_what_a_summary_takes_and_counts_the_rest() -> None:
    text = gate.render("markdown", many(GateOutcome.FAIL, 5_000, "x" * 400))
    assert len(text.encode()) < markdown.MOST_BYTES < 1 << 20
    rows = sum(line.startswith("| FAIL") for line in text.splitlines())
    assert f"and {5_000 - rows:,} more" in text
    assert 1_000 < rows < 5_000
