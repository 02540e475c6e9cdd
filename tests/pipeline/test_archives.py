"""A month that comes in archives is the month that comes in files."""

import gzip
import zipfile
from datetime import datetime
from pathlib import Path

from kpialign.findings import Outcome
from kpialign.pipeline.request import Request, arrivals
from kpialign.pipeline.run import check
from kpialign.settings import read_settings

NOW = datetime(2026, 11, 2, 9, 30)


def request(folder: Path, database: Path) -> Request:
    return Request((folder,), read_settings(folder, {"database": database}, environ={}), now=NOW)


def run(folder: Path, database: Path) -> Outcome:
    return check(request(folder, database))


def test_archived_months_are_read_once_and_say_the_same(few: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archived"
    folder.mkdir()
    april, june, may = sorted(few.glob("*.csv"))
    with zipfile.ZipFile(folder / "two.zip", "w") as archive:
        archive.write(april, april.name)
        archive.write(june, f"deep/{june.name}")
        archive.writestr("read me.txt", "x")
    (folder / f"{may.name}.gz").write_bytes(gzip.compress(may.read_bytes()))
    (folder / "pictures.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    (folder / "broken.zip").write_bytes(b"PK")

    plain = run(few, tmp_path / "plain.duckdb")
    packed = run(folder, tmp_path / "packed.duckdb")
    states = {r.file: r.state for r in packed.readings}
    assert states == {
        "broken.zip": "refused",
        f"{may.name}.gz/{may.name}": "published",
        f"two.zip/{april.name}": "published",
        f"two.zip/deep/{june.name}": "published",
    }
    assert packed.tables.values.equals(plain.tables.values)
    assert {r.sha256 for r in packed.readings} - {""} == {r.sha256 for r in plain.readings}

    again = run(few, tmp_path / "packed.duckdb")
    assert {r.state for r in again.readings} == {"unchanged"}


def test_an_archive_asked_for_by_name_that_holds_nothing_says_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("read me.txt", "x")
    asked = Request((tmp_path / "x.zip",), read_settings(tmp_path, {}, environ={}), now=NOW)
    (arrival,) = arrivals(asked)
    assert arrival.why == "x.zip: holds no file of a kind that is read."
