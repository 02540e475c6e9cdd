"""Rules against vectors of single rules: NHSRplotthedots' own, and two of Wheeler's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from tests.variation.test_reference import CASES, PTD, case

import kpialign as ka
from kpialign.terms import Period

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(
        not CASES.is_dir(), reason="the reference values are not beside this checkout"
    ),
]
VECTORS: dict[str, Any] = case("05_ptd_rule_unit_vectors.json") if CASES.is_dir() else {}
SHIFT, TREND = "seven_point_one_side_mean", "seven_point_trend"
BACK = "part_of_seven (back-fill; takes the marker vector of the function above or below)"
WINDOW = "two_in_three (marks every point of a qualifying window; near = between 2 and 3 sigma)"
NEAR = "part_of_two_in_three (only the near points of a qualifying window are flagged)"
QUIET = [1.0, -1.0] * 7  # mean 0, limits at 2 × 2.66
LIMIT = 2 * 2.66


def after_a_gap(values: Sequence[float]) -> pl.DataFrame:
    """The points of months that are judged by limits of quiet ones before a gap."""
    months = [str(Period(2020, 1) + n) for n in range(len(QUIET) + 1 + len(values))]
    frame = pl.DataFrame({"period": months, "value": [*QUIET, None, *values]})
    return ka.spc(frame, rules=PTD, baseline=len(QUIET)).points[len(QUIET) + 1 :]


def filled_back(marks: Sequence[int]) -> list[bool]:
    return [any(marks[at : at + 7]) for at in range(len(marks))]


@pytest.mark.parametrize("told", VECTORS.get(BACK, ()))
def test_a_mark_stands_for_seven_months(told: dict[str, Any]) -> None:
    assert filled_back(told["in"]) == [bool(mark) for mark in told["expect"]]


@pytest.mark.parametrize("told", [v for v in VECTORS.get(SHIFT, ()) if v["expect"]])
def test_seven_on_one_side(told: dict[str, Any]) -> None:
    found = after_a_gap([0.5 * side for side in told["sign_vs_mean"]])
    assert [bool(side) for side in found["shift"]] == filled_back(told["expect"])


@pytest.mark.parametrize("told", VECTORS.get(TREND, ()))
def test_seven_rising_or_falling(told: dict[str, Any]) -> None:
    found = ka.spc([float(y) for y in told["y"]], rules=PTD).points
    for column, way in (("rising", 1), ("falling", -1)):
        marks = [int(mark == way) for mark in told["expect"]]
        assert found[column].to_list() == filled_back(marks)


@pytest.mark.parametrize("told", [*VECTORS.get(NEAR, ()), *VECTORS.get(WINDOW, ())])
def test_two_of_three(told: dict[str, Any]) -> None:
    pairs = list(zip(told["near"], told["sign"], strict=True))
    found = after_a_gap([side * LIMIT * (2.5 / 3 if near else 0.1) for near, side in pairs])
    expected = [
        bool(mark and near) for mark, near in zip(told["expect"], told["near"], strict=True)
    ]
    assert [bool(side) for side in found["two_of_three"]] == expected


def test_two_far_out_on_either_side_are_no_signal() -> None:
    told = VECTORS["opposite_side_case"]
    found = ka.spc(told["values"], rules=PTD, improves="up").points["variation"]
    assert found[-2:].to_list() == told["expect_last_two_point_types"]


SAYS = {"consistent_pass": "pass", "consistent_fail": "fail", "inconsistent": "hit_and_miss",
        None: "no_direction"}  # fmt: skip


def between(low: float, high: float) -> list[float]:
    """Months whose limits are these."""
    step = (high - low) / 4 / 2.66
    return [(low + high) / 2 + step * sign for sign in (1, -1) * 7]


@pytest.mark.parametrize("told", VECTORS.get("assurance", ()))
@pytest.mark.parametrize(
    ("improves", "way"), [("up", "increase"), ("down", "decrease"), ("neither", "neutral")]
)
def test_assurance_by_limits_and_target(told: dict[str, Any], improves: str, way: str) -> None:
    chart = ka.spc(
        between(told["lpl"], told["upl"]), rules=PTD, improves=improves, target=told["target"]
    )
    assert chart.lines is not None
    assert chart.lines[::2] == pytest.approx((told["lpl"], told["upl"]))
    assert chart.assurance == SAYS[told[way]]


@pytest.mark.parametrize("told", VECTORS.get("assurance_uses_last_row_limits", ()))
def test_assurance_is_by_the_last_limits(told: dict[str, Any]) -> None:
    values = [v for ends in told["rows_lpl_upl"] for v in between(*ends)]
    months = [str(Period(2020, 1) + n) for n in range(len(values))]
    starts = {months[n]: "anew" for n in range(14, len(values), 14)}
    chart = ka.spc(
        pl.DataFrame({"period": months, "value": values}), rules=PTD, improves="down",
        target=told["target"], rebases=starts,
    )  # fmt: skip
    assert chart.assurance == SAYS[told["expect"]]


def test_peak_flow_of_wheeler() -> None:
    told = case("13_wheeler_xmr_reference.json")["peak_flow_p130"]
    lines = ka.spc(told["values"], rules="mdc-pre2023").lines
    assert lines == pytest.approx((told["lnpl_1dp"], told["mean_1dp"], told["unpl_1dp"]), abs=0.06)
    # Ours is the mean of the moving ranges; limits of their median are another method.
    median = case("13_wheeler_xmr_reference.json")["median_mr_p145"]
    assert ka.spc(median["values"], rules=PTD).lines[1] == pytest.approx(median["mean"], abs=1e-3)


def test_a_point_on_its_limit_is_not_beyond_it() -> None:
    assert after_a_gap([LIMIT, -LIMIT])["outside"].to_list() == ["", ""]
    assert after_a_gap([LIMIT + 1e-6])["outside"].to_list() == ["high"]


def test_a_run_of_eight_is_one_of_seven() -> None:
    told = case("13_wheeler_xmr_reference.json")["run_of_eight_rule"]
    found = ka.spc(told["values"], rules="mdc-pre2023").points["shift"].to_list()
    assert [at for at, side in enumerate(found) if side == "low"] == told["flagged_0based"]
