"""A composite of 42 systems × 60 indicators × 60 months with 2,000 draws, beside plain pandas.

    python benchmarks/composites.py [--draws 2000]

The pandas version computes the same index (goalposts, groups, arithmetic then geometric mean)
without any uncertainty; both are held to the same figures.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import polars as pl

from kpialign.composites.doubt import doubt_of
from kpialign.composites.stages import compose
from kpialign.definitions.composites import Composite

SYSTEMS, INDICATORS, MONTHS, GROUPS = 42, 60, 60, 6
POSTS = {"worst": 0.0, "best": 100.0, "from": "2021-01", "basis": "invented"}


def definition() -> Composite:
    """Six groups of ten shares, a geometric mean of arithmetic ones."""
    groups = [
        {"id": f"g{g}", "weight": 1, "aggregate": "arithmetic",
         "components": [{"indicator": f"i{i}", "weight": 1 + i % 3, "goalposts": POSTS}
                        for i in range(g, INDICATORS, GROUPS)]}
        for g in range(GROUPS)
    ]  # fmt: skip
    return Composite.model_validate(
        {"id": "bench", "title": "B", "why": "w", "aggregate": "geometric", "components": groups}
    )


def figures(rng: np.random.Generator) -> pl.DataFrame:
    """Shares of a few thousand, a row a system, month and indicator."""
    systems, months, indicators = np.meshgrid(
        np.arange(SYSTEMS), np.arange(MONTHS), np.arange(INDICATORS), indexing="ij"
    )
    below = rng.integers(500, 5000, systems.size).astype(float)
    own = rng.uniform(0.3, 0.9, (SYSTEMS, 1, INDICATORS)).repeat(MONTHS, axis=1)
    top = rng.binomial(below.astype(int), own.ravel()).astype(float)
    names = np.array([f"{2021 + m // 12}-{m % 12 + 1:02d}" for m in range(MONTHS)])
    return pl.DataFrame({
        "unit": np.char.add("S", systems.ravel().astype(str)),
        "period": names[months.ravel()],
        "indicator": np.char.add("i", indicators.ravel().astype(str)),
        "numerator": top, "denominator": below, "value": 100 * top / below,
    })  # fmt: skip


def in_pandas(frame: pl.DataFrame, composite: Composite) -> np.ndarray:
    """The same index, as one would write it in pandas."""
    weights = {leaf.name: leaf.weight for leaf in composite.leaves}
    group = {x.name: g.name for g in composite.components for x in g.components}
    data = frame.to_pandas()
    data["score"] = data["value"].clip(0, 100)
    data["weight"] = data["indicator"].map(weights)
    data["group"] = data["indicator"].map(group)
    data["part"] = data["score"] * data["weight"]
    means = data.groupby(["period", "unit", "group"])[["part", "weight"]].sum()
    level = (means["part"] / means["weight"]).rename("value").reset_index()
    level["log"] = np.log(level["value"])
    return np.exp(level.groupby(["period", "unit"])["log"].mean()).to_numpy()


def main() -> None:
    """Time both, and say where they differ."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--draws", type=int, default=2000)
    draws = reader.parse_args().draws
    composite, frame = definition(), figures(np.random.default_rng(1))
    frame = frame.sort("period", "unit", "indicator")
    start = time.perf_counter()
    composed = compose(frame, composite)
    middle = time.perf_counter()
    doubt = doubt_of(composed, draws)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"kpialign: index {middle - start:.2f} s, {draws} draws {end - middle:.2f} s, "
          f"together {end - start:.2f} s, peak {peak:.0f} MB")  # fmt: skip
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"draws: {doubt.noise.shape}; processor time {used.ru_utime + used.ru_stime:.2f} s")
    start = time.perf_counter()
    plain = in_pandas(frame, composite)
    print(f"pandas: index alone {time.perf_counter() - start:.2f} s, no draws")
    order = np.argsort(composed.panel.units)
    print(f"largest difference: {np.abs(plain - composed.whole[:, order].ravel()).max():.2e}")


if __name__ == "__main__":
    main()
