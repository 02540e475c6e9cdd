"""Comma- and tab-separated text, in the encodings that spreadsheets write."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from kpialign.errors import UnreadableError
from kpialign.extracts.document import Sheet

ENDINGS = (".csv", ".tsv")


def read(path: Path) -> Iterator[Sheet]:
    """Read the one table of a delimited file.

    Raises:
        UnreadableError: the bytes are no text, or a quotation mark is never closed.
    """
    text = decode(path.read_bytes(), path.name)
    counted = count_records(text)
    if text.count('"') % 2:
        raise UnreadableError(
            f"{path.name}:{_last_quote(text)}: a quotation mark is opened and never closed, so "
            "the rows after it cannot be told apart. Ask for the file again, or mend that row."
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(path))
    rows: list[list[str]] = []
    numbers: list[int] = []
    number = 1
    for cells in reader:
        rows.append(cells)
        numbers.append(number)
        number = reader.line_num + 1
    yield Sheet("", rows, numbers, counted)


def decode(data: bytes, name: str) -> str:
    """Turn bytes into text: UTF-16 by its mark, UTF-8, else Windows-1252.

    Raises:
        UnreadableError: the bytes hold NULs, so they are no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
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


def _delimiter(path: Path) -> str:
    return "\t" if path.suffix.lower() == ".tsv" else ","


def _last_quote(text: str) -> int:
    return text[: text.rindex('"')].count("\n") + 1
