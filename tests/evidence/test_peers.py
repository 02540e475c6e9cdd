import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpialign.evidence import association, leave_out_peers, sharing


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(3, 12))
def test_every_pair_sees_only_units_outside_both_ties(seed, ties, units):
    rng = np.random.default_rng(seed)
    values = np.where(rng.random((8, units)) < 0.1, np.nan, rng.standard_normal((8, units)))
    members = (rng.random((ties, units)) < 0.3) * rng.random((ties, units))
    found = leave_out_peers(values, members)
    for i in range(ties):
        for j in range(ties):
            outside = [u for u in range(units) if members[i, u] == 0 and members[j, u] == 0]
            for month in range(8):
                there = [u for u in outside if np.isfinite(values[month, u])]
                assert found.count[month, i, j] == len(there)
                if there:
                    mean = np.mean([values[month, u] - np.nanmean(values[:, u]) for u in there])
                    assert found.movement[month, i, j] == pytest.approx(mean, abs=1e-12)
                else:
                    assert np.isnan(found.movement[month, i, j])


def test_measuring_from_their_own_average_changes_no_association():
    rng = np.random.default_rng(1)
    units = rng.standard_normal((36, 9)) + rng.standard_normal(9) * 50
    movement = leave_out_peers(units, np.eye(9)).movement[:, 0, 0]
    x, y = units[:, 0], rng.standard_normal(36)
    by_level = association(x, y, peers_x=units[:, 1:].mean(axis=1))
    assert association(x, y, peers_x=movement).r == pytest.approx(by_level.r, abs=1e-10)


def test_a_unit_missing_for_a_month_does_not_move_the_mean():
    units = np.tile([10.0, 90.0, 20.0], (6, 1))
    units[2, 1] = np.nan
    found = leave_out_peers(units, np.array([[0, 0, 1], [0, 0, 1]]))
    assert found.movement[:, 0, 1].tolist() == [0.0] * 6
    assert found.count[:, 0, 1].tolist() == [2, 2, 1, 2, 2, 2]


def test_ties_share_a_unit_they_both_have_a_part_of():
    members = np.array([[1, 0.4, 0], [0, 0.6, 0], [0, 0, 1]])
    assert sharing(members).tolist() == [
        [True, True, False],
        [True, True, False],
        [False] * 2 + [True],
    ]


def test_membership_of_other_units_is_refused():
    with pytest.raises(ValueError, match="3 units but membership of 4"):
        leave_out_peers(np.zeros((5, 3)), np.eye(4))
