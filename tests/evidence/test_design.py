import numpy as np
import pytest

from kpialign.evidence.design import calendar, on_calendar, residuals, shock, step_from


def test_residuals_are_those_of_least_squares():
    rng = np.random.default_rng(1)
    values, extra = rng.standard_normal((2, 30))
    design = np.column_stack([*calendar(30), extra])
    expected = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    found, rank = residuals(values, [*calendar(30), extra], np.ones(30, dtype=bool))
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert rank == 5


def test_each_row_of_a_batch_uses_its_own_months():
    rng = np.random.default_rng(2)
    values = rng.standard_normal((3, 30))
    present = rng.random((3, 30)) > 0.2
    found, _ = residuals(values, calendar(30), present)
    for row in range(3):
        design = np.column_stack(calendar(30))[present[row]]
        own = values[row, present[row]]
        expected = own - design @ np.linalg.lstsq(design, own, rcond=None)[0]
        np.testing.assert_allclose(found[row, present[row]], expected, atol=1e-12)
        assert (found[row, ~present[row]] == 0).all()


def test_a_regressor_that_says_nothing_new_costs_nothing():
    everywhere = np.ones(24, dtype=bool)
    values = np.random.default_rng(3).standard_normal(24)
    twice = [*calendar(24), calendar(24)[1] * 5 + 2, np.full(24, 7.0), np.zeros(24)]
    plain, rank = residuals(values, calendar(24), everywhere)
    again, rank_twice = residuals(values, twice, everywhere)
    np.testing.assert_allclose(again, plain, atol=1e-12)
    assert rank == rank_twice == 4


def test_a_later_regressor_keeps_its_part_after_a_redundant_one():
    everywhere = np.ones(24, dtype=bool)
    values, late = np.random.default_rng(4).standard_normal((2, 24))
    direct, _ = residuals(values, [*calendar(24), late], everywhere)
    behind, rank = residuals(values, [*calendar(24), np.full(24, 3.0), late], everywhere)
    np.testing.assert_allclose(behind, direct, atol=1e-12)
    assert rank == 5


def test_nearly_equal_regressors_are_still_told_apart():
    rng = np.random.default_rng(6)
    peers = rng.standard_normal(36)
    columns = [*calendar(36), peers, peers + 1e-7 * rng.standard_normal(36)]
    left, rank = residuals(rng.standard_normal(36), columns, np.ones(36, dtype=bool))
    assert rank == 6
    assert np.abs(np.array(columns) @ left).max() < 1e-12


def test_what_the_design_explains_leaves_exact_zero():
    explained = 1e6 + 3 * calendar(24)[1] + 2 * calendar(24)[3]
    left, _ = residuals(explained, calendar(24), np.ones(24, dtype=bool))
    assert not left.any()


def test_a_shock_has_a_pulse_for_every_month_and_a_step_lasts():
    assert np.sum(shock(12, 3, 6), axis=0).tolist() == [0] * 3 + [1] * 4 + [0] * 5
    assert len(shock(12, 3, 6)) == 4
    assert step_from(12, 9).sum() == 3


def test_rows_out_of_order_find_their_month():
    assert on_calendar(np.array([30, 28]), np.array([1.0, 2.0]))[[0, 2]].tolist() == [2.0, 1.0]


@pytest.mark.parametrize("months", [[24, 24], [24, 25, 26]])
def test_a_month_given_twice_is_refused(months):
    with pytest.raises(ValueError, match="own month"):
        on_calendar(np.array(months), np.array([1.0, 2.0]))
