import numpy as np
import pytest

from kpialign.evidence import State, arrows, ranked, standing
from kpialign.evidence.partial import one_sided


def _pairs(direction=1, seed=1):
    x, y = np.random.default_rng(seed).standard_normal((2, 40, 6))
    y[:, 0] = x[:, 0] + 0.3 * y[:, 0]
    return arrows(x, y, direction=direction)


def test_a_strong_arrow_stands_first():
    pairs = _pairs()
    found = standing(pairs.linked()[0], pairs)
    assert (found.as_strong, found.of) == (0, 30)
    assert found.share == pytest.approx(1 / 31)
    assert found.deciding_p == found.share


def test_the_same_arrow_stands_last_the_other_way():
    pairs = _pairs(direction=-1)
    found = standing(pairs.linked()[0], pairs)
    assert found.as_strong == 30
    assert found.share == 1.0


def test_it_is_ranked_among_the_unlinked_pairs():
    pairs = _pairs()
    for arrow in pairs.linked():
        found = standing(arrow, pairs)
        strong = [pairs.pair(i, j).p <= arrow.p for i in range(6) for j in range(6) if i != j]
        assert found.as_strong == sum(strong)
        assert found.share == (sum(strong) + 1) / 31
        assert found.deciding_p >= found.share


@pytest.mark.parametrize("direction", [1, -1])
def test_pairs_that_all_lean_one_way_hide_nothing_and_fake_nothing(direction):
    """What unlinked pairs share is no link, and what departs from it is no accident."""
    rng = np.random.default_rng(4)
    df = np.full(4000, 30)
    r = np.tanh(0.2 + rng.standard_normal(4000) / np.sqrt(29))
    deciding = ranked(r[:2000], df[:2000], r[2000:], df[2000:], direction=direction).deciding_p
    assert 0.03 <= (deciding < 0.05).mean() <= 0.07
    model = one_sided(r, df, direction)
    assert (model < 0.05).mean() > 0.25 if direction > 0 else (model < 0.05).mean() < 0.01


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
