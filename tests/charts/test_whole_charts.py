"""The charts of system measures: composite, waterfall and ledger."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from kpialign import charts
from kpialign.charts import composite, ledger, waterfall
from kpialign.errors import UsageError
from kpialign.findings import (
    CompositeDoubt,
    CompositeMove,
    CompositeStep,
    Ledger,
    LedgerStage,
    Movement,
    MovementStep,
    Outcome,
    StageLoss,
    StageMeasure,
)

NAME, NOW = "Hampshire and Isle of Wight", "2026-03"


@pytest.fixture(scope="module")
def whole(outcome: Outcome) -> Outcome:
    doubt = CompositeDoubt(52, 61, 50, 65, -4, 6, 0.31, 0.4, False,
                           "this change is not significant", (), 2000, 1)  # fmt: skip
    move = CompositeMove("2026-02", 55.0, 57.0, (
        CompositeStep("uec.ed.four_hour", "Four-hour", 3.0),
        CompositeStep("amb.cat2.mean", "Category 2", -1.0)))  # fmt: skip
    steps = [MovementStep("rate", f"T{i:02d}", f"Trust {i}", 0.1 * i) for i in range(20)]
    moved = Movement(
        "uec.ed.four_hour", "four-hour, all types", "percent", "up", "QRL", NAME, "b", "2026-02",
        NOW, 70.0, 70.5, 90.0,
        (MovementStep("revision", "", "", 0.5), *steps, MovementStep("went", "X", "Gone", 0.5)),
        "every group goes against the whole",
    )  # fmt: skip
    measure = StageMeasure("a", "A", "minutes", "down", 27.3, "reported", 21.8, "b")
    loss = StageLoss("a", "hours", "incidents", 4408.0, 155.7, None, "b", "beyond 18 minutes")
    way = Ledger("way", "A way", "Because.", "stages", "QRL", NAME, NOW, (
        LedgerStage("one", "First", ("ambulance",), (measure,), (loss,), (("two", "shared"),)),
        LedgerStage("two", "Second", (), (), (), (), "nothing measures it")),
        "not linked end to end: nobody does")  # fmt: skip
    first = replace(outcome.composites[0], doubt=doubt, moves=(move,))
    return replace(outcome, composites=(first,), movements=(moved,), ledgers=(way,))


def test_a_composite_stands_beside_its_parts_and_says_what_chance_does(whole: Outcome) -> None:
    drawn = charts.picture(whole, "uec.flow", kind="composite")
    assert drawn.chart.to_dict(validate=True) == drawn.spec
    assert "95% interval 52.0 to 61.0" in drawn.alt_text
    assert "This change is not significant" in drawn.alt_text
    assert composite.frame(whole, "uec.flow", "QRL")["kind"].to_list() == ["part"] * 3 + ["whole"]


def test_a_waterfall_adds_up_also_where_small_steps_are_put_together(whole: Outcome) -> None:
    table = waterfall.frame(whole, "QRL", "uec.ed.four_hour", "2026-02")
    steps = table.filter(pl.col("kind") != "month")
    assert steps["amount"].sum() == pytest.approx(90.0 - 70.0)
    assert steps["from"].to_list()[1:] == steps["to"].to_list()[:-1]
    assert (steps["from"][0], steps["to"][-1]) == pytest.approx((70.0, 90.0))
    assert "10 smaller steps" in table["row"].to_list()
    drawn = charts.picture(whole, "QRL", "uec.ed.four_hour", kind="waterfall")
    assert drawn.chart.to_dict(validate=True) == drawn.spec
    assert "Reversal: every group goes against the whole." in drawn.alt_text


def test_a_composite_has_a_waterfall_of_its_parts(whole: Outcome) -> None:
    table = waterfall.frame(whole, "QRL", "uec.flow", "2026-02")
    assert table["label"].to_list() == ["55.0", "+3.00", "−1.00", "57.0"]
    charts.picture(whole, "QRL", "uec.flow", "2026-02", kind="waterfall")


def test_a_ledger_names_gaps_overlaps_and_losses(whole: Outcome) -> None:
    drawn = charts.picture(whole, "way", kind="ledger")
    assert drawn.chart.to_dict(validate=True) == drawn.spec
    assert "1 of 2 stages without a figure" in drawn.alt_text
    assert "4,408 hours = 155.7 per 1,000 incidents" in drawn.alt_text
    table = ledger.frame(whole, "way", "QRL")
    assert table["gap"].to_list() == [False, True]
    assert table["answers"].to_list() == ["ambulance", "nobody is named"]


def test_the_report_draws_what_stands_in_front_and_a_name_that_is_not_there_is_told(
    whole: Outcome,
) -> None:
    kinds = [kind for kind, _ in charts.listed(whole, report=True)]
    assert {"composite", "waterfall", "ledger"} <= set(kinds)
    elsewhere = replace(whole, system="QXX")
    told = {kind for kind, _ in charts.listed(elsewhere, report=True)}
    assert not told & {"composite", "waterfall", "ledger"}
    for module in (composite, ledger):
        with pytest.raises(UsageError, match="in this run"):
            module.frame(whole, "nobody", "QRL")
    with pytest.raises(UsageError, match="in this run"):
        waterfall.frame(whole, "QRL", "uec.ed.four_hour", "2020-01")
