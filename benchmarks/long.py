"""What five million figures cost: ``python benchmarks/long.py [--bodies N]``.

An invented long extract (body, period, item, value; ten years of 208 items of 200
bodies) is landed and modelled in one process, and read into a DuckDB table in another, both
from files that were read once before.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import made
from month import Run, child

BARE = """
import duckdb
with duckdb.connect("bare.duckdb") as connection:
    connection.execute("CREATE TABLE figure AS SELECT * FROM read_csv('long.csv')")
"""
ITEMS = 208


def steps(folder: Path) -> None:
    """Land, model, gate and publish the extract of a folder, each step timed."""
    from kpialign import engine
    from kpialign.extracts.workspace import read_workspace
    from kpialign.library import in_force
    from kpialign.pipeline import modelling, reading
    from kpialign.pipeline.request import Request, arrivals
    from kpialign.settings import Settings
    from kpialign.store import staging
    from kpialign.store.database import open_database

    settings = Settings(workspace=folder, database=folder / "steps.duckdb")
    library = in_force(settings.definitions)
    with told("find"):
        found = arrivals(Request((folder / "long.csv",), settings))
    size = sum(file.size for file in found)
    with open_database(settings.database, size=size) as connection:
        modelling.know(connection, library, read_workspace(folder))
        with told("land"):
            read = reading.read_files(connection, found, library)
        with told("model"):
            staging.stage(connection, read.staged)
            engine.build(connection, "staging")


@contextmanager
def told(step: str) -> Iterator[None]:
    """Print how long a step took."""
    began = time.perf_counter()
    yield
    print(f"{step} {time.perf_counter() - began:.2f}", file=sys.stderr)


def seconds(run: Run) -> dict[str, float]:
    """The steps a child told."""
    if run.code:
        sys.exit(run.errors)
    lines = (line.split() for line in run.errors.splitlines())
    return {words[0]: float(words[1]) for words in lines if len(words) == 2}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What five million figures cost.")
    parser.add_argument("--bodies", type=int, default=200)
    parser.add_argument("--steps", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.steps:
        steps(given.steps)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made.workspace(folder, ITEMS)
        months = made.months("2015-04", "2025-03")
        rows = made.extract(folder / "long.csv", given.bodies, ITEMS, months)
        size = (folder / "long.csv").stat().st_size / 2**20
        print(f"{rows:,} rows, {size:.0f} MB")
        child(["-c", BARE], folder)
        (folder / "bare.duckdb").unlink()
        bare = child(["-c", BARE], folder)
        own = child([str(Path(__file__).resolve()), "--steps", str(folder)], folder)
        whole = child(["-m", "kpialign", "check", "long.csv", "--fail-on", "never"], folder)
        if whole.code:
            sys.exit(whole.errors)
        stored = (folder / "kpialign.duckdb").stat().st_size / 2**20
    took = seconds(own)
    took["land"] += took["find"]
    both = took["land"] + took["model"]
    print(f"{'bare DuckDB read_csv':<26}{bare.seconds:7.1f} s {bare.megabytes:6.0f} MB peak")
    print(f"{'land':<26}{took['land']:7.1f} s")
    print(f"{'model':<26}{took['model']:7.1f} s {own.megabytes:6.0f} MB peak")
    print(f"{'land + model / bare':<26}{both / bare.seconds:7.1f} ×")
    print(
        f"{'whole check':<26}{whole.seconds:7.1f} s {whole.megabytes:6.0f} MB peak, "
        f"{whole.seconds / bare.seconds:.0f} × bare, database {stored:.0f} MB"
    )


if __name__ == "__main__":
    main()
