"""Publishing: one transaction that supersedes, inserts and records, or does nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from kpialign.shipped import VERSION, shipped
from kpialign.store import manifest
from kpialign.store.rows import insert

if TYPE_CHECKING:
    import duckdb

    from kpialign.store.staging import StagedFile


@dataclass(frozen=True)
class Run:
    """One run of kpialign against the database."""

    run_id: int
    recorded_at: datetime


def next_run(connection: duckdb.DuckDBPyConnection, now: datetime, audience: str = "public") -> Run:
    """Enter a run in the ledger; its moment is later than any before, also if the clock is not."""
    row = connection.execute(
        "SELECT coalesce(max(run_id), 0), max(recorded_at) FROM run"
    ).fetchall()[0]
    last_id, last_at = row
    if last_at is not None and now <= last_at:
        now = datetime.fromtimestamp(last_at.timestamp() + 0.001)
    run = Run(last_id + 1, now)
    connection.execute(
        "INSERT INTO run (run_id, recorded_at, version, inputs_hash, outcome, screen, "
        "findings_json, audience) VALUES (?, ?, ?, '', '', '', '', ?)",
        [run.run_id, run.recorded_at, VERSION, audience],
    )
    _this_run(connection, [(run.run_id, run.recorded_at)])
    return run


def no_run(connection: duckdb.DuckDBPyConnection) -> None:
    """Look at the ledgers without entering a run: no figure was brought by this one."""
    _this_run(connection, [])


def look_at_last_run(connection: duckdb.DuckDBPyConnection) -> None:
    """Look at the ledgers as the last run left them, without entering another."""
    rows = connection.execute(
        "SELECT run_id, recorded_at FROM run WHERE run_id = (SELECT max(run_id) FROM run)"
    ).fetchall()
    _this_run(connection, rows)


def _this_run(connection: duckdb.DuckDBPyConnection, rows: Sequence[tuple[int, datetime]]) -> None:
    schema = {"run_id": pl.Int64, "recorded_at": pl.Datetime("us")}
    insert(connection, "this_run", schema, rows)


def choose_good(
    connection: duckdb.DuckDBPyConnection,
    held_files: Collection[int],
    held_rows: Collection[tuple[int, str, str]],
) -> None:
    """Make ``staged_good``, what is staged less what the gate held back, and ``not_good``.

    ``held_rows`` are file, organisation, period.
    """
    insert(connection, "held_file", {"file_id": pl.Int64}, [(f,) for f in sorted(held_files)])
    insert(
        connection, "held_back",
        {"file_id": pl.Int64, "organisation": pl.String, "period": pl.String},
        sorted(held_rows),
    )  # fmt: skip
    for script in sorted((shipped("sql") / "good").glob("*.sql")):
        connection.execute(script.read_text("utf-8"))


def publish(
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    files: Sequence[tuple[StagedFile, str, str]],
    results: Sequence[tuple[int, str]] = (),
    faults: pl.DataFrame | None = None,
) -> None:
    """Publish the good rows of staged files, all or nothing.

    Args:
        connection: the open database.
        run: the run that publishes.
        files: each with its state and the reason for it.
        results: file and gate result to keep with it.
        faults: the rows the gate found wrong, the number of their file first.
    """
    import duckdb

    connection.begin()
    try:
        for script in sorted((shipped("sql") / "publish").glob("*.sql")):
            connection.execute(script.read_text("utf-8"))
        for file, state, why in files:
            _record_file(connection, run, file, state, why)
        if results:
            connection.executemany("INSERT INTO file_result VALUES (?, ?)", results)
        if faults is not None and not faults.is_empty():
            connection.register("incoming", faults.to_arrow())
            connection.execute("INSERT INTO file_fault SELECT * FROM incoming")
            connection.unregister("incoming")
        manifest.count(connection, run.run_id)
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a full disk may have undone it already
            connection.rollback()
        raise
    manifest.write(connection, in_file=False)
    connection.execute("CHECKPOINT")
    manifest.write(connection, in_file=True)


def _record_file(
    connection: duckdb.DuckDBPyConnection, run: Run, file: StagedFile, state: str, why: str
) -> None:
    account = connection.execute(
        "SELECT read, loaded, set_aside, rejected, set_aside_why, "
        "cells, cells_figures, cells_missing, cells_rejected, cells_repeated "
        "FROM file_account WHERE file_id = ?",
        [file.file_id],
    ).fetchall()[0]
    connection.execute(
        "INSERT INTO file (file_id, run_id, name, sha256, layout, layout_hash, published_on, "
        "counted, read, loaded, set_aside, rejected, set_aside_why, notes, state, why, shown_from, "
        "cells, cells_figures, cells_missing, cells_rejected, cells_repeated) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            file.file_id, run.run_id, file.name, file.sha256, file.layout, file.layout_hash,
            file.published_on, file.counted, *account[:5], "\n".join(file.notes), state, why,
            file.release.shown_from, *account[5:],
        ],
    )  # fmt: skip
