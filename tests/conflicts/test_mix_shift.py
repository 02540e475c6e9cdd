"""A rate of the whole against those of its groups, on invented years and the placebo figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from kpialign.conflicts.shapes import invent, look_at
from kpialign.conflicts.sight import PARTS, Break, Sight
from kpialign.definitions.shapes import MixPlan, ShapeRule
from kpialign.findings import Seen
from kpialign.library import Library, load
from kpialign.shipped import shipped


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


@pytest.fixture
def rule(library: Library) -> ShapeRule:
    return library.shapes["KA-SHAPE-008"]


def planted(rule: ShapeRule, library: Library) -> Sight:
    return invent(rule, rule.tests[0], Sight.of_definitions(library.indicators), seed=1)


def test_a_change_that_is_all_mix_is_told_as_such(rule: ShapeRule, library: Library) -> None:
    [shape] = look_at([rule], planted(rule, library))
    country = shape.looks[0]
    assert shape.seen is Seen.UNUSUAL
    assert country.estimate == pytest.approx(3.5, abs=0.15)
    assert "type 1 −10." in country.said
    assert country.question == "How much of the change is care, and how much is who is counted?"


def test_no_chain_is_made_across_a_confirmed_break(rule: ShapeRule, library: Library) -> None:
    sight = planted(rule, library)
    month = sorted(sight.parts["period"].unique())[12]
    made = Break("ev", "another count", "incomparable", month, "", ("uec.ed.four_hour",), True)
    for one, word in (
        (made, Seen.TOO_LITTLE_DATA),
        (replace(made, confirmed=False), Seen.UNUSUAL),
        (replace(made, since="2030-01"), Seen.UNUSUAL),
        (replace(made, indicators=("amb.cat2.mean",)), Seen.UNUSUAL),
    ):
        [shape] = look_at([rule], replace(sight, breaks=(one,)))
        assert shape.seen is word
    [refused] = look_at([rule], replace(sight, breaks=(made,)))
    assert refused.looks[0].said.startswith("the two years do not compare: another count, from")


def test_a_body_that_left_a_month_out_is_in_neither_year(rule: ShapeRule, library: Library) -> None:
    sight = planted(rule, library)
    holed = sight.parts.filter(
        ~((pl.col("organisation") == "U003") & (pl.col("period") == sight.parts["period"].max()))
    )
    [shape] = look_at([rule], replace(sight, parts=holed))
    assert "11 bodies with both years" in shape.looks[0].said


@pytest.mark.real
def test_placebo_years_split_and_reverse_as_measured(
    rule: ShapeRule, library: Library, extracts: Path
) -> None:
    assert isinstance(rule.evidence, MixPlan)
    apart = rule.evidence.model_copy(update={"apart": 24})
    frame = pl.read_csv(extracts / "placebo" / "ae-attendances-by-type-2016-19.csv")
    every = pl.read_csv(extracts / "placebo" / "ae-performance-130-trusts-36-months.csv")
    trusts = every["org_code"].unique().to_list()
    kinds = pl.col("type").replace_strict({"1": "0", "2": "1", "other": "2"})
    rows = frame.select(
        rule=pl.lit(rule.id), organisation="org_code", role=pl.lit("hospital"),
        period=pl.col("period").str.slice(0, 7), group=kinds,
        numerator=pl.col("attendances") - pl.col("breaches"), denominator="attendances",
    )  # fmt: skip
    # A trust without a kind of department has none of its patients, and is not silent.
    keys = ["rule", "organisation", "role", "period"]
    spine = rows.select(keys).unique().join(rows.select("group").unique(), how="cross")
    whole = spine.join(rows, on=[*keys, "group"], how="left").fill_null(0)
    parts = whole.unpivot(
        ["numerator", "denominator"], index=[*keys, "group"], variable_name="side"
    ).with_columns(part=pl.col("group") + " " + pl.col("side"), value=pl.col("value").cast(float))
    summed = parts.group_by("part", *keys).agg(pl.col("value").sum()).select(*PARTS)
    sight = replace(Sight.of_definitions(library.indicators), parts=summed)
    changed = rule.model_copy(update={"evidence": apart})
    [shape] = look_at([changed], sight)
    assert [look.body for look in shape.looks[:2]] == ["", ""]
    kept = replace(sight, parts=summed.filter(pl.col("organisation").is_in(trusts)))
    [of_trusts] = look_at([changed], kept)
    assert of_trusts.looks[1].said.startswith("at 6 of 130 bodies")
    assert "RVW" in [look.body for look in of_trusts.looks]
