"""The evidence on invented systems: finds what is planted, stays silent where nothing is."""

import numpy as np
import pytest

from kpialign.evidence import arrows, leave_out_peers, pool, relabel
from kpialign.simulate import Scenario, system

SEEDS = 100


def _share_supported(scenario, direction=1, end="to"):
    """Share of seeds in which pool and relabelling both speak for the declared direction."""
    supported = []
    for seed in range(SEEDS):
        drawn = system(scenario, [("from", "to")], alone=["control"], seed=seed)
        x, y = drawn["from"], drawn[end]
        found = arrows(
            x.values,
            y.values,
            peers_x=leave_out_peers(x.units, x.members).movement,
            peers_y=leave_out_peers(y.units, y.members).movement,
            direction=direction,
        )
        low, high = pool(found.linked()).interval
        beyond = low > 0 if direction > 0 else high < 0
        supported.append(beyond and relabel(found, draws=399).p <= 0.05)
    return np.mean(supported)


def test_a_planted_link_is_supported():
    assert _share_supported(Scenario(months=48, ties=11, effect=0.6)) >= 0.8


def test_a_planted_trade_off_is_supported_under_shared_winters():
    raw = {"from": "falls", "to": "rises"}
    scenario = Scenario(months=48, ties=11, effect=0.6, raw=raw, shock=4.0)
    assert _share_supported(scenario, direction=-1) >= 0.8


def test_the_wrong_direction_is_not_supported():
    scenario = Scenario(months=48, ties=11, effect=0.6, raw={"from": "falls"})
    assert _share_supported(scenario, direction=1) == 0


@pytest.mark.parametrize("ties", [7, 11])
@pytest.mark.parametrize("ar", [0.4, 0.7])
def test_shared_winter_and_shock_alone_are_not_supported(ties, ar):
    scenario = Scenario(months=48, ties=ties, shock=4.0, ar=ar)
    assert _share_supported(scenario) <= 0.09


def test_local_pressure_fakes_a_link_and_its_control_tells():
    """Why a rule needs a negative control: peers and relabelling take out national noise only."""
    pressed = Scenario(months=48, ties=11, local_pressure=1.0)
    assert _share_supported(pressed) > 0.9
    assert _share_supported(pressed, end="control") > 0.9


def test_a_control_stays_silent_beside_a_true_link():
    linked = Scenario(months=48, ties=11, effect=0.6)
    assert _share_supported(linked, end="control") <= 0.09
