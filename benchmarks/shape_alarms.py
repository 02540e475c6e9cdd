"""How often the tests of unusual shape cry wolf: ``python benchmarks/shape_alarms.py FOLDER``.

FOLDER holds A&E attendances by type 2016-19 and the performance of 130 trusts over 36 months.
Prints the table of ``docs/unusual-shape.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from scipy import stats

from kpialign.evidence import density_test, period_ends, repeats, sticking, trajectory_test
from kpialign.evidence.state import Floats

ALPHA = 0.05
TYPES = ("1", "2", "other")
ITEMS = ("attendances", "breaches", "admissions")


def performance(folder: Path) -> Floats:
    """Four-hour performance, shape (months, trusts)."""
    frame = pl.read_csv(folder / "ae-performance-130-trusts-36-months.csv")
    return _wide(frame, "perf")


def by_type(folder: Path) -> Iterator[tuple[str, Floats]]:
    """Each item of each type of department, shape (months, bodies)."""
    frame = pl.read_csv(folder / "ae-attendances-by-type-2016-19.csv")
    for kind in TYPES:
        for item in ITEMS:
            yield f"{item}, type {kind}", _wide(frame.filter(pl.col("type") == kind), item)


def _wide(frame: pl.DataFrame, value: str) -> Floats:
    wide = frame.pivot("org_code", index="period", values=value, aggregate_function="sum")
    return wide.sort("period").drop("period").to_numpy().astype(float)


def told(what: str, p: list[float | None] | Floats) -> None:
    """Print the share of answers under .05, and how many answers there were."""
    known = np.array([one for one in p if one is not None], dtype=float)
    print(f"{what:58} {100 * (known < ALPHA).mean():5.1f} %  of {len(known)}")


def density(panel: Floats, draws: int, rng: np.random.Generator) -> None:
    """National: at the target, at other cut-offs, and with trusts shifted against each other."""
    for cut in (95, 90, 85, 80):
        found = density_test(panel, threshold=cut)
        print(f"density of trust-months at {cut} %: p = {found.p:.3f}, {found.lean}")
    cuts = np.arange(72, 98.01, 0.25)
    told("density, cut-offs 72 to 98", [density_test(panel, threshold=c).p for c in cuts])
    for reach in (1, 2, 5):
        shifted = (panel + rng.uniform(-reach, reach, panel.shape[1]) for _ in range(draws))
        p = [density_test(one, threshold=rng.choice([80, 85, 90, 92])).p for one in shifted]
        told(f"density, trusts shifted by up to {reach} points", p)


def stuck(panel: Floats, draws: int, rng: np.random.Generator) -> None:
    """National, at places where there is no target; and what was left out."""
    for width in (0.5, 1, 2, 3):
        shifted = [panel + rng.uniform(-5, 5, panel.shape[1]) for _ in range(draws)]
        cuts = rng.choice([82, 85, 88, 90], size=draws)
        p = [sticking(v, target=c, width=width).p for v, c in zip(shifted, cuts, strict=True)]
        told(f"sticking, bands of {width} points", p)
    real = [sticking(panel, target=c, width=1).p for c in np.arange(78, 94.6, 0.5)]
    told("sticking, bands of 1 point, cut-offs 78 to 94.5 as they are", real)
    print(f"sticking at 95 %: {sticking(panel, target=95, width=1)}")


def ends(panel: Floats) -> None:
    """By trust: every calendar month as if a year ended there, every third as a quarter's."""
    years = [np.arange(first, 35, 12) for first in range(1, 11)]
    quarters = [np.arange(first, 35, 3) for first in range(1, 4)]
    for what, sets in (("year", years), ("quarter", quarters)):
        for improves in (1, -1):
            p = [period_ends(panel, ends=one, improves=improves).p.compressed() for one in sets]
            word = "better" if improves == 1 else "worse"
            told(f"{word} at the end of a {what}, any month", np.concatenate(p))
    told("left out: the same by t of ends against other months", _plain_ends(panel, quarters))


def _plain_ends(panel: Floats, sets: list[Floats]) -> Floats:
    bump = panel[1:-1] - (panel[:-2] + panel[2:]) / 2
    others = (bump.sum(axis=1, keepdims=True) - bump) / (panel.shape[1] - 1)
    own = bump - others
    return np.concatenate([
        stats.ttest_ind(own[one - 1], np.delete(own, one - 1, axis=0), alternative="greater").pvalue
        for one in sets
    ])  # fmt: skip


def again(folder: Path) -> None:
    """By body: figures sent twice running."""
    every = []
    for what, figures in by_type(folder):
        p = repeats(figures).p.compressed()
        every.append(p)
        told(f"repeats: {what}", p)
    told("repeats: all", np.concatenate(every))


def trajectories(panel: Floats, draws: int, rng: np.random.Generator) -> None:
    """Against made-up plans: another trust's figures, the country's path, a straight line."""
    months, trusts = panel.shape
    month = np.column_stack([np.ones(months), np.arange(months)])
    line = month @ np.linalg.lstsq(month, panel, rcond=None)[0]
    country = panel.mean(axis=1, keepdims=True) - panel.mean() + panel.mean(axis=0)
    plans = {
        "another trust's figures": lambda: panel[:, rng.permutation(trusts)],
        "the country's path": lambda: country + rng.uniform(-2, 2, trusts),
        "a straight line": lambda: line + rng.uniform(-1, 1, trusts),
    }
    for what, plan in plans.items():
        made = [plan() for _ in range(draws)]
        told(f"trajectory: {what}", [trajectory_test(panel, one).p for one in made])
        for width in (0.5, 1, 2):
            p = np.concatenate([_narrow(panel - one, width) for one in made[:50]])
            told(f"left out: just above, by trust, within {width} points", p)


def _narrow(margin: Floats, width: float) -> Floats:
    above = ((margin >= 0) & (margin < width)).sum(axis=0)
    both = above + ((margin < 0) & (margin >= -width)).sum(axis=0)
    return stats.binom.sf(above - 1, np.maximum(both, 1), 0.5)[both >= 8]


def speed() -> None:
    """Seconds of a density test by number of values."""
    rng = np.random.default_rng(1)
    for size in (10_000, 24_000):
        values = rng.normal(90, 5, size)
        start = perf_counter()
        density_test(values, threshold=92)
        print(f"density of {size} values: {perf_counter() - start:.2f} s")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description="False alarms of the tests of unusual shape.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng, panel = np.random.default_rng(given.seed), performance(given.folder)
    density(panel, given.draws, rng)
    stuck(panel, given.draws, rng)
    ends(panel)
    again(given.folder)
    trajectories(panel, given.draws, rng)
    speed()


if __name__ == "__main__":
    main()
