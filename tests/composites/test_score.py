import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpialign.composites import compose
from kpialign.composites.score import weighted_mean
from kpialign.definitions.composites import Composite
from kpialign.findings import SystemValue

COMPOSITE = Composite.model_validate(
    {
        "id": "c", "title": "C", "why": "w", "aggregate": "geometric",
        "components": [
            {"indicator": "a", "weight": 1,
             "goalposts": {"worst": 0, "best": 100, "from": "2025-04", "basis": "b"}},
            {"indicator": "b", "weight": 1,
             "goalposts": {"worst": 60, "best": 20, "from": "2025-04", "basis": "b"}},
        ],
        "without_outcome_because": "test",
    }
)  # fmt: skip


def value(indicator: str, now: float | None, before: float | None) -> SystemValue:
    return SystemValue(
        indicator, indicator.upper(), "percent", "up", "S", "System", "basis", "2026-03", now,
        "reported" if now is not None else "not_reported", 1, 1, before,
    )  # fmt: skip


def test_parts_are_scored_between_their_goalposts_whichever_way_is_better() -> None:
    found = compose(
        COMPOSITE, {"a": value("a", 25, 25), "b": value("b", 20, 60)}, "2026-03", ("S", "S")
    )
    assert [part.score for part in found.parts] == [25.0, 100.0]
    assert found.value == pytest.approx(50.0)
    assert found.other_aggregate == pytest.approx(62.5)
    assert found.year_before == 0.0


def test_a_missing_part_is_named_and_nothing_is_made_up() -> None:
    found = compose(
        COMPOSITE, {"a": value("a", 25, None), "b": value("b", None, 1)}, "2026-03", ("S", "S")
    )
    assert found.value is None
    assert found.year_before is None
    assert found.state == "part missing: B"


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=6))
def test_a_geometric_mean_never_exceeds_the_arithmetic(scores: list[float]) -> None:
    weights = [1.0] * len(scores)
    geometric = weighted_mean(scores, weights, "geometric")
    assert min(scores) - 1e-9 <= geometric <= weighted_mean(scores, weights, "arithmetic") + 1e-9
