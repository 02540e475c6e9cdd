"""Where the columns of a table stand in a file, and what its rows say on the way past."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

import polars as pl

from kpialign.definitions.layouts import Column, ColumnChoice, Layout, LongRule
from kpialign.errors import UnreadableError, did_you_mean
from kpialign.extracts.document import Document
from kpialign.extracts.recognise import Found, plain

PARTS = ("value", "numerator", "denominator")
SPLIT = "\x1f"  # between the words of split columns; no cell holds it


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
    share: int | None
    period: tuple[int, ...]
    kept: int | None
    split: tuple[int, ...]
    items: tuple[tuple[str, int, int, tuple[str, ...]], ...]
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
            share=find.needed(rule.share) if rule.share else None,
            period=tuple(map(find.needed, layout.period.columns)),
            kept=find.needed(table.rows.column) if table.rows else None,
            split=tuple(map(find.needed, [table.long.names] if table.long else table.split)),
            items=tuple(
                (item, *place)
                for item, choice in table.items.items()
                for place in find.item(item, choice, layout.period.rows_above)
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
            "share_at": self.share,
            "period_at": list(self.period), "period_text": period_text,
            "period_in_columns": self.layout.period.rows_above is not None,
            "width": self.found.width, "kept_at": self.kept,
            "kept": [text.lower() for text in table.rows.equals] if table.rows else None,
            "split_at": list(self.split), "adds": table.adds, "repeats": table.repeats,
            "other_rows": table.other_rows,
            "figures_at": [position for _, position in self.long],
        }  # fmt: skip

    def fields(self, names: Collection[str]) -> Iterator[dict[str, object]]:
        """The rows of ``staged_field``; in a split table, those for the words its rows use."""
        for words in sorted(self.seen.words) if self.split else [()]:
            folded = tuple(plain(word).lower() for word in words)
            for item, position, until, where in self.items:
                if folded == tuple(word.lower() for word in where):
                    yield self._field(position, until, item, words)
            for part, position in self.long:
                name = folded[0] + part
                if name in names:
                    yield self._field(position, position, name.removesuffix(".value"), words)

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

    def _field(
        self, position: int, until: int, item: str, words: tuple[str, ...]
    ) -> dict[str, object]:
        above = self.layout.period.rows_above
        headings = self.found.headings() if self.found.table.header else [""] * until
        run = [headings[position - 1], headings[until - 1]]
        return {
            "sheet": self.found.sheet.name, "position": position, "until": until,
            "heading": " to ".join(dict.fromkeys(run)),
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
            yield from {self.found.over(position, above) for _, position, _, _ in self.items}
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
            # A title stands between a blank row and headings that come again, or alone in its row.
            part = pl.lit(blank).cum_sum()
            before_again = again.any().over(part) & (again.cum_sum().over(part) == 0)
            title = before_again | (_filled() == 1)
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
        keys = {self.code, self.role, self.name, self.parent, self.share, self.kept}
        keys |= {*self.period, *self.split}
        read = {p for _, at, until, _ in self.items for p in range(at, until + 1)}
        read |= {p for _, p in self.long}
        return frozenset(range(1, self.found.width + 1)) - keys - read

    def unused_columns(self) -> Iterator[dict[str, object]]:
        """The rows of ``staged_unused``: filled columns, and what they may be called otherwise."""
        there = {item for item, *_ in self.items}
        absent = {
            str(column): item
            for item, choice in self.found.table.items.items()
            if item not in there
            for column in choice
        }
        for position in sorted(self.seen.filled):
            heading = self.found.headings()[position - 1]
            near = next(iter(get_close_matches(heading, absent, n=1)), None)
            yield {
                "sheet": self.found.sheet.name, "heading": heading or f"column {position}",
                "near": near, "near_item": absent.get(near or ""),
            }  # fmt: skip

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


def _filled() -> pl.Expr:
    """How many cells of a row hold more than white space."""
    cells = pl.col("^cell_.*$").fill_null("").str.strip_chars() != ""
    return pl.sum_horizontal(cells)


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
    ) -> list[tuple[int, int, tuple[str, ...]]]:
        """First and last place of an item in each block; none where it is optional and absent."""
        for column in choice:
            position = self.position(column)
            if position is not None:
                last = self.needed(Column(heading=column.to)) if column.to else position
                again = self._everywhere(column) if blocks else [position]
                return [(at, at + last - position, column.where) for at in again]
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
