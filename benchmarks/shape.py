"""What looks at shape cost, and how often they cry wolf: ``python benchmarks/shape.py [FOLDER]``.

Every target that is shipped × 200 organisations × 120 months, and 20 million durations binned in
DuckDB and tested. With FOLDER (the placebo figures of ``shape_alarms.py``) also p at 95 % and at
other cut-offs, and the share under .05 over cut-offs drawn by lot.
"""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from kpialign.conflicts.shapes import look_at
from kpialign.conflicts.sight import FIGURES, Sight
from kpialign.evidence import bunching, density_test
from kpialign.library import load
from kpialign.shipped import shipped
from kpialign.terms import Period

BODIES, MONTHS, STAYS = 200, 120, 20_000_000
ALLOWED = {"targets": 5.0, "durations": 20.0, "memory": 2.0}


def targets() -> float:
    """Seconds of the density rule over every target that is shipped."""
    library = load([shipped("indicators")])
    rng = np.random.default_rng(1)
    last = Period(2026, 3)
    periods = [str(last + -n) for n in range(MONTHS)]
    frames = []
    asked = [i for i in library.indicators.values() if i.targets]
    for indicator in asked:
        level = indicator.targets[0].level
        values = level + rng.normal(0, 0.05 * level, (MONTHS, BODIES))
        frames.append(
            pl.DataFrame(
                {
                    "indicator": indicator.id,
                    "organisation": np.tile([f"U{n:03d}" for n in range(BODIES)], MONTHS),
                    "period": np.repeat(periods, BODIES), "numerator": 1.0,
                    "denominator": 1e6, "value": values.ravel(),
                },
                schema=FIGURES,
            )
        )  # fmt: skip
    sight = Sight(pl.concat(frames), library.indicators)
    start = perf_counter()
    [shape] = look_at([library.shapes["KA-SHAPE-001"]], sight)
    taken = perf_counter() - start
    figures = sum(look.figures for look in shape.looks)
    print(f"{len(shape.looks)} targets, {figures:,} organisation-months: {taken:.2f} s")
    return taken


def durations() -> float:
    """Seconds to bin durations in DuckDB, to the minute, and to test them."""
    rng = np.random.default_rng(2)
    minutes = rng.gamma(3.0, 70, STAYS).astype(np.float32)
    late = (minutes >= 241) & (minutes < 300) & (rng.random(STAYS, dtype=np.float32) < 0.3)
    minutes[late] = rng.uniform(215, 241, int(late.sum())).astype(np.float32)
    stays = pa.table({"minutes": minutes})
    start = perf_counter()
    with duckdb.connect() as connection:
        connection.register("stays", stays)
        rows = connection.execute(
            "SELECT floor(minutes) AS start, count(*) AS durations FROM stays "
            "WHERE minutes < 600 GROUP BY floor(minutes) ORDER BY start"
        ).fetchall()
    counts = dict(rows)
    found = bunching(
        np.arange(600.0), [counts.get(float(m), 0) for m in range(600)],
        limit=241, before=30, heaps=(5,), reach=150,
    )  # fmt: skip
    taken = perf_counter() - start
    planted = 100 * float(late.mean())
    print(f"{STAYS:,} durations binned and tested: {taken:.2f} s; {found.points:.2f} points found, "
          f"{planted:.2f} planted")  # fmt: skip
    return taken


def memory() -> float:
    """Most memory the process ever held, in GB; bytes on a Mac, KB elsewhere."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e9 if sys.platform == "darwin" else 1e6)


def alarms(folder: Path, draws: int, rng: np.random.Generator) -> None:
    """The four-hour figures of 130 trusts: p at cut-offs, and the share under .05 by lot."""
    frame = pl.read_csv(folder / "ae-performance-130-trusts-36-months.csv")
    wide = frame.pivot("org_code", index="period", values="perf", aggregate_function="first")
    panel = wide.sort("period").drop("period").to_numpy().astype(float)
    for cut in (95, 90, 92, 88, 85, 80):
        found = density_test(panel, threshold=cut)
        print(f"p at {cut} %: {found.p:.3f}, {found.lean}")
    p = []
    for _ in range(draws):
        shifted = panel + rng.uniform(-5, 5, panel.shape[1])
        p.append(density_test(shifted, threshold=rng.uniform(80, 93)).p)
    known = np.array([one for one in p if one is not None])
    print(f"share under .05 over {len(known)} shuffled cut-offs: {(known < 0.05).mean():.3f}")


def main() -> int:
    """Print what was measured; 1 if anything took more than is allowed."""
    parser = argparse.ArgumentParser(description="What looks at shape cost.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=11)
    given = parser.parse_args()
    taken = {"targets": targets(), "durations": durations()}
    taken["memory"] = memory()
    print(f"most memory: {taken['memory']:.2f} GB")
    if given.folder:
        alarms(given.folder, given.draws, np.random.default_rng(given.seed))
    over = [f"{what}: {taken[what]:.2f}, {most:g} allowed" for what, most in ALLOWED.items()
            if taken[what] > most]  # fmt: skip
    print("\n".join(over) if over else "all within what is allowed")
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
