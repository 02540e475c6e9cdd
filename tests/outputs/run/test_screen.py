from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpialign.findings import GateVerdict, Outcome
from kpialign.outputs.run import screen

_NOTHING = st.sampled_from([None, float("nan"), float("inf"), 0.0, -1.5, 12345.678])
_STATE = st.sampled_from(["", "not_reported", "part_missing", "suppressed", "too_few_peers"])


@pytest.mark.parametrize("width", [84, 90, 100])
def test_no_line_is_wider_than_asked(outcome: Outcome, width: int) -> None:
    lines = screen.render(outcome, width).splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) > 30


def test_every_finding_stands_with_its_verdict(outcome: Outcome) -> None:
    text = " ".join(screen.render(outcome).split())
    for finding in outcome.findings:
        assert f"{finding.verdict.words().upper()} · {finding.rule} {finding.title}" in text


def test_harm_stands_apart_from_how_sure(outcome: Outcome) -> None:
    text = " ".join(screen.render(outcome).split())
    assert (
        "harm if true: high; links drawn by lot as strong the rule’s way: 0.012 (family); peers 30 "
        "and 9; smallest link that would be seen: +0.31; plan 3f9a0c1b2d4e" in text
    )


def test_sections_come_in_order(outcome: Outcome) -> None:
    text = screen.render(outcome)
    heads = re.findall(r"^([A-Z]{3,})\b", text, re.MULTILINE)
    assert heads == ["READ", "GATE", "NOW", "CONFLICTS", "WHOLE", "NEXT"]


def test_holes_revisions_and_files_kept_out_are_named(outcome: Outcome) -> None:
    text = screen.render(outcome)
    assert "no A&E for Apr–Sep 2023" in text
    assert "RTD Type 3 attendances, Jun 2025: 6,292 → 7,395 (published 13 Nov 2025)" in text
    assert "refused: =HYPERLINK" in text
    assert "held back: <script>" in text


def test_a_missing_figure_prints_its_state_and_a_target_its_basis(outcome: Outcome) -> None:
    text = screen.render(outcome)
    assert re.search(r"Category 2 mean response +21\.7 min  not reported", text)
    assert "cannot be judged over the financial year (no figure)" in text
    assert "ambition-2025, at least 78.0%: met" in text
    assert "0 of 8 reported" in text


def test_association_stands_on_every_supported_finding_and_only_there(outcome: Outcome) -> None:
    assert " ".join(screen.render(outcome).split()).count("Association, not proof of intent") == 1


def test_long_lists_are_bounded_with_a_count(outcome: Outcome) -> None:
    warned = outcome.gate.results[1]
    many = replace(
        outcome, gate=GateVerdict(tuple(replace(warned, check=f"c{n}") for n in range(40)))
    )
    assert "and 34 more checks" in screen.render(many)


def test_terminal_commands_in_names_are_taken_out(outcome: Outcome) -> None:
    reading = replace(outcome.readings[2], file="a\x1b[2J\r\nb\u202egnp.csv")
    text = screen.render(replace(outcome, readings=(reading,)))
    assert "\x1b" not in text
    assert "\r" not in text
    assert "\u202e" not in text
    assert "\x1b[1mREAD" in screen.render(outcome, bold=True)


def test_an_empty_run_is_still_a_page(outcome: Outcome) -> None:
    bare = replace(
        outcome, readings=(), gate=GateVerdict(()), findings=(), system_values=(), composites=(),
        holes=(), revisions=(), system="", system_name="",
    )  # fmt: skip
    text = screen.render(bare)
    assert "no files" in text
    assert "skipped" in text
    assert "no rule was tested" in text


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_unknown_is_ever_printed_raw(outcome: Outcome, data: st.DataObject) -> None:
    def value(kind: st.SearchStrategy[float | None] = _NOTHING) -> float | None:
        return data.draw(kind)

    def target(t):  # type: ignore[no-untyped-def]
        return replace(t, value=value(), met=data.draw(st.sampled_from([None, True, False])))

    values = tuple(
        replace(
            v, value=value(), year_before=value(), state=data.draw(_STATE),
            targets=tuple(target(t) for t in v.targets),
        )
        for v in outcome.system_values
    )  # fmt: skip
    composites = tuple(
        replace(
            c, value=value(), year_before=value(), other_aggregate=value(),
            parts=tuple(replace(p, score=value(), state=data.draw(_STATE)) for p in c.parts),
        )
        for c in outcome.composites
    )  # fmt: skip
    numbers = st.sampled_from([float("nan"), float("-inf"), -0.3, 0.0])

    def estimate(e):  # type: ignore[no-untyped-def]
        drawn = data.draw(st.none() | numbers)
        return None if drawn is None or e is None else replace(e, r=drawn, slope_high=drawn)

    findings = tuple(
        replace(f, arrows=tuple(
            replace(a, pooled=estimate(a.pooled), held=estimate(a.held)) for a in f.arrows
        ), here=tuple(replace(t, state=data.draw(_STATE)) for t in f.here))
        for f in outcome.findings
    )  # fmt: skip
    text = screen.render(
        replace(outcome, system_values=values, composites=composites, findings=findings)
    )
    assert not re.search(r"\bNone\b|\bnan\b|\binf\b", text, re.IGNORECASE)
    assert max(map(len, text.splitlines())) <= 100


def test_organisations_with_one_fault_stand_in_one_line(outcome: Outcome) -> None:
    warned = outcome.gate.results[1]
    both = (warned, replace(warned, organisation="RX8"))
    text = " ".join(screen.render(replace(outcome, gate=GateVerdict(both))).split())
    assert f"{warned.organisation} 1 of 30, RX8 1 of 30" in text
