"""Which layout a document has, by its content alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from re import Pattern

from kpialign.definitions.layouts import Layout, Table
from kpialign.errors import UnreadableError
from kpialign.extracts.document import Document, Sheet

DEPTH = 60  # rows searched for a heading row; title blocks are 10 to 20 rows


@dataclass(frozen=True)
class Found:
    """A table of a layout found in a sheet; ``at`` is the index of its heading row, or -1."""

    table: Table
    sheet: Sheet
    at: int

    @property
    def width(self) -> int:
        """The columns of its heading row, or of its first row where it has no headings."""
        return len(self.sheet.head[max(self.at, 0)])

    def headings(self) -> list[str]:
        """The headings, outer blanks taken off."""
        return [plain(cell) for cell in self.sheet.head[self.at]]

    def above(self) -> list[str]:
        """The headings above, each standing for the columns up to the next one."""
        if not self.table.headings_above or self.at == 0:
            return []
        row = self.sheet.head[self.at - 1]
        return list(_spread([*row, *[""] * (self.width - len(row))]))

    def over(self, position: int, rows: int) -> str:
        """What stands so many rows above a heading, for its column and those after it."""
        if rows > self.at:
            return ""
        texts = list(_spread(self.sheet.head[self.at - rows]))
        return texts[min(position, len(texts)) - 1] if texts else ""


def _spread(row: list[str]) -> Iterator[str]:
    """Each cell, standing for the empty ones up to the next."""
    last = ""
    for cell in row:
        last = plain(cell) or last
        yield last


def plain(text: str) -> str:
    r"""Fold white space (non-breaking too), so that headings compare.

    >>> plain("  NHS\xa0Essex ")
    'NHS Essex'
    """
    return " ".join(text.split())


def recognise(document: Document, layouts: Iterable[Layout]) -> tuple[Layout, list[Found]]:
    """Return the one layout whose tables are all there.

    Raises:
        UnreadableError: no layout or more than one matches; the message says what was
            seen and what the nearest layout misses.
    """
    layouts = list(layouts)
    matches = [layout for layout in layouts if _candidate(document, layout)]
    if len(matches) > 1:
        names = ", ".join(layout.id for layout in matches)
        raise UnreadableError(
            f"{document.name}: matches more than one layout ({names}); "
            "make their `recognise` differ."
        )
    if not matches:
        raise UnreadableError(_not_recognised(document, layouts))
    return matches[0], [_find(document, table, matches[0]) for table in matches[0].tables]


def _candidate(document: Document, layout: Layout) -> bool:
    names = {sheet.name for sheet in document.sheets}
    if layout.recognise.sheets:
        return set(layout.recognise.sheets) <= names
    if layout.recognise.cells:
        return any(_fits(sheet, layout.recognise.cells) for sheet in document.sheets)
    return (
        len(document.sheets) == 1
        and _heading_row(document.sheets[0], layout.recognise.columns) is not None
    )


def _heading_row(sheet: Sheet, columns: Sequence[str]) -> int | None:
    wanted = set(columns)
    for at, row in enumerate(sheet.head[:DEPTH]):
        if wanted <= {plain(cell) for cell in row}:
            return at
    return None


def _fits(sheet: Sheet, cells: Mapping[int, Pattern[str]]) -> bool:
    """Whether every one of the first rows has such cells."""
    rows = sheet.head[:DEPTH]
    return bool(rows) and all(
        len(row) >= at and pattern.fullmatch(plain(row[at - 1])) is not None
        for row in rows
        for at, pattern in cells.items()
    )


def _find(document: Document, table: Table, layout: Layout) -> Found:
    for sheet in document.sheets:
        if table.sheet is None or sheet.name == table.sheet:
            if not table.header:
                return Found(table, sheet, -1)
            at = _heading_row(sheet, table.header)
            if at is not None:
                return Found(table, sheet, at)
    place = f" [{table.sheet}]" if table.sheet else ""
    raise UnreadableError(
        f"{document.name}{place}: looks like {layout.id}, but no row carries the headings "
        f"{', '.join(table.header)}. Is it another sheet under this name? Ask for the full file."
    )


def _not_recognised(document: Document, layouts: list[Layout]) -> str:
    seen = [plain(cell) for cell in _widest_row(document) if plain(cell)]
    shown = ", ".join(seen[:8]) + (f" and {len(seen) - 8} more" if len(seen) > 8 else "")
    tried = ", ".join(layout.id for layout in layouts)
    lines = [f"{document.name}: no layout recognises it. Columns seen: {shown or 'none'}."]
    lines += _nearest(seen, layouts)
    more = f"`kpialign new layout {document.name}` drafts one."
    return " ".join([*lines, f"Layouts tried: {tried}.", more])


def _widest_row(document: Document) -> list[str]:
    rows = (row for sheet in document.sheets for row in sheet.head[:DEPTH])
    return max(rows, key=lambda row: sum(bool(plain(cell)) for cell in row), default=[])


def _nearest(seen: list[str], layouts: list[Layout]) -> list[str]:
    scored = [
        (sum(c in seen for c in layout.recognise.columns), layout)
        for layout in layouts
        if layout.recognise.columns
    ]
    best, layout = max(scored, key=lambda pair: pair[0], default=(0, None))
    if layout is None or not best:
        return []
    missing = [column for column in layout.recognise.columns if column not in seen]
    hints = [f"{m!r}" + _renamed(m, seen) for m in missing]
    return [f"Nearest is {layout.id}, which needs {', '.join(hints)}."]


def _renamed(column: str, seen: list[str]) -> str:
    close = get_close_matches(column, seen, n=1, cutoff=0.75)
    return f" (renamed to {close[0]!r}?)" if close else ""
