"""Comma- and tab-separated text, in the encodings that spreadsheets write."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import partial

from kpialign.errors import UnreadableError
from kpialign.extracts import regular
from kpialign.extracts.document import File, Sheet, sheet_of

ENDINGS = (".csv", ".tsv")


def read(file: File) -> Iterator[Sheet]:
    """Read the one table of a delimited file.

    Raises:
        UnreadableError: the bytes are no text, a quotation mark is never closed, or the
            columns are separated by semicolons.
    """
    delimiter = _delimiter(file)
    plain = regular.survey(file, delimiter)
    if plain is not None:
        yield Sheet("", partial(regular.batches, file, delimiter, plain.width), plain.lines)
    else:
        yield by_rows(file, delimiter)


def by_rows(file: File, delimiter: str) -> Sheet:
    """Read what is not regular, whole in memory.

    Raises:
        UnreadableError: as :func:`read`.
    """
    text = decode(file.read_bytes(), file.name)
    counted = count_records(text)
    if text.count('"') % 2:
        raise UnreadableError(
            f"{file.name}:{_last_quote(text)}: a quotation mark is opened and never closed, so "
            "the rows after it cannot be told apart. Ask for the file again, or mend that row."
        )
    if delimiter not in text and _SEMICOLONS.search(text):
        # Such files write decimals with a comma; guessing which is which would be a wrong figure.
        raise UnreadableError(
            f"{file.name}: its columns are separated by semicolons, which is not read. "
            "Save it as CSV with commas, or as a workbook."
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    numbers: list[int] = []
    number = 1
    try:
        for cells in reader:
            rows.append(cells)
            numbers.append(number)
            number = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableError(
            f"{file.name}:{number}: this row cannot be read ({error}). Ask for the file again."
        ) from error
    return sheet_of("", rows, numbers, counted)


def decode(data: bytes, name: str) -> str:
    """Turn bytes into text: UTF-16 by its mark, UTF-8, else Windows-1252.

    Raises:
        UnreadableError: the bytes hold NULs, or are UTF-16 cut short, so they are no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadableError(
                f"{name}: is damaged or cut short (byte {error.start:,} is no UTF-16). "
                "Download it again."
            ) from error
    if b"\0" in data:
        raise UnreadableError(f"{name}: holds binary data; is it really a text file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def count_records(text: str) -> int:
    r"""Count records without parsing them: line ends outside quotation marks.

    This is the second reader that the rows read are held against.

    >>> count_records('a,b\r\n1,"two\nlines"\n3,4')
    3
    """
    outside = "".join(text.split('"')[::2]).replace("\r\n", "\n").replace("\r", "\n")
    return outside.count("\n") + (not text.endswith(("\n", "\r")) and bool(text))


_SEMICOLONS = re.compile("(?m)^[^;\n]+;[^;\n]+;")


def _delimiter(file: File) -> str:
    return "\t" if file.suffix.lower() == ".tsv" else ","


def _last_quote(text: str) -> int:
    return text[: text.rindex('"')].count("\n") + 1
