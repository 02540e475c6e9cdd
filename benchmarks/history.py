"""What a month costs when ten years are there: ``python benchmarks/history.py``.

The same month of 200 bodies × 100 indicators is added to ten years of them and to an
empty store, each by ``kpialign check`` in a process of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import made
from month import Run, child

BODIES, INDICATORS = 200, 100


def check(folder: Path, extract: str) -> Run:
    """Run on one extract; the gate's outcome does not matter here."""
    run = child(["-m", "kpialign", "check", extract, "--fail-on", "never"], folder)
    if run.code:
        sys.exit(run.errors)
    return run


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(description="What a month costs when ten years are there.").parse_args()
    runs: dict[str, Run] = {}
    with tempfile.TemporaryDirectory() as name:
        for kind in ("ten years", "empty store"):
            folder = Path(name) / kind.replace(" ", "-")
            made.workspace(folder, 2 * INDICATORS, INDICATORS)
            if kind == "ten years":
                past = made.months("2015-04", "2025-03")
                rows = made.extract(folder / "past.csv", BODIES, 2 * INDICATORS, past)
                print(f"{rows:,} figures of ten years, {check(folder, 'past.csv').seconds:.1f} s")
            made.extract(
                folder / "month.csv", BODIES, 2 * INDICATORS, made.months("2025-04", "2025-04"), 2
            )
            runs[kind] = check(folder, "month.csv")
    for kind, run in runs.items():
        print(f"{'one month more, ' + kind:<30}{run.seconds:7.1f} s {run.megabytes:6.0f} MB peak")
    ratio = runs["ten years"].seconds / runs["empty store"].seconds
    print(f"{'ten years / empty store':<30}{ratio:7.2f} ×")


if __name__ == "__main__":
    main()
