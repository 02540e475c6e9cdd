"""Where the doubt about a composite comes from, against the reference of Ishigami's function."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.composites.test_stages import definition, months

from kpialign.composites.sources import MEAN, WEIGHTS, sobol, sources
from kpialign.composites.stages import compose
from kpialign.definitions.composites import Composite

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "composites"
POSTS = {"worst": 0, "best": 100, "from": "2025-04", "basis": "b"}


@pytest.mark.skipif(not CASES.is_dir(), reason="the reference cases are not here")
def test_the_shares_of_a_fixed_sample_are_those_of_the_reference() -> None:
    told = json.loads((CASES / "sobol_ishigami_expected.json").read_text())
    *points, y = np.loadtxt(CASES / "sobol_ishigami_sample_N256.csv", delimiter=",", skiprows=1).T
    n, d = told["N"], told["d"]
    x = np.pi * (2 * np.array(points) - 1)
    wanted = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    np.testing.assert_allclose(y, wanted, atol=1e-9)
    alone, together = sobol(y[:n], y[n : 2 * n], y[2 * n :].reshape(d, n))
    np.testing.assert_allclose(alone, told["COINr_Si"], atol=1e-12)
    np.testing.assert_allclose(together, told["COINr_STi"], atol=1e-12)


def wandering(*names: str) -> dict[str, list[float]]:
    rng = np.random.default_rng(5)
    still = [50.0] * 24
    return {n: (50 + 8 * rng.normal(size=24)).tolist() if n in names else still for n in "abc"}


def plan(aggregate: str = "arithmetic") -> Composite:
    parts = [
        {"indicator": n, "weight": w, "goalposts": POSTS}
        for n, w in zip("abc", (2, 1, 1), strict=True)
    ]
    return definition(components=parts, aggregate=aggregate)


def test_one_part_that_wanders_is_named_and_one_that_stays_is_not() -> None:
    found = {s.name: s for s in sources(compose(months("U", wandering("a")), plan()), 23, 0)}
    assert found["a"].low > 0.8
    assert found["b"].share == found["c"].share == 0.0
    assert all(s.low <= s.share <= s.high for s in found.values())
    assert list(found) == ["a", "b", "c", WEIGHTS, MEAN]


def test_twice_the_weight_is_four_times_the_share_and_order_does_not_matter() -> None:
    figures = wandering("a")
    figures["b"] = figures["a"]
    composed = compose(months("U", figures), plan())
    found = {s.name: s.share for s in sources(composed, 23, 0)}
    assert found["a"] / found["b"] == pytest.approx(4, rel=0.15)
    assert found["a"] + found["b"] == pytest.approx(1, abs=0.1)
    again = sources(composed, 23, 0)
    assert again == sources(composed, 23, 0)


def test_parts_far_apart_make_the_mean_matter() -> None:
    apart = {"a": [95.0] * 24, "b": [5.0] * 24, "c": [50.0] * 24}
    found = {s.name: s.share for s in sources(compose(months("U", apart), plan()), 23, 0)}
    assert found[MEAN] > 0.8
    assert found["a"] == 0.0


def test_no_share_where_a_part_is_missing_or_the_scale_is_of_the_others() -> None:
    figures = wandering("a")
    assert sources(compose(months("U", {n: figures[n] for n in "ab"}), plan()), 23, 0) == ()
    ranked = plan().model_copy(update={"normalise": plan().normalise.model_copy(
        update={"method": "min_max"})})  # fmt: skip
    assert sources(compose(months("U", figures), ranked), 23, 0) == ()
