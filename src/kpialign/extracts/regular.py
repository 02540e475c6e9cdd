"""Delimited text of one width, read in batches of bounded memory.

Most extracts are so: UTF-8, every row a line and as wide as the first. A first pass over
the bytes finds out and counts the rows; it is the second reader that the cells made
afterwards are held against, and shares nothing with the one that makes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpialign.errors import UnreadableError
from kpialign.extracts.document import CHUNK, File

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Bytes = np.ndarray[Any, np.dtype[np.uint8]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]
    Places = np.ndarray[Any, np.dtype[np.intp]]

_BOM = b"\xef\xbb\xbf"
_QUOTE, _LF, _CR = b'"'[0], b"\n"[0], b"\r"[0]


@dataclass(frozen=True)
class Survey:
    """What the bytes say: the number of lines, and the columns that every line has."""

    lines: int
    width: int


def survey(file: File, delimiter: str) -> Survey | None:
    """Count the lines of a text that is regular; ``None`` where it is not.

    Irregular are other encodings than UTF-8, lone carriage returns, line ends inside
    quotation marks, marks inside a cell, rows of different widths and single columns.
    """
    lines, width = 0, None
    for chunk in _whole_lines(file):
        found = _lines(chunk, ord(delimiter))
        if found is None or width not in (None, found.width):
            return None
        lines, width = lines + found.lines, found.width
    return Survey(lines, width) if width is not None else None


def _whole_lines(file: File) -> Iterator[bytes]:
    """The bytes in chunks that end with a line, a final line end added where there is none."""
    rest = b""
    with file.open("rb") as stream:
        if (start := stream.read(len(_BOM))) != _BOM:
            rest = start
        while data := stream.read(CHUNK):
            whole, end, rest_of = (rest + data).rpartition(b"\n")
            rest = rest_of
            if end:
                yield whole + end
    if rest:
        yield rest + b"\n"


def _lines(chunk: bytes, delimiter: int) -> Survey | None:
    """Lines and columns of a chunk of whole lines, where they are regular."""
    import numpy as np

    if not _is_text(chunk):
        return None
    codes = np.frombuffer(chunk, np.uint8)
    ends, between = codes == _LF, codes == delimiter
    if b'"' in chunk:
        inside = _inside_quotes(codes, delimiter)
        if inside is None or (inside & ends).any():
            return None
        between &= ~inside
    if b"\r" in chunk and _has_lone_return(codes):
        return None
    return _even(between.nonzero()[0], ends.nonzero()[0])


def _even(between: Places, ends: Places) -> Survey | None:
    """The lines, where as many delimiters stand before every line's end as before the first's."""
    lines = len(ends)
    each, more = divmod(len(between), lines)
    if more or not each:
        return None
    rows = between.reshape(lines, each)
    even = (rows[:, -1] < ends).all() and (rows[1:, 0] > ends[:-1]).all()
    return Survey(lines, each + 1) if even else None


def _is_text(chunk: bytes) -> bool:
    if b"\0" in chunk:
        return False
    try:
        return chunk.isascii() or bool(chunk.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _has_lone_return(codes: Bytes) -> bool:
    """Whether a carriage return stands without its line feed; the last byte is a line feed."""
    at = (codes == _CR).nonzero()[0]
    return bool((codes[at + 1] != _LF).any())


def _inside_quotes(codes: Bytes, delimiter: int) -> Flags | None:
    """Which bytes stand inside quotation marks; ``None`` where a mark stands inside a cell."""
    import numpy as np

    marks = codes == _QUOTE
    at = marks.nonzero()[0]
    if len(at) % 2:
        return None
    opening, closing = at[::2], at[1::2]
    before = np.where(opening > 0, codes[opening - 1], _LF)
    after = codes[closing + 1]
    if not (
        np.isin(before, (delimiter, _LF, _QUOTE)).all()
        and np.isin(after, (delimiter, _LF, _CR, _QUOTE)).all()
    ):
        return None
    inside: Flags = np.cumsum(marks) % 2 == 1
    return inside


def batches(file: File, delimiter: str, width: int) -> Iterator[pl.DataFrame]:
    """Read the cells, as the batches of a sheet.

    Raises:
        UnreadableError: the bytes are not those that were surveyed.
    """
    import polars as pl
    from pyarrow import ArrowInvalid, csv, string

    names = [f"cell_{at + 1}" for at in range(width)]
    number = 1
    try:
        with file.open("rb") as stream:
            reader = csv.open_csv(
                stream,
                csv.ReadOptions(column_names=names, block_size=2 * CHUNK),
                csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
                csv.ConvertOptions(
                    column_types=dict.fromkeys(names, string()), strings_can_be_null=False
                ),
            )
            for batch in reader:
                frame = pl.DataFrame(batch)
                yield frame.select(
                    pl.int_range(number, number + frame.height, dtype=pl.Int64).alias("row"),
                    pl.all(),
                )
                number += frame.height
    except ArrowInvalid as error:
        raise UnreadableError(
            f"{file.name}:{number}: the rows from here cannot be read ({error}). "
            "Was the file changed while it was read? Try again."
        ) from error
