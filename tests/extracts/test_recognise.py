from pathlib import Path

import pytest

from kpialign.errors import UnreadableError
from kpialign.extracts.document import Document, find_files, fingerprint, read_document
from kpialign.extracts.recognise import recognise
from kpialign.library import load
from kpialign.shipped import shipped

LAYOUTS = list(load([shipped("indicators")]).layouts.values())
HEADINGS = "Period,Org Code,Parent Org,Org name"


def document(path: Path, text: str) -> Document:
    path.write_text(text, "utf-8")
    return read_document(path, "x")


def test_a_layout_is_found_by_content_whatever_the_name(sample: Path) -> None:
    path = sample / "ae" / "AE-by-provider-CSV-sd7cz.csv"
    layout, (found,) = recognise(read_document(path, "x"), LAYOUTS)
    assert layout.id == "nhse.ae.csv"
    assert found.at == 0


def test_an_unknown_file_says_what_was_seen_and_tried(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as error:
        recognise(document(tmp_path / "x.csv", "site,beds\nA,3\n"), LAYOUTS)
    assert "Columns seen: site, beds" in str(error.value)
    tried = "Layouts tried: local.indicators, local.items, local.stays, nhse.ae.csv"
    assert tried in str(error.value)
    assert "`kpialign new layout x.csv` drafts one" in str(error.value)


def test_a_renamed_column_is_suggested(tmp_path: Path) -> None:
    text = "Period,Organisation Code,Parent Org,Org Code.,Org name\n"
    with pytest.raises(UnreadableError, match=r"needs 'Org Code' \(renamed to 'Org Code.'\?\)"):
        recognise(document(tmp_path / "x.csv", text), LAYOUTS)


def test_lock_files_hidden_files_and_the_workspace_are_passed_over(tmp_path: Path) -> None:
    for name in ("~$lock.xlsx", ".hidden.csv", "links.csv", "notes.txt", "real.csv"):
        (tmp_path / name).write_text("x", "utf-8")
    assert [path.name for path in find_files([tmp_path])] == ["real.csv"]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").touch()
    with pytest.raises(UnreadableError, match=r"x\.csv: the file is empty"):
        fingerprint(tmp_path / "x.csv")


def test_a_truncated_workbook_is_refused(sample: Path, tmp_path: Path) -> None:
    (whole,) = (sample / "ae").glob("*.xls")
    cut = tmp_path / "cut.xls"
    cut.write_bytes(whole.read_bytes()[:9000])
    with pytest.raises(UnreadableError, match=r"cut\.xls: is damaged or cut short"):
        read_document(cut, "x")


def test_a_workbook_with_another_sheet_under_the_name_is_refused(tmp_path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    for name in ("System Level Data", "Provider Level Data", "Non-Booked Data",
                 "Booked Appointments Data"):  # fmt: skip
        book.add_sheet(name).write(0, 0, "something else")
    book.save(str(tmp_path / "x.xls"))
    with pytest.raises(UnreadableError, match="no row carries the headings"):
        recognise(read_document(tmp_path / "x.xls", "x"), LAYOUTS)
