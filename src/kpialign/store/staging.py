"""What was read, staged as temporary tables until the gate has spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from kpialign.store.rows import insert, insert_frame

if TYPE_CHECKING:
    import duckdb

FRAMES = ("table", "field", "total", "record", "reading", "cell")


@dataclass(frozen=True)
class StagedFile:
    """One document to stage: its facts and its six frames of rows.

    ``let_through`` are the columns that look personal and were allowed by name.
    """

    file_id: int
    name: str
    sha256: str
    layout: str
    layout_hash: str
    published_on: date | None
    replaces: str
    grain: str
    counted: int
    notes: tuple[str, ...]
    table: pl.DataFrame
    field: pl.DataFrame
    total: pl.DataFrame
    record: pl.DataFrame
    reading: pl.DataFrame
    cell: pl.DataFrame
    let_through: tuple[str, ...] = ()

    @property
    def periods(self) -> tuple[str, ...]:
        """The months its rows name, as far as they were understood."""
        return tuple(self.reading["period"].drop_nulls().unique().sort())


def stage(connection: duckdb.DuckDBPyConnection, files: Sequence[StagedFile]) -> None:
    """Fill ``staged_file`` and one ``staged_…`` table a kind of row."""
    insert(
        connection, "staged_file",
        {
            "file_id": pl.Int64, "name": pl.String, "sha256": pl.String, "layout": pl.String,
            "published_on": pl.Date, "replaces": pl.String, "grain": pl.String,
        },
        [
            (f.file_id, f.name, f.sha256, f.layout, f.published_on, f.replaces, f.grain)
            for f in files
        ],
    )  # fmt: skip
    for kind in FRAMES:
        frames = [
            getattr(f, kind).with_columns(pl.lit(f.file_id, dtype=pl.Int64).alias("file_id"))
            for f in files
        ]
        insert_frame(connection, f"staged_{kind}", pl.concat(frames))


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what was staged, once it is published."""
    for kind in FRAMES:
        connection.execute(f"DROP TABLE IF EXISTS staged_{kind}")


def wide_frame(connection: duckdb.DuckDBPyConnection, layout: str) -> pl.DataFrame:
    """One row per organisation, period and file of a layout; a column per item and part.

    Columns: ``organisation, organisation_name, role, period, file, sheet, row, rows``, one
    per item, and ``<indicator>.numerator`` / ``<indicator>.denominator``.
    """
    long = _frame(
        connection,
        "SELECT v.*, f.name AS file FROM staged_value v JOIN staged_file f USING (file_id) "
        "WHERE f.layout = ? ORDER BY ALL",
        layout,
    )
    keys = ["file", "organisation", "role", "period"]
    first = long.group_by(keys).agg(pl.col("sheet").min(), pl.col("row").min())
    items = long.pivot(on="item", index=keys, values="value", aggregate_function="first")
    parts = _parts(connection, layout)
    told = _told(connection, layout)
    frame = first.join(items, on=keys).join(told, on=keys, how="left")
    if parts.height:
        wide = parts.pivot(on="part", index=keys, values="value", aggregate_function="first")
        frame = frame.join(wide, on=keys, how="left")
    return frame.sort(keys)


def _parts(connection: duckdb.DuckDBPyConnection, layout: str) -> pl.DataFrame:
    return _frame(
        connection,
        "SELECT f.name AS file, p.organisation, p.role, p.period, "
        "p.indicator || '.' || p.part AS part, p.value "
        "FROM staged_part p JOIN staged_file f USING (file_id) WHERE f.layout = ? ORDER BY ALL",
        layout,
    )


def _told(connection: duckdb.DuckDBPyConnection, layout: str) -> pl.DataFrame:
    """Name of each organisation and how many rows of one sheet carried its key."""
    return _frame(
        connection,
        "SELECT file, organisation, role, period, max(name) AS organisation_name, "
        "max(times) AS rows FROM ("
        "  SELECT f.name AS file, g.organisation, g.role, p.period, p.day, g.sheet, "
        "  max(g.name) AS name, count(*) AS times "
        "  FROM record_key g JOIN record_fate r USING (file_id, sheet, row) "
        "  JOIN staged_file f USING (file_id) "
        "  JOIN staged_reading p ON g.file_id = p.file_id AND g.period_text = p.text "
        "  WHERE r.fate = 'loaded' AND f.layout = ? GROUP BY ALL"
        ") GROUP BY ALL ORDER BY ALL",
        layout,
    )


def _frame(connection: duckdb.DuckDBPyConnection, text: str, layout: str) -> pl.DataFrame:
    return pl.DataFrame(connection.sql(text, params=[layout]).to_arrow_table())
