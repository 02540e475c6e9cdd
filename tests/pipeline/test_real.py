"""The month's run on the published extracts, against what was measured on them before."""

import pytest

from kpialign.findings import Finding, Outcome
from kpialign.terms import LocalWord, Verdict

pytestmark = pytest.mark.real


def finding(outcome: Outcome, rule: str) -> Finding:
    return next(f for f in outcome.findings if f.rule == rule)


def england(outcome: Outcome, indicator: str, period: str) -> dict[str, float]:
    rows = outcome.tables.values.filter(indicator=indicator, scope="ENGLAND", period=period)
    return rows.row(0, named=True)


def test_all_months_are_read_and_holes_named(real_outcome: Outcome) -> None:
    months = {
        period
        for reading in real_outcome.readings
        if reading.layout.startswith("nhse.ae")
        for period in reading.periods
    }
    assert len(months) == 32
    assert dict(real_outcome.holes)["A&E"] == (
        "2023-04", "2023-05", "2023-06", "2023-07", "2023-08", "2023-09", "2026-04",
    )  # fmt: skip
    assert {r.state for r in real_outcome.readings} == {"published"}


def test_every_file_adds_up(real_outcome: Outcome) -> None:
    for one in real_outcome.readings:
        assert one.read == one.loaded + one.set_aside + one.rejected == one.counted
        assert one.rejected == 0


def test_march_2023_is_the_published_figure(real_outcome: Outcome) -> None:
    march = england(real_outcome, "uec.ed.four_hour", "2023-03")
    assert march["value"] == pytest.approx(71.5, abs=0.05)
    assert march["expected"] - march["reported"] == 14


def test_the_revision_of_june_2025_is_told(real_outcome: Outcome) -> None:
    told = [r for r in real_outcome.revisions if r.organisation == "RTD" and r.period == "2025-06"]
    assert told
    assert {r.published_on for r in told} == {"2025-11-13"}


def test_category_2_ambition_is_missed_by_seconds(real_outcome: Outcome) -> None:
    value = next(
        v
        for v in real_outcome.system_values
        if v.indicator == "amb.cat2.mean" and v.scope == "ENGLAND"
    )
    year = next(t for t in value.targets if t.basis.startswith("financial year"))
    assert year.value == pytest.approx(30 + 4 / 60, abs=0.02)
    assert year.met is False


def test_handover_to_category_2_is_supported_as_measured(real_outcome: Outcome) -> None:
    found = finding(real_outcome, "KA-UEC-002")
    (arrow,), (control,) = found.arrows, found.controls
    assert found.verdict is Verdict.SUPPORTED
    assert arrow.months == 30
    assert arrow.pooled is not None
    assert arrow.held is not None
    assert control.pooled is not None
    assert (arrow.pooled.r, arrow.pooled.low, arrow.pooled.high) == pytest.approx(
        (0.55, 0.42, 0.65), abs=0.006
    )
    assert (arrow.held.r, arrow.held.low, arrow.held.high) == pytest.approx(
        (0.46, 0.29, 0.60), abs=0.006
    )
    assert (control.pooled.r, control.pooled.low) == pytest.approx((0.05, -0.18), abs=0.01)
    assert arrow.pooled.slope == pytest.approx(0.5, abs=0.02)
    assert arrow.pooled.ties == 10
    assert arrow.relabel_p is not None
    assert arrow.relabel_p < 0.001


def test_four_hour_to_handover_is_not_supported(real_outcome: Outcome) -> None:
    found = finding(real_outcome, "KA-UEC-001")
    assert found.verdict is Verdict.NOT_SUPPORTED
    assert found.arrows[0].pooled is not None
    assert -0.25 < found.arrows[0].pooled.r < -0.10
    assert found.arrows[0].smallest_detectable_r is not None


def test_twelve_hours_move_with_crowding_not_against_four_hours(real_outcome: Outcome) -> None:
    found = finding(real_outcome, "KA-UEC-003")
    assert found.verdict is not Verdict.SUPPORTED
    portsmouth = next(t for t in found.arrows[0].ties if t.tie == "RHU")
    assert portsmouth.word is LocalWord.STANDS_OUT
    assert portsmouth.r == pytest.approx(0.68, abs=0.03)


def test_admissions_before_the_fourth_hour_vanish_with_full_hospitals_held_fixed(
    real_outcome: Outcome,
) -> None:
    found = finding(real_outcome, "KA-UEC-004")
    (arrow,) = found.arrows
    assert found.verdict is Verdict.NOT_SEPARABLE
    assert arrow.pooled is not None
    assert arrow.held is not None
    assert arrow.pooled.low > 0 > arrow.held.low


def test_rules_on_figures_that_are_not_there_say_which_and_leave_the_others_their_months(
    real_outcome: Outcome,
) -> None:
    for rule in ("KA-ELE-001", "KA-ELE-002", "KA-FLOW-001"):
        found = finding(real_outcome, rule)
        assert found.verdict is Verdict.TOO_LITTLE_DATA
        assert found.arrows[0].reasons[0].startswith("no figures of ")
    assert {f.arrows[0].months for f in real_outcome.findings if "UEC" in f.rule} == {30}


def test_hampshire_in_front(real_outcome: Outcome) -> None:
    own = {v.indicator: v for v in real_outcome.system_values if v.scope == "QRL"}
    four_hour = own["uec.ed.four_hour"]
    assert four_hour.value == pytest.approx(78.3, abs=0.05)
    assert four_hour.year_before == pytest.approx(74.0, abs=0.05)
    assert own["uec.ed.over_12h_from_dta"].value == 1121
    assert four_hour.basis == "providers of the system"
