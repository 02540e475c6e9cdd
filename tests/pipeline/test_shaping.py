"""Looks at the shape of figures in the month's run: invented ones, and published ones."""

from __future__ import annotations

import pytest

from kpialign.findings import Look, Outcome, Seen, Shape


def rule(outcome: Outcome, name: str) -> Shape:
    return next(shape for shape in outcome.shapes if shape.rule == name)


def look(shape: Shape, id_: str) -> Look:
    return next(one for one in shape.looks if one.id == id_)


def test_a_run_looks_at_every_target_in_force(sample_outcome: Outcome) -> None:
    looks = rule(sample_outcome, "KA-SHAPE-001").looks
    standard = look(rule(sample_outcome, "KA-SHAPE-001"), "uec.ed.four_hour standard")
    assert standard.scope == "ENGLAND"
    assert standard.figures > 100
    absent = look(rule(sample_outcome, "KA-SHAPE-001"), "diagnostics.dm01.over_6_weeks standard")
    assert absent.said == "no figures in the months in force"
    assert len({one.id for one in looks}) == len(looks)


def test_in_public_no_look_names_one_organisation(sample_outcome: Outcome) -> None:
    assert sample_outcome.audience == "public"
    assert not [one for s in sample_outcome.shapes for one in s.looks if one.names_one]


@pytest.mark.real
def test_conveyances_are_held_against_handovers_and_attendances(real_outcome: Outcome) -> None:
    handed_over = rule(real_outcome, "KA-SHAPE-003")
    gap = look(handed_over, "patients taken to emergency departments all months with both")
    assert gap.figures == 30 * 11
    assert gap.estimate == pytest.approx(-0.0942, abs=0.0005)
    assert handed_over.withheld == 6
    attended = rule(real_outcome, "KA-SHAPE-004")
    assert attended.seen is Seen.NOTHING
    assert attended.looks[0].p is not None
    assert rule(real_outcome, "KA-SHAPE-002").seen is Seen.TOO_LITTLE_DATA


@pytest.mark.real
def test_the_break_of_november_2025_is_named(real_outcome: Outcome) -> None:
    breaks = rule(real_outcome, "KA-SHAPE-005")
    one = look(breaks, "ev.ae.ecds_basis_2025_11")
    assert one.about == "break from Nov 2025"
    assert "unconfirmed" in one.said
    assert (breaks.seen, breaks.confidence) == (Seen.UNUSUAL, "moderate")


@pytest.mark.real
def test_who_ceased_to_send_and_who_left_months_out_is_named(real_outcome: Outcome) -> None:
    record = rule(real_outcome, "KA-SHAPE-006")
    assert "The Walton Centre" in look(record, "silent ae").said
    assert "BRIDGEWATER" in look(record, "stopped ae").said
    assert "Southport And Ormskirk" in look(rule(real_outcome, "KA-SHAPE-007"), "merger ae").said
