"""The monthly A&E files: one CSV a month, with the oddities of the published ones."""

from __future__ import annotations

import calendar
import csv
import io
from pathlib import Path

from . import plan, world
from .counts import HEADINGS, Cells, total

KEYS = ("Period", "Org Code", "Parent Org", "Org name")

# Oddities seen in published files, each in some month of the sample.
_BOM = ("2022-08", "2024-01")
_CRLF = ("2022-12", "2025-07", "2025-10")
_STRAY_COLUMNS = "2024-09"  # five blank headings and a column "a", all empty
_TOTALS = {  # the four keys of the TOTAL row; None keeps the period
    "2022-06": ("Total", "Total", "Total", "Total"),
    "2022-11": ("Total ", "Total ", "Total ", "Total "),
    "2023-02": ("TOTAL ", "TOTAL ", "TOTAL ", "TOTAL "),
    "2024-02": ("Total", "Total ", "Total", "Total"),
    "2025-01": ("", "", "", "Total"),
    "2026-02": (None, "TOTAL", "TOTAL", "TOTAL"),
}
_NAMES = (  # no reliable pattern, which is why the period is read from the content
    "Monthly-AE-{month}-{year}.csv",
    "Monthly-AE-{month}-{year}-revised-{hash}.csv",
    "{month}-{year}-CSV-{hash}.csv",
    "Monthly-AE-{month}-{year} (2).csv",
    "Monthly-AE-{mon}-{yy}-CSV-revised.csv",
    "{month}-{year}-AE-{hash} copy.csv",
    "Monthly-AE-{month}-{year}-1-1.csv",
)
_OWN_NAMES = {
    "2025-04": "AE-by-provider-CSV-{hash}.csv",  # does not say which month it is
    plan.REVISED_MONTH: _NAMES[0],  # what was published before the revision
}


def write(folder: Path, month: str, rows: dict[str, Cells], made: world.World) -> Path:
    """Write one month's file and say where."""
    table: list[list[object]] = [
        [*KEYS, *HEADINGS.values()],
        *_body(month, rows, made),
        _total(month, rows),
    ]
    if month == _STRAY_COLUMNS:
        table = [[*row, *[""] * 5, "" if i else "a"] for i, row in enumerate(table)]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n" if month in _CRLF else "\n").writerows(table)
    path = folder / file_name(month)
    path.write_bytes((b"\xef\xbb\xbf" if month in _BOM else b"") + text.getvalue().encode())
    return path


def file_name(month: str) -> str:
    """An irregular name, as on the publication page."""
    draw = world.rng("file name", month)
    suffix = "".join(draw.choices("abcdefghjkmnpqrstuvwxyz23456789", k=5))
    name = calendar.month_name[int(month[5:])]
    pattern = _OWN_NAMES.get(month, _NAMES[plan.months().index(month) % len(_NAMES)])
    return pattern.format(month=name, mon=name[:3], year=month[:4], yy=month[2:4], hash=suffix)


def period(month: str) -> str:
    """The period as the file prints it."""
    return f"MSitAE-{calendar.month_name[int(month[5:])].upper()}-{month[:4]}"


def parent(region: str) -> str:
    """The region as the file prints it: a trailing space for all but London."""
    label = f"NHS ENGLAND {world.REGIONS[region].upper()}"
    return label if region == "Y56" else label + " "


def _body(month: str, rows: dict[str, Cells], made: world.World) -> list[list[object]]:
    known = {o.code: o for o in made.providers}
    codes = sorted(rows)
    world.rng("row order", month).shuffle(codes)  # the real order is not stable either
    return [
        [period(month), code, parent(known[code].region), known[code].name, *rows[code].values()]
        for code in codes
    ]


def _total(month: str, rows: dict[str, Cells]) -> list[object]:
    sums = total(rows.values())
    if month == plan.TAMPERED_MONTH:
        sums[plan.TAMPERED_CELL] += plan.TAMPERED_BY
    keys = _TOTALS.get(month, ("TOTAL",) * 4)
    return [*(period(month) if key is None else key for key in keys), *sums.values()]
