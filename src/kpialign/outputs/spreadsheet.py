"""Rows as CSV that opens in Excel, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

Cell = str | float | int | None
Row = dict[str, Cell]

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP: what a spreadsheet takes for a formula


def table(rows: Sequence[Row], heads: Sequence[str] = ()) -> str:
    """Rows as CSV for Excel: a mark by which it knows UTF-8, no cell that it would run."""
    text = io.StringIO()
    writer = csv.DictWriter(text, heads or (rows[0] if rows else []), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: guarded(cell) for key, cell in row.items()} for row in rows)
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue()


def guarded(cell: Cell) -> Cell:
    """Keep a text from being run as a formula; numbers stay numbers.

    >>> guarded("=1+1"), guarded(-0.5), guarded(float("nan"))
    ("'=1+1", -0.5, '')
    """
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_STARTS) else cell
    if cell is None or not math.isfinite(cell):
        return ""
    return float(f"{cell:.6g}") if isinstance(cell, float) else cell
