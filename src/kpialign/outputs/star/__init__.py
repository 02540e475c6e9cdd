"""Facts and dimensions for Power BI and the like: stable names, types and order.

Each table is written as Parquet and as CSV; ``columns.csv`` says what every column is.
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from kpialign.findings import Outcome
from kpialign.outputs import atomic, spreadsheet
from kpialign.outputs.star import columns, tables

VERSION = "1.0"  # a column added is a minor version, one changed or taken away a major one


def write(outcome: Outcome, folder: Path) -> tuple[Path, ...]:
    """Write every table into a folder and return the paths, those of the tables first."""
    written = []
    marked = [pl.lit(outcome.mark).alias("mark")] if outcome.mark else []
    for name, table in tables.all_of(outcome).items():
        frame = table.with_columns(marked)
        written.append(atomic.write_bytes(folder / f"{name}.parquet", _parquet(frame)))
        plain = frame.with_columns(pl.selectors.date().dt.to_string())
        text = spreadsheet.table(plain.to_dicts(), tuple(frame.columns))
        written.append(atomic.write_text(folder / f"{name}.csv", text))
    told: list[spreadsheet.Row] = [
        {"version": VERSION, "table": table, "column": column, "type": str(kind), "means": means}
        for table, own in columns.TABLES.items()
        for column, (kind, means) in own.items()
    ]
    written.append(atomic.write_text(folder / "columns.csv", spreadsheet.table(told)))
    return tuple(written)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
