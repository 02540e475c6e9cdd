"""Exceptions of findings: agreed, dated, told beside the finding, and deaf to its evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fixtures.told import findings, told
from kpialign.errors import DefinitionError
from kpialign.findings import Divergence, Finding, Outcome
from kpialign.library import in_force
from kpialign.outputs.run import findings_csv, report, screen
from kpialign.pipeline.exempting import Exempt, exempted

TODAY = date(2026, 11, 2)
NAMES = {("ambulance", "RYD"): "South Central", ("hospital", "RHU"): "Portsmouth"}
ONE = """\
findings:
  - id: ex.hold
    rules: {rule}
    action: {action}
    organisations: [{who}]
    why: a new same-day unit opened in the middle of the series
    by: the system quality group
    until: {until}
"""


def _asked(tie: str) -> Divergence:
    return Divergence("starve", tie, tie, "2026-03", "h", "minutes", 9, 3, "c", "minutes", 8, 3)


def read(
    folder: Path, action: str, who: str = "", *, rule: str = "KA-UEC-002", until: str = "2026-12-31"
) -> Exempt:
    path = folder / "exceptions" / "ours.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(ONE.format(action=action, who=who, until=until, rule=rule), "utf-8")
    library = in_force(folder / "definitions", path.parent)
    asked = (_asked("RYD"), _asked("RX9"))
    given = [replace(findings()[0], divergences=asked), *findings()[1:]]
    return exempted(given, library, NAMES, {"RYD", "RHU"}, TODAY)


def _told(finding: Finding) -> Outcome:
    return replace(told(), findings=(finding,))


def test_a_note_changes_nothing_but_what_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, "annotate", "RYD")
    first, *others = found.findings
    assert found.notes == ()
    assert replace(first, exemptions=()) == replace(
        findings()[0], divergences=(_asked("RYD"), _asked("RX9"))
    )
    assert all(not one.exemptions for one in others)
    words = "agreed by the system quality group until 31 Dec 2026: a new same-day unit opened"
    for text in (screen.render(_told(first)), report.render(_told(first)),
                 findings_csv.render(_told(first))):  # fmt: skip
        assert words in " ".join(text.split())


def test_harm_is_told_one_step_lower_with_what_it_was(tmp_path: Path) -> None:
    first = read(tmp_path, "lower_severity").findings[0]
    assert first.severity == "medium"
    assert "(harm high without it; ex.hold)" in " ".join(screen.render(_told(first)).split())


def test_muted_bodies_are_asked_nothing_and_the_others_are(tmp_path: Path) -> None:
    first = read(tmp_path, "mute", "RYD").findings[0]
    assert [one.tie for one in first.divergences] == ["RX9"]
    assert "no question asked of South Central" in " ".join(screen.render(_told(first)).split())


def test_a_muted_rule_keeps_its_verdict_on_the_screen_and_its_evidence_in_the_report(
    tmp_path: Path,
) -> None:
    first = read(tmp_path, "mute").findings[0]
    text, page = screen.render(_told(first)), report.render(_told(first))
    assert "SUPPORTED · KA-UEC-002" in text
    assert "+0.55" not in text.split("CONFLICTS")[1].split("WHOLE")[0]
    assert "ask (KA-UEC-002)" not in text
    assert "+0.55" in page


def test_one_that_ran_out_is_named_and_says_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, "mute", until="2026-11-01")
    assert found.findings[0].exemptions == ()
    assert found.notes == ("exception ex.hold ran out on 2026-11-01: KA-UEC-002 is told as before",)
    assert read(tmp_path, "mute", until="2026-11-02").notes == (
        "exception ex.hold runs out on 2026-11-02",
    )


@pytest.mark.parametrize(
    ("asked", "line", "words"),
    [
        ({"action": "mute", "who": "RXX"}, 2, "No organisation of the data has the code RXX."),
        ({"action": "mute", "rule": "KA-UEC-020"}, 3, "No rule of conflicts is called KA-UEC-020"),
        ({"action": "hide"}, 4, "annotate"),
        ({"action": "mute", "until": "soon"}, 8, "date"),
        ({"action": "lower_severity", "who": "RYD"}, 2, "leave out organisations"),
    ],
)
def test_what_cannot_hold_is_told_with_its_line(
    tmp_path: Path, asked: dict[str, str], line: int, words: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, **asked)
    [fault] = caught.value.faults
    assert (Path(fault.file).name, fault.line) == ("ours.yaml", line)
    assert words in str(fault)
