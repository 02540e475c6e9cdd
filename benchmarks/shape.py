"""What looks at shape cost, and how often they cry wolf: ``python benchmarks/shape.py [FOLDER]``.

Every target that is shipped × 200 organisations × 120 months; 20 million durations binned in
DuckDB and tested, and 20 million records out of files, as `kpialign stays` counts them. With FOLDER
(the placebo figures of ``shape_alarms.py``) also p at 95 % and at other cut-offs, and the share
under .05 over cut-offs drawn by lot.
"""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from kpialign.conflicts.shapes import look_at
from kpialign.conflicts.sight import FIGURES, Sight
from kpialign.evidence import bunching, density_test
from kpialign.library import load
from kpialign.pipeline.staying import count_stays
from kpialign.shipped import shipped
from kpialign.terms import Period

BODIES, MONTHS, STAYS, FILES = 200, 120, 20_000_000, 20
ALLOWED = {"targets": 5.0, "durations": 20.0, "records": 20.0, "memory": 2.0}


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


def records() -> float:
    """Seconds to bin records of stays out of files in bands of ten minutes, and to test them."""
    rng = np.random.default_rng(3)
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{n}.parquet" for n in range(FILES)]
        planted = 100 * float(np.mean([_made(file, rng) for file in files]))
        start = perf_counter()
        stays = count_stays(files)
        sums = dict(stays.bands.group_by("minutes_from").agg(pl.col("stays").sum()).iter_rows())
        starts = range(0, 600, 10)
        found = bunching(starts, [sums[one] for one in starts], limit=240, before=20, reach=240)
        taken = perf_counter() - start
    print(f"{stays.counted:,} records binned out of {FILES} files and tested: {taken:.2f} s; "
          f"{found.points:.2f} points found, {planted:.2f} planted")  # fmt: skip
    return taken


def _made(file: Path, rng: np.random.Generator) -> float:
    """Write records of a hundred bodies and a year; the share that left early is planted."""
    many = STAYS // FILES
    minutes = rng.gamma(3.0, 70, many)
    late = (minutes >= 240) & (minutes < 300) & (rng.random(many) < 0.3)
    minutes[late] = rng.uniform(220, 240, int(late.sum()))
    arrived = np.datetime64("2025-04-01", "ms") + 1000 * rng.integers(0, 365 * 86_400, many)
    frame = pl.DataFrame({
        "organisation": np.char.add("R", rng.integers(10, 110, many).astype(str)),
        "arrival": arrived, "departure": arrived + (60_000 * minutes).astype("timedelta64[ms]"),
    })  # fmt: skip
    frame.write_parquet(file)
    return float(late.mean())


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
    taken = {"targets": targets(), "durations": durations(), "records": records()}
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
