from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpialign.definitions.expression import ExpressionError, evaluate, expand, read_sum

NAMES = [f"t.{letter}" for letter in "abcdef"]
# small, so that six sums of six stay whole numbers that floats hold exactly
NUMBERS = st.integers(-9, 9).map(float)
TERMS = st.dictionaries(st.sampled_from(NAMES), NUMBERS, min_size=1)
VALUES = st.fixed_dictionaries(dict.fromkeys(NAMES, NUMBERS))
# a sum may name only items after it, so none is a sum of itself
SUMS = st.fixed_dictionaries(
    {},
    optional={
        name: st.dictionaries(st.sampled_from(NAMES[i + 1 :]), NUMBERS, min_size=1)
        for i, name in enumerate(NAMES[:-1])
    },
)


@given(TERMS, NUMBERS, VALUES)
def test_evaluating_is_linear(terms: dict[str, float], k: float, values: dict[str, float]) -> None:
    once = evaluate(terms, values)
    assert once is not None
    assert evaluate({n: k * c for n, c in terms.items()}, values) == k * once
    assert evaluate(terms, {n: k * v for n, v in values.items()}) == k * once


@given(TERMS, SUMS, VALUES)
def test_writing_a_sum_out_changes_no_value(
    terms: dict[str, float], sums: dict[str, dict[str, float]], values: dict[str, float]
) -> None:
    whole = dict(values)
    for name in reversed(NAMES):
        if name in sums:
            whole[name] = evaluate(sums[name], whole) or 0.0
    written_out = expand(terms, sums)
    assert not set(written_out) & set(sums)
    assert evaluate(written_out, values) == evaluate(terms, whole)


@given(TERMS, VALUES, st.data())
def test_a_missing_part_gives_no_sum(
    terms: dict[str, float], values: dict[str, float], data: st.DataObject
) -> None:
    missing = data.draw(st.sampled_from(sorted(terms)))
    assert evaluate(terms, {**values, missing: None}) is None


@pytest.mark.parametrize(
    ("text", "column"),
    [("", 1), ("a.b +", 6), ("2 a.b", 3), ("(a.b)", 1), ("a.b; drop", 4), ("a.b b.c", 5), ("5", 2)],
)
def test_refuses_anything_but_a_linear_sum(text: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_sum(text)
    assert caught.value.column == column


@pytest.mark.parametrize(
    "sums",
    [
        {"t.a": {"t.a": 1.0}},
        {"t.a": {"t.b": 1.0}, "t.b": {"t.a": 1.0}},
        {"t.a": {"t.b": 1.0}, "t.b": {"t.c": 1.0}, "t.c": {"t.b": 1.0, "t.d": 1.0}},
    ],
)
def test_refuses_a_sum_of_itself(sums: dict[str, dict[str, float]]) -> None:
    with pytest.raises(ValueError, match="is a sum of itself"):
        expand({"t.a": 1.0}, sums)
