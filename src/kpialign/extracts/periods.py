"""What a document says of its month, and of the day it was published."""

from __future__ import annotations

import re
from datetime import date, datetime

from kpialign.definitions.layouts import Layout
from kpialign.errors import UnreadableError
from kpialign.extracts.document import Document, Sheet
from kpialign.extracts.recognise import DEPTH, Found, plain
from kpialign.terms import Period


def read_period(text: str, layout: Layout) -> str | None:
    """The month as ``YYYY-MM``, or ``None`` where it is not written in a form of the layout."""
    if layout.period.asked:
        return text
    for form in layout.period.reads:
        try:
            return str(Period.read(plain(text), form))
        except ValueError:
            continue
    return None


def read_day(text: str, layout: Layout) -> int | None:
    """The day of the month, in a layout of days."""
    for form in layout.period.reads if layout.grain == "day" else ():
        try:
            return datetime.strptime(plain(text), form).day
        except ValueError:
            continue
    return None


def given_period(document: Document, layout: Layout, month: Period | None) -> str:
    """The month said by who sends the file.

    Raises:
        UnreadableError: nobody said one.
    """
    if month is None:
        raise UnreadableError(
            f"{document.name}: files of {layout.id} carry no month. Look it up where the file was "
            f"published and say it: --period '{document.name}=YYYY-MM', or a line in kpialign.toml "
            f"under [periods]: '{document.name}' = 'YYYY-MM'."
        )
    return str(month)


def printed_period(document: Document, found: list[Found], layout: Layout) -> str | None:
    """What the cell of the period says, the same in every sheet; ``None`` where rows say it.

    Raises:
        UnreadableError: sheets say different periods, or one that is not written as expected.
    """
    rule = layout.period
    if rule.label is None and rule.cell is None:
        return None
    texts = {
        _after_label(one.sheet, rule.label) if rule.label else _cell(one.sheet, rule.cell)
        for one in found
    }
    if len(texts) != 1 or None in texts:
        raise UnreadableError(
            f"{document.name}: the sheets' {rule.place!r} cells say "
            f"{', '.join(repr(t) for t in sorted(map(str, texts)))}; one period was expected."
        )
    text = texts.pop()
    assert text is not None
    if read_period(text, layout) is None:
        raise UnreadableError(
            f"{document.name}: the period {text!r} is not written as "
            f"{' or '.join(layout.period.reads)}."
        )
    return text


def _cell(sheet: Sheet, place: tuple[int, int] | None) -> str | None:
    row, column = place or (0, 0)
    if row not in sheet.numbers:
        return None
    cells = sheet.head[sheet.numbers.index(row)]
    return plain(cells[column - 1]) if column <= len(cells) else None


def _after_label(sheet: Sheet, label: str) -> str | None:
    for row in sheet.head[:DEPTH]:
        for at, cell in enumerate(row[:-1]):
            if plain(cell) == label:
                return plain(row[at + 1])
    return None


def published_on(document: Document, layout: Layout) -> date | None:
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
