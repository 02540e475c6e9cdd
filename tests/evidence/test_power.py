import numpy as np
import pytest

from kpialign.evidence import association, pool, smallest_visible, smallest_visible_pooled


def test_a_link_of_that_size_is_seen_eight_times_in_ten():
    r, rng, seen = smallest_visible(52), np.random.default_rng(1), 0
    for _ in range(400):
        x, e = rng.standard_normal((2, 60))
        seen += association(x, r * x + np.sqrt(1 - r * r) * e).p < 0.05
    assert 0.74 <= seen / 400 <= 0.86


def test_more_months_show_smaller_links():
    assert smallest_visible(16) > smallest_visible(40) > smallest_visible(400)
    assert smallest_visible(2) is None


def test_the_pool_shows_smaller_links_than_a_tie():
    ties = [association(*np.random.default_rng(seed).standard_normal((2, 60))) for seed in range(9)]
    assert smallest_visible_pooled(pool(ties)) < smallest_visible(ties[0].df)
    assert smallest_visible_pooled(pool(ties[:1])) is None
    assert smallest_visible(52) == pytest.approx(0.334, abs=0.001)
