"""What was read, staged as temporary tables until the gate has spoken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from kpialign.store.rows import insert, insert_frame
from kpialign.terms import PUBLISHED, Release

if TYPE_CHECKING:
    import duckdb

FRAMES = ("table", "field", "total", "hint", "unused", "reading", "cell")


@dataclass(frozen=True)
class StagedFile:
    """One document to stage: its facts and its frames of rows; its records are staged already.

    ``read`` is the number of its records, ``counted`` that of a second reader;
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
    read: int
    counted: int
    notes: tuple[str, ...]
    table: pl.DataFrame
    field: pl.DataFrame
    total: pl.DataFrame
    hint: pl.DataFrame
    unused: pl.DataFrame
    reading: pl.DataFrame
    cell: pl.DataFrame
    let_through: tuple[str, ...] = ()
    release: Release = PUBLISHED

    @property
    def periods(self) -> tuple[str, ...]:
        """The months its rows name, as far as they were understood."""
        return tuple(self.reading["period"].drop_nulls().unique().sort())


def begin(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``staged_record``, empty."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE staged_record "
        "(file_id BIGINT, sheet VARCHAR, row BIGINT, cells VARCHAR[], fate VARCHAR)"
    )


def stage_records(
    connection: duckdb.DuckDBPyConnection, file_id: int, batches: Iterable[pl.DataFrame]
) -> int:
    """Add the records of a file, batch by batch, and return how many there were.

    A batch that cannot be read takes those before it out again.
    """
    read = 0
    try:
        for batch in batches:
            connection.register("incoming", batch.to_arrow())
            connection.execute(
                f"INSERT INTO staged_record SELECT ?, sheet, row, {_cells(batch)}, fate "
                "FROM incoming",
                [file_id],
            )
            connection.unregister("incoming")
            read += batch.height
    except BaseException:
        unstage(connection, file_id)
        raise
    return read


def unstage(connection: duckdb.DuckDBPyConnection, file_id: int) -> None:
    """Take the records of a file out again."""
    connection.execute("DELETE FROM staged_record WHERE file_id = ?", [file_id])


def _cells(batch: pl.DataFrame) -> str:
    """The list of a row's cells, those it does not have left out; the names are our own."""
    cells = [name for name in batch.columns if name.startswith("cell_")]
    told = f"[{', '.join(cells)}]::VARCHAR[]"
    short = bool(cells) and batch[cells[-1]].null_count()
    return f"list_filter({told}, lambda c: c IS NOT NULL)" if short else told


def stage(connection: duckdb.DuckDBPyConnection, files: Sequence[StagedFile]) -> None:
    """Fill ``staged_file`` and one ``staged_…`` table a kind of row."""
    insert(
        connection, "staged_file",
        {
            "file_id": pl.Int64, "name": pl.String, "sha256": pl.String, "layout": pl.String,
            "published_on": pl.Date, "replaces": pl.String, "grain": pl.String,
            "shown_from": pl.Date,
        },
        [
            (
                f.file_id, f.name, f.sha256, f.layout, f.published_on, f.replaces, f.grain,
                f.release.shown_from,
            )
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
    for kind in (*FRAMES, "record"):
        connection.execute(f"DROP TABLE IF EXISTS staged_{kind}")


def wide_frame(connection: duckdb.DuckDBPyConnection, layout: str) -> pl.DataFrame:
    """One row per organisation, period and file of a layout; a column per item and part.

    Columns: ``organisation, organisation_name, role, period, file, sheet, row, rows``, one
    per item, and ``<indicator>.numerator`` / ``<indicator>.denominator``.
    """
    keys = ["file", "organisation", "role", "period"]
    frame = _keys(connection, layout)
    figures = _wide(_frame(connection, _FIGURES, layout), "item")
    parts = _wide(_frame(connection, _PARTS, layout), "part")
    told = _told(connection, layout)
    return (
        frame.join(told, on=keys, how="left")
        .join(figures, on="key", how="left")
        .join(parts, on="key", how="left")
        .drop("key")
        .sort(keys)
    )


def _wide(long: pl.DataFrame, on: str) -> pl.DataFrame:
    """A column for each word in ``on``, a row for each key."""
    # As categories, words are compared by number; five million rows are pivoted in a second.
    named = long.with_columns(pl.col(on).cast(pl.Categorical))
    return named.pivot(on=on, index="key", values="value", aggregate_function="first")


def _keys(connection: duckdb.DuckDBPyConnection, layout: str) -> pl.DataFrame:
    """Fill ``staged_key`` with the keys of a layout's files, numbered, and return them."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE staged_key AS "
        "SELECT row_number() OVER (ORDER BY file, organisation, role, period) AS key, * FROM ("
        "  SELECT f.name AS file, v.file_id, v.organisation, v.role, v.period, "
        "  min(v.sheet) AS sheet, min(v.row) AS row "
        "  FROM staged_value v JOIN staged_file f USING (file_id) WHERE f.layout = ? GROUP BY ALL)",
        [layout],
    )
    return pl.DataFrame(
        connection.sql("SELECT * EXCLUDE (file_id) FROM staged_key").to_arrow_table()
    )


_FIGURES = """
SELECT k.key, v.item, v.value
FROM staged_value v
JOIN staged_key k USING (file_id, organisation, role, period)
ANTI JOIN reported_part p ON v.item = p.item
JOIN staged_file f USING (file_id)
WHERE f.layout = ?
"""
_PARTS = """
SELECT k.key, p.indicator || '.' || p.part AS part, p.value
FROM staged_part p
JOIN staged_key k USING (file_id, organisation, role, period)
JOIN staged_file f USING (file_id)
WHERE f.layout = ?
"""


def _told(connection: duckdb.DuckDBPyConnection, layout: str) -> pl.DataFrame:
    """Name of each organisation and how many rows of one sheet carried its key."""
    return _frame(
        connection,
        "SELECT file, organisation, role, period, max(name) AS organisation_name, "
        "max(times) AS rows FROM ("
        "  SELECT f.name AS file, g.organisation, g.role, coalesce(b.period, g.period) AS period, "
        "  g.day, g.sheet, g.split_text, "
        "  max(g.name) AS name, "
        "  CASE WHEN bool_or(g.adds OR g.repeats) THEN 1 ELSE count(*) END AS times "
        "  FROM record_read g JOIN staged_file f USING (file_id) "
        "  LEFT JOIN block_period b USING (file_id) "
        "  WHERE g.fate = 'loaded' AND f.layout = ? AND g.period IS NOT NULL "
        "  GROUP BY ALL"
        ") GROUP BY ALL ORDER BY ALL",
        layout,
    )


def _frame(connection: duckdb.DuckDBPyConnection, text: str, layout: str) -> pl.DataFrame:
    return pl.DataFrame(connection.sql(text, params=[layout]).to_arrow_table())
