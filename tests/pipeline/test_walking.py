import polars as pl
import pytest

from kpialign.findings import Ledger, SystemValue
from kpialign.library import Library, load
from kpialign.pipeline.walking import ledgers
from kpialign.shipped import shipped
from kpialign.terms import Period

MONTH = Period(2026, 3)
CAT2, HANDOVER, FOUR, DTA, FIT = (
    "amb.cat2.mean", "amb.handover.lost_over_30_per_1000", "uec.ed.four_hour",
    "uec.ed.over_12h_from_dta_share", "flow.no_criteria_to_reside_share",
)  # fmt: skip
PARTS = {
    CAT2: (1000 * 28 * 60.0, 1000.0),
    HANDOVER: (3600 * 50.0, 2000.0),
    FOUR: (750.0, 1000.0),
    DTA: (10.0, 100.0),
    FIT: (20.0, 100.0),
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


@pytest.fixture(scope="module")
def walked(library: Library) -> dict[str, Ledger]:
    told, rows = [], []
    for name, (top, below) in PARTS.items():
        indicator = library.indicators[name]
        value = indicator.measure.scale * top / below
        told.append(
            SystemValue(name, indicator.short, indicator.unit, str(indicator.improves), "Q",
                        "Quince", "b", str(MONTH), value, "reported", 1, 1, value)
        )  # fmt: skip
        for month in (MONTH, MONTH + -12):
            rows.append((name, "Q", "b", str(month), top, below))
    schema = ["indicator", "scope", "basis", "period", "numerator", "denominator"]
    series = pl.DataFrame(rows, schema=schema, orient="row")
    return {one.id: one for one in ledgers(library, told, series, MONTH)}


@pytest.mark.parametrize(
    ("stage", "amount", "per_1000", "unit"),
    [
        ("response", 1000 * 10 / 60, 1000 * 10 / 60, "hours"),
        ("handover", 50.0, 25.0, "hours"),
        ("department", 250.0, 250.0, "people"),
        ("bed", 120.0, 1200.0, "hours at least"),
        ("leaving", 20 * 31.0, 200.0, "bed days"),
    ],
)
def test_each_stage_loses_by_its_own_denominator(
    walked: dict[str, Ledger], stage: str, amount: float, per_1000: float, unit: str
) -> None:
    found = next(s for s in walked["urgent_care"].stages if s.id == stage)
    (loss,) = found.losses
    assert (loss.amount, loss.per_1000) == pytest.approx((amount, per_1000))
    assert loss.unit == unit
    assert loss.year_before == pytest.approx(amount)


def test_overlaps_gaps_and_who_answers_are_named(walked: dict[str, Ledger]) -> None:
    way = walked["urgent_care"]
    stages = {stage.id: stage for stage in way.stages}
    assert ("department", "bed") in [(s.id, other) for s in way.stages for other, _ in s.overlaps]
    assert stages["before"].gap == "nothing measures it"
    assert stages["corridor"].gap == "a measure is planned, and nobody sends its figures"
    assert stages["call"].gap.startswith("no figure was read of")
    assert "local_authority" in stages["leaving"].answers
    assert way.end_to_end.startswith("not linked end to end")
    assert "Help before it is urgent" in way.gaps


def test_every_way_that_has_a_figure_is_walked_and_the_whole_has_three_columns(
    walked: dict[str, Ledger],
) -> None:
    assert set(walked) == {"urgent_care", "discharge", "whole_system"}
    whole = walked["whole_system"]
    assert (whole.shown_as, [s.id for s in whole.stages]) == (
        "columns", ["people", "organisations", "public_purse"]
    )  # fmt: skip
    assert whole.stages[2].gap == "nothing measures it"


def test_a_wait_inside_its_target_loses_nothing(library: Library) -> None:
    told = [SystemValue(CAT2, "c", "minutes", "down", "Q", "Q", "b", str(MONTH), 15.0, "reported",
                        1, 1, None)]  # fmt: skip
    series = pl.DataFrame(
        [(CAT2, "Q", "b", str(MONTH), 900.0 * 100, 100.0)],
        schema=["indicator", "scope", "basis", "period", "numerator", "denominator"], orient="row",
    )  # fmt: skip
    way = next(one for one in ledgers(library, told, series, MONTH) if one.id == "urgent_care")
    (loss,) = next(s for s in way.stages if s.id == "response").losses
    assert (loss.amount, loss.year_before) == (0.0, None)
