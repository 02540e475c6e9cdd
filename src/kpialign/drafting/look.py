"""A sheet of text cells → its table as columns: headings, and what stands below each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kpialign.extracts.document import Sheet
from kpialign.extracts.recognise import DEPTH, plain

MOST = 200_000  # rows that are looked at; sums of a longer sheet are not known
MARKER = re.compile(r"[^0-9A-Za-z]{0,4}|\[\w{1,4}\]|n/?a|nan|null|none|-+", re.IGNORECASE)
NUMBER = re.compile(r"-?[0-9][0-9,]*([.][0-9]+)?(e[+-]?[0-9]+)?", re.IGNORECASE)
PERCENT = re.compile(r"-?[0-9.]+ ?%")
_DERIVED = re.compile(
    r"%|\b(percent|percentage|proportion|rate|ratio|average|mean|median|percentile|centile|share)\b"
)


def is_number(text: str) -> bool:
    """Whether a cell is a figure as the store reads it, or one that Python writes.

    >>> is_number("1,234.5"), is_number("12%"), is_number("RX1")
    (True, False, False)
    """
    return NUMBER.fullmatch(text) is not None


@dataclass(frozen=True, eq=False)
class Seen:
    """A column: its place from 1, its heading, the one above, and text → cells that say it."""

    position: int
    heading: str
    above: str
    values: dict[str, int]

    @cached_property
    def words(self) -> str:
        """The heading as lower-case words."""
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.heading)
        return re.sub(r"[\W_]+", " ", spaced).strip().lower()

    @cached_property
    def filled(self) -> dict[str, int]:
        """What is said, but blanks."""
        return {text: times for text, times in self.values.items() if text}

    @cached_property
    def told(self) -> dict[str, int]:
        """What is said, but blanks and markers."""
        return {t: n for t, n in self.filled.items() if not MARKER.fullmatch(t)}

    @cached_property
    def markers(self) -> list[str]:
        """The texts that stand for no figure, blank among them."""
        return sorted(t for t in self.values if not is_number(t) and MARKER.fullmatch(t))

    def share(self, pattern: re.Pattern[str]) -> float:
        """How many of the cells that say something fit a pattern."""
        hits = sum(n for text, n in self.told.items() if pattern.fullmatch(text))
        return hits / max(1, sum(self.told.values()))

    @property
    def is_number(self) -> bool:
        """Whether it holds figures."""
        return bool(self.told) and max(self.share(NUMBER), self.share(PERCENT)) >= 0.9

    @property
    def is_derived(self) -> bool:
        """Whether its figures are worked out from others, by their form or their heading."""
        found = _DERIVED.search(
            " ".join(re.sub(r"[_\W]", _but_percent, self.heading.lower()).split())
        )
        fractions = bool(self.told) and all(
            is_number(t) and 0 <= abs(float(t.replace(",", ""))) <= 1 for t in self.told
        )
        fractional = fractions and any("." in text for text in self.told)
        # 84.56816 is no count of anything; 72.5 may be (a patient shared by two providers).
        long = sum(len(text.partition(".")[2]) > 3 for text in self.told)
        divided = 2 * long > len(self.told)
        return self.share(PERCENT) >= 0.9 or fractional or divided or found is not None


def _but_percent(found: re.Match[str]) -> str:
    return "%" if found[0] == "%" else " "


@dataclass(frozen=True, eq=False)
class Look:
    """A sheet's table: rows below the heading row at ``at``, cells folded, blank rows left out.

    ``frame`` has the columns ``cell_1``…; ``complete`` says that it has every row.
    """

    sheet: Sheet
    at: int
    columns: tuple[Seen, ...]
    frame: pl.DataFrame
    complete: bool
    stacked: bool

    @property
    def headings(self) -> list[str]:
        """The headings, empty ones too."""
        return [column.heading for column in self.columns]


def look(sheet: Sheet) -> Look | None:
    """Find the table of a sheet; ``None`` where no row looks like headings above figures."""
    at = _heading_row(sheet.head)
    if at is None:
        return None
    headings = [plain(cell) for cell in sheet.head[at]]
    frame, complete = _below(sheet, at, len(headings))
    if frame.is_empty():
        return None
    again = pl.all_horizontal(pl.col(f"cell_{n + 1}") == text for n, text in enumerate(headings))
    repeats = frame.filter(again).height
    frame = frame.filter(~again)
    above = _above(sheet.head, at, len(headings))
    columns = tuple(
        Seen(n, heading, above[n - 1], _counts(frame[f"cell_{n}"]))
        for n, heading in enumerate(headings, start=1)
    )
    return Look(sheet, at, columns, frame, complete, repeats > 0)


def _heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The first of the rows with the most words, if figures follow it."""
    words = [_words(row) for row in rows[:DEPTH]]
    most = max(words, default=0)
    if most < 2:
        return None
    at = words.index(most)
    return at if any(is_number(plain(cell)) for row in rows[at + 1 :] for cell in row) else None


def _words(row: Sequence[str]) -> int:
    cells = {plain(cell) for cell in row}
    return sum(
        not is_number(c) and not PERCENT.fullmatch(c) and not MARKER.fullmatch(c) for c in cells
    )


def _below(sheet: Sheet, at: int, width: int) -> tuple[pl.DataFrame, bool]:
    """The rows under the headings, as far as they are looked at."""
    names = [f"cell_{n}" for n in range(1, width + 1)]
    parts: list[pl.DataFrame] = []
    rows, skip = 0, at + 1
    for batch in sheet.batches():
        if rows >= MOST:
            return pl.concat(parts), False
        left = batch.slice(skip)
        skip = max(0, skip - batch.height)
        absent = [pl.lit("").alias(name) for name in names if name not in left.columns]
        folded = left.with_columns(absent).select(
            pl.col(names).fill_null("").str.replace_all(r"\s+", " ").str.strip_chars()
        )
        parts.append(folded.filter(~pl.all_horizontal(pl.all() == "")))
        rows += parts[-1].height
    return pl.concat(parts), True


def _above(rows: Sequence[Sequence[str]], at: int, width: int) -> list[str]:
    """The headings above, each standing for the columns up to the next."""
    cells = [plain(cell) for cell in rows[at - 1]] if at else []
    spread, last = [], ""
    for cell in cells[:width]:
        last = cell or last
        spread.append(last)
    return spread + [last] * (width - len(spread))


def _counts(cells: pl.Series) -> dict[str, int]:
    return dict(cells.value_counts().rows())
