"""How often the latest month is a signal by accident: ``python benchmarks/spc_alarms.py``.

Prints the table of ``kpialign/variation/alarms.py``: normal series that only follow on themselves.
"""

from __future__ import annotations

import argparse

import numpy as np
import polars as pl

import kpialign as ka
from kpialign.variation.alarms import CORRELATIONS, LENGTHS


def rate(length: int, correlation: float, series: int, seed: int) -> float:
    """Share of the series with a signal in the last month."""
    noise = np.random.default_rng(seed).standard_normal((series, length + 50))
    value = noise.copy()
    for month in range(1, value.shape[1]):
        value[:, month] = correlation * value[:, month - 1] + noise[:, month]
    kept = value[:, -length:]
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.arange(series), length),
            "period": np.tile([f"{2015 + m // 12}-{m % 12 + 1:02}" for m in range(length)], series),
            "value": kept.ravel(),
        }
    )
    icons = ka.spc(frame, improves="up").series["variation"]
    return float((icons != "common_cause").mean())


def main() -> None:
    """Print the table, a row for each length."""
    parser = argparse.ArgumentParser(description="False alarms of the latest month.")
    parser.add_argument("--series", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for length in LENGTHS:
        rates = [rate(length, c, given.series, given.seed) for c in CORRELATIONS]
        print(f"    ({', '.join(f'{r:.3f}' for r in rates)}),  # {length} months")


if __name__ == "__main__":
    main()
