import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from kpialign.evidence import State, step
from kpialign.evidence.design import calendar
from kpialign.evidence.step import _unlink


def places(*, seed=1, months=36, count=8, effect=0.0, at=18, ar=0.5):
    rng = np.random.default_rng(seed)
    own = signal.lfilter([1.0], [1.0, -ar], rng.standard_normal((months, count)), axis=0)
    values = 20 + own + 3 * rng.standard_normal((months, 1)) + np.linspace(0, 4, months)[:, None]
    values[at:, 0] += effect
    return values


def test_a_planted_step_is_found_beyond_what_everyone_saw():
    values = places(effect=-7.0)
    found = step(values[:, 0], values[:, 1:], at=18)
    assert found.interval[0] < -7 < found.interval[1] < 0
    assert (found.months, found.df) == (36, 30)
    assert 0 <= found.autocorrelation < 0.96


def test_independent_errors_give_least_squares():
    values = places(ar=0.0, seed=4)
    found = step(values[:, 0], values[:, 1:], at=18)
    month = np.arange(36)
    design = np.column_stack(
        [np.ones(36), month, np.cos(np.pi * month / 6), np.sin(np.pi * month / 6),
         values[:, 1:].mean(axis=1), month >= 18]
    )  # fmt: skip
    assert found.autocorrelation == pytest.approx(0, abs=1e-3)
    assert found.effect == pytest.approx(
        np.linalg.lstsq(design, values[:, 0], rcond=None)[0][-1], abs=0.01
    )


def test_the_transformation_is_that_of_the_ar1_covariance():
    month = np.array([0, 1, 2, 5, 6])
    covariance = 0.6 ** np.abs(month[:, None] - month)
    flat = np.column_stack([_unlink(column, 0.6, np.diff(month)) for column in np.eye(5)])
    np.testing.assert_allclose(flat @ covariance @ flat.T, np.eye(5), atol=1e-12)


def test_the_autocorrelation_is_the_likeliest():
    values = places(seed=9, ar=0.7)
    values[[11, 12], 0] = np.nan
    here = np.isfinite(values[:, 0])
    month = np.arange(36)[here]
    mean = values[:, 1:].mean(axis=1)
    design = np.column_stack([*calendar(36), mean, np.arange(36) >= 18])[here]

    def likelihood(rho):
        covariance = rho ** np.abs(month[:, None] - month)
        precision = np.linalg.inv(covariance)
        y = values[here, 0]
        beta = np.linalg.solve(design.T @ precision @ design, design.T @ precision @ y)
        spread = (y - design @ beta) @ precision @ (y - design @ beta)
        return -0.5 * (len(y) * np.log(spread) + np.linalg.slogdet(covariance)[1])

    best = max(np.linspace(0, 0.95, 951), key=likelihood)
    found = step(values[:, 0], values[:, 1:], at=18)
    assert 0.1 < found.autocorrelation == pytest.approx(best, abs=2e-3)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 50), st.floats(-100, 100))
def test_the_effect_is_in_the_series_unit(seed, unit, level):
    values = places(seed=seed)
    plain = step(values[:, 0], values[:, 1:], at=18)
    told = step(unit * values[:, 0] + level, values[:, 1:], at=18)
    assert told.effect == pytest.approx(unit * plain.effect, rel=1e-3, abs=1e-3 * unit)


def test_a_month_nobody_reported_is_not_filled_in():
    values = places(effect=-7.0)
    values[10, 0] = np.nan
    values[20, 3] = np.nan
    values[25, 1:] = np.nan
    found = step(values[:, 0], values[:, 1:], at=18)
    assert found.months == 34
    assert found.interval[0] < -7 < found.interval[1]


@pytest.mark.parametrize("at", [0, 5, 31, 36, 60])
def test_a_change_at_the_edge_has_too_little_data(at):
    values = places()
    found = step(values[:, 0], values[:, 1:], at=at)
    assert (found.state, found.effect, found.interval) == (State.TOO_LITTLE_DATA, None, None)


def test_a_constant_series_has_no_variation():
    found = step(np.full(36, 5.0), places()[:, 1:], at=18)
    assert (found.state, found.effect, found.se) == (State.NO_VARIATION, None, None)


def test_others_of_other_months_are_refused():
    with pytest.raises(ValueError, match="expected"):
        step(np.ones(36), np.ones((35, 4)), at=18)


@pytest.mark.reference
def test_the_nile_fell_once_and_1898_was_the_last_high_year(cases):
    year, flow = np.loadtxt(cases / "changepoint_nile.csv", delimiter=",", skiprows=1).T
    told = json.loads((cases / "published_figures.json").read_text())["Nile"]
    nobody = np.zeros((len(flow), 1))
    strength = {
        year[at] - 1: found.effect / found.se
        for at in range(6, len(flow) - 6)
        if (found := step(flow, nobody, at=at)).effect is not None
    }
    assert min(strength, key=strength.get) == told["break"] == 1898
    near = [last for last, seen in strength.items() if seen < 0.9 * min(strength.values())]
    assert told["ci95"][0] <= min(near) <= max(near) <= told["ci95"][1]
