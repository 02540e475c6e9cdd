"""The month's run on the invented extracts: what is planted is found, what is not is not."""

import pytest

from kpialign.findings import FileReading, Finding, Outcome
from kpialign.terms import GateOutcome, LocalWord, Verdict


def finding(outcome: Outcome, rule: str) -> Finding:
    return next(f for f in outcome.findings if f.rule == rule)


def reading(outcome: Outcome, part: str) -> FileReading:
    return next(r for r in outcome.readings if part in r.file)


@pytest.mark.parametrize(
    ("rule", "r", "slope"),
    [("KA-UEC-001", (0.4, 0.7), (0.4, 1.0)), ("KA-UEC-002", (0.55, 0.85), (0.4, 1.0))],
)
def test_planted_conflicts_are_supported(
    sample_outcome: Outcome, rule: str, r: tuple[float, float], slope: tuple[float, float]
) -> None:
    found = finding(sample_outcome, rule)
    (arrow,) = found.arrows
    assert found.verdict is Verdict.SUPPORTED
    assert arrow.pooled is not None
    assert r[0] < arrow.pooled.low < arrow.pooled.r < arrow.pooled.high < r[1]
    assert slope[0] < arrow.pooled.slope < slope[1]
    assert arrow.pooled.ties == 11
    assert arrow.family_p is not None
    assert arrow.family_p < 0.01
    assert all(same for _, same in arrow.robust)


def test_the_innocent_pair_is_not_supported(sample_outcome: Outcome) -> None:
    found = finding(sample_outcome, "KA-UEC-003")
    assert found.verdict is not Verdict.SUPPORTED
    assert found.arrows[0].pooled is not None
    assert found.arrows[0].pooled.r < 0


def test_controls_of_the_planted_conflicts_stay_at_zero(sample_outcome: Outcome) -> None:
    for rule in ("KA-UEC-001", "KA-UEC-002"):
        for control in finding(sample_outcome, rule).controls:
            assert control.pooled is not None
            assert control.pooled.low < 0 < control.pooled.high


def test_the_system_in_front_is_in_line(sample_outcome: Outcome) -> None:
    (here,) = finding(sample_outcome, "KA-UEC-002").here
    assert (here.tie, here.word) == ("ZA06", LocalWord.IN_LINE)
    assert here.unlinked == 110
    assert here.stronger <= 5


def test_every_file_adds_up_and_the_second_reader_agrees(sample_outcome: Outcome) -> None:
    for one in sample_outcome.readings:
        assert one.read == one.loaded + one.set_aside + one.rejected == one.counted


def test_the_tampered_total_holds_its_file_back(sample_outcome: Outcome) -> None:
    held = [r for r in sample_outcome.readings if r.state == "held_back"]
    assert [one.file for one in held] == ["Monthly-AE-November-2024 (2).csv"]
    assert "273119" in held[0].why
    assert "272219" in held[0].why
    assert sample_outcome.gate.outcome is GateOutcome.FAIL


def test_holes_are_named(sample_outcome: Outcome) -> None:
    assert sample_outcome.holes == (("A&E", ("2023-08", "2024-11")),)


def test_the_late_revision_is_told(sample_outcome: Outcome) -> None:
    told = {(r.organisation, r.period, r.was, r.now) for r in sample_outcome.revisions}
    assert ("ZH29", "2023-03", 6167.0, 7213.0) in told
    assert {r.organisation for r in sample_outcome.revisions} == {"ZH29"}


def test_an_exempt_trust_never_looks_like_the_best(sample_outcome: Outcome) -> None:
    values = sample_outcome.tables.values
    march = values.filter(indicator="uec.ed.four_hour", scope="ENGLAND", period="2023-03").row(
        0, named=True
    )
    assert march["value"] == pytest.approx(73.5, abs=0.05)
    assert (march["expected"] - march["reported"]) == 1


def test_a_merger_does_not_move_the_tie(sample_outcome: Outcome) -> None:
    pairs = sample_outcome.tables.pairs.filter(rule="KA-UEC-001", side="from", tie="ZA09").sort(
        "period"
    )
    values = dict(zip(pairs["period"], pairs["value"], strict=True))
    assert abs(values["2024-04"] - values["2024-03"]) < 6


def test_targets_are_judged_on_their_own_basis(sample_outcome: Outcome) -> None:
    value = next(
        v
        for v in sample_outcome.system_values
        if v.indicator == "amb.cat2.mean" and v.scope == sample_outcome.system
    )
    year = next(t for t in value.targets if t.basis.startswith("financial year"))
    assert "12 of 12 months" in year.basis
    assert year.value is not None
    assert year.met == (year.value <= 30)


def test_the_composite_stands_beside_its_parts(sample_outcome: Outcome) -> None:
    composite = sample_outcome.composites[0]
    assert composite.value is not None
    assert composite.other_aggregate is not None
    assert len(composite.parts) == 5
    assert all(part.score is not None and 0 <= part.score <= 100 for part in composite.parts)
