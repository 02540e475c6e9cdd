import numpy as np
import pytest

from kpialign.evidence import State, arrows, standing


def _pairs(direction=1, seed=1):
    x, y = np.random.default_rng(seed).standard_normal((2, 40, 6))
    y[:, 0] = x[:, 0] + 0.3 * y[:, 0]
    return arrows(x, y, direction=direction)


def test_a_strong_arrow_stands_first():
    pairs = _pairs()
    found = standing(pairs.linked()[0], pairs)
    assert (found.as_strong, found.of) == (0, 30)
    assert found.share == found.deciding_p == pytest.approx(1 / 31)


def test_the_same_arrow_stands_last_the_other_way():
    pairs = _pairs(direction=-1)
    found = standing(pairs.linked()[0], pairs)
    assert found.as_strong == 30
    assert found.share == 1.0


def test_the_weaker_of_the_two_p_decides():
    pairs = _pairs()
    for arrow in pairs.linked():
        found = standing(arrow, pairs)
        strong = [pairs.pair(i, j).p <= arrow.p for i in range(6) for j in range(6) if i != j]
        assert found.as_strong == sum(strong)
        assert found.deciding_p == max((sum(strong) + 1) / 31, arrow.p)


def test_an_arrow_without_an_answer_has_no_rank():
    x, y = np.random.default_rng(3).standard_normal((2, 40, 3))
    x[:, 0] = 1.0
    pairs = arrows(x, y)
    found = standing(pairs.linked()[0], pairs)
    assert found.state is State.TOO_LITTLE_DATA
    assert (found.share, found.deciding_p, found.of) == (None, None, 4)


def test_one_tie_alone_has_no_yardstick():
    x, y = np.random.default_rng(3).standard_normal((2, 40, 1))
    pairs = arrows(x, y)
    assert standing(pairs.linked()[0], pairs).state is State.TOO_LITTLE_DATA


def test_directions_are_not_mixed():
    with pytest.raises(ValueError, match="direction"):
        standing(_pairs(direction=-1).linked()[0], _pairs())
