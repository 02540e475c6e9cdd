"""Checks that look back: each fires on its planted fault and is silent on the same months."""

from pathlib import Path

import polars as pl
import pytest
from tests.gate.months import BODIES, Figures, figures, line, month, wrong

from kpialign.gate.verdict import judge
from kpialign.terms import GateOutcome

CALLS = {"amb__calls__answered": 3000, "amb__incidents__all": 9000, "amb__contacts": 12_000}
SECONDS = {"amb__cat2__response_seconds": 9_000_000, "amb__cat2__incidents": 5_000}
HANDOVER = {"amb__handover__known": 8_000, "amb__handover__unknown": 900}
ANSWERED, INCIDENTS = "amb.calls.answered", "amb.incidents.all"
ALL = {**CALLS, **SECONDS, **HANDOVER}
CHECKS = (
    *("month_sent_again", "figures_sent_again", "units_kept", "figures_jump", "same_again"),
    "zero_alone",
)


@pytest.mark.parametrize("check", CHECKS)
def test_clean_months_are_silent(tmp_path: Path, check: str) -> None:
    assert wrong(tmp_path, check, figures(**ALL)).is_empty()


def copied(told: Figures, to: str, of: str, bodies: tuple[str, ...] = BODIES) -> Figures:
    return {
        (b, p, i): told[b, of, i] if p == to and b in bodies else v for (b, p, i), v in told.items()
    }


def test_a_month_again_in_a_file_of_many_is_told_of_each_organisation(tmp_path: Path) -> None:
    told = copied(figures(6, **ALL), month(5), month(4))
    found = wrong(tmp_path, "month_sent_again", told)
    assert found["organisation"].to_list() == list(BODIES)
    row = found.row(0, named=True)
    assert (row["file"], row["period"]) == ("0.csv", month(5))
    assert row["row"] == line(told, BODIES[0], month(5), ANSWERED)
    assert row["message"].startswith(f"12 of 12 organisations repeat for {month(5)} their figures")
    (tmp_path / "k.duckdb").unlink()
    assert wrong(tmp_path, "figures_sent_again", told).is_empty()


def test_a_file_that_repeats_a_month_of_another_is_told_as_a_file(tmp_path: Path) -> None:
    told = figures(4, **ALL)
    again = {(b, month(4), i): v for (b, p, i), v in told.items() if p == month(1)}
    row = wrong(tmp_path, "month_sent_again", told, again).row(0, named=True)
    assert (row["file"], row["organisation"], row["value"]) == ("1.csv", "", "12 of 12")
    assert f"repeat for {month(4)} their figures of {month(1)}" in row["message"]


def test_one_organisation_that_repeats_itself_is_told_alone(tmp_path: Path) -> None:
    told = copied(figures(6, **ALL), month(5), month(2), BODIES[:1])
    assert wrong(tmp_path, "month_sent_again", told).is_empty()
    (tmp_path / "k.duckdb").unlink()
    found = wrong(tmp_path, "figures_sent_again", told).row(0, named=True)
    assert (found["organisation"], found["period"]) == (BODIES[0], month(5))
    assert found["message"] == f"all 7 figures of {month(5)} are those of {month(2)}"


def test_a_month_of_which_one_figure_differs_is_not_the_other_again(tmp_path: Path) -> None:
    told = copied(figures(6, **ALL), month(5), month(2), BODIES[:1])
    told[BODIES[0], month(5), ANSWERED] += 1
    assert wrong(tmp_path, "figures_sent_again", told).is_empty()


@pytest.mark.parametrize("factor", [60, 1 / 60, 3600])
def test_a_month_in_another_unit_fails_where_it_stands(tmp_path: Path, factor: float) -> None:
    told = figures(12, **SECONDS)
    at = (BODIES[3], month(11), "amb.cat2.response_seconds")
    told[at] *= factor
    found = wrong(tmp_path, "units_kept", told)
    assert found.height == 1
    row = found.row(0, named=True)
    assert (row["organisation"], row["period"], row["column"]) == (BODIES[3], month(11), "value")
    assert (row["row"], row["outcome"]) == (line(told, *at), "fail")
    assert "confused?" in row["message"]


def test_an_organisation_whose_months_are_all_in_another_unit_warns(tmp_path: Path) -> None:
    told = {
        (b, p, i): v / 60 if b == BODIES[3] and i.endswith("seconds") else v
        for (b, p, i), v in figures(12, **SECONDS).items()
    }
    row = wrong(tmp_path, "units_kept", told).row(0, named=True)
    assert (row["organisation"], row["period"], row["outcome"]) == (BODIES[3], month(11), "warn")
    assert "where its peers are about" in row["message"]


def test_twenty_times_is_no_unit(tmp_path: Path) -> None:
    told = figures(12, **SECONDS)
    told[BODIES[3], month(11), "amb.cat2.response_seconds"] *= 20
    assert wrong(tmp_path, "units_kept", told).is_empty()


