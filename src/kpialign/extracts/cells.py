"""The second reader of cells: how many carry an item, counted before any SQL sees them."""

from __future__ import annotations

import polars as pl

CELL = pl.Schema({"sheet": pl.String(), "row": pl.Int64(), "cells": pl.Int64()})


def mapped_cells(records: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """Count the cells of each data row that stand in a column with an item.

    Args:
        records: one batch of rows: ``sheet, row, cells, fate``; only those of ``data`` count.
        fields: a row per item of a sheet: ``sheet, position`` (from 1).

    Returns:
        ``sheet, row, cells``, a line for each data row; batches of a file are put together.

    >>> rows = [["", 2, ["RA1", "5", "6"], "data"], ["", 3, ["RA2", "7"], "data"]]
    >>> records = pl.DataFrame(rows, schema=["sheet", "row", "cells", "fate"], orient="row")
    >>> fields = pl.DataFrame({"sheet": ["", ""], "position": [2, 3]})
    >>> mapped_cells(records, fields)["cells"].to_list()
    [2, 1]
    """
    data = records.filter(fate="data").select("sheet", "row", width=pl.col("cells").list.len())
    counted = [
        group.select("sheet", "row", cells=_within(pl.col("width"), positions))
        for sheet, positions in fields.group_by("sheet").agg("position").iter_rows()
        if (group := data.filter(sheet=sheet)).height
    ]
    return pl.concat([CELL.to_frame(), *counted])


def _within(width: pl.Expr, positions: list[int]) -> pl.Expr:
    """How many of the positions a row of that width has; a row cut short has fewer."""
    return pl.sum_horizontal((width >= position).cast(pl.Int64) for position in positions)
