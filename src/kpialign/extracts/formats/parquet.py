"""Parquet files: read by Polars, counted by the file's own metadata as PyArrow reads it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpialign.errors import UnreadableError
from kpialign.extracts.document import LARGEST, File, Sheet, sheet_of
from kpialign.extracts.formats.workbook import as_text

if TYPE_CHECKING:
    import polars as pl

ENDINGS = (".parquet",)
MOST_CELLS = 50_000_000  # a few bytes of metadata can promise any number of equal cells


def read(file: File) -> Iterator[Sheet]:
    """Read the table as text; headings stand in row 0, so that row 1 is the first of the data.

    Raises:
        UnreadableError: the file is damaged or too large, or a column holds lists or bytes.
    """
    import polars as pl

    data = file.read_bytes()
    counted = _counted(data, file.name)
    try:
        frame = pl.read_parquet(io.BytesIO(data))
        _only_plain(frame, file.name)
        rows = [[as_text(cell) for cell in row] for row in frame.iter_rows()]
    except (pl.exceptions.PolarsError, OSError, ValueError, OverflowError) as error:
        raise _damaged(file.name, error) from error
    yield sheet_of("", [frame.columns, *rows], list(range(len(rows) + 1)), counted + 1)


def _counted(data: bytes, name: str) -> int:
    """Rows by the metadata.

    Raises:
        UnreadableError: there is no metadata, or it promises more than is ever read.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        metadata = ParquetFile(io.BytesIO(data)).metadata
        groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        rows, columns = int(metadata.num_rows), int(metadata.num_columns)
    except (ArrowException, OSError, ValueError) as error:
        raise _damaged(name, error) from error
    if size > LARGEST or rows * columns > MOST_CELLS:
        raise UnreadableError(
            f"{name}: promises {rows:,} rows of {columns:,} columns and {size:,} bytes; files over "
            f"{MOST_CELLS:,} cells or {LARGEST:,} bytes are not read."
        )
    return rows


def _only_plain(frame: pl.DataFrame, name: str) -> None:
    import polars as pl

    odd = [
        f"{column!r} ({kind})"
        for column, kind in frame.schema.items()
        if kind.is_nested() or kind in (pl.Binary, pl.Object)
    ]
    if odd:
        raise UnreadableError(
            f"{name}: columns hold more than plain values: {', '.join(odd)}. "
            "Write one value a cell, each in a column of its own."
        )


def _damaged(name: str, error: Exception) -> UnreadableError:
    told = str(error).partition("\n")[0]
    return UnreadableError(f"{name}: is damaged or cut short ({told}). Download it again.")
