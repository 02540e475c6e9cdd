"""How long a month takes: ``python benchmarks/month.py EXTRACTS… [--system CODE]``.

Two runs of ``kpialign check`` on a fresh database, each a process of its own, and the bare
reading of the same files by Polars, DuckDB and calamine, which do nothing with what they read.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpialign.extracts.document import find_files
from kpialign.extracts.formats.workbook import ENDINGS

HEAVY = (
    "altair", "duckdb", "great_expectations", "numpy", "pandas", "polars", "pyarrow", "scipy",
    "vl_convert",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One child process: its exit code, its costs, and what it said on stderr."""

    code: int
    seconds: float
    megabytes: float
    errors: str


def child(args: Sequence[str], cwd: Path) -> Run:
    """Run Python and wait for it; the peak is that of this child alone."""
    with (cwd / "stderr.txt").open("w+", encoding="utf-8") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *args], cwd=cwd, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
        return Run(process.returncode, seconds, kilobytes / 1024, errors.read())


def check(extracts: Sequence[Path], system: str | None, cwd: Path, *flags: str) -> Run:
    """Do the month's run in a folder; the gate's outcome does not matter here."""
    args = [*flags, "-m", "kpialign", "check", *map(str, extracts), "--fail-on", "never"]
    run = child([*args, *(["--system", system] if system else [])], cwd)
    if run.code:
        sys.exit(f"kpialign check ended with {run.code}:\n{run.errors}")
    return run


def imported(errors: str) -> list[str]:
    """Heavy packages named in what ``-X importtime`` wrote."""
    names = {line.rsplit("|", 1)[-1].strip() for line in errors.splitlines() if "|" in line}
    return [name for name in HEAVY if name in names]


def timed(work: Callable[[], None]) -> float:
    """Return the wall seconds of the second of two calls, so that imports are not counted."""
    work()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def by_polars(texts: Sequence[Path]) -> None:
    """Read delimited files with Polars, all columns as text."""
    import polars as pl

    for path in texts:
        pl.read_csv(path, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=True)


def by_duckdb(texts: Sequence[Path]) -> None:
    """Read delimited files with DuckDB, all columns as text."""
    import duckdb

    with duckdb.connect() as connection:
        for path in texts:
            connection.read_csv(str(path), all_varchar=True, ignore_errors=True).fetchall()


def by_calamine(workbooks: Sequence[Path]) -> None:
    """Read every sheet of workbooks."""
    from python_calamine import CalamineWorkbook

    for path in workbooks:
        workbook = CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long a month takes.")
    parser.add_argument("extracts", nargs="+", type=Path)
    parser.add_argument("--system", help="code of the system put in front")
    given = parser.parse_args()
    extracts = [path.resolve() for path in given.extracts]
    files = list(find_files(extracts))
    books = [path for path in files if path.suffix.lower() in ENDINGS]
    texts = [path for path in files if path not in books]
    size = sum(path.stat().st_size for path in files) / 2**20
    print(f"{len(texts)} text files, {len(books)} workbooks, {size:.1f} MB; {os.cpu_count()} cores")

    with tempfile.TemporaryDirectory() as folder:
        cwd = Path(folder)
        first = check(extracts, given.system, cwd)
        second = check(extracts, given.system, cwd)
        heavy = imported(check(extracts, given.system, cwd, "-X", "importtime").errors)
        stored = (cwd / "kpialign.duckdb").stat().st_size / 2**20
    for name, run in (("first run", first), ("second run", second)):
        print(f"{name:<22}{run.seconds:8.2f} s {run.megabytes:6.0f} MB peak")
    print(f"{'first / second':<22}{first.seconds / second.seconds:8.0f} ×")
    print(f"{'database':<22}{stored:8.1f} MB")
    print(f"heavy imports of the second run: {', '.join(heavy) or 'none'}")

    workbooks = timed(lambda: by_calamine(books))
    for name, reader in (("Polars", by_polars), ("DuckDB", by_duckdb)):
        bare = timed(lambda reader=reader: reader(texts)) + workbooks
        print(
            f"{f'bare, {name} + calamine':<22}{bare:8.2f} s; "
            f"first run {first.seconds / bare:.0f} ×, second {second.seconds / bare:.1f} ×"
        )


if __name__ == "__main__":
    main()
