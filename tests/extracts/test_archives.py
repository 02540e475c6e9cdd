"""Files in archives; every guard is seen to hold, and to let the sound archive through."""

import gzip
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from extracts.whole import rows_of
from kpialign.errors import UnreadableError
from kpialign.extracts import archives
from kpialign.extracts.archives import files_in
from kpialign.extracts.document import find_files, fingerprint, read_document

CSV = b"a,b\n1,2\n"


def packed(path: Path, files: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_every_extract_of_a_zip_is_a_file_of_its_own(tmp_path: Path) -> None:
    files = {
        "one.csv": CSV, "deep/two.tsv": b"a\tb\n", "read me.txt": b"x", "links.csv": b"x",
        "__MACOSX/._one.csv": b"x",
    }  # fmt: skip
    found = files_in(packed(tmp_path / "x.zip", files))
    assert [one.name for one in found] == ["x.zip/one.csv", "x.zip/deep/two.tsv"]
    assert [fingerprint(one) for one in found] == [
        hashlib.sha256(files[one.inside]).hexdigest() for one in found
    ]
    (sheet,) = read_document(found[0], "x").sheets
    assert rows_of(sheet) == [["a", "b"], ["1", "2"]]


def test_a_gz_is_the_file_in_it(tmp_path: Path, sample: Path) -> None:
    (book,) = (sample / "ae").glob("*.xls")
    path = tmp_path / "Book.XLS.GZ"
    path.write_bytes(gzip.compress(book.read_bytes()))
    (one,) = files_in(path)
    assert fingerprint(one) == fingerprint(book)
    inside, beside = (read_document(file, "x").sheets for file in (one, book))
    assert [(s.name, rows_of(s)) for s in inside] == [(s.name, rows_of(s)) for s in beside]


def test_archives_are_found_in_folders_and_others_passed_over(tmp_path: Path) -> None:
    for name in ("a.zip", "b.csv.gz", "backup.tar.gz", "links.csv.gz", ".hidden.zip", "c.7z"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in find_files([tmp_path])] == ["a.zip", "b.csv.gz"]


@pytest.mark.parametrize(
    "name", ["../x.csv", "a/../../x.csv", "..\\x.csv", "/etc/x.csv", "C:\\x.csv", "\\\\host\\x.csv"]
)
def test_names_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "x.zip", {"good.csv": CSV, name: CSV})
    with pytest.raises(UnreadableError, match=r"x\.zip: holds .* leads outside"):
        files_in(path)


@pytest.mark.parametrize("name", ["inner.zip", "deep/inner.csv.GZ"])
def test_an_archive_in_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableError, match="an archive inside an archive"):
        files_in(packed(tmp_path / "x.zip", {name: b"x"}))
    (tmp_path / "x.zip.gz").write_bytes(gzip.compress(b"x"))
    with pytest.raises(UnreadableError, match="an archive inside an archive"):
        files_in(tmp_path / "x.zip.gz")


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", {"x.csv": CSV})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flags of the entry in the directory
    path.write_bytes(data)
    with pytest.raises(UnreadableError, match=r"x\.zip: x\.csv is protected by a password"):
        files_in(path)


def test_ways_of_packing_without_a_bound_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", {"x.csv": CSV}, zipfile.ZIP_LZMA)
    with pytest.raises(UnreadableError, match="packed in a way that is not read"):
        files_in(path)


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("x.csv", CSV)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("x.csv", CSV)
    with pytest.raises(UnreadableError, match=r"holds 'x\.csv' twice"):
        files_in(tmp_path / "x.zip")


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    zeros = bytes(archives.ALWAYS + 1)
    with pytest.raises(UnreadableError, match="200 times its size"):
        files_in(packed(tmp_path / "x.zip", {"x.csv": zeros}))
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(zeros))
    (one,) = files_in(tmp_path / "x.csv.gz")
    with pytest.raises(UnreadableError, match="200 times its size"):
        fingerprint(one)


def test_a_bomb_of_many_files_is_refused_by_their_sum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "x.zip", {"a.csv": CSV, "b.csv": CSV, "c.txt": CSV})
    monkeypatch.setattr(archives, "LARGEST", 3 * len(CSV))
    assert len(files_in(path)) == 2
    monkeypatch.setattr(archives, "LARGEST", 3 * len(CSV) - 1)
    with pytest.raises(UnreadableError, match="unpacks from"):
        files_in(path)


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", {"x.csv": CSV * 1000})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (80).to_bytes(4, "little")
    path.write_bytes(data)
    (one,) = files_in(path)
    with pytest.raises(UnreadableError, match="damaged or cut short"):
        fingerprint(one)


def test_archives_cut_short_are_refused(tmp_path: Path) -> None:
    whole = packed(tmp_path / "x.zip", {"x.csv": CSV}).read_bytes()
    (tmp_path / "x.zip").write_bytes(whole[:-5])
    with pytest.raises(UnreadableError, match=r"x\.zip: is damaged or cut short"):
        files_in(tmp_path / "x.zip")
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(CSV)[:-5])
    (one,) = files_in(tmp_path / "x.csv.gz")
    with pytest.raises(UnreadableError, match=r"x\.csv\.gz/x\.csv: is damaged or cut short"):
        fingerprint(one)


@pytest.mark.real
def test_the_densest_published_zip_is_read(extracts: Path) -> None:
    (path,) = (extracts / "rtt").glob("*.zip")
    (one,) = files_in(path)
    assert len(fingerprint(one)) == 64
