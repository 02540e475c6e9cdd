from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from pydantic import ValidationError

from kpialign.definitions.conflicts import Simulated
from kpialign.definitions.indicators import Measure, Target
from kpialign.definitions.items import Collected, Item
from kpialign.definitions.organisations import OrganisationType, Placed, Succession
from kpialign.simulate import Scenario
from kpialign.terms import Period


def test_a_rule_test_says_all_that_a_scenario_takes() -> None:
    assert set(Simulated.model_fields) == {f.name for f in dataclasses.fields(Scenario)}
    simulated = Simulated(months=48, ties=11, effect=0.5)
    assert Scenario(**simulated.model_dump()) == Scenario(months=48, ties=11, effect=0.5)


@pytest.mark.parametrize(
    "parts",
    [
        {"type": "ratio", "numerator": "t.a"},
        {"type": "count", "numerator": "t.a", "denominator": "t.b"},
        {"type": "reported", "numerator": "t.a"},
        {"type": "count", "numerator": "t.a ** 2"},
    ],
)
def test_a_measure_has_the_parts_of_its_type(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Measure.model_validate(parts)


def test_a_scale_may_be_a_fraction() -> None:
    parts = {"type": "mean", "numerator": "t.a", "denominator": "t.b", "scale": "1/60"}
    assert Measure.model_validate(parts).scale == pytest.approx(1 / 60)
    with pytest.raises(ValidationError):
        Measure.model_validate({**parts, "scale": "1/0"})


def test_an_open_end_covers_everything_on_its_side() -> None:
    collected = Collected.model_validate({"from": "2020-08"})
    assert [collected.covers(Period(2020, m)) for m in (7, 8, 9)] == [False, True, True]
    assert Collected().covers(Period(1990, 1))


def test_a_sum_is_not_collected() -> None:
    with pytest.raises(ValidationError, match="leave out collected"):
        Item.model_validate(
            {"id": "t.a", "title": "A", "unit": "x", "is": "t.b", "collected": {"from": "2020-01"}}
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"at_least": 1, "at_most": 2, "from": "2020-01"},
        {"at_least": 1},
        {"at_least": 1, "from": "2020-01", "for": "2020-01"},
        {"at_least": 1, "for_year": "2025-26"},
        {"at_least": 1, "for_year": "2025", "basis": "financial_year"},
    ],
)
def test_a_target_says_one_level_and_one_time(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate({"name": "x", "kind": "standard", **wrong})


def test_a_shape_that_is_no_pattern_is_refused() -> None:
    with pytest.raises(ValidationError, match="no pattern of codes"):
        OrganisationType(id="x", title="X", shapes=("R[A-Z",))


def test_a_body_may_be_shared_in_fractions() -> None:
    shared = {"organisation": "RDU", "from": "2025-04", "parents": {"Q1": "1/4", "Q2": 0.75}}
    placed = Placed.model_validate({**shared, "why": "x"})
    assert (placed.role, placed.level, placed.parents) == (
        "hospital", "icb", {"Q1": 0.25, "Q2": 0.75},
    )  # fmt: skip


def test_a_collection_may_switch_in_a_month_of_its_own() -> None:
    told = {"from": "RAP", "to": "RAL", "on": "2025-01", "sources": {"beds": "2024-11"}, "why": "x"}
    assert Succession.model_validate(told).sources == {"beds": Period(2024, 11)}
