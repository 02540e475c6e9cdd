"""Whatever the bytes, a reader ends in rows that its second count agrees with, or says why not."""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extracts.whole import numbers_of, rows_of
from kpialign.errors import UnreadableError
from kpialign.extracts.archives import files_in
from kpialign.extracts.document import HEAD, fingerprint, read_document, readers

ROWS = [{"Period": "April", "Code": f"A{n}", "Count": n} for n in range(30)]


@dataclass(frozen=True)
class Bytes:
    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    def read_bytes(self) -> bytes:
        return self.data

    def open(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self.data))


def _csv() -> bytes:
    return pl.DataFrame(ROWS).write_csv().encode()


def _parquet() -> bytes:
    file = io.BytesIO()
    pl.DataFrame(ROWS).write_parquet(file)
    return file.getvalue()


def _xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("List")
    for at, row in enumerate(ROWS):
        for column, value in enumerate(row.values()):
            sheet.write(at, column, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _zip(inside: str = "x.csv") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inside, _csv())
    return file.getvalue()


SOUND = {
    ".csv": _csv(),
    ".jsonl": "".join(json.dumps(row) + "\n" for row in ROWS).encode(),
    ".parquet": _parquet(),
    ".xls": _xls(),
    ".xlsx": _zip("xl/workbook.xml"),
    ".zip": _zip(),
    ".gz": gzip.compress(_csv()),
}
CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3)), min_size=1, max_size=4)
MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def spoiled(data: bytes, changes: list[tuple[int, bytes]], keep: int) -> bytes:
    """Bytes with some replaced or taken out, and cut where ``keep`` is below their number."""
    for at, new in changes:
        at = at % len(data)  # noqa: PLW2901  # any number is a place
        data = data[:at] + new + data[at + max(1, len(new)) :] or b"x"
    return data[:keep]


def read(file: Bytes) -> None:
    try:
        document = read_document(file, "x")
    except UnreadableError as error:
        assert file.name in str(error)  # noqa: PT017  # only one of two good ends
        return
    for sheet in document.sheets:
        rows = rows_of(sheet)
        assert len(rows) == len(numbers_of(sheet))
        assert rows[:HEAD] == sheet.head
        # A stray quotation mark may make the counts differ; then the file is refused.
        if b'"' not in file.data or file.suffix != ".csv":
            assert sheet.counted == len(rows)


def unpack(path: Path) -> None:
    try:
        for one in files_in(path):
            fingerprint(one)
    except UnreadableError as error:
        assert path.name in str(error)  # noqa: PT017  # only one of two good ends


def test_every_reader_is_tried() -> None:
    modules = readers()
    assert {modules[ending] for ending in SOUND if ending in modules} == set(modules.values())


@pytest.mark.parametrize("ending", sorted(set(SOUND) - {".zip", ".gz"}))
@given(changes=CHANGES, keep=st.integers(0, 12_000))
@MANY
def test_spoiled_files_end_in_rows_or_a_reason(
    ending: str, changes: list[tuple[int, bytes]], keep: int
) -> None:
    read(Bytes("x" + ending, spoiled(SOUND[ending], changes, keep)))


@pytest.mark.parametrize("ending", [".zip", ".gz"])
@given(changes=CHANGES, keep=st.integers(0, 2_000))
@MANY
def test_spoiled_archives_end_in_files_or_a_reason(
    ending: str, tmp_path: Path, changes: list[tuple[int, bytes]], keep: int
) -> None:
    path = tmp_path / ("x.csv" + ending)
    path.write_bytes(spoiled(SOUND[ending], changes, keep))
    unpack(path)


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".parquet", ".xls", ".xlsx", ".ods"])
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda t: t.encode("utf-16")))
@MANY
def test_any_bytes_end_in_rows_or_a_reason(ending: str, data: bytes) -> None:
    read(Bytes("x" + ending, data))
