"""Layouts that a workspace writes for itself: no headings, long tables, published tidied ones."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.conftest import NOW

from kpialign.definitions.layouts import Column, PeriodRule, Recognise, Table
from kpialign.findings import Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store.database import open_database

HEADLESS = """
id: own.beds
title: Our beds, without headings
publisher: us
published: true
recognise: {{cells: {{1: "Z[A-Z0-9]{{2,4}}", 3: "[A-Z][a-z]+ 20[0-9]{{2}}"}}}}
period: {{columns: [{{position: 3}}], reads: ["%B %Y"]}}
tables:
  - organisation: {{code: {{position: 1}}, name: {{position: 2}}, role: hospital}}
    {more}
    items:
      beds.general_acute.available: {{position: 4}}
      beds.general_acute.occupied: {{position: 5}}
"""


def run(folder: Path, layout: str, rows: list[str]) -> Outcome:
    own = folder / "definitions" / "layouts"
    own.mkdir(parents=True)
    (own / "own_beds.yaml").write_text(layout, "utf-8")
    (folder / "beds.csv").write_text("\n".join(rows), "utf-8")
    settings = read_settings(folder, {"database": folder / "k.duckdb"}, environ={})
    return check(Request((folder / "beds.csv",), settings, now=NOW))


def held(folder: Path) -> list[tuple]:
    with open_database(folder / "k.duckdb") as connection:
        return connection.execute(
            "SELECT organisation, period, value FROM data_item_value "
            "WHERE item LIKE '%.occupied' ORDER BY ALL"
        ).fetchall()


ROWS = ["ZA1,First,May 2024,500,450", "ZA2,Second,May 2024,100,90"]


def test_a_table_without_headings_is_known_by_its_cells(tmp_path: Path) -> None:
    (reading,) = run(tmp_path, HEADLESS.format(more=""), ROWS).readings
    assert (reading.layout, reading.state) == ("own.beds", "published")
    assert (reading.read, reading.loaded) == (2, 2)  # its first row too
    assert held(tmp_path) == [("ZA1", "2024-05", 450.0), ("ZA2", "2024-05", 90.0)]


def test_one_row_that_does_not_fit_makes_it_another_file(tmp_path: Path) -> None:
    rows = [*ROWS, "ZA3,Third,05/2024,1,1"]
    (reading,) = run(tmp_path, HEADLESS.format(more=""), rows).readings
    assert reading.state == "refused"
    assert "no layout recognises it" in reading.why


def test_rows_of_an_organisation_add_up_where_the_layout_says_so(tmp_path: Path) -> None:
    rows = [*ROWS, "ZA1,First,May 2024,40,30"]
    outcome = run(tmp_path, HEADLESS.format(more="adds: true"), rows)
    assert not outcome.gate.outcome.holds_back
    assert held(tmp_path) == [("ZA1", "2024-05", 480.0), ("ZA2", "2024-05", 90.0)]


def test_and_are_held_back_where_it_does_not(tmp_path: Path) -> None:
    rows = [*ROWS, "ZA1,First,May 2024,40,30"]
    outcome = run(tmp_path, HEADLESS.format(more=""), rows)
    assert outcome.gate.outcome.holds_back
    assert held(tmp_path) == [("ZA2", "2024-05", 90.0)]


def test_an_item_says_a_word_for_each_split_column() -> None:
    told = {
        "header": ["code", "type"], "split": ["type"],
        "organisation": {"code": "code", "role": "hospital"},
        "items": {"beds.general_acute.occupied": {"heading": "beds"}},
    }  # fmt: skip
    with pytest.raises(ValidationError, match="`where` gives a word for each of the `split`"):
        Table.model_validate(told)


@pytest.mark.parametrize(
    "told",
    [
        {"reads": ["%Y"]},
        {"cell": (2, 1), "label": "Period:", "reads": ["%Y"]},
        {"rows_above": 2, "columns": ["date"], "reads": ["%Y"]},
        {"asked": True, "cell": (2, 1)},
    ],
)
def test_a_period_stands_in_one_place(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="a period is read from columns"):
        PeriodRule.model_validate(told)


def test_places_are_told_in_words() -> None:
    assert str(Column(heading="0-1", to="17-18")) == "0-1 to 17-18"
    assert PeriodRule(cell=(2, 1), reads=("%b-%y",)).place == "row 2, column 1"
    assert PeriodRule(rows_above=2, reads=("%Y",)).place == "2 rows above the headings"


def test_recognise_asks_for_something() -> None:
    with pytest.raises(ValidationError, match="columns, sheets or cells"):
        Recognise()


BY_TYPE = '"period","org_code","type","attendances","breaches","admissions"'


def by_type(path: Path) -> Path:
    rows = [BY_TYPE]
    for n in range(60):
        rows += [
            f'2017-03-01,"ZR{n:02d}","1",1000,100,300',
            f'2017-03-01,"ZR{n:02d}","2",50,1,0',
            f'2017-03-01,"ZR{n:02d}","other",400,4,2',
        ]
    rows += [f'2017-03-01,"ZW{n:02d}","other",700,0,0' for n in range(60)]
    path.write_text("\n".join(rows), "utf-8")
    return path


def test_attendances_by_type_are_told_apart_by_a_column(tmp_path: Path) -> None:
    path = by_type(tmp_path / "ae.csv")
    settings = read_settings(tmp_path, {"database": tmp_path / "k.duckdb"}, environ={})
    outcome = check(Request((path,), settings, now=NOW))
    (reading,) = outcome.readings
    assert (reading.layout, reading.loaded) == ("tidy.ae_by_type.csv", 240)
    values = outcome.tables.values.filter(scope="ENGLAND", period="2017-03")
    told = {row["indicator"]: row for row in values.iter_rows(named=True)}
    assert told["uec.ed.four_hour.type1"]["value"] == pytest.approx(90.0)
    assert told["uec.ed.four_hour.type3"]["value"] == pytest.approx(100 - 100 * 4 / 1100)
    # Who has no row for a type has not said zero: all types are known of sixty only.
    every = told["uec.ed.four_hour"]
    assert (every["reported"], every["expected"]) == (60, 120)


def test_the_same_without_types_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "performance.csv"
    path.write_text(
        "org_code,period,attendances,breaches,perf\nZR01,2016-04-01,47,7,85.1\n", "utf-8"
    )
    settings = read_settings(tmp_path, {"database": tmp_path / "k.duckdb"}, environ={})
    (reading,) = check(Request((path,), settings, now=NOW)).readings
    assert reading.state == "refused"
    assert "Nearest is tidy.ae_by_type.csv, which needs 'type', 'admissions'" in reading.why
