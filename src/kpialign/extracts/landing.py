"""A recognised document as rows for the store: tables, fields, records, periods.

Nothing is decided here that needs a join: what a row is (observation, total, reject) and
what a cell says is settled by the SQL models on these rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from kpialign.definitions.layouts import Column, ColumnChoice, Layout
from kpialign.errors import UnreadableError, did_you_mean
from kpialign.extracts.document import Document, Sheet
from kpialign.extracts.recognise import DEPTH, Found, plain
from kpialign.terms import Period

TEXT, WHOLE = pl.String(), pl.Int64()
TABLE = pl.Schema({
    "sheet": TEXT, "use": TEXT, "level": TEXT, "role": TEXT,
    "code_at": WHOLE, "name_at": WHOLE, "parent_at": WHOLE, "parent_level": TEXT,
    "period_at": pl.List(WHOLE), "period_text": TEXT, "width": WHOLE,
    "kept_at": WHOLE, "kept": pl.List(TEXT),
})  # fmt: skip
FIELD = pl.Schema({"sheet": TEXT, "position": WHOLE, "heading": TEXT, "item": TEXT})
TOTAL = pl.Schema({
    "sheet": TEXT, "position": WHOLE, "equals": TEXT,
    "starts_with": TEXT, "level": TEXT,
})  # fmt: skip
RECORD = pl.Schema({
    "sheet": TEXT, "row": WHOLE, "cells": pl.List(TEXT), "fate": TEXT,
})  # fmt: skip
READING = pl.Schema({"text": TEXT, "period": TEXT, "day": WHOLE})


@dataclass(frozen=True)
class Landed:
    """One document, landed: frames with the columns of the constants above.

    ``notes`` are sentences about columns that were not used.
    """

    document: Document
    layout: Layout
    published_on: date | None
    counted: int
    tables: pl.DataFrame
    fields: pl.DataFrame
    totals: pl.DataFrame
    records: pl.DataFrame
    readings: pl.DataFrame
    notes: tuple[str, ...]


def land(
    document: Document, layout: Layout, found: list[Found], month: Period | None = None
) -> Landed:
    """Turn a recognised document into rows; ``month`` is that of a file which carries none.

    Raises:
        UnreadableError: a heading the layout needs is missing, a period or date label
            cannot be read; the message says which and what is near it.
    """
    places = [_Places.of(document, layout, one) for one in found]
    period_text = (
        _given_period(document, layout, month)
        if layout.period.asked
        else _labelled_period(document, found, layout)
    )
    records = [row for sheet in document.sheets for row in _records(sheet, found)]
    return Landed(
        document=document,
        layout=layout,
        published_on=_published_on(document, layout),
        counted=sum(sheet.counted for sheet in document.sheets),
        tables=pl.DataFrame([p.table(period_text) for p in places], schema=TABLE),
        fields=pl.DataFrame([r for p in places for r in p.fields()], schema=FIELD),
        totals=pl.DataFrame([r for p in places for r in p.totals()], schema=TOTAL),
        records=pl.DataFrame(records, schema=RECORD, orient="row"),
        readings=pl.DataFrame(_readings(places, layout, period_text), schema=READING, orient="row"),
        notes=tuple(note for p in places for note in p.notes()),
    )


@dataclass(frozen=True)
class _Places:
    """Where the columns of a table stand in this file; positions count from 1."""

    found: Found
    layout: Layout
    code: int
    name: int | None
    parent: int | None
    period: tuple[int, ...]
    kept: int | None
    items: dict[str, int]

    @classmethod
    def of(cls, document: Document, layout: Layout, found: Found) -> _Places:
        find = _Finder(document, found)
        rule = found.table.organisation
        items = {
            item: position
            for item, choice in found.table.items.items()
            if (position := find.item(item, choice)) is not None
        }
        return cls(
            found=found,
            layout=layout,
            code=find.needed(rule.code),
            name=find.needed(rule.name) if rule.name else None,
            parent=find.needed(rule.parent) if rule.parent else None,
            period=tuple(find.needed(Column(heading=c)) for c in layout.period.columns),
            kept=find.needed(found.table.rows.column) if found.table.rows else None,
            items=items,
        )

    def table(self, period_text: str | None) -> dict[str, object]:
        table = self.found.table
        return {
            "sheet": self.found.sheet.name, "use": table.use, "level": table.level,
            "role": table.organisation.role, "code_at": self.code, "name_at": self.name,
            "parent_at": self.parent, "parent_level": table.organisation.parent_level,
            "period_at": list(self.period), "period_text": period_text,
            "width": len(self.found.sheet.rows[self.found.at]), "kept_at": self.kept,
            "kept": [text.lower() for text in table.rows.equals] if table.rows else None,
        }  # fmt: skip

    def fields(self) -> Iterator[dict[str, object]]:
        headings = self.found.headings()
        for item, position in self.items.items():
            yield {
                "sheet": self.found.sheet.name, "position": position,
                "heading": headings[position - 1], "item": item,
            }  # fmt: skip

    def totals(self) -> Iterator[dict[str, object]]:
        finder = _Finder(None, self.found)
        for rule in self.found.table.totals:
            for column in rule.columns:
                for equals in rule.equals or (None,):
                    yield {
                        "sheet": self.found.sheet.name, "position": finder.position(column),
                        "equals": equals, "starts_with": rule.starts_with, "level": rule.level,
                    }  # fmt: skip

    def notes(self) -> Iterator[str]:
        if self.found.table.other_columns == "ignore":
            return
        used = {self.code, self.name, self.parent, self.kept, *self.period, *self.items.values()}
        for position, heading in enumerate(self.found.headings(), start=1):
            if position not in used and not self.found.table.headings_above:
                filled = any(
                    len(row) >= position and row[position - 1].strip()
                    for row in self.found.sheet.rows[self.found.at + 1 :]
                )
                if filled:
                    yield f"column {heading or position!r} is not in the layout and was not read"


class _Finder:
    """Finds columns by heading, heading above, or position."""

    def __init__(self, document: Document | None, found: Found) -> None:
        self.file = document.name if document else ""
        self.found = found
        self.headings = found.headings()
        self.above = found.above()

    def position(self, column: Column) -> int | None:
        if column.position is not None:
            return column.position
        for at, heading in enumerate(self.headings):
            if heading == column.heading and (
                column.above is None or (self.above and self.above[at] == column.above)
            ):
                return at + 1
        return None

    def needed(self, column: Column) -> int:
        position = self.position(column)
        if position is None:
            raise UnreadableError(self._missing(column))
        return position

    def item(self, item: str, choice: ColumnChoice) -> int | None:
        for column in choice:
            position = self.position(column)
            if position is not None:
                return position
        if item in self.found.table.optional:
            return None
        raise UnreadableError(self._missing(choice[0]))

    def _missing(self, column: Column) -> str:
        sheet = f" [{self.found.sheet.name}]" if self.found.sheet.name else ""
        row = self.found.sheet.numbers[self.found.at]
        hint = did_you_mean(column.heading or "", self.headings)
        return (
            f"{self.file}{sheet}:{row}: the column {column} is missing. {hint} "
            "Ask the sender for the full file, or add the new heading to the layout."
        )


def _records(sheet: Sheet, found: list[Found]) -> Iterator[tuple[str, int, list[str], str]]:
    own = next((one for one in found if one.sheet is sheet), None)
    if own is None:
        # Counted like any row, but no layout asks for what they say.
        yield from ((sheet.name, number, [], "other sheet") for number in sheet.numbers)
        return
    for at, (number, cells) in enumerate(zip(sheet.numbers, sheet.rows, strict=True)):
        yield sheet.name, number, cells, _fate(own, at, cells)


def _fate(own: Found, at: int, cells: list[str]) -> str:
    if not any(cell.strip() for cell in cells):
        return "blank"
    if at < own.at:
        return "title"
    return "heading" if at == own.at else "data"


def _readings(
    places: list[_Places], layout: Layout, period_text: str | None
) -> list[tuple[str, str | None, int | None]]:
    texts = (
        {period_text}
        if period_text is not None
        else {
            " ".join(plain(row[p - 1]) if len(row) >= p else "" for p in place.period)
            for place in places
            for row in place.found.sheet.rows[place.found.at + 1 :]
        }
    )
    return [(t, _read_period(t, layout), _read_day(t, layout)) for t in sorted(texts)]


def _read_period(text: str, layout: Layout) -> str | None:
    if layout.period.asked:
        return text
    for form in layout.period.reads:
        try:
            return str(Period.read(text, form))
        except ValueError:
            continue
    return None


def _read_day(text: str, layout: Layout) -> int | None:
    """The day of the month, in a layout of days."""
    for form in layout.period.reads if layout.grain == "day" else ():
        try:
            return datetime.strptime(text, form).day
        except ValueError:
            continue
    return None


def _given_period(document: Document, layout: Layout, month: Period | None) -> str:
    if month is None:
        raise UnreadableError(
            f"{document.name}: files of {layout.id} carry no month. Look it up where the file was "
            f"published and say it: --period '{document.name}=YYYY-MM', or a line in kpialign.toml "
            f"under [periods]: '{document.name}' = 'YYYY-MM'."
        )
    return str(month)


def _labelled_period(document: Document, found: list[Found], layout: Layout) -> str | None:
    if layout.period.label is None:
        return None
    texts = {_after_label(one.sheet, layout.period.label) for one in found}
    if len(texts) != 1 or None in texts:
        raise UnreadableError(
            f"{document.name}: the sheets' {layout.period.label!r} cells say "
            f"{', '.join(repr(t) for t in sorted(map(str, texts)))}; one period was expected."
        )
    text = texts.pop()
    assert text is not None
    if _read_period(text, layout) is None:
        raise UnreadableError(
            f"{document.name}: the period {text!r} is not written as "
            f"{' or '.join(layout.period.reads)}."
        )
    return text


def _after_label(sheet: Sheet, label: str) -> str | None:
    for row in sheet.rows[:DEPTH]:
        for at, cell in enumerate(row[:-1]):
            if plain(cell) == label:
                return plain(row[at + 1])
    return None


def _published_on(document: Document, layout: Layout) -> date | None:
    """The latest date beside any of the labels; a revision is dated by its revision."""
    if layout.published_on == "none":
        return None
    texts = [
        text
        for sheet in document.sheets
        for label in layout.published_on.labels
        if (text := _after_label(sheet, label))
    ]
    dates = [day for text in texts if (day := read_date(text)) is not None]
    return max(dates, default=None)


def read_date(text: str) -> date | None:
    """Read a date as publishers write it, or ``None`` for a dash or any other text.

    >>> read_date("13th November 2025")
    datetime.date(2025, 11, 13)
    >>> read_date("-") is None
    True
    """
    bare = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", plain(text))
    for form in ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(bare, form).date()
        except ValueError:
            continue
    return None
