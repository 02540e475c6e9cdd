import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from kpialign.evidence import State, period_ends, repeats, sticking, trajectory_test
from kpialign.evidence.density import Lean

MONTHS, PLACES = 36, 120
KEPT = 0.07  # what the tests may fire at on figures with nothing in them


def panel(seed, months=MONTHS, places=PLACES):
    """Draw percentages with a national path, levels of their own and memory."""
    rng = np.random.default_rng(seed)
    own = signal.lfilter([1.0], [1.0, -0.6], rng.standard_normal((months, places)), axis=0)
    return 88 + 3 * rng.standard_normal(places) + 1.5 * own + rng.standard_normal((months, 1))


def stuck(seed, target=88.0, by=0.3):
    """Draw figures that move less from within a point above the target."""
    rng = np.random.default_rng(seed)
    values = panel(seed)
    for month in range(1, MONTHS):
        before = values[month - 1]
        pull = np.where((before >= target) & (before < target + 1), by, 1.0)
        values[month] = before + pull * (
            0.2 * (88 - before) + 1.5 * rng.standard_normal(PLACES) + 0.3 * (month % 12 == 9)
        )
    return values


@pytest.fixture(scope="module")
def real(data):
    """The performance of 130 trusts, shape (36, 130)."""
    frame = pl.read_csv(data / "placebo" / "ae-performance-130-trusts-36-months.csv")
    wide = frame.pivot("org_code", index="period", values="perf").sort("period").drop("period")
    return wide.to_numpy()


def fired(p):
    return float(np.mean(np.array(p, dtype=float) < 0.05))


def test_figures_that_stick_are_seen_and_others_are_not():
    seen = [sticking(stuck(seed), target=88, width=1) for seed in range(12)]
    assert fired([f.p for f in seen]) > 0.9
    assert all(f.ratio < 0.8 and f.places > 30 for f in seen)
    calm = [sticking(panel(seed), target=88, width=1) for seed in range(150)]
    assert fired([f.p for f in calm]) < 0.1
    assert 0.95 < np.mean([f.ratio for f in calm]) < 1.05


@pytest.mark.real
def test_sticking_stays_silent_on_real_trusts_where_there_is_no_target(real):
    rng = np.random.default_rng(3)
    p = [
        sticking(real + rng.uniform(-5, 5, 130), target=rng.choice([82, 85, 88, 90]), width=1).p
        for _ in range(400)
    ]
    assert fired(p) <= KEPT


def test_a_year_end_spurt_is_seen_and_others_are_not():
    ends = np.array([11, 23, 34])
    values = panel(1, months=37)
    calm = period_ends(values, ends=ends)
    assert fired(calm.p) < 0.1
    values[ends, :20] += 5
    found = period_ends(values, ends=ends)
    assert fired(found.p[:20]) > 0.9
    assert fired(found.p[20:]) < 0.1
    assert found.effect[:20].mean() == pytest.approx(5, abs=1)
    assert set(found.ends) == {3}


def test_what_everybody_does_at_the_year_end_is_no_effect():
    values = panel(2, months=37)
    winter = np.zeros((37, 1))
    winter[[11, 23, 34]] = -6
    plain, shared = (period_ends(v, ends=[11, 23, 34]) for v in (values, values + winter))
    np.testing.assert_allclose(shared.effect, plain.effect, atol=1e-9)


@pytest.mark.real
@pytest.mark.parametrize("every", [3, 12])
def test_period_ends_stay_silent_on_real_trusts(real, every):
    sets = [np.arange(first, 35, every) for first in range(1, min(every, 10) + 1)]
    for improves in (1, -1):
        p = [period_ends(real, ends=ends, improves=improves).p for ends in sets]
        assert fired(np.concatenate(p)) <= KEPT


def test_figures_sent_again_are_seen_and_others_are_not():
    counts = np.random.default_rng(5).poisson(900, size=(36, 60)).astype(float)
    calm = repeats(counts)
    assert fired(calm.p) <= KEPT
    assert calm.repeats.sum() == pytest.approx(calm.expected.sum(), rel=0.5)
    counts[20:23, 0] = counts[19, 0]
    counts[:, 1] = 900
    found = repeats(counts)
    assert found.repeats[0] >= 3
    assert max(found.p[:2]) < 0.01
    np.testing.assert_array_equal(found.p[2:], calm.p[2:])


