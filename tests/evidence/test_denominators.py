import json

import numpy as np
import pytest

from kpialign.evidence import State, jumps, parted, split


def counts(months=36, places=60, seed=1):
    rng = np.random.default_rng(seed)
    season = 0.1 * np.cos(2 * np.pi * np.arange(months) / 12)[:, None]
    noise = rng.normal(0, 0.03, (months, places))
    return 8000 * np.exp(season + noise + rng.normal(0, 0.5, (1, places)))


def test_a_jump_at_one_place_is_found_and_ranked_first():
    panel = counts()
    panel[-3:, 7] *= 1.3
    found = jumps(panel)
    assert found.change[7] == pytest.approx(0.3, abs=0.1)
    assert found.share[7] == pytest.approx(1 / found.placebos)
    assert np.argmin(found.share) == 7


def test_what_everybody_saw_is_no_jump():
    panel = counts()
    still = jumps(panel)
    panel[-3:] *= 1.5
    assert jumps(panel).change.tolist() == pytest.approx(still.change.tolist())


def test_a_rank_keeps_its_promise_on_noise():
    share = np.concatenate([jumps(counts(seed=seed)).share for seed in range(20)])
    assert 0.03 <= (share <= 0.05).mean() <= 0.08


def test_missing_months_and_noughts_have_no_answer():
    panel = counts()
    panel[-2, 3], panel[-14, 4] = np.nan, 0
    found = jumps(panel)
    assert found.change.mask.nonzero()[0].tolist() == [3, 4]


def test_too_little_is_named():
    assert jumps(counts(months=14)).state is State.TOO_LITTLE_DATA
    assert jumps(counts(places=9)).state is State.TOO_LITTLE_DATA
    with pytest.raises(ValueError, match="expected"):
        jumps(np.ones(12))


@pytest.mark.reference
def test_the_nile_has_one_break_after_1898(cases):
    years, flow = np.loadtxt(cases / "changepoint_nile.csv", delimiter=",", skiprows=1).T
    published = json.loads((cases / "published_figures.json").read_text())["Nile"]
    found = split(flow)
    assert years[found.at - 1] == published["break"] == 1898
    assert found.change == pytest.approx(flow[28:].mean() - flow[:28].mean())
    assert found.gain > 0
    for side in (flow[: found.at], flow[found.at :]):
        assert split(side).gain < 0  # one break, and no other


def test_the_month_from_which_a_place_has_left_the_others_is_named():
    panel = counts()
    panel[25:, 7] *= 1.3
    panel[30:] *= 1.5  # everybody's is nobody's
    found = parted(panel, 7)
    assert found.at == 25
    assert np.expm1(found.change) == pytest.approx(0.3, abs=0.05)
    assert found.gain > 0
    gone = panel.copy()
    gone[24, 7], gone[10] = np.nan, np.nan
    assert parted(gone, 7).at == 25


def test_a_level_that_stays_has_no_break_worth_its_cost():
    gains = [parted(counts(seed=seed), 0).gain for seed in range(40)]
    assert np.mean(np.array(gains) > 0) < 0.15
    assert split([1.0] * 8).gain == -np.inf
    assert split([1.0, 2.0, 3.0]) is None
