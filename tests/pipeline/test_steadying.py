"""Variation and assurance beside the figures of a whole."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.fixtures.told import MONTHS, told

from kpialign.charts import process, words
from kpialign.errors import UsageError
from kpialign.findings import EventMark, Outcome, SystemValue, TargetStep
from kpialign.pipeline.steadying import MONTHS as KEPT
from kpialign.pipeline.steadying import steadied
from kpialign.terms import Period

FIRST = Period.parse("2022-04")
STEADY = [70.0, 72, 71, 73] * 12


def value(**more: object) -> SystemValue:
    plain = SystemValue(
        "uec.ed.four_hour", "four-hour", "percent", "up", "QRL", "Hampshire", "providers",
        "2026-03", 78.0, "reported", 8, 8, None,
    )  # fmt: skip
    return replace(plain, **more)


def months(values: list[float | None], basis: str = "providers") -> pl.DataFrame:
    return pl.DataFrame({
        "indicator": ["uec.ed.four_hour"] * len(values), "scope": ["QRL"] * len(values),
        "basis": [basis] * len(values), "denominator": [1e5] * len(values),
        "period": [str(FIRST + n) for n in range(len(values))], "value": values,
    })  # fmt: skip


def step(kind: str, level: float, since: str, until: str = "", basis: str = "month") -> TargetStep:
    return TargetStep(kind, kind, level, True, basis, since, until)


def test_each_month_is_judged_by_the_target_of_its_day() -> None:
    steps = (
        step("ambition", 60, "2022-04"), step("standard", 90, "2024-04", "2025-03"),
        step("trajectory", 1, "2022-04"), step("standard", 99, "2022-04", basis="financial year"),
    )  # fmt: skip
    (found,), points = steadied((value(target_steps=steps),), months(STEADY), "mdc-2023")
    aims = dict(points.select("period", "target").iter_rows())
    assert (aims["2024-03"], aims["2024-04"], aims["2025-03"], aims["2025-04"]) == (60, 90, 90, 60)
    assert (found.process.target, found.process.assurance) == (60, "pass")
    assert words.process(found) == "steady (common cause); meets 60.0% whatever the month"
    named = (*steps, replace(step("ambition", 70, "2024-04"), judged=True))
    _, points = steadied((value(target_steps=named),), months(STEADY), "mdc-2023")
    aims = dict(points.select("period", "target").iter_rows())
    assert (aims["2024-03"], aims["2024-04"]) == (60, 70)


def test_limits_stand_on_the_last_three_years() -> None:
    _, points = steadied((value(),), months(STEADY), "mdc-2023")
    assert len(points) == KEPT
    assert points["period"].max() == "2026-03"


def test_a_new_level_that_holds_is_told_with_its_evidence_and_not_applied() -> None:
    steps = [v + (8 if n > 29 else 0) for n, v in enumerate(STEADY)]
    (found,), points = steadied((value(),), months(steps), "mdc-2023")
    assert points["segment"].unique().to_list() == [1]
    outcome = told()
    own = replace(outcome, system_values=(found,), tables=replace(outcome.tables, points=points))
    drawn = process.chart(own, "QRL", "uec.ed.four_hour").to_dict()
    said = " ".join(drawn["vconcat"][0]["title"]["subtitle"])
    asked = "A new level since Oct 2024? Mean 71.4% over 18 months before, 79.6% over 18 months"
    assert asked in said
    assert asked in drawn["description"]
    _, plain = steadied((value(),), months(STEADY), "mdc-2023")
    assert plain["level_before"].null_count() == plain.height


def test_a_confirmed_break_starts_limits_anew_with_its_reason() -> None:
    broken = EventMark("EV-1", "counted otherwise", "incomparable", True, "2024-10")
    for event, segments in (
        (broken, 2), (replace(broken, confirmed=False), 1), (replace(broken, whom="one trust"), 1),
    ):  # fmt: skip
        _, points = steadied((value(events=(event,)),), months(STEADY), "mdc-2023")
        assert points["segment"].max() == segments
    (_, points) = steadied((value(events=(broken,)),), months(STEADY), "mdc-2023")
    last = points.row(-1, named=True)
    assert (last["reason"], last["period"]) == ("counted otherwise", "2026-03")


def test_two_bases_of_one_system_stay_two_series() -> None:
    both = (value(), value(basis="residents"))
    table = pl.concat([months(STEADY), months([v - 20 for v in STEADY], "residents")])
    (first, second), _ = steadied(both, table, "mdc-2023")
    assert first.process.centre - second.process.centre == pytest.approx(20)


def test_drawn_limits_stay_within_what_a_share_can_be() -> None:
    high = [97.0, 100, 98, 100] * 12
    (found,), points = steadied((value(),), months(high), "mdc-2023")
    assert points["drawn_high"].max() == 100 < found.process.high


def test_a_rule_set_that_is_not_there_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(UsageError, match=r"process_rules.*Did you mean mdc-2023"):
        steadied((value(),), months(STEADY), "mdc-2033")


def test_a_figure_without_months_stays_without() -> None:
    assert steadied((value(),), months([]), "mdc-2023")[0][0].process is None


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return told()


def test_the_chart_says_its_message_its_rules_and_the_chance_of_an_accident(
    outcome: Outcome,
) -> None:
    drawn = process.chart(outcome, "QRL", "uec.ed.four_hour").to_dict()
    title = drawn["vconcat"][0]["title"]
    assert " ".join(title["text"]).startswith("Four-hour, all types, Hampshire and Isle of Wight: ")
    told = " ".join(title["subtitle"])
    assert "Rules: mdc-2023." in told
    assert "by accident" in told
    assert "Process chart of Four-hour, all types" in drawn["description"]


def test_a_figure_that_stopped_is_told_as_of_its_last_month(outcome: Outcome) -> None:
    late = next(v for v in outcome.system_values if v.indicator == "amb.cat2.mean")
    assert late.process.recency != "current"
    assert f"as of {words.month(late.process.told)}" in words.process(late)


def test_special_causes_differ_in_shape_and_by_a_word(outcome: Outcome) -> None:
    drawn = process.chart(outcome, "QRL", "uec.ed.dta12").to_dict()
    layers = drawn["vconcat"][0]["layer"]
    shapes = {
        layer["mark"]["shape"]
        for layer in layers
        if layer["mark"]["type"] == "point" and layer["mark"]["shape"] != "circle"
    }
    said = {layer["mark"].get("text") for layer in layers if layer["mark"]["type"] == "text"}
    assert shapes
    assert said & {"better", "worse"}


def test_the_table_behind_has_every_month_and_no_raw_state(outcome: Outcome) -> None:
    table = process.frame(outcome, "QRL", "amb.cat2.mean")
    assert table["period"].to_list() == MONTHS
    assert "not reported" in table["variation"].to_list()
