"""Faults as they come about, sown into copies of extracts: each takes bytes and gives bytes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping

Rows = list[list[str]]
Sow = Callable[[bytes], bytes]
BOM = b"\xef\xbb\xbf"


def on_rows(change: Callable[[Rows], Rows]) -> Sow:
    """A fault told on the cells of a CSV file; its mark and its line ends stay as they were."""

    def sow(data: bytes) -> bytes:
        mark = BOM if data.startswith(BOM) else b""
        end = "\r\n" if b"\r\n" in data else "\n"
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        out = io.StringIO()
        csv.writer(out, lineterminator=end).writerows(change(rows))
        return mark + out.getvalue().encode()

    return sow


def chain(*sown: Sow) -> Sow:
    """Several faults in one file."""

    def sow(data: bytes) -> bytes:
        for one in sown:
            data = one(data)
        return data

    return sow


def instead(old: str, new: str) -> Sow:
    """Every such text as another."""
    return lambda data: data.replace(old.encode(), new.encode())


def put(keys: str, *told: tuple[str, str], totals: bool = True) -> Sow:
    """Figures in the row that has all the keys (``a|b``); the TOTAL row follows if asked."""

    def change(rows: Rows) -> Rows:
        row = rows[_find(rows, keys)]
        for heading, value in told:
            at = [cell.strip() for cell in rows[0]].index(heading)
            if totals:
                _adjust(rows, at, _number(value) - _number(row[at]))
            row[at] = value
        return rows

    return on_rows(change)


def key(organisation: str, at: int, value: str) -> Sow:
    """A cell of a row's key by which the row is lost: its figures leave the TOTAL row."""

    def change(rows: Rows) -> Rows:
        row = rows[_find(rows, organisation)]
        _leave(rows, row)
        row[at] = value
        return rows

    return on_rows(change)


def take_out(organisation: str) -> Sow:
    """An organisation's row, and its figures out of the TOTAL row."""

    def change(rows: Rows) -> Rows:
        _leave(rows, rows[_find(rows, organisation)])
        return [row for row in rows if organisation not in row]

    return on_rows(change)


def shifted(organisation: str, *, spills: bool) -> Sow:
    """The figures of a row one column to the right; the last one spills over, or is lost."""

    def change(rows: Rows) -> Rows:
        row = rows[_find(rows, organisation)]
        if spills:
            _leave(rows, row)
        row.insert(4, "")
        if not spills:
            row.pop()
        return rows

    return on_rows(change)


def again(organisation: str, changed: Mapping[str, str] | None = None) -> Sow:
    """A second row of an organisation at the end of the file."""

    def change(rows: Rows) -> Rows:
        row = list(rows[_find(rows, organisation)])
        for heading, value in (changed or {}).items():
            row[rows[0].index(heading)] = value
        return [*rows, row]

    return on_rows(change)


def column(heading: str, value: str) -> Sow:
    """Every cell under a heading."""

    def change(rows: Rows) -> Rows:
        at = rows[0].index(heading)
        return [rows[0], *([*r[:at], value, *r[at + 1 :]] for r in rows[1:])]

    return on_rows(change)


def drop(heading: str) -> Sow:
    def change(rows: Rows) -> Rows:
        at = rows[0].index(heading)
        return [row[:at] + row[at + 1 :] for row in rows]

    return on_rows(change)


def add(heading: str, value: str) -> Sow:
    return on_rows(lambda rows: [[*rows[0], heading], *([*row, value] for row in rows[1:])])


def swap(one: str, other: str) -> Sow:
    """Two headings, each over the other's figures."""
    turn = {one: other, other: one}
    return on_rows(lambda rows: [[turn.get(cell, cell) for cell in rows[0]], *rows[1:]])


def lines(upto: int) -> Sow:
    """The first lines, or all without the last ones."""
    return lambda data: b"".join(data.splitlines(keepends=True)[:upto])


def _find(rows: Rows, keys: str) -> int:
    wanted = keys.split("|")
    return next(n for n, row in enumerate(rows) if all(k in row[:5] for k in wanted))


def _leave(rows: Rows, row: list[str]) -> None:
    for at in range(4, len(row)):
        _adjust(rows, at, -_number(row[at]))


def _adjust(rows: Rows, at: int, by: int) -> None:
    for row in rows[1:]:
        if row[1].strip().upper() == "TOTAL":
            row[at] = str(int(row[at]) + by)


def _number(text: str) -> int:
    """A figure, its thousands parted by commas or not; nothing where it is none."""
    bare = re.sub(",(?=[0-9]{3})", "", text)
    return int(bare) if bare.lstrip("-").isdigit() else 0
