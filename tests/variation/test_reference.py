"""Process charts against other tools' published and observed values (see ``shared/cases/spc``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.conftest import BESIDE
from tests.variation.plain import label

import kpialign as ka

CASES = BESIDE / "cases" / "spc"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(
        not CASES.is_dir(), reason="the reference values are not beside this checkout"
    ),
]
IMPROVES = {"increase": "up", "decrease": "down", "neutral": "neither"}
ASSURANCE = {"consistent_pass": "pass", "consistent_fail": "fail", "inconsistent": "hit_and_miss"}
PTD, MDC = "plotthedots-0.2", "mdc-2023"


def case(name: str) -> Any:
    return json.loads((CASES / name).read_text("utf-8"))


def points(values: list[float | None], rules: str = PTD, **more: Any) -> pl.DataFrame:
    return ka.spc(values, rules=rules, **more).points


def near(found: object, expected: object) -> bool:
    return found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def same_label(point: dict[str, Any], told: str | None) -> bool:
    if told is None:
        return point["value"] is None
    return told.startswith(label(point))


def test_the_verifying_data_set_of_wheeler() -> None:
    told = case("13_wheeler_xmr_reference.json")["verify_software_p382"]
    low, centre, high = ka.spc(told["values"], rules="mdc-pre2023").lines
    assert round(centre, 2) == told["mean"]
    # The book rounds the mean moving range to 355.93 before it multiplies.
    assert (low, high) == pytest.approx((told["lnpl"], told["unpl"]), abs=0.02)


def test_three_sigma_of_autospc_screened_and_not() -> None:
    told = case("13_wheeler_xmr_reference.json")
    plain, extreme = told["autospc_e2e_xmr"], told["autospc_extreme_mr"]
    lines = ka.spc(plain["values"], rules="anhoej").lines
    assert near(lines, (plain["lcl"], plain["cl"], plain["ucl"]))
    wide = extreme["unscreened_published_3dp"]
    lines = ka.spc(extreme["values"], rules="anhoej").lines
    assert lines == pytest.approx((wide["lcl"], wide["cl"], wide["ucl"]), abs=6e-5)
    low, centre, high = ka.spc(extreme["values"], rules=PTD).lines
    kept = extreme["screened"]
    # 2.66 instead of 3 / 1.128 is all that is between them.
    assert near((high - centre) / 2.66 * 3 / 1.128, kept["ucl"] - kept["cl"])
    assert near(centre - low, high - centre)


@pytest.mark.parametrize(("rules", "name"), [(PTD, "screened"), ("mdc-pre2023", "unscreened")])
def test_the_vignette_screened_and_not(rules: str, name: str) -> None:
    told = case("01_ptd_deviations_vignette.json")
    group = told["observed_full_precision"][name]["groups"][0]
    chart = ka.spc(told["input"]["value"], improves="up", rules=rules)
    assert near(chart.lines, (group["lpl"], group["mean"], group["upl"]))
    published = told["published"][name]
    low, centre, high = (round(line, 2) for line in chart.lines)
    assert (low, centre, high) == (
        published["lpl_2dp"], published["mean_2dp"], published["upl_2dp"],
    )  # fmt: skip
    assert chart.points["variation"][4] == "improvement_high"


RRK = {
    "stable_decrease": {"months": 24, "improves": "down"},
    "full_no_rebase_decrease": {"improves": "down"},
    "rebase_2018_07_decrease": {"improves": "down", "rebases": {"2018-07": "new streaming"}},
    "rebase_2018_07_fix12": {
        "improves": "down", "rebases": {"2018-07": "new streaming"}, "baseline": 12,
    },
    "fix12_decrease": {"improves": "down", "baseline": 12},
    "neutral": {"months": 24, "improves": "neither"},
    "na_last": {"months": 24, "improves": "down", "blank": True},
}  # fmt: skip
POINT_TYPE = {
    "common_cause": "common_cause", "not_reported": "common_cause",
    "improvement": "special_cause_improvement", "concern": "special_cause_concern",
    "neither": "special_cause_neutral",
}  # fmt: skip


@pytest.mark.parametrize("name", RRK)
def test_breaches_at_one_department_in_every_variant(name: str) -> None:
    told, asked = case("03_ae_RRK_type1_breaches.json"), dict(RRK[name])
    months = asked.pop("months", 36)
    values = told["input"]["breaches"][:months]
    if asked.pop("blank", False):
        values[-1] = None
    periods = [day[:7] for day in told["input"]["period"][:months]]
    frame = pl.DataFrame({"period": periods, "value": values})
    found = ka.spc(frame, rules=PTD, **asked).points
    for number, group in enumerate(told["observed"][name]["groups"], 1):
        part = found.filter(pl.col("segment") == number)
        assert [f"{p}-01" for p in part["period"]] == group["dates"]
        first = part.row(0, named=True)
        assert near(
            [first["low"], first["centre"], first["high"]],
            [group["lpl"], group["mean"], group["upl"]],
        )
        for point, type_, why in zip(
            part.iter_rows(named=True),
            group["point_type"],
            group["special_cause_type"],
            strict=True,
        ):
            kind = point["variation"].removesuffix("_high").removesuffix("_low")
            assert type_.startswith(POINT_TYPE[kind]), (point, type_)
            assert same_label(point, why), (point, why)


@pytest.mark.parametrize(
    ("direction", "target", "expected"),
    [("decrease", 2000, "inconsistent"), ("decrease", 3000, "consistent_pass"),
     ("decrease", 6000, "consistent_pass"), ("increase", 6000, "consistent_fail")],
)  # fmt: skip
def test_assurance_of_the_stable_months(direction: str, target: int, expected: str) -> None:
    told = case("03_ae_RRK_type1_breaches.json")
    assert told["assurance_observed"][f"{direction}_target_{target}"] == expected
    chart = ka.spc(
        told["input"]["breaches"][:24], improves=IMPROVES[direction], target=target, rules=PTD
    )
    assert chart.assurance == ASSURANCE[expected]


KINDS = {"i": "xmr", "pprime": "p_prime", "uprime": "u_prime", "g": "g", "t": "t"}


@pytest.mark.parametrize("name", KINDS)
def test_limits_of_other_kinds_of_charts(name: str) -> None:
    told = case("06_powerbi_spc_limits.json")["charts"][name]
    frame = pl.DataFrame({"value": told["numerators"]}).with_row_index("n")
    frame = frame.with_columns(
        period=pl.format("{}-{}", pl.col("n") // 12 + 2000,
                         (pl.col("n") % 12 + 1).cast(pl.String).str.zfill(2))
    )  # fmt: skip
    scale = 1.0
    if "denominators" in told:
        frame = frame.with_columns(denominator=pl.Series(told["denominators"]).cast(pl.Float64))
        frame = frame.with_columns(value=pl.col("value") / pl.col("denominator"))
    if name == "pprime":
        scale = 100.0
    point = ka.spc(frame, kind=KINDS[name], rules=PTD).points
    for column, line in (
        ("high", "ul99"),
        ("near_high", "ul95"),
        ("near_low", "ll95"),
        ("low", "ll99"),
    ):
        expected = told[line][: len(frame)]
        decimals = told["decimals_compared"][line]
        found = (point[column] * scale).to_list()
        slack = 0.5 * 10**-decimals
        assert found == pytest.approx(expected, abs=slack), column


def test_a_point_left_out_is_not_bridged() -> None:
    told = case("14_excluded_point_semantics.json")["result"]
    for rules, name in (("mdc-pre2023", "ptd_NA_unscreened"), (PTD, "ptd_NA_screened")):
        chart = ka.spc(told["values"], rules=rules, left_out={"0001-08": "a power cut"})
        group = told[name]
        assert near(chart.lines, (group["lpl"], group["mean"], group["upl"]))
        assert chart.points["value"][7] == 95
        assert chart.points["variation"][7] == "left_out"
    kept = told["ptd_keep_screened"]
    assert near(ka.spc(told["values"], rules=PTD).lines, (kept["lpl"], kept["mean"], kept["upl"]))


EDGES = case("11_edge_cases_four_tools.json")["cases"] if CASES.is_dir() else {}
FLAT = {"constant_14", "near_constant_last", "near_constant_mid"}  # decided in the docs
SHORT = {"single_point", "two_points", "n12"}


@pytest.mark.parametrize("name", sorted(set(EDGES) - FLAT - {"single_point", "na_mid_monotone"}))
def test_edge_cases_as_plotthedots(name: str) -> None:
    told = EDGES[name]
    group = told["NHSRplotthedots_0.2.2"]["screened"]
    chart = ka.spc(
        told["values"], improves=IMPROVES[told["improvement_direction"]], target=told["target"],
        rules=PTD,
    )  # fmt: skip
    assert near(chart.lines, (group["lpl"], group["mean"], group["upl"]))
    for point, why in zip(
        chart.points.iter_rows(named=True), group["special_cause_type"], strict=True
    ):
        assert point["value"] is None or same_label(point, why), (point, why)
    if told["target"] is not None:
        assert chart.assurance == ASSURANCE[group["assurance"]]


@pytest.mark.parametrize("name", sorted(set(EDGES) - SHORT - {"constant_14", "na_mid_monotone"}))
def test_edge_cases_by_the_rules_of_2023(name: str) -> None:
    told = EDGES[name]
    group = told["derived_mdc_2023_rules"]
    found = points(told["values"], MDC)
    counted = found[group["positions_used"]]
    first = counted.row(0, named=True)
    assert near(
        [first[c] for c in ("low", "centre", "high")], [group[c] for c in ("lpl", "mean", "upl")]
    )
    assert _high(counted) == group["high_signal"]
    assert _low(counted) == group["low_signal"]


TEXT = case("15_mdc_rule_text_cases.json")["cases"] if CASES.is_dir() else {}


@pytest.mark.parametrize("name", TEXT)
def test_the_rules_as_stated_in_2023(name: str) -> None:
    told = TEXT[name]
    found = points(told["values"], MDC)
    assert near(
        found.select("low", "centre", "high").row(0), (told["lpl"], told["mean"], told["upl"])
    )
    assert _high(found) == told["high_signal"]
    assert _low(found) == told["low_signal"]


def _high(found: pl.DataFrame) -> list[bool]:
    up = (pl.col("outside") == "high") | (pl.col("shift") == "high") | pl.col("rising")
    return found.select(up | (pl.col("two_of_three") == "high")).to_series().to_list()


def _low(found: pl.DataFrame) -> list[bool]:
    down = (pl.col("outside") == "low") | (pl.col("shift") == "low") | pl.col("falling")
    return found.select(down | (pl.col("two_of_three") == "low")).to_series().to_list()


def test_cases_are_where_this_file_looks() -> None:
    assert isinstance(CASES, Path)
    assert len(EDGES) == 20
