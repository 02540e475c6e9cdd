"""A workbook: a contents sheet, then one table a sheet, headed, named and filtered.

Nothing in it is a formula: text is written as text, and what a spreadsheet would run if the
cell were typed again carries its quote mark.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kpialign.charts import words
from kpialign.charts.icons import Icon
from kpialign.outputs.pack import zipped
from kpialign.outputs.pack.content import Cell, Figure, Pack, Section, Table
from kpialign.outputs.spreadsheet import guarded

NEEDS = ("xlsxwriter",)
ENDING = ".xlsx"
_NAME = 31  # characters that Excel gives the name of a sheet
_WIDEST = 60  # characters


def render(pack: Pack, template: Path | None = None) -> bytes:
    """The tables of the pack, with plain numbers where the content has them."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": False}  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {"title": words.clean(pack.title), "author": "kpialign",
         "created": zipped.moment(pack.period).replace(tzinfo=None)}
    )  # fmt: skip
    tables = list(_tables(pack))
    names = _names([where for where, _ in tables])
    looks = _looks(book)
    _contents(book, pack, [(n, t.caption) for n, (_, t) in zip(names, tables, strict=True)], looks)
    for number, (name, (_, table)) in enumerate(zip(names, tables, strict=True), 1):
        _sheet(book.add_worksheet(name), table, number, pack, looks)
    book.close()
    return zipped.steady(out.getvalue())


def _looks(book: Any) -> dict[str, Any]:
    font = {"font_name": "Arial", "font_size": 11}
    return {
        "title": book.add_format({**font, "bold": True, "font_size": 14}),
        "plain": book.add_format({**font, "text_wrap": True, "valign": "top"}),
        "quoted": book.add_format(
            {**font, "text_wrap": True, "valign": "top", "quote_prefix": True}
        ),
        "head": book.add_format({**font, "bold": True, "text_wrap": True, "bottom": 2}),
    }


def _tables(pack: Pack) -> Iterator[tuple[str, Table]]:
    """Each table with the name its sheet would like; those with plain numbers first."""
    yield from ((table.caption.split(",")[0], table) for table in pack.annex)
    for section in pack.sections:
        yield from _of(section, section.id)


def _of(section: Section, where: str) -> Iterator[tuple[str, Table]]:
    for block in section.blocks:
        if isinstance(block, Table):
            yield where, block
        if isinstance(block, Figure):
            yield block.stem, block.table
    for part in section.parts:
        yield from _of(part, part.id)


def _names(wanted: list[str]) -> list[str]:
    """Names Excel takes, each once whatever its case.

    >>> _names(["whole", "Whole", "a/b"])
    ['whole', 'Whole 2', 'a b']
    """
    taken: dict[str, int] = {"contents": 1}
    names = []
    for text in wanted:
        name = re.sub(r"[\[\]:*?/\\']", " ", words.clean(text)).strip()[: _NAME - 4] or "table"
        seen = taken[name.casefold()] = taken.get(name.casefold(), 0) + 1
        names.append(name if seen == 1 else f"{name} {seen}")
    return names


def _contents(book: Any, pack: Pack, sheets: list[tuple[str, str]], looks: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Contents")
    for row, text in enumerate((pack.title, pack.subtitle, pack.mark, pack.footer)):
        sheet.write_string(row, 0, words.clean(text), looks["title" if row == 0 else "plain"])
    table = Table("Tables in this workbook", ("Sheet", "Table"), tuple(sheets))
    _fill(sheet, table, 5, "contents", looks)


def _sheet(sheet: Any, table: Table, number: int, pack: Pack, looks: dict[str, Any]) -> None:
    sheet.write_string(0, 0, words.clean(table.caption), looks["title"])
    note = " · ".join(text for text in (pack.mark, pack.subtitle) if text)
    sheet.write_string(1, 0, words.clean(note))
    sheet.freeze_panes(4, 1)
    _fill(sheet, table, 3, f"table_{number}", looks)


def _fill(sheet: Any, table: Table, top: int, name: str, looks: dict[str, Any]) -> None:
    heads = _unique(table.heads)
    columns = [{"header": head, "header_format": looks["head"]} for head in heads]
    bottom = top + max(len(table.rows), 1)  # Excel wants a row in every table
    sheet.add_table(top, 0, bottom, len(heads) - 1,
                    {"name": name, "columns": columns, "style": "Table Style Light 1"})  # fmt: skip
    for row, cells in enumerate(table.rows, top + 1):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell, looks)
    for column, head in enumerate(heads):
        longest = max([len(head), *(len(str(_value(row[column]))) for row in table.rows)])
        sheet.set_column(column, column, min(max(longest + 2, 10), _WIDEST))


def _unique(heads: tuple[str, ...]) -> list[str]:
    return [h if heads.index(h) == n else f"{h} {n + 1}" for n, h in enumerate(heads)]


def _value(cell: Cell) -> str | float | int | None:
    return words.sentence(cell.words) if isinstance(cell, Icon) else cell


def _write(sheet: Any, row: int, column: int, cell: Cell, looks: dict[str, Any]) -> None:
    value = _value(cell)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, float | int):
        number = guarded(value)
        if number != "":
            sheet.write_number(row, column, number, looks["plain"])
            return
        value = None
    # An empty cell would be read as nought; a missing figure has a name.
    text = "no figure" if value is None else words.clean(value)
    look = looks["quoted" if guarded(text) != text else "plain"]
    sheet.write_string(row, column, text, look)
