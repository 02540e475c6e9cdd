"""Every shipped method against small vectors worked by hand, and what must hold of all of them."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpialign.composites.means import (
    ARITHMETIC,
    GEOMETRIC,
    HARMONIC,
    MAZZIOTTA_PARETO,
    Mean,
    mean,
    mean_named,
    split,
)
from kpialign.composites.scales import SCALES, Ends
from kpialign.composites.treatment import Bounds, kurtosis, logged, skew, winsorise

VECTORS = Path(__file__).resolve().parents[3] / "shared/cases/composites/unit_vectors.json"
ONE = np.array([1.0])
MEANS = (ARITHMETIC, GEOMETRIC, HARMONIC, mean_named("power", 2.0), MAZZIOTTA_PARETO)
SCORES = st.lists(st.floats(0.5, 100), min_size=2, max_size=6)


@pytest.fixture(scope="module")
def vectors() -> dict:  # type: ignore[type-arg]
    if not VECTORS.is_file():
        pytest.skip("the reference cases are not beside this checkout")
    return json.loads(VECTORS.read_text())


def numbers(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values])


@pytest.mark.parametrize(
    ("scale", "ends", "name"),
    [
        ("min_max", Ends(ONE), "minmax_0_100"),
        ("min_max", Ends(ONE, 1, 100), "minmax_1_100"),
        ("z_score", Ends(ONE), "zscore_0_1"),
        ("z_score", Ends(ONE, centre=100, spread=10), "zscore_100_10"),
        ("rank", Ends(ONE), "rank_min"),
        ("percentile_rank", Ends(ONE, 0, 1), "prank"),
        ("distance_to_target", Ends(ONE, 0, 1, target=ONE * 8, cap=False), "dist2targ_8"),
        ("distance_to_target", Ends(ONE, 0, 1, target=ONE * 8), "dist2targ_8_cap"),
        ("distance_to_target", Ends(-ONE, 0, 1, target=ONE * 2, cap=False), "dist2targ_2_neg"),
        ("goalposts", Ends(ONE, worst=ONE * 2, best=ONE * 10), "goalposts_2_10_scale100"),
        ("goalposts", Ends(-ONE, worst=ONE * 10, best=ONE * 2), "goalposts_2_10_scale100_neg"),
    ],
)  # fmt: skip
def test_scales_give_the_worked_vectors(vectors, scale: str, ends: Ends, name: str) -> None:  # type: ignore[no-untyped-def]
    x = numbers(vectors["input_x"])[None, :, None]
    np.testing.assert_allclose(
        SCALES[scale](x, ends).ravel(), numbers(vectors["normalise"][name]), rtol=1e-12, atol=1e-12
    )


def test_treatments_give_the_worked_vectors(vectors) -> None:  # type: ignore[no-untyped-def]
    outlier, x = numbers(vectors["input_outlier"]), numbers(vectors["input_x"])
    treat = vectors["treat"]
    np.testing.assert_array_equal(winsorise(outlier, Bounds())[0], treat["winsorise_outlier"]["x"])
    forced, steps = winsorise(x, Bounds(most=2), force=True)
    np.testing.assert_array_equal(forced, numbers(treat["winsorise_x_force2"]["x"]))
    assert steps == 2
    np.testing.assert_allclose(logged(outlier), treat["log_CT"], rtol=1e-12)
    np.testing.assert_allclose(logged(-outlier), treat["log_CT_plus_negskew"], rtol=1e-12)


def test_means_give_the_worked_vectors(vectors) -> None:  # type: ignore[no-untyped-def]
    worked = vectors["aggregate"]
    names = {"amean": ARITHMETIC, "gmean": GEOMETRIC, "hmean": HARMONIC}
    names |= {"genmean_p2": mean_named("power", 2.0), "genmean_pm1": mean_named("power", -1.0)}
    for name, how in names.items():
        assert mean(worked["x"], worked["w"], how) == pytest.approx(worked[name], abs=1e-12)
    gaps = worked["with_na"]
    x = numbers(gaps["x"])
    for name, how in (*list(names.items())[:3], ("genmean_p2_correct", mean_named("power", 2.0))):
        assert mean(x, gaps["w"], how, reweight=True) == pytest.approx(gaps[name], abs=1e-12)
        assert np.isnan(mean(x, gaps["w"], how))


def test_mazziotta_pareto_by_hand() -> None:
    # M = 100, S² = ((-10)² + 10²)/2 = 100, penalty S²/M = 1.
    assert mean([90.0, 110.0], [1, 1], MAZZIOTTA_PARETO) == pytest.approx(99.0)
    assert mean([100.0, 100.0], [1, 1], MAZZIOTTA_PARETO) == pytest.approx(100.0)


def test_a_part_at_nothing_is_not_made_up_for_and_below_nothing_is_refused() -> None:
    assert mean([0.0, 100.0], [0.01, 0.99], GEOMETRIC) == 0.0
    assert mean([0.0, 100.0], [1, 1], HARMONIC) == 0.0
    with pytest.raises(ValueError, match="0 and above"):
        mean([-1.0, 2.0], [1, 1], GEOMETRIC)


@pytest.mark.parametrize("how", MEANS, ids=lambda how: how.name)
@given(scores=SCORES, seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_the_order_of_parts_does_not_matter(how: Mean, scores: list[float], seed: int) -> None:
    weights = np.linspace(1, 2, len(scores))
    order = np.random.default_rng(seed).permutation(len(scores))
    x = np.array(scores)
    assert mean(x, weights, how) == pytest.approx(mean(x[order], weights[order], how), rel=1e-9)


@pytest.mark.parametrize("how", MEANS[:4], ids=lambda how: how.name)
@given(scores=SCORES, more=st.floats(0.1, 50))
@settings(max_examples=40, deadline=None)
def test_a_better_part_never_makes_a_worse_whole(
    how: Mean, scores: list[float], more: float
) -> None:
    better = [scores[0] + more, *scores[1:]]
    weights = [1.0] * len(scores)
    assert mean(better, weights, how) > mean(scores, weights, how)
    assert min(scores) - 1e-9 <= mean(scores, weights, how) <= max(scores) + 1e-9


@pytest.mark.parametrize("how", MEANS, ids=lambda how: how.name)
@given(
    st.integers(2, 6).flatmap(
        lambda n: st.tuples(*[st.lists(st.floats(0, 100), min_size=n, max_size=n)] * 2)
    )
)
@settings(max_examples=60, deadline=None)
def test_the_split_of_a_change_adds_up(how: Mean, both: tuple[list[float], list[float]]) -> None:
    before, after = (np.array(x) for x in both)
    weights = np.linspace(1, 3, len(before))
    by_part, balance, change = split(before, after, weights, how)
    whole = float(mean(after, weights, how) - mean(before, weights, how))
    assert math.isclose(change, whole, abs_tol=1e-9)
    assert float(by_part.sum() + balance) == pytest.approx(whole, abs=1e-7)


def test_figures_are_in_bounds_by_skew_or_by_kurtosis() -> None:
    two_of_twelve = np.array([0.0] * 10 + [1.0] * 2)
    assert skew(two_of_twelve) > 2
    assert kurtosis(two_of_twelve) < 3.5
    assert Bounds().hold(two_of_twelve)
    assert not Bounds().hold(np.array([0.0] * 11 + [1.0]))
    assert Bounds().hold(np.array([5.0] * 12))
