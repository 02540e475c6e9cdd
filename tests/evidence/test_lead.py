import numpy as np
import pytest

from kpialign.evidence import association, nearest_with_a_step


def _series(at, *, size=8.0, months=48, seed=0):
    x, y = np.random.default_rng(seed).standard_normal((2, months))
    x[at:] += size
    y[at:] += size
    return x, y


def test_a_change_of_recording_on_both_sides_is_found_and_takes_the_link_away():
    x, y = _series(30)
    assert association(x, y).interval[0] > 0
    found = nearest_with_a_step(x, y, [], towards=0.0)
    assert found.at == 30
    low, high = found.arrow.interval
    assert low < 0 < high


def test_a_link_that_no_step_makes_stays():
    x, noise = np.random.default_rng(5).standard_normal((2, 48))
    found = nearest_with_a_step(x, x + 0.4 * noise, [], towards=0.0)
    assert found.arrow.interval[0] > 0.5


def test_it_goes_towards_the_others_and_not_towards_nothing():
    x, y = _series(30)
    near, far = (nearest_with_a_step(x, y, [], towards=r) for r in (0.0, 0.9))
    assert near.arrow.r < far.arrow.r


@pytest.mark.parametrize("months", [0, 11, 13])
def test_too_few_months_have_no_answer(months):
    assert nearest_with_a_step(np.ones(months), np.ones(months), [], towards=0.0) is None
