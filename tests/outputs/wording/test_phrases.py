from __future__ import annotations

from dataclasses import replace

from kpialign.findings import Outcome
from kpialign.outputs.wording import phrases
from kpialign.terms import Verdict


def test_a_control_is_judged_by_whether_it_is_nil(outcome: Outcome) -> None:
    control = outcome.findings[0].controls[0]
    assert control.pooled is not None
    assert "nil, as it should be" in phrases.control(control)
    moved = replace(control, pooled=replace(control.pooled, low=0.05))
    assert "not nil" in phrases.control(moved)
    assert phrases.control(replace(control, pooled=None)).startswith("not estimated")


def test_the_caveat_is_said_once_and_only_where_things_move_together(outcome: Outcome) -> None:
    supported, refuted, _ = outcome.findings
    assert phrases.caveat(supported)
    assert not phrases.caveat(refuted)
    assert not phrases.caveat(replace(supported, sentence="An association, not proof of intent."))
    assert phrases.caveat(replace(refuted, verdict=Verdict.OPPOSITE))


def test_rows_that_do_not_add_up_are_named(outcome: Outcome) -> None:
    short = replace(outcome.readings[0], counted=203)
    assert phrases.row_arithmetic([short]).endswith("does not agree for AE-March-2026.csv")


def test_a_target_over_a_year_that_is_not_over_is_not_called_missed(outcome: Outcome) -> None:
    target = replace(outcome.system_values[3].targets[0], value=19.2, basis="financial year")
    assert phrases.target(target, "minutes") == (
        "standard, at most 18.0 min: cannot be judged over the financial year (19.2 min)"
    )


def test_ties_here_come_with_their_own_arrow(outcome: Outcome) -> None:
    finding = outcome.findings[0]
    two = replace(finding, arrows=(finding.arrows[0], replace(finding.arrows[0], id="second")))
    assert [(a.id, t.tie) for a, t in phrases.here(two)] == [("starve", "RYD"), ("second", "RYD")]


def test_a_target_missed_by_seconds_does_not_read_as_met(outcome: Outcome) -> None:
    target = replace(
        outcome.system_values[3].targets[0], level=30, value=30.02, met=False, basis="month"
    )
    assert phrases.target(target, "minutes").endswith("at most 30.0 min: not met (30.02 min)")
    missed = replace(target, value=31.0)
    assert phrases.target(missed, "minutes").endswith("not met")
