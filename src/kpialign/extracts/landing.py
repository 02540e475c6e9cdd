"""A recognised document as rows for the store: tables, fields, records, periods.

Nothing is decided here that needs a join: what a row is (observation, total, reject) and
what a cell says is settled by the SQL models on these rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from kpialign.definitions.layouts import Layout
from kpialign.extracts.document import Document, Sheet
from kpialign.extracts.periods import (
    given_period,
    printed_period,
    published_on,
    read_day,
    read_period,
)
from kpialign.extracts.places import Places
from kpialign.extracts.recognise import Found
from kpialign.terms import Period

TEXT, WHOLE, YES = pl.String(), pl.Int64(), pl.Boolean()
TABLE = pl.Schema({
    "sheet": TEXT, "use": TEXT, "level": TEXT, "role": TEXT,
    "code_at": WHOLE, "name_at": WHOLE, "parent_at": WHOLE, "parent_level": TEXT,
    "share_at": WHOLE,
    "period_at": pl.List(WHOLE), "period_text": TEXT, "period_in_columns": YES, "width": WHOLE,
    "kept_at": WHOLE, "kept": pl.List(TEXT),
    "role_at": WHOLE, "figures_at": pl.List(WHOLE),
    "split_at": pl.List(WHOLE), "adds": YES, "repeats": YES, "other_rows": TEXT,
})  # fmt: skip
FIELD = pl.Schema({
    "sheet": TEXT, "position": WHOLE, "until": WHOLE, "heading": TEXT, "item": TEXT,
    "split_text": TEXT, "period_text": TEXT,
})  # fmt: skip
TOTAL = pl.Schema({
    "sheet": TEXT, "position": WHOLE, "equals": TEXT,
    "starts_with": TEXT, "level": TEXT, "adds_up": YES,
})  # fmt: skip
HINT = pl.Schema({"sheet": TEXT, "split_text": TEXT, "why": TEXT})
UNUSED = pl.Schema({"sheet": TEXT, "heading": TEXT, "near": TEXT, "near_item": TEXT})
READING = pl.Schema({"text": TEXT, "period": TEXT, "day": WHOLE})


@dataclass(frozen=True)
class Landed:
    """One document, landed.

    Its rows are read once, by ``records``; what depends on all of them (``fields``,
    ``unused``, ``readings``, ``notes``) is complete when they have been.
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

    def hints(self) -> pl.DataFrame:
        """What a row has to give for the name it says, where rows name their items."""
        rows = [row for p in self.places if p.long for row in p.hints(self.names)]
        return pl.DataFrame(rows, schema=HINT)

    def unused(self) -> pl.DataFrame:
        """Which columns hold something and are not in the layout."""
        rows = [row for p in self.places for row in p.unused_columns()]
        return pl.DataFrame(rows, schema=UNUSED)

    def readings(self) -> pl.DataFrame:
        """Every text that stands where a period should, and the period it says."""
        texts = (
            {self.period_text}
            if self.period_text is not None
            else {text for p in self.places for text in p.period_texts()}
        )
        rows = [(t, read_period(t, self.layout), read_day(t, self.layout)) for t in sorted(texts)]
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
        published_on=published_on(document, layout),
        period_text=(
            given_period(document, layout, month)
            if layout.period.asked
            else printed_period(document, found, layout)
        ),
        places=places,
    )


def _other(sheet: Sheet) -> Iterator[pl.DataFrame]:
    """Rows of a sheet that no table is on: counted like any, but not asked for what they say."""
    for batch in sheet.batches():
        yield batch.select(
            pl.lit(sheet.name).alias("sheet"), "row", pl.lit("other sheet").alias("fate")
        )
