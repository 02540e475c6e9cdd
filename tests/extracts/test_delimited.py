from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extracts.whole import numbers_of, rows_of
from kpialign.errors import UnreadableError
from kpialign.extracts.formats import delimited


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,\xc3\xa9\n",
        b"\xef\xbb\xbfa,b\r\n1,\xc3\xa9\r\n",
        b"a,b\n1,\xe9\n",
        "a,b\n1,é\n".encode("utf-16"),
    ],
    ids=["utf-8", "bom and crlf", "windows-1252", "utf-16"],
)
def test_reads_the_encodings_spreadsheets_write(tmp_path: Path, data: bytes) -> None:
    (sheet,) = delimited.read(write(tmp_path / "x.csv", data))
    assert rows_of(sheet) == [["a", "b"], ["1", "é"]]
    assert sheet.counted == 2


def test_row_numbers_are_physical_after_a_quoted_line_end(tmp_path: Path) -> None:
    (sheet,) = delimited.read(write(tmp_path / "x.csv", b'a\n"two\nlines"\nlast\n'))
    assert numbers_of(sheet) == [1, 2, 4]
    assert sheet.counted == 3


def test_a_quote_never_closed_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", b'a,b\n1,2\n3,"4\n5,6\n')
    with pytest.raises(UnreadableError, match=r"x\.csv:3: a quotation mark is opened"):
        list(delimited.read(path))


def test_binary_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="binary"):
        list(delimited.read(write(tmp_path / "x.csv", b"a\0b\n")))


@pytest.mark.parametrize(
    "data",
    [b"a,b\r\n1,2\n3,4\r\n", b"a,b\r1,2\r3,4", b'a,b\n1,2\r\n"3",4\r', b"a,b\n1,2\r3,4\n"],
    ids=["crlf and lf", "cr only", "all three", "lf and cr"],
)
def test_mixed_line_ends_are_line_ends(tmp_path: Path, data: bytes) -> None:
    (sheet,) = delimited.read(write(tmp_path / "x.csv", data))
    assert rows_of(sheet) == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert numbers_of(sheet) == [1, 2, 3]
    assert sheet.counted == 3


def test_semicolons_are_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="separated by semicolons"):
        list(delimited.read(write(tmp_path / "x.csv", b"Period;Code;Count\nApril;A;1\n")))
    (sheet,) = delimited.read(write(tmp_path / "y.csv", b"a;b;c,d\n1;2;3,4\n"))
    assert rows_of(sheet)[0] == ["a;b;c", "d"]


def test_utf_16_cut_in_a_character_is_refused(tmp_path: Path) -> None:
    data = "a,b\n1,2\n".encode("utf-16")[:-1]
    with pytest.raises(UnreadableError, match="no UTF-16"):
        list(delimited.read(write(tmp_path / "x.csv", data)))


def test_a_cell_larger_than_any_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"x\.csv:2: this row cannot be read"):
        list(delimited.read(write(tmp_path / "x.csv", b"a\n" + b"1" * 200_000 + b"\n")))


@given(
    st.lists(st.lists(st.text(st.characters(codec="ascii", exclude_characters="\0")), min_size=1))
)
def test_two_readers_count_the_same_rows(rows: list[list[str]]) -> None:
    import csv
    import io

    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    text = file.getvalue()
    parsed = list(csv.reader(io.StringIO(text, newline="")))
    assert delimited.count_records(text) == len(parsed) == len(rows)
