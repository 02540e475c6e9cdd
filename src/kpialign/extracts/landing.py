"""A recognised document as rows for the store: tables, fields, records, periods.

Nothing is decided here that needs a join: what a row is (observation, total, reject) and
what a cell says is settled by the SQL models on these rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import polars as pl

from kpialign.definitions.layouts import Column, ColumnChoice, Layout, LongRule
from kpialign.errors import UnreadableError, did_you_mean
from kpialign.extracts.document import Document, Sheet
from kpialign.extracts.recognise import DEPTH, Found, plain
from kpialign.terms import Period

TEXT, WHOLE, YES = pl.String(), pl.Int64(), pl.Boolean()
TABLE = pl.Schema({
    "sheet": TEXT, "use": TEXT, "level": TEXT, "role": TEXT,
    "code_at": WHOLE, "name_at": WHOLE, "parent_at": WHOLE, "parent_level": TEXT,
    "period_at": pl.List(WHOLE), "period_text": TEXT, "period_in_columns": YES, "width": WHOLE,
    "kept_at": WHOLE, "kept": pl.List(TEXT),
    "split_at": pl.List(WHOLE), "adds": YES, "other_rows": TEXT,
    "role_at": WHOLE, "figures_at": pl.List(WHOLE),
})  # fmt: skip
FIELD = pl.Schema({
    "sheet": TEXT, "position": WHOLE, "heading": TEXT, "item": TEXT,
    "split_text": TEXT, "period_text": TEXT,
})  # fmt: skip
TOTAL = pl.Schema({
    "sheet": TEXT, "position": WHOLE, "equals": TEXT,
    "starts_with": TEXT, "level": TEXT, "adds_up": YES,
})  # fmt: skip
HINT = pl.Schema({"sheet": TEXT, "split_text": TEXT, "why": TEXT})
READING = pl.Schema({"text": TEXT, "period": TEXT, "day": WHOLE})
PARTS = ("value", "numerator", "denominator")
SPLIT = "\x1f"  # between the words of split columns; no cell holds it


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

    def hints(self) -> pl.DataFrame:
        """What a row has to give for the name it says, where rows name their items."""
        rows = [row for p in self.places if p.long for row in p.hints(self.names)]
        return pl.DataFrame(rows, schema=HINT)

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


@dataclass
class _Seen:
    """What the rows of a table said while they were read."""

    periods: set[tuple[str, ...]] = field(default_factory=set)
    words: set[tuple[str, ...]] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Places:
    """Where the columns of a table stand in this file; positions count from 1."""

    found: Found
    layout: Layout
    code: int
    role: int | None
    name: int | None
    parent: int | None
    period: tuple[int, ...]
    kept: int | None
    split: tuple[int, ...]
    items: tuple[tuple[str, int, tuple[str, ...]], ...]
    long: tuple[tuple[str, int], ...]
    seen: _Seen = field(default_factory=_Seen)

    @classmethod
    def of(cls, document: Document, layout: Layout, found: Found) -> Places:
        """Find every column that the table asks for."""
        find = _Finder(document, found)
        table, rule = found.table, found.table.organisation
        return cls(
            found=found,
            layout=layout,
            code=find.needed(rule.code),
            role=find.position(rule.role) if isinstance(rule.role, Column) else None,
            name=find.needed(rule.name) if rule.name else None,
            parent=find.needed(rule.parent) if rule.parent else None,
            period=tuple(find.needed(Column(heading=c)) for c in layout.period.columns),
            kept=find.needed(table.rows.column) if table.rows else None,
            split=tuple(map(find.needed, [table.long.names] if table.long else table.split)),
            items=tuple(
                (item, position, where)
                for item, choice in table.items.items()
                for position, where in find.item(item, choice, layout.period.rows_above)
            ),
            long=tuple(find.long(table.long)) if table.long else (),
        )

    def table(self, period_text: str | None) -> dict[str, object]:
        """The row of ``staged_table``."""
        table = self.found.table
        role = table.organisation.role
        return {
            "sheet": self.found.sheet.name, "use": table.use, "level": table.level,
            "role": role if isinstance(role, str) else None, "role_at": self.role,
            "code_at": self.code, "name_at": self.name,
            "parent_at": self.parent, "parent_level": table.organisation.parent_level,
            "period_at": list(self.period), "period_text": period_text,
            "period_in_columns": self.layout.period.rows_above is not None,
            "width": self.found.width, "kept_at": self.kept,
            "kept": [text.lower() for text in table.rows.equals] if table.rows else None,
            "split_at": list(self.split), "adds": table.adds, "other_rows": table.other_rows,
            "figures_at": [position for _, position in self.long],
        }  # fmt: skip

    def fields(self, names: Collection[str]) -> Iterator[dict[str, object]]:
        """The rows of ``staged_field``; in a split table, those for the words its rows use."""
        for words in sorted(self.seen.words) if self.split else [()]:
            folded = tuple(plain(word).lower() for word in words)
            for item, position, where in self.items:
                if folded == tuple(word.lower() for word in where):
                    yield self._field(position, item, words)
            for part, position in self.long:
                name = folded[0] + part
                if name in names:
                    yield self._field(position, name.removesuffix(".value"), words)

    def hints(self, names: Collection[str]) -> Iterator[dict[str, object]]:
        """The rows of ``staged_hint``, for the words its rows use."""
        ids = {name.rpartition(".")[0] for name in names}
        for words in sorted(self.seen.words):
            name = plain(words[0]).lower()
            parts = [part for part in PARTS if f"{name}.{part}" in names]
            if not parts:
                why = f"no collected item or indicator is called {name!r}"
                why += f". {hint}" if (hint := did_you_mean(name, ids)) else ""
            else:
                kind = "a data item" if parts == ["value"] else "an indicator"
                why = f"{name} is {kind}: give its {' and '.join(parts)}"
            yield {"sheet": self.found.sheet.name, "split_text": SPLIT.join(words), "why": why}

    def _field(self, position: int, item: str, words: tuple[str, ...]) -> dict[str, object]:
        above = self.layout.period.rows_above
        return {
            "sheet": self.found.sheet.name, "position": position,
            "heading": self.found.headings()[position - 1] if self.found.table.header else "",
            "item": item, "split_text": SPLIT.join(words),
            "period_text": self.found.over(position, above) if above else None,
        }  # fmt: skip

    def totals(self) -> Iterator[dict[str, object]]:
        """The rows of ``staged_total``."""
        finder = _Finder(None, self.found)
        for rule in self.found.table.totals:
            for column in rule.columns:
                for equals in rule.equals or (None,):
                    yield {
                        "sheet": self.found.sheet.name, "position": finder.position(column),
                        "equals": equals, "starts_with": rule.starts_with, "level": rule.level,
                        "adds_up": rule.adds_up,
                    }  # fmt: skip

    def period_texts(self) -> Iterator[str]:
        """Every text that says a period."""
        if above := self.layout.period.rows_above:
            yield from {self.found.over(position, above) for _, position, _ in self.items}
        else:
            yield from {" ".join(texts) for texts in self.seen.periods}

    def records(self) -> Iterator[pl.DataFrame]:
        """The rows of the sheet, each with what it is; what they say is noted on the way."""
        before = 0
        for batch in self.found.sheet.batches():
            told = batch.with_columns(
                pl.lit(self.found.sheet.name).alias("sheet"), self._fate(batch, before)
            )
            before += batch.height
            self._note(told.filter(pl.col("fate") == "data"))
            yield told

    def _fate(self, batch: pl.DataFrame, before: int) -> pl.Expr:
        at = pl.int_range(before, before + batch.height)
        blank = _blank(batch)
        fate = (
            pl.when(blank).then(pl.lit("blank"))
            .when(at < self.found.at).then(pl.lit("title"))
            .when(at == self.found.at).then(pl.lit("heading"))
        )  # fmt: skip
        if self.found.table.stacked:
            again = pl.all_horizontal(
                pl.col(f"cell_{p + 1}") == text
                for p, text in enumerate(self.found.sheet.head[self.found.at])
            )
            # What stands between a blank row and headings that come again is a title.
            part = pl.lit(blank).cum_sum()
            title = again.any().over(part) & (again.cum_sum().over(part) == 0)
            fate = fate.when(again).then(pl.lit("heading")).when(title).then(pl.lit("title"))
        return fate.otherwise(pl.lit("data")).alias("fate")

    def _note(self, data: pl.DataFrame) -> None:
        self.seen.periods |= _distinct(data, self.period)
        self.seen.words |= _distinct(data, self.split)
        for position in self.unused - self.seen.filled:
            if (cell := f"cell_{position}") in data.columns and not _blank(data.select(cell)).all():
                self.seen.filled.add(position)

    @cached_property
    def unused(self) -> frozenset[int]:
        """Columns that the layout neither reads nor leaves aside."""
        table = self.found.table
        if table.other_columns == "ignore" or table.headings_above or not table.header:
            return frozenset()
        keys = {self.code, self.role, self.name, self.parent, self.kept, *self.period, *self.split}
        read = {p for _, p, _ in self.items} | {p for _, p in self.long}
        return frozenset(range(1, self.found.width + 1)) - keys - read

    def notes(self) -> Iterator[str]:
        """A sentence about every unused column that is not empty."""
        for position in sorted(self.seen.filled):
            heading = self.found.headings()[position - 1]
            yield f"column {heading or position!r} is not in the layout and was not read"


def _distinct(data: pl.DataFrame, places: tuple[int, ...]) -> set[tuple[str, ...]]:
    """What the cells at some places say together, as it is written."""
    there = [place for place in places if f"cell_{place}" in data.columns]
    cells = [pl.col(f"cell_{place}").fill_null("") for place in there]
    return set(data.select(cells).unique().rows()) if cells else set()


def _blank(batch: pl.DataFrame) -> pl.Series:
    """Which rows hold nothing but white space."""
    cells = [name for name in batch.columns if name.startswith("cell_")]
    blank = pl.Series([True]).new_from_index(0, batch.height)
    for name in cells:
        if not blank.any():
            break
        blank &= batch[name].fill_null("").str.strip_chars() == ""
    return blank


class _Finder:
    """Finds columns by heading, heading above, or position."""

    def __init__(self, document: Document | None, found: Found) -> None:
        self.file = document.name if document else ""
        self.found = found
        self.headings = found.headings() if found.table.header else []
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

    def item(
        self, item: str, choice: ColumnChoice, blocks: int | None
    ) -> list[tuple[int, tuple[str, ...]]]:
        """The places of an item, one in each block; none where it is optional and not there."""
        for column in choice:
            position = self.position(column)
            if position is not None:
                again = self._everywhere(column) if blocks else [position]
                return [(at, column.where) for at in again]
        if item in self.found.table.optional:
            return []
        raise UnreadableError(self._missing(choice[0]))

    def _everywhere(self, column: Column) -> list[int]:
        return [at + 1 for at, text in enumerate(self.headings) if text == column.heading]

    def long(self, rule: LongRule) -> Iterator[tuple[str, int]]:
        """What the columns of figures say of the name in their row."""
        for part in PARTS:
            column: Column | None = getattr(rule, part)
            if column is None or (part in rule.optional and self.position(column) is None):
                continue
            yield f".{part}", self.needed(column)

    def _missing(self, column: Column) -> str:
        sheet = f" [{self.found.sheet.name}]" if self.found.sheet.name else ""
        row = self.found.sheet.numbers[self.found.at]
        hint = did_you_mean(column.heading or "", self.headings)
        return (
            f"{self.file}{sheet}:{row}: the column {column} is missing. {hint} "
            "Ask the sender for the full file, or add the new heading to the layout."
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
