from itertools import permutations

import numpy as np
import pytest

from kpialign.evidence import State, arrows, pool, relabel


def _pairs(seed, ties=8, link=0.0, direction=1):
    x, y, common = np.random.default_rng(seed).standard_normal((3, 30, ties))
    national = common[:, :1]  # everyone's movement, left in on purpose
    return arrows(x + national, y + national + link * x, direction=direction)


def test_a_planted_link_is_rarely_drawn_by_lot():
    found = relabel(_pairs(1, link=1.5))
    assert found.p == pytest.approx(1 / 5000)
    assert found.p_opposite == 1.0
    assert found.linkings == 5000


def test_no_link_gives_every_p_alike_even_under_common_pressure():
    runs = [_pairs(seed) for seed in range(300)]
    p = np.array([relabel(run, draws=199).p for run in runs])
    assert np.mean([pool(run.linked()).interval[0] > 0 for run in runs]) > 0.5
    assert 0.02 <= (p <= 0.05).mean() <= 0.09
    assert 0.42 <= (p <= 0.5).mean() <= 0.58


def test_up_to_seven_ties_every_linking_is_looked_at():
    found = relabel(_pairs(2, ties=4, link=2.0))
    assert found.linkings == 24
    assert found.p >= 1 / 24


def test_the_statistic_is_the_pooled_correlation():
    pairs = _pairs(3)
    assert relabel(pairs).mean_r == pytest.approx(np.tanh(np.arctanh(np.diag(pairs.r)).mean()))


def test_the_other_direction_swaps_the_two_p():
    together, against = relabel(_pairs(4)), relabel(_pairs(4, direction=-1))
    assert (together.p, together.p_opposite) == (against.p_opposite, against.p)
    assert together.mean_r == pytest.approx(against.mean_r)


def test_the_same_seed_gives_the_same_p():
    assert relabel(_pairs(5), seed=7) == relabel(_pairs(5), seed=7)


def test_cells_without_an_answer_and_shared_units_carry_no_weight():
    x, y = np.random.default_rng(6).standard_normal((2, 40, 5))
    y[:, 1] += 30 * x[:, 0]  # would dominate if the shared pair were read as unlinked
    x[:, 4] = 3.0
    y[:9, 2] = np.nan
    shared = np.zeros((5, 5), dtype=bool)
    shared[0, 1] = shared[1, 0] = True
    pairs = arrows(x, y, shared=shared)
    means = []
    for linking in permutations(range(5)):
        cells = [(i, j) for i, j in enumerate(linking) if i < 4 and not shared[i, j]]
        z = [np.arctanh(pairs.r[cell]) for cell in cells]
        means.append(np.average(z, weights=[pairs.df[cell] - 1 for cell in cells]))
    found = relabel(pairs)
    assert found.linkings == 120
    assert found.mean_r == pytest.approx(np.tanh(means[0]))
    assert found.p == np.mean([mean >= means[0] - 1e-12 for mean in means])


def test_one_tie_cannot_be_relabelled():
    found = relabel(_pairs(7, ties=1))
    assert found.state is State.TOO_LITTLE_DATA
    assert (found.p, found.p_opposite, found.mean_r, found.linkings) == (None, None, None, 0)
