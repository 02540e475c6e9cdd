from datetime import date
from pathlib import Path

import pytest

from extracts.whole import records_of
from kpialign.errors import UnreadableError
from kpialign.extracts.document import read_document
from kpialign.extracts.landing import Landed, land
from kpialign.extracts.periods import read_date
from kpialign.extracts.recognise import recognise
from kpialign.library import load
from kpialign.shipped import shipped

LAYOUTS = list(load([shipped("indicators")]).layouts.values())


def landed(path: Path) -> Landed:
    document = read_document(path, "x")
    layout, found = recognise(document, LAYOUTS)
    return land(document, layout, found)


def test_every_physical_row_has_a_record(sample: Path) -> None:
    for path in sorted((sample / "ae").iterdir()):
        one = landed(path)
        assert records_of(one).height == one.counted


def test_a_workbook_is_dated_by_its_revision(sample: Path) -> None:
    (path,) = (sample / "ae").glob("*.xls")
    one = landed(path)
    assert one.published_on == date(2023, 5, 11)
    records_of(one)
    assert one.readings().rows() == [("March 2023", "2023-03", None)]


def test_columns_outside_the_layout_are_named_only_when_filled(
    tmp_path: Path, sample: Path
) -> None:
    text = (sample / "ae" / "Monthly-AE-April-2022.csv").read_text("utf-8")
    lines = text.splitlines()
    lines = [lines[0] + ",Beds,Empty", *(line + ",7," for line in lines[1:])]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(lines), "utf-8")
    one = landed(path)
    records_of(one)
    assert one.notes() == ("column 'Beds' is not in the layout and was not read",)


def test_a_missing_item_column_is_named_with_the_nearest(tmp_path: Path, sample: Path) -> None:
    text = (sample / "ae" / "Monthly-AE-April-2022.csv").read_text("utf-8")
    path = tmp_path / "x.csv"
    path.write_text(text.replace("A&E attendances Type 1,", "A&E attendence Type 1,", 1), "utf-8")
    with pytest.raises(UnreadableError) as error:
        landed(path)
    assert "x.csv:1: the column A&E attendances Type 1 is missing" in str(error.value)
    assert "Did you mean A&E attend" in str(error.value)


@pytest.mark.parametrize(
    ("text", "day"),
    [("11th May 2023", date(2023, 5, 11)), ("1st June 2024", date(2024, 6, 1)), ("-", None)],
)
def test_dates_are_read_as_publishers_write_them(text: str, day: date | None) -> None:
    assert read_date(text) == day
