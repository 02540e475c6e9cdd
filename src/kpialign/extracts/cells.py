"""The second reader of cells: how many carry an item, counted before any SQL sees them."""

from __future__ import annotations

import polars as pl


def mapped_cells(fields: pl.DataFrame) -> pl.DataFrame:
    """Count the cells with an item that a row has, by sheet and by the words it is split by.

    A row that is loaded has them all: one that is cut short is rejected.

    Args:
        fields: a row per item of a sheet and its rows' words: ``sheet, split_text``.

    Returns:
        ``sheet, split_text, cells``.

    >>> fields = pl.DataFrame({"sheet": ["", "", ""], "split_text": ["A01", "A01", "A02"]})
    >>> mapped_cells(fields).rows()
    [('', 'A01', 2), ('', 'A02', 1)]
    """
    return (
        fields.group_by("sheet", "split_text")
        .agg(pl.len().cast(pl.Int64).alias("cells"))
        .sort("sheet", "split_text")
    )
