import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kpialign.evidence import State, association, pool, pool_slopes, random_effects

# Thirteen BCG vaccine trials, log relative risk and its variance (Viechtbauer 2010, table 1, and
# the REML fit printed there).
BCG = [
    (-0.8893, 0.3256), (-1.5854, 0.1946), (-1.3481, 0.4154), (-1.4416, 0.0200),
    (-0.2175, 0.0512), (-0.7861, 0.0069), (-1.6209, 0.2230), (0.0120, 0.0040),
    (-0.4694, 0.0564), (-1.3713, 0.0730), (-0.3394, 0.0124), (0.4459, 0.5325),
    (-0.0173, 0.0714),
]  # fmt: skip


def _linked(seed, slope=1.0, direction=1):
    x, e = np.random.default_rng(seed).standard_normal((2, 40))
    return association(x, slope * x + e, direction=direction)


def test_a_published_meta_analysis():
    found = random_effects(BCG)
    assert found.estimate == pytest.approx(-0.7145, abs=5e-4)
    assert found.tau2 == pytest.approx(0.3132, abs=5e-4)
    assert found.i2 == pytest.approx((152.233 - 12) / 152.233, abs=1e-3)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(2, 15))
def test_the_variance_between_ties_is_the_likeliest_of_all(seed, ties):
    rng = np.random.default_rng(seed)
    v = 10 ** rng.uniform(-4, 1, ties)
    y = rng.normal(0, np.sqrt(v + 10 ** rng.uniform(-4, 2)))

    def restricted(tau2):
        w = 1 / (v + tau2)
        centre = (w * y).sum() / w.sum()
        return np.log(v + tau2).sum() + np.log(w.sum()) + (w * (y - centre) ** 2).sum()

    found = random_effects(list(zip(y, v, strict=True))).tau2
    best = min(restricted(tau2) for tau2 in [0, *np.geomspace(1e-7, 1e4, 800)])
    assert restricted(found) <= best + 1e-3


def test_the_unit_of_the_slope_does_not_matter():
    minutes = random_effects(BCG)
    seconds = random_effects([(60 * y, 3600 * v) for y, v in BCG])
    assert seconds.estimate == pytest.approx(60 * minutes.estimate, rel=1e-5)
    assert seconds.tau2 == pytest.approx(3600 * minutes.tau2, rel=1e-4)
    assert seconds.p == pytest.approx(minutes.p, rel=1e-4)


def test_identical_ties_pool_to_themselves():
    one = _linked(1)
    found = pool([one] * 5)
    assert found.estimate == pytest.approx(one.r)
    assert (found.tau2, found.i2, found.ties) == (0.0, 0.0, 5)
    # agreement must not be read as certainty: never narrower than the ties' own noise allows
    assert found.se == pytest.approx(np.sqrt(1 / (one.df - 1) / 5))


def test_the_interval_is_hartung_and_knapp_s():
    y, v = [0.1, 0.9, 0.5, 1.4], [0.01, 0.01, 0.01, 0.01]
    found = random_effects(list(zip(y, v, strict=True)))
    half = stats.t.ppf(0.975, 3) * np.std(y, ddof=1) / 2
    assert found.interval == pytest.approx((np.mean(y) - half, np.mean(y) + half))


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(1000):
        v = rng.uniform(0.02, 0.4, 10)
        y = 0.5 + rng.normal(0, 0.3, 10) + rng.normal(0, np.sqrt(v))
        low, high = random_effects(list(zip(y, v, strict=True))).interval
        held += low < 0.5 < high
    assert 0.93 <= held / 1000 <= 0.985


def test_slopes_pool_in_their_own_unit():
    arrows = [_linked(seed, slope=2.0) for seed in range(12)]
    found = pool_slopes(arrows)
    assert found.interval[0] < 2.0 < found.interval[1]
    assert found.estimate == found.centre


def test_ties_without_an_answer_are_left_out():
    empty = association(np.ones(40), np.ones(40))
    assert pool([_linked(1), empty, _linked(2)]) == pool([_linked(1), _linked(2)])


@pytest.mark.parametrize("ties", [0, 1])
def test_fewer_than_two_ties_are_no_pool(ties):
    found = pool([_linked(1)] * ties)
    assert found.state is State.TOO_LITTLE_DATA
    assert (found.ties, found.estimate, found.interval, found.p) == (ties, None, None, None)


def test_the_direction_turns_the_one_sided_p():
    together = pool([_linked(s) for s in range(4)])
    against = pool([_linked(s, direction=-1) for s in range(4)])
    assert together.p + against.p == pytest.approx(1)
    assert together.p_two_sided == against.p_two_sided
    with pytest.raises(ValueError, match="different directions"):
        pool([_linked(1), _linked(1, direction=-1)])
