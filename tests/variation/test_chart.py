"""Process charts: gaps, targets, segments, states, words; and what must never change an answer."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.variation.plain import draw, label

import kpialign as ka
from kpialign.terms import Period
from kpialign.variation import RULE_SETS, rule_set

STEADY = [5.0, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6]
WAVE = [10 + 3 * np.sin(n) for n in range(30)]


def months(count: int, start: str = "2023-04") -> list[str]:
    first = Period.parse(start)
    return [str(first + n) for n in range(count)]


def frame(values: list[float | None], **columns: object) -> pl.DataFrame:
    return pl.DataFrame({"period": months(len(values)), "value": values, **columns})


def test_limits_of_a_series_worked_by_hand() -> None:
    chart = ka.spc(STEADY)
    assert chart.lines == pytest.approx((5.5 - 2.66, 5.5, 5.5 + 2.66))
    point = chart.points.row(0, named=True)
    assert point["near_high"] == pytest.approx(5.5 + 2.66 * 2 / 3)
    assert chart.points["rules"].unique().to_list() == ["mdc-2023"]


@pytest.mark.parametrize(
    ("improves", "last", "expected"),
    [
        ("up", 20, "improvement_high"), ("up", -9, "concern_low"),
        ("down", 20, "concern_high"), ("down", -9, "improvement_low"),
        ("neither", 20, "neither_high"), ("neither", -9, "neither_low"), ("up", 5, "common_cause"),
    ],
)  # fmt: skip
def test_the_latest_month_tells_the_variation(improves: str, last: float, expected: str) -> None:
    assert ka.spc([*STEADY, last], improves=improves).variation == expected


def test_a_gap_parts_what_stands_beside_it() -> None:
    rising = [1.0, 2, 3, 4, 5, 6, 7, 3, 2, 3, 2, 3, 2, 3]
    whole = ka.spc(frame(rising)).points
    assert whole["rising"][:7].all()
    table = frame(rising).with_columns(period=pl.Series([*months(3), *months(11, "2023-08")]))
    parted = ka.spc(table)
    assert not parted.points["rising"].any()
    # The step over the gap is no moving range.
    ranges = [1, 1, *[1] * 3, 4, *[1] * 6]
    _, centre, high = parted.lines
    assert (high - centre) / 2.66 == pytest.approx(np.mean(ranges))
    assert ka.spc(table, rules="plotthedots-0.2").points["rising"][:7].all()


def test_a_missing_last_month_leaves_the_icon_to_the_month_before_and_says_so() -> None:
    chart = ka.spc(frame([*STEADY, 20, None]), improves="up")
    row = chart.series.row(0, named=True)
    assert (row["variation"], row["told"], row["recency"]) == (
        "improvement_high", "2024-06", "last_value_missing",
    )  # fmt: skip
    assert chart.points["variation"][-1] == "not_reported"
    assert "missing" in row["note"]


def test_a_series_that_ended_is_stale() -> None:
    both = pl.concat([
        frame(STEADY, series=["a"] * 14), frame([*STEADY, *STEADY], series=["b"] * 28),
    ])  # fmt: skip
    chart = ka.spc(both)
    assert chart.series["recency"].to_list() == ["stale", "current"]
    assert ka.spc(both, as_at="2024-06").series["recency"].to_list() == [
        "last_value_missing", "current",
    ]  # fmt: skip


def test_a_series_that_never_reported_has_names_and_no_numbers() -> None:
    chart = ka.spc(frame([None] * 14), improves="up", target=3)
    row = chart.series.row(0, named=True)
    assert row["recency"] == "never_reported"
    assert (row["variation"], row["assurance"]) == ("not_enough_data", "not_enough_data")
    assert [row[name] for name in ("told", "value", "low")] == [None, None, None]
    assert chart.lines is None


@pytest.mark.parametrize("rules", RULE_SETS)
@pytest.mark.parametrize(
    ("improves", "target", "expected"),
    [("up", 95, "pass"), ("up", 100, "pass"), ("up", 100.5, "fail"), ("down", 95, "fail"),
     ("down", 100, "pass"), ("neither", 95, "no_direction"), ("up", None, "no_target")],
)  # fmt: skip
def test_figures_that_never_vary_meet_their_target_or_not(
    rules: str, improves: str, target: float | None, expected: str
) -> None:
    chart = ka.spc([100.0] * 14, improves=improves, target=target, rules=rules)
    assert (chart.variation, chart.assurance) == ("common_cause", expected)
    assert chart.series["limits"][0] == "no_variation"
    assert chart.lines == (100, 100, 100)


def test_screening_that_would_leave_nothing_is_left_and_told() -> None:
    chart = ka.spc([0.0] * 13 + [1], rules="plotthedots-0.2", improves="up")
    _, centre, high = chart.lines
    assert high - centre == pytest.approx(2.66 / 13)
    assert chart.variation == "improvement_high"
    assert "not screened" in chart.series["note"][0]


def test_too_few_months_have_a_centre_and_no_limits() -> None:
    chart = ka.spc(STEADY[:12], improves="up", target=9)
    assert (chart.variation, chart.assurance) == ("not_enough_data", "not_enough_data")
    assert chart.points["centre"].null_count() == 0
    assert chart.points["high"].null_count() == 12
    assert "12 months, limits from 13" in chart.series["note"][0]


def test_assurance_is_by_the_target_of_its_month() -> None:
    chart = ka.spc(STEADY, improves="up", target=[1.0] * 7 + [9.0] * 7)
    assert chart.points["assurance"].to_list() == ["pass"] * 7 + ["fail"] * 7
    assert chart.assurance == "fail"


@pytest.mark.parametrize(
    ("rules", "expected"), [("mdc-2023", "fail"), ("plotthedots-0.2", "hit_and_miss")]
)
def test_a_target_on_the_limit(rules: str, expected: str) -> None:
    assert ka.spc(STEADY, improves="up", target=5.5 + 2.66, rules=rules).assurance == expected


def test_a_plan_is_judged_by_itself() -> None:
    table = frame(STEADY, trajectory=[5.8] * 14)
    assert ka.spc(table, improves="up").series["trajectory"][0] == "ahead"
    assert ka.spc(table, improves="down").series["trajectory"][0] == "behind"
    assert ka.spc(table, improves="up", target=5.8).assurance == "hit_and_miss"


def test_a_rebase_starts_anew_at_the_next_month_there_is_with_its_reason() -> None:
    table = frame([*STEADY, *(v + 20 for v in STEADY)])
    plain, new = ka.spc(table), ka.spc(table, rebases={"2024-06": "a new ward"})
    assert plain.points["segment"].unique().to_list() == [1]
    last = new.points.row(-1, named=True)
    assert (last["segment"], last["reason"]) == (2, "a new ward")
    assert new.lines == pytest.approx((25.5 - 2.66, 25.5, 25.5 + 2.66))
    gap = table.filter(pl.col("period") != "2024-06")
    assert ka.spc(gap, rebases={"2024-06": "a new ward"}).points.filter(
        pl.col("segment") == 2
    )["period"][0] == "2024-07"  # fmt: skip


@pytest.mark.parametrize("given", ["rebases", "left_out"])
def test_a_fact_without_a_reason_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="2023-06: say why"):
        ka.spc(frame(STEADY), **{given: {"2023-06": " "}})
    with pytest.raises(ValueError, match="2030-01: there is no month then"):
        ka.spc(frame(STEADY), **{given: {"2030-01": "a new ward"}})


def test_a_rebase_of_one_series_leaves_the_others() -> None:
    both = pl.concat([frame(WAVE, series=["a"] * 30), frame(WAVE, series=["b"] * 30)])
    facts = pl.DataFrame({"series": ["b"], "period": ["2024-10"], "reason": ["moved"]})
    found = ka.spc(both, rebases=facts).points
    assert found.group_by("series", maintain_order=True).agg(pl.col("segment").max()).rows() == [
        ("a", 1), ("b", 2),
    ]  # fmt: skip


def test_a_shift_that_holds_is_suggested_and_not_applied() -> None:
    chart = ka.spc(frame([*WAVE, *(v + 15 for v in WAVE)]))
    found = chart.suggestions.row(0, named=True)
    assert found["period"] == months(60)[30]
    assert found["after"] - found["before"] == pytest.approx(15, abs=0.5)
    assert chart.points["segment"].unique().to_list() == [1]
    assert ka.spc(frame(WAVE)).suggestions.is_empty()
    back = [*WAVE[:20], *(v + 15 for v in WAVE[:14]), *WAVE[:8]]
    assert ka.spc(frame(back)).suggestions.is_empty()


def test_bounds_clip_the_drawing_and_not_the_judgement() -> None:
    shares = [99.0, 97, 100, 98, 100, 97, 99, 100, 98, 97, 100, 99, 98, 100]
    free, bound = ka.spc(shares, target=101, improves="up"), ka.spc(
        shares, target=101, improves="up", bounds=(0, 100)
    )  # fmt: skip
    assert bound.points["drawn_high"].max() == 100 < bound.points["high"].max()
    assert bound.assurance == free.assurance == "hit_and_miss"


def test_why_says_every_rule_that_speaks() -> None:
    why = ka.spc([*STEADY, 7, 8, 9, 10, 11, 12, 30]).points["why"].to_list()
    assert why[-1] == (
        "Above the upper process limit; in a run of 9 months rising; one of two in three months "
        "far above the centre line."
    )
    assert why[0] == "In a run of 15 months below the centre line."


def test_few_cases_are_told() -> None:
    table = frame([0.01] * 7 + [0.02] * 7, denominator=[100.0] * 14)
    assert "g or t chart" in ka.spc(table).series["note"][0]


def test_months_that_follow_on_each_other_are_warned_of() -> None:
    noise = np.random.default_rng(4).standard_normal(60)
    walk = [0.0]
    for step in noise:
        walk.append(0.9 * walk[-1] + step)
    chart = ka.spc(walk)
    assert chart.series["autocorrelation"][0] > 0.5
    assert chart.series["false_alarm"][0] > 0.1
    assert any("follow on each other" in told for told in chart.warnings)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"rules": "mdc-2024"}, "Did you mean mdc-2023?"), ({"kind": "p"}, "kind is 'p'"),
        ({"kind": "p_prime"}, "needs a column denominator"), ({"improves": "more"}, "expected up"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(asked: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ka.spc(STEADY, **asked)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pl.DataFrame({"month": ["2024-01"]}), "no column period, value"),
        (pl.DataFrame({"period": ["2024-1"], "value": [1.0]}), "'2024-1' is not a month"),
        (pl.DataFrame({"period": ["2024-01"] * 2, "value": [1.0, 2]}), "comes 2 times"),
        (pl.DataFrame({"period": [], "value": []}), "no months"),
    ],
)
def test_a_frame_that_cannot_be_judged_is_refused(table: pl.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ka.spc(table)


def test_one_series_is_asked_for_by_name_where_there_are_more() -> None:
    both = pl.concat([frame(STEADY, series=["a"] * 14), frame(STEADY, series=["b"] * 14)])
    with pytest.raises(ValueError, match="2 series"):
        _ = ka.spc(both).variation


SERIES = st.lists(st.integers(-50, 50).map(float), min_size=14, max_size=40)
WAYS = {"up": "down", "down": "up", "neither": "neither"}
MIRROR = {"high": "low", "low": "high", "": ""}
FLAGS = ("outside", "shift", "two_of_three")


@settings(max_examples=60, deadline=None)
@given(SERIES, st.sampled_from(list(RULE_SETS)))
def test_shift_scale_and_mirror(values: list[float], rules: str) -> None:
    found = ka.spc(values, rules=rules, improves="up", target=7)
    flags = found.points.select(*FLAGS, "rising", "falling", "runs", "variation")
    moved = ka.spc([4 * v + 16 for v in values], rules=rules, improves="up", target=44)
    assert moved.points.select(flags.columns).equals(flags)
    assert moved.assurance == found.assurance
    turned = ka.spc([-v for v in values], rules=rules, improves="down", target=-7)
    assert turned.assurance == found.assurance
    for flag in FLAGS:
        assert turned.points[flag].to_list() == [MIRROR[f] for f in flags[flag].to_list()]
    assert [v.split("_")[0] for v in turned.points["variation"]] == [
        v.split("_")[0] for v in flags["variation"]
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(SERIES, min_size=2, max_size=5), st.randoms())
def test_order_of_rows_and_company_change_nothing(many: list[list[float]], random: object) -> None:
    tables = [frame(values, series=[f"s{n}"] * len(values)) for n, values in enumerate(many)]
    alone = pl.concat([ka.spc(table).points for table in tables])
    mixed = pl.concat(tables).sample(fraction=1.0, shuffle=True, seed=3)
    assert ka.spc(mixed).points.equals(alone)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=30),
       st.sampled_from(list(RULE_SETS)))  # fmt: skip
def test_no_answer_is_ever_not_a_number(values: list[float | None], rules: str) -> None:
    chart = ka.spc(frame(values), improves="down", target=3, rules=rules)
    for table in (chart.points, chart.series, chart.suggestions):
        for column in table.select(pl.selectors.float()):
            assert not column.is_nan().any(), column.name
    assert chart.points["variation"].null_count() == 0
    assert set(chart.series["limits"]) <= {"estimated", "not_enough_data", "no_variation"}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 12).map(float), min_size=2, max_size=40))
def test_the_pass_over_all_series_equals_a_pencil(values: list[float]) -> None:
    plain = draw(values)
    if plain.lines is None:
        return
    chart = ka.spc(values, rules="plotthedots-0.2")
    assert chart.lines == pytest.approx(plain.lines)
    assert [label(point) for point in chart.points.iter_rows(named=True)] == plain.labels


def test_every_set_says_where_it_comes_from() -> None:
    assert all(len(rules.source) > 20 for rules in RULE_SETS.values())
    assert rule_set("mdc-2023").two_of_three == "beyond"
