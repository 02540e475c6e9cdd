"""What changed between two runs: figures, findings, definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.errors import UsageError
from kpialign.findings import Revision
from kpialign.findings.compared import Difference, FindingChange, RunLine
from kpialign.store import kept
from kpialign.store.database import open_database
from kpialign.store.rows import insert, insert_audience

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library


def runs(database: Path) -> tuple[RunLine, ...]:
    """Every run of the ledger, the first one first."""
    with open_database(database) as connection:
        return _runs(connection)


def compare(
    database: Path, library: Library, was: int | None = None, now: int | None = None
) -> Difference | None:
    """Compare two runs, by default the last and the one before that it differs from.

    Returns ``None`` when there is no such run to compare with.

    Raises:
        UsageError: there is no run of that number.
    """
    with open_database(database) as connection:
        lines = _runs(connection)
        pair = _pair(lines, was, now)
        return None if pair is None else _compare(connection, library, *pair)


def _runs(connection: duckdb.DuckDBPyConnection) -> tuple[RunLine, ...]:
    _prepare(connection, [])
    engine.build(connection, "history")
    return tuple(
        RunLine(**row) for row in engine.query(connection, "run_line").iter_rows(named=True)
    )


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    row: Sequence[tuple[object, ...]],
    *,
    everything: bool = False,
) -> None:
    """Say which runs are compared, and that no figure is told which its run did not show."""
    insert(connection, "compared", _COMPARED, row)
    insert_audience(connection, date.today(), everything=everything)
    engine.build(connection, "audience")


_COMPARED = {
    "was_run": pl.Int64, "now_run": pl.Int64,
    "was_at": pl.Datetime("us"), "now_at": pl.Datetime("us"),
}  # fmt: skip


def _pair(
    lines: Sequence[RunLine], was: int | None, now: int | None
) -> tuple[RunLine, RunLine] | None:
    by_number = {line.run_id: line for line in lines}
    for number in (was, now):
        if number is not None and number not in by_number:
            raise UsageError(f"there is no run {number}. `kpialign diff --list` names them.")
    finished = [line for line in lines if line.finished]
    if now is None and not finished:
        return None
    last = finished[-1] if now is None else by_number[now]
    if was is not None:
        return by_number[was], last
    between: list[RunLine] = [last]
    for line in reversed([line for line in lines if line.run_id < last.run_id]):
        if line.finished and line.audience == last.audience and _differ(line, last, between):
            return line, last
        between.append(line)
    return None


def _differ(was: RunLine, now: RunLine, later: Sequence[RunLine]) -> bool:
    """Whether anything changed after ``was``; ``later`` are the runs from then to ``now``."""
    return (
        any(line.figures for line in later)
        or was.fingerprint != now.fingerprint
        or was.definitions_hash != now.definitions_hash
    )


def _compare(
    connection: duckdb.DuckDBPyConnection, library: Library, was: RunLine, now: RunLine
) -> Difference:
    row = (was.run_id, now.run_id, was.recorded_at, now.recorded_at)
    _prepare(connection, [row], everything=now.audience == "internal")
    engine.build(connection, "history")
    figures = engine.query(connection, "changed_figure")
    told = [
        Revision(
            item=library.items[r["item"]].title if r["item"] in library.items else r["item"],
            **{name: r[name] for name in _REVISION},
        )
        for r in figures.filter(became="revised").iter_rows(named=True)
    ]
    size = {r: -abs((r.now or 0) - (r.was or 0)) for r in told}
    changes = engine.query(connection, "changed_finding").iter_rows(named=True)
    files = [kept.definitions_of(connection, line.run_id) for line in (was, now)]
    return Difference(
        was=was,
        now=now,
        figures=tuple(sorted(Counter(figures["became"].to_list()).items())),
        revised=tuple(sorted(told, key=lambda r: (size[r], r.organisation, r.item, r.period))),
        findings=tuple(FindingChange(**change) for change in changes),
        definitions=None if None in files else kept.changed(files[0] or {}, files[1] or {}),
    )


_REVISION = ("organisation", "period", "was", "now", "was_file", "now_file", "published_on")
