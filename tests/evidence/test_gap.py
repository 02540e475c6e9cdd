import numpy as np

from kpialign.evidence import gaps


def _months(last, count=25, bodies=1):
    values = np.random.default_rng(1).normal(0, 1, (count, bodies))
    values[-1] = last
    return values


def test_a_month_beyond_what_is_usual_has_a_side():
    for last, side in ((6.0, 1), (-6.0, -1), (0.1, 0)):
        found = gaps(_months(last), np.zeros((25, 1)))
        assert found.side.tolist() == [side]
        assert found.known.all()


def test_what_the_peers_saw_too_is_no_gap():
    winter = 20 * np.cos(np.arange(25) / 6 * np.pi)[:, None]
    alone = _months(0.0)
    assert gaps(alone + winter, winter).side.tolist() == [0]
    assert np.allclose(gaps(alone + winter, winter).value, gaps(alone, np.zeros((25, 1))).value)


def test_too_few_months_or_none_this_month_are_not_known():
    short, lost = _months(9.0, count=12), _months(9.0)
    lost[-1] = np.nan
    for values in (short, lost, np.full((25, 1), 3.0)):
        found = gaps(values, np.zeros(values.shape))
        assert (found.known.tolist(), found.side.tolist(), found.value.tolist()) == (
            [False],
            [0],
            [0],
        )


def test_a_hole_is_left_out_with_the_range_over_it():
    values = _months(0.0)
    values[10] = np.nan
    found = gaps(values, np.zeros((25, 1)))
    assert found.months.tolist() == [23]
    ranges = np.abs(np.diff(values[:-1, 0]))
    assert found.reach[0] == 2 * np.nanmean(ranges) / 1.128


def test_a_steady_body_is_rarely_asked_about():
    values = np.random.default_rng(2).standard_normal((25, 20_000))
    assert 0.03 < (gaps(values, np.zeros(values.shape)).side != 0).mean() < 0.08
