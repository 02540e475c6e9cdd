"""Pictures of unusual shape: the crowd at a target, two years of a mix, two recorders."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from fixtures.bent import LEAD, NATIONAL, shape
from kpialign import charts
from kpialign.charts import bunching, crowding, mixture, recorders, render
from kpialign.conflicts.shapes import drawn, invent, look_at
from kpialign.conflicts.sight import Sight
from kpialign.findings import Outcome
from kpialign.library import load
from kpialign.shipped import shipped


@pytest.fixture(scope="module")
def bent(outcome: Outcome) -> Outcome:
    """Three rules on figures in which something is planted."""
    library = load([shipped("indicators")])
    plain = Sight.of_definitions(library.indicators)
    shapes, frames = [], []
    for name in ("KA-SHAPE-001", "KA-SHAPE-002", "KA-SHAPE-008", "KA-UEC-009"):
        rule = library.shapes[name]
        sight = invent(rule, rule.tests[0], plain, seed=1)
        found = look_at([rule], sight)
        shapes += found
        frames.append(drawn([rule], found, sight))
    return replace(
        outcome, shapes=tuple(shapes), tables=replace(outcome.tables, shapes=pl.concat(frames))
    )


def test_each_kind_has_one_picture_and_its_words(bent: Outcome) -> None:
    listed = [(kind, subject[0]) for kind, subject in charts.listed(bent)]
    for pair in (
        ("crowding", "KA-SHAPE-001"),
        ("recorders", "KA-SHAPE-002"),
        ("mixture", "KA-SHAPE-008"),
        ("bunching", "KA-UEC-009"),
    ):
        assert listed.count(pair) == 1
        drawing = charts.chart(bent, pair[1], kind=pair[0])
        drawing.to_dict()  # valid Vega-Lite, else it raises
        assert "unusual" in str(drawing.description)


def test_the_crowd_is_counted_on_either_side_of_the_target(bent: Outcome) -> None:
    data = crowding.frame(bent, "KA-SHAPE-001", "uec.ed.four_hour standard")
    assert (data["start"] >= 0).to_list() == (data["side"] == "meets").to_list()
    at = dict(data.select("start", "months").iter_rows())
    assert at[0.0] > at[-0.5] + at[-1.0]
    assert 1550 <= data["months"].sum() <= 1560  # within ten points of it


def test_two_years_of_groups_add_up_to_the_whole(bent: Outcome) -> None:
    look = bent.shapes[2].looks[0].id
    data = mixture.frame(bent, "KA-SHAPE-008", look)
    for year in ("before", "after"):
        groups = data.filter((pl.col("year") == year) & (pl.col("group") != "whole"))
        [whole] = data.filter((pl.col("year") == year) & (pl.col("group") == "whole"))["rate"]
        assert groups["share"].sum() == pytest.approx(100)
        assert (groups["share"] * groups["rate"]).sum() / 100 == pytest.approx(whole)


def test_stays_before_the_limit_stand_above_the_curve_and_those_beyond_below(bent: Outcome) -> None:
    look = bent.shapes[3].looks[0]
    data = bunching.frame(bent, "KA-UEC-009", look.id)
    assert data.height == 60
    assert 0.95 * look.figures < data["stays"].sum() < look.figures  # without the longest
    over = dict(data.select("start", pl.col("stays") - pl.col("expected")).iter_rows())
    assert over[220.0] + over[230.0] == pytest.approx(look.estimate * look.figures / 100, rel=0.02)
    assert over[240.0] < 0 < over[230.0]
    assert over[500.0] is None  # beyond what the curve is fitted to


def test_a_target_in_minutes_is_told_in_minutes(bent: Outcome) -> None:
    look = replace(bent.shapes[0].looks[0], unit="months a minute more that just meet")
    assert crowding._axis(look) == "distance from the target, in minutes; to the right it is met"


def test_a_ratio_is_that_of_the_two_counts(bent: Outcome) -> None:
    look = bent.shapes[1].looks[0].id
    data = recorders.frame(bent, "KA-SHAPE-002", look)
    assert data.height == 36
    assert (data["one"] / data["other"]).to_list() == pytest.approx(data["ratio"].to_list())


def test_a_picture_of_text_has_ink_and_speaks_once(bent: Outcome) -> None:
    picture = charts.picture(bent, "KA-SHAPE-008")
    assert picture.svg.count("<title") == 1
    assert "nan" not in picture.svg.lower()
    assert render.headline(picture.spec).endswith("unusual")


def test_no_picture_names_a_body(outcome: Outcome, bent: Outcome) -> None:
    lead = replace(outcome, shapes=(shape(NATIONAL, LEAD),))
    assert [kind for kind, _ in charts.listed(lead) if kind == "crowding"] == []
    assert not {"organisation", "body", "tie"} & set(bent.tables.shapes.columns)
