import numpy as np
from scipy import signal

from kpialign.evidence.whiten import complete_runs, whiten


def _series(ar: list[float], months: int = 400, seed: int = 5) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal(months)
    return signal.lfilter([1.0], [1.0, *(-c for c in ar)], noise)


def _whole(months: int) -> np.ndarray:
    return complete_runs(np.ones(months, dtype=bool))


def test_the_order_of_the_series_is_found():
    series = np.stack([_series([]), _series([0.6]), _series([0.4, 0.35])])
    _, order = whiten(series, np.stack([_whole(400)] * 3))
    assert order.tolist() == [0, 1, 2]


def test_innovations_are_those_of_least_squares_without_intercept():
    series = _series([0.4, 0.35])
    lags = np.column_stack([series[1:-1], series[:-2]])
    expected = series[2:] - lags @ np.linalg.lstsq(lags, series[2:], rcond=None)[0]
    white, order = whiten(series, _whole(400))
    np.testing.assert_allclose(white[2:], expected, atol=1e-12)
    assert order == 2
    assert (white[:2] == 0).all()


def test_a_hole_takes_its_month_and_the_two_after_it():
    present = np.ones(10, dtype=bool)
    present[4] = False
    assert np.flatnonzero(complete_runs(present)).tolist() == [2, 3, 7, 8, 9]


def test_a_month_before_a_hole_never_reaches_over_it():
    series = _series([0.6], months=40)
    present = np.ones(40, dtype=bool)
    present[20] = False
    rows = complete_runs(present)
    with_hole, _ = whiten(np.where(present, series, 0.0), rows)
    other = np.where(present, series, 1e9)
    np.testing.assert_array_equal(with_hole, whiten(other, rows)[0])


def test_too_few_rows_take_no_memory_out():
    white, order = whiten(np.array([1.0, -1.0, 2.0, 0.5]), _whole(4))
    assert order == 0
    assert white.tolist() == [0, 0, 2.0, 0.5]