@pytest.mark.real
def test_repeats_stay_silent_on_real_trusts(data):
    frame = pl.read_csv(data / "placebo" / "ae-attendances-by-type-2016-19.csv")
    for kind in ("1", "2", "other"):
        for item in ("attendances", "breaches", "admissions"):
            wide = frame.filter(pl.col("type") == kind).pivot(
                "org_code", index="period", values=item, aggregate_function="sum"
            )
            figures = wide.sort("period").drop("period").to_numpy().astype(float)
            assert fired(repeats(figures).p.compressed()) <= KEPT


def test_small_counts_repeat_anyhow():
    small = np.random.default_rng(6).poisson(3, size=(36, 40)).astype(float)
    assert set(repeats(small).state) == {State.TOO_LITTLE_DATA}


def test_a_plan_just_met_leans_to_its_side():
    values, plan = panel(7), panel(8).mean(axis=0)
    assert trajectory_test(values, plan).p > 0.05
    short = (values < plan) & (values > plan - 1)
    short &= np.random.default_rng(9).random(values.shape) < 0.6
    met = np.where(short, plan + 0.2 * (plan - values), values)
    found = trajectory_test(met, plan)
    assert (found.p < 0.001, found.lean) == (True, Lean.ABOVE)
    assert (
        trajectory_test(values, np.where(plan > 88, plan, np.nan)).below
        < trajectory_test(values, plan).below
    )


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-100, 100))
def test_unit_level_mirror_and_order_of_places_do_not_matter(seed, by, shift):
    values = stuck(seed)
    order = np.random.default_rng(seed).permutation(PLACES)
    plain = sticking(values, target=88, width=1)
    told = [
        sticking(values[:, order], target=88, width=1),
        sticking(-values, target=-88, width=1, improves=-1),
        sticking(values * 2**3, target=88 * 2**3, width=2**3),
    ]
    for other in told:
        assert (other.ratio, other.p) == pytest.approx((plain.ratio, plain.p), rel=1e-6)
        assert other.places == plain.places
    ends = [5, 17, 29]
    first = period_ends(values, ends=ends)
    other = period_ends(-(values * by + shift), ends=ends[::-1], improves=-1)
    np.testing.assert_allclose(other.p, first.p, atol=1e-6)
    np.testing.assert_allclose(other.effect, first.effect * by, atol=1e-6 * by)
    mixed = period_ends(values[:, order], ends=ends)
    np.testing.assert_allclose(mixed.p, first.p[order], atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 2**32 - 1), st.integers(0, 40), st.integers(1, 25), st.floats(0, 1),
    st.booleans(),
)  # fmt: skip
def test_there_is_a_name_or_there_are_numbers(seed, months, places, gone, flat):
    values = panel(seed, months, places).round(0 if flat else 6)
    values[np.random.default_rng(seed).random(values.shape) < gone] = np.nan
    found = sticking(values, target=88, width=1)
    if found.state is State.ESTIMATED:
        assert np.isfinite([found.ratio, *found.interval, found.p]).all()
    else:
        assert (found.ratio, found.interval, found.p) == (None, None, None)
    ends = period_ends(values, ends=np.arange(0, months, 3))
    again = repeats(values)
    for result, numbers in ((ends, (ends.effect, ends.p)), (again, (again.p, again.expected))):
        answered = result.state == State.ESTIMATED
        for number in numbers:
            assert (np.ma.getmaskarray(number) == ~answered).all()
            assert np.isfinite(number.data).all()


def test_figures_that_never_move_have_no_variation():
    flat = np.full((36, 20), 88.5)
    assert set(period_ends(flat, ends=[5, 17, 29]).state) == {State.NO_VARIATION}
    assert sticking(flat, target=88, width=1).state is State.TOO_LITTLE_DATA


def test_two_year_ends_are_no_habit():
    assert set(period_ends(panel(1), ends=[11, 23]).state) == {State.TOO_LITTLE_DATA}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sticking(panel(1), target=88, width=0), "width is 0"),
        (lambda: sticking(panel(1), target=88, width=1, improves=0), "expected 1"),
        (lambda: period_ends(panel(1), ends=[40]), "0 to 35"),
        (lambda: repeats(np.ones(5)), "months, places"),
    ],
)
def test_what_has_no_meaning_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
