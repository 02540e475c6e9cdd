"""What may be shown: the files that may not, and readings without what they say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.errors import UsageError, did_you_mean
from kpialign.findings import FileReading, GateVerdict
from kpialign.findings.facts import Unpublished
from kpialign.pipeline.request import Request
from kpialign.settings import CONFIG
from kpialign.terms import Release

if TYPE_CHECKING:
    import duckdb

_HIDDEN = "what the gate says of it is shown with --audience internal"


def unpublished(connection: duckdb.DuckDBPyConnection) -> tuple[Unpublished, ...]:
    """Files with figures that are not for publication yet, whoever the run is made for."""
    found: dict[tuple[str, str, date], list[str]] = {}
    for file, layout, shown_from, period in engine.query(connection, "unpublished").iter_rows():
        found.setdefault((file, layout, shown_from), []).append(period)
    return tuple(
        Unpublished(file, layout, Release(shown_from), tuple(sorted(set(periods))))
        for (file, layout, shown_from), periods in sorted(found.items())
    )


def fitting_nothing(
    connection: duckdb.DuckDBPyConnection, request: Request, names: Sequence[str]
) -> tuple[str, ...]:
    """Notes on statuses of the settings that fit no file, now or ever: they protect nothing.

    Raises:
        UsageError: a status said by hand fits no file of the run.
    """
    for pattern in request.statuses:
        if not _fits(pattern, names):
            hint = did_you_mean(pattern, names) or "Write the name as READ shows it, or a pattern."
            raise UsageError(f"--status {pattern}: no file of this run fits. {hint}")
    known = [name for (name,) in connection.execute("SELECT name FROM file").fetchall()]
    return tuple(
        f"[status] in {CONFIG}: {pattern!r} fits no file"
        for pattern in request.settings.status
        if not _fits(pattern, [*names, *known])
    )


def _fits(pattern: str, names: Sequence[str]) -> bool:
    return any(name == pattern or fnmatchcase(name, pattern) for name in names)


def shield(
    connection: duckdb.DuckDBPyConnection,
    readings: Iterable[FileReading],
    verdict: GateVerdict,
    day: date,
) -> tuple[tuple[FileReading, ...], GateVerdict]:
    """Take figures, organisations and rows out of what is said of files nobody may see yet.

    That a check failed is still told, and of which file.
    """
    readings = tuple(readings)
    named = connection.execute("SELECT name FROM file WHERE shown_from > ?", [day]).fetchall()
    hidden = {name for (name,) in named} | {r.file for r in readings if r.release.shown_from > day}
    told = (replace(r, why=_HIDDEN) if r.file in hidden and r.why else r for r in readings)
    bare = (
        replace(r, organisation="", observed="", failed=0, total=0, rows=())
        if r.file in hidden
        else replace(r, rows=tuple(row for row in r.rows if row.file not in hidden))
        for r in verdict.results
    )
    faults = verdict.faults.filter(~pl.col("file").is_in(sorted(hidden)))
    return tuple(told), GateVerdict(tuple(dict.fromkeys(bare)), faults)
