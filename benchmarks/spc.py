"""What process charts of many series cost: ``python benchmarks/spc.py [--series N]``.

60 months of each, beside a plain pandas loop of the same limits and rules, and beside the
package abspc (``pip install abspc``) where it is installed. The others are timed on fewer
series, and told as if on all.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import polars as pl

import kpialign as ka

MONTHS = 60


def pandas_loop(table: pd.DataFrame) -> int:
    """Limits and four rules of each series by itself, as a script would."""
    signals = 0
    for _, part in table.groupby("series"):
        value = part["value"]
        mean, reach = value.mean(), 2.66 * value.diff().abs().mean()
        side = np.sign(value - mean)
        near = (value - mean).abs() > 2 / 3 * reach
        shift = side.rolling(7).sum().abs() == 7
        steps = np.sign(value.diff())
        trend = steps.rolling(6).sum().abs() == 6
        pair = (near.rolling(3).sum() >= 2) & (side.rolling(3).sum().abs() == 3)
        signals += int((((value - mean).abs() > reach) | shift | trend | pair).sum())
    return signals


def abspc_loop(table: pd.DataFrame) -> None:
    """The same series by abspc: limits, signals and the two icons, without drawing."""
    import abspc

    for _, part in table.groupby("series"):
        lines = abspc.calculate_control_limits(part[["value"]].reset_index(drop=True), "XmR")
        found = abspc.detect_special_causes(lines)
        abspc.determine_variation_type(found)
        abspc.determine_assurance_type(found, 95)


def timed(work: Callable[[], object]) -> float:
    """Seconds of a piece of work."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What process charts of many series cost.")
    parser.add_argument("--series", type=int, default=10_000)
    given = parser.parse_args()
    periods = [f"{2020 + m // 12}-{m % 12 + 1:02}" for m in range(MONTHS)]
    value = np.random.default_rng(1).normal(100, 5, given.series * MONTHS)
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.arange(given.series), MONTHS),
            "period": np.tile(periods, given.series),
            "value": value,
        }
    )
    ka.spc(frame.head(MONTHS))
    own = timed(lambda: ka.spc(frame, improves="up", target=95))
    print(f"{'kpialign':<14}{own:8.2f} s for {given.series:,} series of {MONTHS} months")
    few = max(given.series // 100, 1)
    table = frame.head(few * MONTHS).to_pandas()
    others = {"pandas loop": pandas_loop}
    if importlib.util.find_spec("abspc"):
        others["abspc"] = abspc_loop
    for name, loop in others.items():
        took = timed(lambda loop=loop: loop(table)) * given.series / few
        print(f"{name:<14}{took:8.2f} s, {took / own:6.0f} × kpialign")


if __name__ == "__main__":
    main()
