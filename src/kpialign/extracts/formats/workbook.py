"""Excel and OpenDocument workbooks, by calamine, which keeps row numbers and hidden sheets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from kpialign.errors import UnreadableError
from kpialign.extracts.document import File, Sheet, sheet_of

ENDINGS = (".xls", ".xlsx", ".xlsb", ".ods")


def read(file: File) -> Iterator[Sheet]:
    """Read every sheet of a workbook as text.

    Raises:
        UnreadableError: the workbook is damaged, cut short or protected.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            rows = [
                [as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)
            ]
            counted = sheet.end[0] + 1 if sheet.end else 0
            yield sheet_of(name, rows, list(range(1, len(rows) + 1)), counted)
    except PasswordError as error:
        raise UnreadableError(
            f"{file.name}: is protected by a password. Save it without."
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError(
            f"{file.name}: is damaged or cut short ({error}). Download it again."
        ) from error


def as_text(cell: object) -> str:
    """Write a cell as text; whole numbers without a decimal point, dates as ISO.

    >>> as_text(1343071.0), as_text(0.5), as_text(None), as_text(True)
    ('1343071', '0.5', '', 'TRUE')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return str(cell)
