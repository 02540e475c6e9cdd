import numpy as np
import pytest
from scipy import stats

from kpialign.evidence import association, beside_pool, pool
from kpialign.terms import LocalWord


def _tie(r, months, seed):
    """A tie whose own correlation is close to r."""
    x, e = np.random.default_rng(seed).standard_normal((2, months))
    return association(x, r * x + np.sqrt(1 - r * r) * e)


def _england(months=60):
    return [_tie(0.7, months, seed) for seed in range(10)]


def test_a_tie_like_the_others_is_in_line():
    assert beside_pool(_england(), 3).word is LocalWord.IN_LINE


def test_a_tie_against_the_others_stands_out():
    assert beside_pool([*_england(), _tie(-0.6, 60, 99)], 10).word is LocalWord.STANDS_OUT


def test_a_tie_is_no_part_of_its_own_yardstick():
    arrows = [*_england()[:4], _tie(-0.6, 60, 99)]
    national, others = pool(arrows), pool(arrows[:4])
    assert national.tau2 > 10 * others.tau2  # with itself in it, nothing could stand out
    assert beside_pool(arrows, 4).word is LocalWord.STANDS_OUT


def test_a_tie_with_few_months_cannot_tell():
    found = beside_pool([*_england(), _tie(0.3, 16, 5)], 10)
    assert found.word is LocalWord.CANNOT_TELL
    assert found.shrunk == pytest.approx(pool(_england()).estimate, abs=0.05)


def test_a_tie_without_an_answer_borrows_england_s_and_says_nothing():
    found = beside_pool([*_england(), association(np.ones(40), np.ones(40))], 10)
    assert (found.word, found.weight) == (LocalWord.CANNOT_TELL, 0.0)
    assert found.shrunk == pytest.approx(pool(_england()).estimate)


def test_the_estimate_lies_between_the_tie_s_own_and_the_pool():
    arrows = [_tie(r, 60, seed) for seed, r in enumerate([0.1, 0.8, 0.2, 0.9, 0.5, -0.2])]
    pooled = pool(arrows).estimate
    for tie, arrow in enumerate(arrows):
        found = beside_pool(arrows, tie)
        assert 0 < found.weight < 1
        assert min(arrow.r, pooled) <= found.shrunk <= max(arrow.r, pooled)
        national, noise = pool(arrows), 1 / (arrow.df - 1)
        spread = found.weight * noise + (1 - found.weight) ** 2 * national.se**2
        reach = stats.t.ppf(0.975, 5) * np.sqrt(spread)
        ends = np.tanh(np.arctanh(found.shrunk) + np.array([-reach, reach]))
        assert found.interval == pytest.approx(tuple(ends))


def test_without_a_pool_nothing_is_said():
    found = beside_pool([_tie(0.7, 60, 1)], 0)
    assert (found.word, found.shrunk, found.interval, found.weight) == (
        LocalWord.CANNOT_TELL, None, None, None,
    )  # fmt: skip
