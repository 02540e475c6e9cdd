"""Regular text is read in batches, and gives the cells that the reader of rows gives."""

import csv
import io
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extracts.whole import rows_of
from kpialign.extracts import regular
from kpialign.extracts.document import Sheet
from kpialign.extracts.formats import delimited


@dataclass(frozen=True)
class Text:
    data: bytes
    name: str = "x.csv"
    suffix: str = ".csv"

    def read_bytes(self) -> bytes:
        return self.data

    def open(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self.data))


def surveyed(text: str | bytes) -> tuple[int, int] | None:
    found = regular.survey(Text(text.encode() if isinstance(text, str) else text), ",")
    return None if found is None else (found.lines, found.width)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", (2, 2)),
        ("a,b\r\n1,2", (2, 2)),
        ('a,b\n"1,000","two ""words"""\n', (2, 2)),
        (b"\xef\xbb\xbfa,b\n1,2\n", (2, 2)),
        ("é,b\n1,2\n", (2, 2)),
        ('a,b\n"1\n2",3\n', None),  # a line end inside a cell
        ("a,b\n1,2,3\n", None),
        ("a,b\n\n1,2\n", None),
        ("a,b\r1,2\r", None),
        ('a,b\n5" pipe,6" pipe\n', None),  # marks inside cells
        ('a,b\n"1,2\n', None),
        ("a\n1\n", None),
        (b"a,b\n\xe9,2\n", None),
        ("a,b\n\0,2\n", None),
        ("", None),
    ],
)
def test_what_is_regular(text: str | bytes, told: tuple[int, int] | None) -> None:
    assert surveyed(text) == told


CELL = st.text(st.sampled_from('ab,"\n\r\t é;'), max_size=4)
TABLE = st.lists(st.lists(CELL, min_size=1, max_size=3), min_size=1, max_size=6)


@given(table=TABLE, end=st.sampled_from(["\n", "\r\n"]), chunk=st.integers(1, 40))
def test_both_readers_give_the_same_cells(table: list[list[str]], end: str, chunk: int) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(table)
    agrees(out.getvalue(), chunk)


@given(text=st.text(st.sampled_from('ab,"\n\r'), max_size=30), chunk=st.integers(1, 40))
def test_both_readers_give_the_same_cells_of_any_text(text: str, chunk: int) -> None:
    agrees(text, chunk)


def agrees(text: str, chunk: int) -> None:
    file = Text(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regular, "CHUNK", chunk)
        found = regular.survey(file, ",")
    if found is None:
        return
    sheet = Sheet("", lambda: regular.batches(file, ",", found.width), found.lines)
    rows = delimited.by_rows(file, ",")
    assert rows_of(sheet) == rows_of(rows)
    assert found.lines == rows.counted == len(rows_of(rows))
