"""A recognised document as rows for the store: tables, fields, records, periods.

Nothing is decided here that needs a join: what a row is (observation, total, reject) and
what a cell says is settled by the SQL models on these rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from kpialign.definitions.layouts import Layout
from kpialign.errors import UnreadableError
from kpialign.extracts.document import Document, Sheet
from kpialign.extracts.places import Places
from kpialign.extracts.recognise import DEPTH, Found, plain
from kpialign.terms import Period

TEXT, WHOLE, YES = pl.String(), pl.Int64(), pl.Boolean()
TABLE = pl.Schema({
    "sheet": TEXT, "use": TEXT, "level": TEXT, "role": TEXT,
    "code_at": WHOLE, "name_at": WHOLE, "parent_at": WHOLE, "parent_level": TEXT,
    "share_at": WHOLE,
    "period_at": pl.List(WHOLE), "period_text": TEXT, "period_in_columns": YES, "width": WHOLE,
    "kept_at": WHOLE, "kept": pl.List(TEXT),
    "split_at": pl.List(WHOLE), "adds": YES, "other_rows": TEXT,
})  # fmt: skip
FIELD = pl.Schema({
    "sheet": TEXT, "position": WHOLE, "heading": TEXT, "item": TEXT,
    "split_text": TEXT, "period_text": TEXT,
})  # fmt: skip
TOTAL = pl.Schema({
    "sheet": TEXT, "position": WHOLE, "equals": TEXT,
    "starts_with": TEXT, "level": TEXT, "adds_up": YES,
})  # fmt: skip
READING = pl.Schema({"text": TEXT, "period": TEXT, "day": WHOLE})


@dataclass(frozen=True)
class Landed:
    """One document, landed.

    Its rows are read once, by ``records``; what depends on all of them (``fields``,
    ``readings``, ``notes``) is complete when they have been.
    """

    document: Document
    layout: Layout
    names: Collection[str]
    published_on: date | None
    period_text: str | None
    places: tuple[Places, ...]

    @property
    def counted(self) -> int:
        """Rows of all sheets by the second reader."""
        return sum(sheet.counted for sheet in self.document.sheets)

    def records(self) -> Iterator[pl.DataFrame]:
        """Every row of every sheet in batches: ``sheet, row, cell_1…, fate``."""
        for sheet in self.document.sheets:
            own = next((p for p in self.places if p.found.sheet is sheet), None)
            yield from _other(sheet) if own is None else own.records()

    def tables(self) -> pl.DataFrame:
        """Where in each table the keys stand."""
        return pl.DataFrame([p.table(self.period_text) for p in self.places], schema=TABLE)

    def totals(self) -> pl.DataFrame:
        """Which rows print totals."""
        return pl.DataFrame([r for p in self.places for r in p.totals()], schema=TOTAL)

    def fields(self) -> pl.DataFrame:
        """Which column holds which item, in which rows and of which period."""
        rows = [row for p in self.places for row in p.fields(self.names)]
        return pl.DataFrame(rows, schema=FIELD)

    def readings(self) -> pl.DataFrame:
        """Every text that stands where a period should, and the period it says."""
        texts = (
            {self.period_text}
            if self.period_text is not None
            else {text for p in self.places for text in p.period_texts()}
        )
        rows = [(t, _read_period(t, self.layout), _read_day(t, self.layout)) for t in sorted(texts)]
        return pl.DataFrame(rows, schema=READING, orient="row")

    def notes(self) -> tuple[str, ...]:
        """Sentences about columns that were not used."""
        return tuple(note for p in self.places for note in p.notes())


def land(
    document: Document,
    layout: Layout,
    found: list[Found],
    month: Period | None = None,
    names: Collection[str] = (),
) -> Landed:
    """Turn a recognised document into rows.

    Args:
        document: the file as sheets.
        layout: what it was recognised as.
        found: its tables.
        month: the month of a file that carries none.
        names: items that a table whose rows name theirs may name.

    Raises:
        UnreadableError: a heading the layout needs is missing, a period or date label
            cannot be read; the message says which and what is near it.
    """
    places = tuple(Places.of(document, layout, one) for one in found)
    return Landed(
        document=document,
        layout=layout,
        names=names,
        published_on=_published_on(document, layout),
        period_text=(
            _given_period(document, layout, month)
            if layout.period.asked
            else _labelled_period(document, found, layout)
        ),
        places=places,
    )


def _other(sheet: Sheet) -> Iterator[pl.DataFrame]:
    """Rows of a sheet that no table is on: counted like any, but not asked for what they say."""
    for batch in sheet.batches():
        yield batch.select(
            pl.lit(sheet.name).alias("sheet"), "row", pl.lit("other sheet").alias("fate")
        )


def _read_period(text: str, layout: Layout) -> str | None:
    if layout.period.asked:
        return text
    for form in layout.period.reads:
        try:
            return str(Period.read(plain(text), form))
        except ValueError:
            continue
    return None


def _read_day(text: str, layout: Layout) -> int | None:
    """The day of the month, in a layout of days."""
    for form in layout.period.reads if layout.grain == "day" else ():
        try:
            return datetime.strptime(plain(text), form).day
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
    for row in sheet.head[:DEPTH]:
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