def test_a_jump_is_told_with_the_year_before(tmp_path: Path) -> None:
    told = figures(30, **CALLS)
    at = (BODIES[2], month(29), ANSWERED)
    told[at] *= 5
    row = wrong(tmp_path, "figures_jump", told).row(0, named=True)
    assert (row["organisation"], row["period"], row["row"]) == (*at[:2], line(told, *at))
    assert row["value"] == f"{told[at]:.12g}"
    assert "the month before; a year earlier" in row["message"]


def test_what_everyone_saw_is_no_jump_nor_what_comes_every_year(tmp_path: Path) -> None:
    told = {
        (b, p, i): v * (5 if p == month(29) else 6 if p[-2:] == "02" and b == BODIES[2] else 1)
        for (b, p, i), v in figures(30, **CALLS).items()
    }
    found = wrong(tmp_path, "figures_jump", told)
    assert set(found["period"].to_list()) <= {month(13), month(14)}
    assert month(26) not in found["period"].to_list()


def test_less_than_two_years_are_not_asked_for_jumps(tmp_path: Path) -> None:
    told = figures(23, **CALLS)
    told[BODIES[2], month(22), ANSWERED] *= 5
    assert wrong(tmp_path, "figures_jump", told)["outcome"].to_list() == ["skipped"]


def test_the_same_figure_four_times_is_told_once_at_the_last(tmp_path: Path) -> None:
    told = figures(8, **CALLS)
    for n in range(2, 6):
        told[BODIES[1], month(n), INCIDENTS] = 777.0
    for n in range(3):
        told[BODIES[2], month(n), INCIDENTS] = 777.0
    found = wrong(tmp_path, "same_again", told)
    assert found.select("organisation", "period", "value").rows() == [(BODIES[1], month(5), "777")]
    assert found["message"][0].startswith("the same figure for 4 months")
    assert found["row"][0] == line(told, BODIES[1], month(5), INCIDENTS)


def test_nothing_where_peers_have_many_is_told_at_the_last_month(tmp_path: Path) -> None:
    told = {
        (b, p, i): 0.0 if b == BODIES[4] and i == "amb.handover.unknown" else v
        for (b, p, i), v in figures(14, **HANDOVER).items()
    }
    row = wrong(tmp_path, "zero_alone", told).row(0, named=True)
    assert (row["organisation"], row["period"]) == (BODIES[4], month(13))
    assert row["row"] == line(told, BODIES[4], month(13), "amb.handover.unknown")
    assert "0 in 12 of 12 months" in row["message"]


def test_nothing_is_no_question_where_most_peers_have_nothing(tmp_path: Path) -> None:
    told = {
        (b, p, i): 0.0 if b in BODIES[:8] and i == "amb.handover.unknown" else v
        for (b, p, i), v in figures(14, **HANDOVER).items()
    }
    assert wrong(tmp_path, "zero_alone", told).is_empty()


WAITING = {
    "rtt__started": 1200,
    "rtt__completed__admitted": 300,
    "rtt__completed__not_admitted": 850,
}
LIST = "rtt.incomplete.all"


def waiting(months: int = 5) -> Figures:
    """Lists that close as they opened, with what was started and without what was completed."""
    told = figures(months, **WAITING)
    for body in BODIES:
        left = 4000.0
        for n in range(months):
            moved = [told[body, month(n), item.replace("__", ".")] for item in WAITING]
            left += moved[0] - moved[1] - moved[2]
            told[body, month(n), LIST] = left
    return told


def test_a_stock_that_closes_as_its_flow_says_is_silent_also_with_some_removed(
    tmp_path: Path,
) -> None:
    told = waiting()
    told[BODIES[0], month(4), LIST] *= 0.9
    assert wrong(tmp_path, "stock_and_flow", told, role="hospital").is_empty()


def test_a_stock_that_does_not_follow_its_flow_is_told_where_it_stands(tmp_path: Path) -> None:
    told = waiting()
    at = (BODIES[5], month(4), LIST)
    was = told[at]
    told[at] = round(was * 0.7)
    row = wrong(tmp_path, "stock_and_flow", told, role="hospital").row(0, named=True)
    assert (row["organisation"], row["period"], row["row"]) == (*at[:2], line(told, *at))
    assert row["message"] == (
        "opening and what came in, less what went out, make "
        f"{was:.12g}, but {told[at]:.12g} were left at the end"
    )


def test_a_stock_without_the_month_before_is_not_asked(tmp_path: Path) -> None:
    told = {key: v for key, v in waiting().items() if key[1] != month(3)}
    told[BODIES[5], month(4), LIST] *= 0.5
    assert wrong(tmp_path, "stock_and_flow", told, role="hospital").is_empty()


def test_what_cannot_be_asked_yet_is_skipped_and_says_why(tmp_path: Path) -> None:
    rows = wrong(tmp_path, "figures_jump", figures(23, **CALLS))
    assert rows["outcome"].to_list() == ["skipped"]
    told = judge([], rows.with_columns(pl.lit("figures_jump").alias("check")))
    (result,) = told.results
    assert (result.check, result.outcome, result.failed) == ("KG-113", GateOutcome.SKIPPED, 0)
    assert result.threshold == "no new figure of which 24 months are known"
