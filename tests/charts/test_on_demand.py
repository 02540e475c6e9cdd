"""Charts drawn when they are asked for: all of them, of the invented run."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest

from charts.test_charts import inked
from fixtures.told import EVIL, told
from kpialign import charts
from kpialign.charts import completeness, evidence, funnel, icons, judged, matrix, revisions, ties
from kpialign.errors import UsageError
from kpialign.evidence.funnel import Z_95
from kpialign.findings import Change, Learned, Outcome, StepSeen
from kpialign.findings.learned import Hope, Rank

KINDS = ("completeness", "evidence", "funnel", "matrix", "revisions", "step", "ties")


@pytest.fixture(scope="module")
def changed() -> Outcome:
    """The invented run with a change of a hospital, seen on a figure of its own."""
    change = Change("RH3", "2025-09", "2025-09", "crews are let go", "ops", ("uec.ed.four_hour",),
                    (), "", "", 2)  # fmt: skip
    seen = StepSeen("uec.ed.four_hour", "four-hour, all types", "percent", Hope.AIMED_AT,
                    "Hospital 3", "estimated", Rank.STANDS_OUT, 1, 4.9, 2.0, 7.9, 1, 11, 0.004,
                    240, 23, 7)  # fmt: skip
    return replace(told(), learned=(Learned(change, "Hospital 3", (seen,)),))


@pytest.mark.parametrize("kind", KINDS)
def test_it_draws_valid_vega_lite_with_words_and_a_table(changed: Outcome, kind: str) -> None:
    subject = charts.subjects(changed, kind)[0]
    drawn = charts.picture(changed, *subject, kind=kind)
    assert drawn.chart.to_dict(validate=True) == drawn.spec
    assert inked(drawn.png) > 10_000
    assert drawn.alt_text.endswith(".")
    assert drawn.frame.height
    assert "<script" not in drawn.svg


def test_a_run_draws_none_of_them_by_itself(changed: Outcome) -> None:
    drawn = {kind for kind, _ in charts.listed(changed, report=True)}
    assert drawn
    assert not drawn & set(KINDS)
    assert set(KINDS) < {kind for kind, _ in charts.listed(changed)}


def test_the_matrix_says_for_each_body_here_what_its_chart_says(outcome: Outcome) -> None:
    rows = matrix.frame(outcome, "QRL")
    assert set(rows["organisation"]) == {"RH0", "RH3", "RH10", "RYD"}
    own = judged.with_key(judged.charts(outcome).series).filter(pl.col("organisation") == "RH3")
    said = rows.filter(pl.col("organisation") == "RH3").row(0, named=True)
    assert said["variation"] == own["variation"][0] == "improvement_high"
    silent = rows.filter(pl.col("organisation") == "RH10").row(0, named=True)
    assert (silent["figure"], silent["told"]) == ("70.7%", "2025-05")


def test_a_body_is_outside_the_funnel_exactly_where_its_z_is(outcome: Outcome) -> None:
    rows = funnel.frame(outcome, "uec.ed.four_hour")
    assert rows.height == 11  # the silent one is not drawn
    beyond = rows.filter(pl.col("z").abs() > Z_95)
    assert set(beyond["lies"]) <= {"beyond 95%", "beyond 99.8%"}
    assert set(rows.filter(pl.col("z").abs() <= Z_95)["lies"]) <= {"within"}


def test_names_of_a_funnel_do_not_lie_on_each_other(outcome: Outcome) -> None:
    bodies = outcome.tables.bodies
    assert bodies is not None
    (indicator,), *_ = charts.subjects(outcome, "funnel")
    crowded = bodies.with_columns(here=pl.col("here") | (pl.col("indicator") == indicator))
    everybody = replace(outcome, tables=replace(outcome.tables, bodies=crowded))
    layers = funnel.chart(everybody, indicator).to_dict()
    rows = next(r for r in layers["datasets"].values() if r and "height" in r[0])
    heights = sorted(r["height"] for r in rows)
    assert len(heights) > 9
    assert min(b - a for a, b in pairwise(heights)) > 0


def test_evidence_has_the_estimate_first_and_controls_last(outcome: Outcome) -> None:
    rows = evidence.frame(outcome, "KA-UEC-002", "starve")
    assert rows["kind"].to_list() == ["estimate", "tried", "tried", "tried", "control"]
    assert rows["label"][0] == "+0.55 (+0.42 to +0.65)"


def test_ties_without_an_estimate_have_none(outcome: Outcome) -> None:
    rows = ties.frame(outcome, "QRL")
    assert set(rows["tie"]) == {"RYD"}
    everywhere = ties.frame(replace(outcome, system=""), "ENGLAND")
    assert everywhere.filter(pl.col("state") == "too_few_peers")["r"].null_count() == 2


def test_completeness_names_months_that_are_short_or_silent(outcome: Outcome) -> None:
    rows = completeness.frame(outcome, "QRL")
    short = rows.filter(pl.col("state") == "short of somebody")
    assert short["period"].unique().to_list() == ["2024-02"]


def test_a_revision_from_nought_has_no_per_cent() -> None:
    assert revisions._change(0.0, 4.0) is None
    assert revisions._change(None, 4.0) is None
    assert revisions._change(-50.0, -25.0) == 50.0


def test_nothing_to_draw_is_said(outcome: Outcome) -> None:
    with pytest.raises(UsageError, match="nothing to draw"):
        charts.picture(replace(outcome, revisions=()), "QRL", kind="revisions")


def test_every_icon_says_in_words_and_letter_what_its_colour_says() -> None:
    states = ("common_cause", "improvement_high", "concern_low", "neither_high", "")
    drawn = [icons.variation(state) for state in states]
    drawn += [icons.assurance(state) for state in ("pass", "fail", "hit_and_miss", "no_target")]
    assert len({(icon.letter, icon.words) for icon in drawn}) == len(drawn)
    assert all(icon.letter and inked(icon.png) > 400 for icon in drawn)
    assert EVIL not in "".join(icon.svg for icon in drawn)
