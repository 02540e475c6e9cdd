"""Whatever moved a whole, the steps add up to the change, and say which kind it was."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpialign.composites.movement import movements
from kpialign.findings import Movement, SystemValue

NOW, BEFORE = "2026-03", "2026-02"
LEVELS = {"Q|basis": "icb"}


def value() -> SystemValue:
    return SystemValue(
        "i", "I", "percent", "up", "Q", "Q", "basis", NOW, 0.0, "reported", 1, 1, None
    )


def row(unit: str, period: str, *parts: float | None, kind: str = "parts") -> tuple[object, ...]:
    """Numerator and denominator as told; then as with places of then; then as first told."""
    own = parts + (parts * 3)[len(parts) : 6]
    return (
        "i",
        "icb",
        "Q",
        unit,
        "hospital",
        period,
        kind,
        100.0 if kind == "parts" else 1.0,
        *own,
    )


def moved(*rows: tuple[object, ...]) -> Movement | None:
    names = ["indicator", "scope_level", "scope", "unit", "role", "period", "denominator_kind",
             "scale", "numerator", "denominator", "numerator_then", "denominator_then",
             "numerator_first", "denominator_first"]  # fmt: skip
    figures = dict.fromkeys(names[7:], pl.Float64)
    schema = dict.fromkeys(names[:7], pl.String) | figures
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    return next(movements(frame, [value()], LEVELS, BEFORE, {"A": "Alder"}), None)


def steps(found: Movement | None) -> dict[tuple[str, str], float]:
    assert found is not None
    assert sum(s.amount for s in found.steps) == pytest.approx(found.after - found.before, abs=1e-9)
    return {(s.kind, s.organisation): s.amount for s in found.steps}


def test_rate_and_mix_stand_apart() -> None:
    found = steps(moved(
        row("A", BEFORE, 50, 100), row("B", BEFORE, 90, 100),
        row("A", NOW, 60, 100), row("B", NOW, 270, 300),
    ))  # fmt: skip
    assert found["rate", "A"] == pytest.approx(10 * (0.5 + 0.25) / 2)
    assert ("rate", "B") not in found
    assert found["mix", "B"] == pytest.approx((90 - (70 + 82.5) / 2) * 0.25)


def test_a_reversal_is_named() -> None:
    found = moved(
        row("A", BEFORE, 81, 87), row("B", BEFORE, 192, 263),
        row("A", NOW, 234, 270), row("B", NOW, 55, 80),
    )  # fmt: skip
    assert found is not None
    assert found.after > found.before
    assert found.total("rate") < 0
    assert found.reversal == "every group goes against the whole"


def test_revision_boundaries_and_bodies_of_one_month_have_steps_of_their_own() -> None:
    found = moved(
        row("A", BEFORE, 50, 100, 50, 100, 40, 100),
        row("B", BEFORE, 90, 100, None, None, None, None),
        row("C", BEFORE, 10, 100),
        row("A", NOW, 50, 100), row("B", NOW, 90, 100), row("D", NOW, 100, 100),
    )  # fmt: skip
    told = steps(found)
    assert found is not None
    assert (found.before, found.before_now, found.after) == pytest.approx((25, 50, 80))
    assert told["revision", ""] == pytest.approx(30 - 25)
    assert told["boundaries", ""] == pytest.approx(50 - 30)
    assert told["went", "C"] == pytest.approx(-(10 - 70) / 3)
    assert told["came", "D"] == pytest.approx((100 - 70) / 3)


def test_a_count_moves_by_the_change_of_each_body() -> None:
    told = steps(moved(
        row("A", BEFORE, 5, 1, kind="one"), row("A", NOW, 9, 1, kind="one"),
        row("B", NOW, 2, 1, kind="one"),
    ))  # fmt: skip
    assert told == {("rate", "A"): 4.0, ("came", "B"): 2.0}


def test_nobody_in_both_months_is_said() -> None:
    told = steps(moved(row("A", BEFORE, 5, 10), row("B", NOW, 9, 10)))
    assert told == {("other_bodies", ""): pytest.approx(40)}
    assert moved(row("A", NOW, 5, 10)) is None


PART = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda p: (p[0], p[0] + p[1]))
PARTS = st.none() | PART


@given(st.dictionaries(st.sampled_from("ABCDEFGHIJKLMNOPQR"), st.tuples(*[PARTS] * 6), min_size=1))
@settings(max_examples=150, deadline=None)
def test_every_split_adds_up(units: dict[str, tuple[tuple[int, int] | None, ...]]) -> None:
    rows = []
    for unit, given_ in units.items():
        for month, own in ((BEFORE, given_[:3]), (NOW, given_[3:])):
            flat = [figure for pair in own for figure in (pair or (None, None))]
            if any(figure is not None for figure in flat):
                rows.append(row(unit, month, *flat))
    found = moved(*rows)
    if found is not None:
        told = steps(found)
        assert len(found.steps) <= 2 + 4 * 13
        assert told == pytest.approx(steps(moved(*rows[::-1])))


def test_small_steps_are_put_together_and_nothing_is_lost() -> None:
    rows = [row(f"T{i:02d}", month, 50 + i * (month == NOW), 100)
            for i in range(20) for month in (BEFORE, NOW)]  # fmt: skip
    found = moved(*rows)
    assert found is not None
    steps(found)
    assert [s.name for s in found.steps if s.organisation == "others"] == ["7 others"]
