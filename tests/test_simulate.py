import numpy as np
import pytest

from kpialign.simulate import Scenario, system

LINK = [("handover", "response")]


def _own(scenario, seed, *names):
    """What is left of each indicator's ties when the mean of all ties is out."""
    drawn = system(scenario, LINK, alone=["control"], seed=seed)
    return [drawn[name].values - drawn[name].values.mean(axis=1, keepdims=True) for name in names]


def _correlation(scenario, *names):
    pairs = [np.ravel(_own(scenario, seed, name)) for name in names for seed in range(20)]
    first, second = np.concatenate(pairs[:20]), np.concatenate(pairs[20:])
    return np.corrcoef(first, second)[0, 1]


def test_the_same_seed_gives_the_same_system():
    scenario = Scenario(months=36, ties=4, effect=0.5)
    one, two = (system(scenario, LINK, seed=3)["response"].values for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, system(scenario, LINK, seed=4)["response"].values)


def test_the_effect_is_the_correlation_of_the_own_noise():
    scenario = Scenario(months=60, ties=20, effect=0.6)
    assert _correlation(scenario, "handover", "response") == pytest.approx(0.6, abs=0.03)
    assert _correlation(scenario, "handover", "control") == pytest.approx(0.0, abs=0.03)


def test_a_raw_figure_that_falls_turns_the_sign():
    raw = {"handover": "rises", "response": "falls"}
    scenario = Scenario(months=60, ties=20, effect=0.6, raw=raw)
    assert _correlation(scenario, "handover", "response") == pytest.approx(-0.6, abs=0.03)


def test_local_pressure_moves_even_what_nothing_is_linked_to():
    scenario = Scenario(months=60, ties=20, local_pressure=1.0)
    assert _correlation(scenario, "handover", "control") == pytest.approx(0.5, abs=0.04)
    against = Scenario(months=60, ties=20, local_pressure=1.0, pressure={"control": "falls"})
    assert _correlation(against, "handover", "control") == pytest.approx(-0.5, abs=0.04)


def test_a_shock_strikes_everyone_for_four_months():
    calm = Scenario(months=48, ties=5, season=0, trend=0, national=0)
    struck = Scenario(months=48, ties=5, season=0, trend=0, national=0, shock=4.0)
    difference = (
        system(struck, LINK, seed=1)["handover"].values
        - system(calm, LINK, seed=1)["handover"].values
    )
    assert sorted(np.unique(difference.round(9))) == [0, 4]
    assert (difference > 0).sum(axis=0).tolist() == [4] * 5


def test_a_tie_is_the_mean_of_its_units():
    scenario = Scenario(months=24, ties=3, units_per_tie={"handover": 4})
    drawn = system(scenario, LINK, seed=1)
    hospital = drawn["handover"]
    assert hospital.units.shape == (24, 12)
    np.testing.assert_allclose(hospital.units @ hospital.members.T / 4, hospital.values)
    assert hospital.units.std(axis=1).min() > 0
    np.testing.assert_allclose(drawn["response"].units, drawn["response"].values)


def test_a_chain_passes_its_noise_on():
    scenario = Scenario(months=60, ties=60, effect=0.8)
    drawn = system(scenario, [("a", "b"), ("b", "c")], seed=2)
    own = [np.ravel(i.values - i.values.mean(axis=1, keepdims=True)) for i in drawn.values()]
    assert np.corrcoef(own)[0, 1:] == pytest.approx([0.8, 0.64], abs=0.04)


@pytest.mark.parametrize(
    "wrong",
    [
        {"effect": 1.2},
        {"ar": 1.0},
        {"months": 0},
        {"raw": {"handover": "worse"}},
        {"units_per_tie": {"handover": 0}},
    ],
)
def test_an_impossible_scenario_is_refused(wrong):
    with pytest.raises(ValueError):
        Scenario(**{"months": 36, "ties": 4, **wrong})


def test_two_causes_of_one_end_are_refused():
    with pytest.raises(ValueError, match="same indicator"):
        system(Scenario(months=36, ties=4), [("a", "c"), ("b", "c")], seed=1)


def test_a_dated_change_moves_every_fourth_tie_and_nothing_else():
    plain, changed = (
        system(Scenario(months=24, ties=9, event=size), LINK, alone=["control"], seed=2)
        for size in (0.0, 3.0)
    )
    for name in ("handover", "response", "control"):
        moved = changed[name].values - plain[name].values
        expected = np.zeros((24, 9))
        expected[12:, ::4] = 3.0
        np.testing.assert_allclose(moved, expected)
