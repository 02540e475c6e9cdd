import numpy as np
import pytest

from kpialign.evidence import State, recorders


def counts(months=36, places=8, drift=0.0, gap=0.0, seed=1):
    rng = np.random.default_rng(seed)
    other = 1000 * np.exp(rng.normal(0, 0.1, (months, places)))
    years = np.arange(months)[:, None] / 12
    one = other * (1 + gap) * np.exp(drift * years + rng.normal(0, 0.02, (months, places)))
    return one, other


def test_the_gap_and_the_drift_are_found():
    found = recorders(*counts(drift=0.05, gap=-0.08))
    assert found.gap == pytest.approx(-0.08 * 0.92 + 0.065 * 0.92, abs=0.03)
    assert found.trend == pytest.approx(np.expm1(0.05), abs=0.01)
    low, high = found.interval
    assert low < np.expm1(0.05) < high
    assert found.p < 1e-4
    assert found.months == 36


def test_a_drift_that_nobody_minds_is_no_news():
    drifting = counts(places=40, drift=0.004)
    assert recorders(*drifting).p < 0.05
    assert recorders(*drifting, drift=0.02).p == 1.0


def test_a_place_that_moved_is_told_from_a_country_that_did():
    one, other = counts(drift=0.1)
    assert np.abs(recorders(one, other).moved).max() < 0.05
    one[-12:, 3] *= 1.3
    moved = recorders(one, other).moved
    assert moved[3] == pytest.approx(0.3, abs=0.06)
    assert np.abs(np.delete(moved, 3)).max() < 0.06


def test_false_alarms_of_the_trend_keep_to_five_in_a_hundred():
    p = np.array([recorders(*counts(seed=seed)).p for seed in range(300)])
    assert 0.02 <= (p < 0.05).mean() <= 0.08


def test_months_of_one_count_alone_are_not_read():
    one, other = counts()
    whole = recorders(one, other)
    one[5, 2], other[7, 4] = np.nan, np.nan
    one[0, 0] = 0
    less = recorders(one, other)
    assert less.gap == pytest.approx(whole.gap, abs=0.005)
    one[-12:, 2] = np.nan
    silent = recorders(one, other)
    assert silent.gaps.mask.tolist() == [False, False, True, *[False] * 5]
    assert silent.moved.mask[2]


def test_too_little_is_named():
    found = recorders(*counts(months=5))
    assert (found.state, found.gap, found.p) == (State.TOO_LITTLE_DATA, None, None)
    short = recorders(*counts(months=20))
    assert short.state is State.ESTIMATED
    assert short.p is None
    assert recorders(*counts(places=2)).p is None


def test_unlike_shapes_are_refused():
    with pytest.raises(ValueError, match="expected"):
        recorders(np.ones((3, 2)), np.ones((3, 3)))
