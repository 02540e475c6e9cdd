"""Columns of persons stop a file; figures, codes and headings do not."""

import random
from pathlib import Path

import pytest

from kpialign.errors import UnreadableError
from kpialign.extracts.document import (
    Document,
    find_files,
    fingerprint,
    read_document,
    sheet_of,
)
from kpialign.extracts.privacy import guard, is_nhs_number, personal_columns

CODES = ["RJ122", "A81001", "QRL", "Y05167", "E54000050", "SW1A", "NHS Essex"]
POSTCODES = ["LS1 4AP", "M1 1AE", "B33 8TH", "CR2 6XH", "DN551PT", "EC1A 1BB", "w1a 0ax"]
BIRTHS = ["01/02/1950", "1950-02-01", "1-Feb-50", "1950-02-01T00:00:00", "19500201", "1.2.1950"]


def numbers(n: int, seed: int = 1) -> list[str]:
    """Invented numbers of ten digits that pass the check."""
    draw = random.Random(seed)
    out: list[str] = []
    while len(out) < n:
        text = str(draw.randrange(4_000_000_000, 8_000_000_000))
        if is_nhs_number(text):
            out.append(text)
    return out


def document(*columns: list[str], sheet: str = "") -> Document:
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Document(Path("x.csv"), "x", (sheet_of(sheet, rows, range(1, len(rows) + 1), 0),))


def stopped(*columns: list[str], allowed: set[tuple[str, str]] = frozenset()) -> str:  # type: ignore[assignment]
    with pytest.raises(UnreadableError) as error:
        guard(document(*columns), "x.csv", allowed)
    return str(error.value)


@pytest.mark.parametrize(
    ("heading", "cells", "kind"),
    [
        ("Patient", numbers(6), "NHS numbers"),
        ("Patient", [f"{n[:3]} {n[3:6]} {n[6:]}" for n in numbers(6)], "NHS numbers"),
        ("Place", POSTCODES, "postcodes"),
        ("DOB", BIRTHS, "dates of birth"),
        ("PatientDateOfBirth", BIRTHS, "dates of birth"),
        ("birth_date", BIRTHS[:1], "dates of birth"),
    ],
)
def test_a_column_of_persons_stops_the_file(heading: str, cells: list[str], kind: str) -> None:
    told = stopped(["Count", *["7"] * len(cells)], [heading, *cells])
    assert told.startswith(f"x.csv: column {heading!r} looks like {kind} ({len(cells)} of the")
    assert f'--allow "x.csv:{heading}"' in told
    assert not any(cell in told for cell in cells)


def test_all_columns_and_the_sheet_are_named() -> None:
    both = document(["A", *POSTCODES], ["B", *numbers(7)], sheet="List")
    assert [(f.sheet, f.column, f.kind) for f in personal_columns(both)] == [
        ("List", "A", "postcodes"),
        ("List", "B", "NHS numbers"),
    ]


def test_no_value_is_told_where_there_is_no_heading() -> None:
    told = stopped(["7"] * 7, POSTCODES)
    assert "column '2'" in told
    wrong = stopped(["4345678900", *numbers(6)])
    assert "column '1'" in wrong
    assert "4345678900" not in wrong


@pytest.mark.parametrize(
    "cells",
    [
        ["Code", *CODES],
        ["Postcode", *POSTCODES[:4]],  # too few to say
        ["Postcode", "LS1", "M1", "B33", "CR2", "DN55", "EC1A"],
        ["Count", *[str(4_000_000_000 + 7 * n) for n in range(60)]],  # one in eleven passes
        ["Count", *["0000000000"] * 9],
        ["Discharge date", *BIRTHS],
        ["Date of birth missing", "12", "1,234", "7", "0", "5"],
        ["Mixed", *POSTCODES, *["x"] * 8],
    ],
    ids=["codes", "few", "outward", "figures", "zeros", "dates", "counts", "minority"],
)
def test_what_is_not_of_persons_passes(cells: list[str]) -> None:
    assert guard(document(cells), "x.csv", ()) == ()


def test_one_column_of_one_file_is_let_through_and_told() -> None:
    columns = ["Postcode", *POSTCODES], ["NHS  number", *numbers(7)]
    told = stopped(*columns, allowed={("x.csv", "postcode"), ("y.csv", "NHS number")})
    assert "'Postcode'" not in told
    assert "column 'NHS number' looks like NHS numbers" in told
    both = guard(document(*columns), "x.csv", {("x.csv", "Postcode"), ("x.csv", "nhs number")})
    assert [note.partition(" looks")[0] for note in both] == [
        "column 'Postcode'",
        "column 'NHS number'",
    ]
    assert all("--allow let it through" in note for note in both)


def test_the_sample_has_no_such_column(sample: Path) -> None:
    for path in find_files([sample / "ae", sample / "ambulance"]):
        assert guard(read_document(path, "x"), path.name, ()) == ()


@pytest.mark.real
@pytest.mark.parametrize("folder", ["ae", "ambulance", "dm01", "cancer", "beds", "iuc", "sitrep"])
def test_no_published_file_is_stopped(extracts: Path, folder: str) -> None:
    paths = list(find_files([extracts / folder]))
    assert paths
    for path in paths:
        assert guard(read_document(path, fingerprint(path)), path.name, ()) == ()
