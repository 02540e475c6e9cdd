"""What the gate said when it was asked alone; the last few runs are kept whole."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kpialign.shipped import VERSION

if TYPE_CHECKING:
    import duckdb
    import polars as pl

KEPT = 4  # runs kept whole, for jobs that gate several folders in turn


@dataclass(frozen=True)
class GateRun:
    """A run as it is kept: ``told`` is compressed JSON, the others are Parquet."""

    told: bytes
    faults: bytes
    good: bytes
    rejected: bytes


def last_file(connection: duckdb.DuckDBPyConnection) -> int:
    """The last file read for publication: figures published later are other history."""
    row = connection.execute("SELECT coalesce(max(file_id), 0) FROM file").fetchall()[0]
    return int(row[0])


def find(connection: duckdb.DuckDBPyConnection, inputs: str) -> GateRun | None:
    """The run over the same inputs and history, if it is kept whole."""
    # No bound value: DuckDB 1.5 imports pandas to look at one.
    kept = connection.execute(
        "SELECT gate_run_id, inputs_hash, last_file FROM gate_run "
        "WHERE told IS NOT NULL ORDER BY gate_run_id DESC"
    ).fetchall()
    same = (inputs, last_file(connection))
    number = next((int(id_) for id_, *of in kept if tuple(of) == same), None)
    if number is None:
        return None
    blobs = connection.execute(
        f"SELECT told, faults, good, rejected FROM gate_run WHERE gate_run_id = {number}"
    ).fetchall()[0]
    return GateRun(*map(bytes, blobs))


def enter(
    connection: duckdb.DuckDBPyConnection,
    now: datetime,
    inputs: str,
    results: pl.DataFrame,
    *,
    outcome: str,
    counts: tuple[int, int, int, int],
    kept: GateRun | None,
) -> None:
    """Enter a run, all or nothing; older ones keep their results alone.

    ``results`` has a row a check, organisation and file; ``counts`` are files, refused ones,
    good figures and rejected rows. Without ``kept`` the run is not answered from here.
    """
    import duckdb

    blobs = (kept.told, kept.faults, kept.good, kept.rejected) if kept else (None,) * 4
    connection.begin()
    try:
        number = connection.execute(
            "SELECT coalesce(max(gate_run_id), 0) + 1 FROM gate_run"
        ).fetchall()[0][0]
        connection.execute(
            "INSERT INTO gate_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [number, now, VERSION, outcome, *counts, inputs, last_file(connection), *blobs],
        )
        connection.register("incoming", results.to_arrow())
        connection.execute("INSERT INTO gate_result SELECT ?, * FROM incoming", [number])
        connection.unregister("incoming")
        connection.execute(
            "UPDATE gate_run SET told = NULL, faults = NULL, good = NULL, rejected = NULL "
            "WHERE told IS NOT NULL AND gate_run_id <= ?",
            [number - KEPT],
        )
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a full disk may have undone it already
            connection.rollback()
        raise
