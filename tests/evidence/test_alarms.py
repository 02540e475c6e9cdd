import numpy as np
import pytest

from kpialign.evidence import Panel, arrows
from kpialign.evidence.alarms import alarms, looked_at_monthly
from kpialign.simulate import Scenario, system


def _pairs(scenario, seed=0, until=None, direction=1):
    made = system(scenario, [("from", "to")], seed=seed)
    x, y = made["from"], made["to"]
    return arrows(
        x.values[:until],
        y.values[:until],
        peers_x=Panel(x.units[:until], x.members),
        peers_y=Panel(y.units[:until], y.members),
        direction=direction,
    )


def test_the_deciding_p_is_honest_both_ways_where_the_model_is_not():
    """Eleven ties that share an AR factor: the model's p leans towards together."""
    told = [alarms(_pairs(Scenario(months=36, ties=11, ar=0.7), seed), halves=4, seed=1)
            for seed in range(40)]  # fmt: skip
    mean = np.mean([(t.model_declared, t.model_other, t.deciding_declared, t.deciding_other)
                    for t in told], axis=0)  # fmt: skip
    assert told[0].unlinked == 110
    assert mean[0] > 0.07
    assert mean[1] < 0.05
    assert (np.abs(mean[2:] - 0.045) < 0.02).all(), mean


def test_too_few_ties_are_not_measured():
    told = alarms(_pairs(Scenario(months=36, ties=3)), halves=4, seed=1)
    assert (told.unlinked, told.deciding_declared) == (6, None)
    assert looked_at_monthly([], draws=20, fdr=0.1, seed=1).ever is None


@pytest.mark.parametrize("effect", [0.0, 0.9])
def test_links_drawn_by_lot_are_rarely_supported_whatever_is_linked(effect):
    """The true links are no part of what is drawn, so a true conflict is no false alarm."""
    scenario = Scenario(months=41, ties=11, effect=effect)
    looks = [_pairs(scenario, until=until) for until in range(41, 29, -1)]
    told = looked_at_monthly(looks, draws=200, fdr=0.1, seed=1)
    assert told.looks == 12
    assert told.once <= 0.1
    assert told.once <= told.ever <= 0.3
    assert told == looked_at_monthly(looks, draws=200, fdr=0.1, seed=1)


def test_more_looks_find_more():
    looks = [_pairs(Scenario(months=41, ties=11), until=until) for until in range(41, 29, -1)]
    few, many = (looked_at_monthly(looks[:n], draws=200, fdr=0.1, seed=1) for n in (1, 12))
    assert few.once == few.ever == many.once
    assert many.ever > many.once
