"""Cancer waits, on an invented workbook: parts stacked in one sheet, the month in a cell."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import xlwt
from tests.conftest import NOW

from kpialign.findings import Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

PROVIDERS = [f"ZR{n:03d}" for n in range(100)]
KEYS = ["", "ODS CODE (1)", "ACCOUNTABLE PROVIDER"]
ALL = "ALL ROUTES"
ROUTES = {"Urgent Suspected Cancer": (60.5, 40.0), "Consultant Upgrade": (12.0, 12.0)}
STAGES = {"First Treatment": (70.0, 60.0), "Subsequent Treatment": (30.0, 29.0)}
Body = list[list[str | float]]
Change = dict[tuple[str, int], float]


def part(
    heading: list[str], first: str, kind: str, counts: tuple[float, float], sort: list[str]
) -> Body:
    """One part of a sheet: headings, a row a provider, a blank row, England."""
    total, within = counts
    rows: Body = [list(heading)]
    for code in PROVIDERS:
        figures = [total, within, total - within, within / total]
        rows.append(["", code, f"Provider {code}", kind, *sort, *figures])
    england = [total * 100, within * 100, (total - within) * 100, within / total]
    return [*rows, [], ["", "", first, kind, *sort, *england]]


def sheets() -> dict[str, Body]:
    days31 = [*KEYS, "TREATMENT STAGE", "CANCER TYPE", "TOTAL", "WITHIN 31 DAYS", "AFTER 31 DAYS"]
    days62 = [*KEYS, "REFERRAL ROUTE", "CANCER TYPE", "TOTAL", "WITHIN 62 DAYS", "AFTER 62 DAYS"]
    days28 = [*KEYS, "REFERRAL ROUTE", "TOTAL", "WITHIN 28 DAYS", "AFTER 28 DAYS"]
    england, cancers = "ALL ENGLISH PROVIDERS", ["ALL CANCERS"]
    top: Body = [["WAIT FROM ONE DAY TO ANOTHER"], ["Apr-24"], ["BASIS: PROVIDER"], []]
    above: Body = [["", "", "", "", "", "NUMBER OF PEOPLE", "", "", "PERCENTAGE"]]
    stacked = lambda title, body: [[], [title], [], *body]  # noqa: E731
    return {
        "28-DAY FDS (ALL ROUTES)": [*top, *above, *part(days28, england, ALL, (500, 400), [])],
        "31-DAY (ALL CANCER)": [
            *top, ["PART A: ALL STAGES"], *above,
            *part(days31, england, "ALL STAGES", (100, 89), cancers),
            *(row for stage, counts in STAGES.items()
              for row in stacked(f"PART: {stage}", part(days31, england, stage, counts, cancers))),
        ],
        "62-DAY (ALL CANCER)": [
            *top, ["PART A: ALL ROUTES"], *above,
            *part(days62, england, ALL, (72.5, 52), cancers),
            # Another way to write it: the two rows of headings together, no title of its own.
            *(row for route, counts in ROUTES.items()
              for row in [[], *above, *part(days62, england, route, counts, cancers)]),
        ],
        "62-DAY (BY CANCER)": [["not read"]],
    }  # fmt: skip


def write(path: Path, change: Change | None = None, month: Iterable[str] = ()) -> Path:
    """The workbook; ``change`` by sheet and row from 0, in the column of the total."""
    book = xlwt.Workbook()
    for name, body in sheets().items():
        sheet = book.add_sheet(name)
        total = 4 if name.startswith("28") else 5
        for at, row in enumerate(body):
            cells = [*row]
            if (name, at) in (change or {}):
                cells[total] = (change or {})[name, at]
            if cells == ["Apr-24"] and name in month:
                cells = ["Mar-24"]
            for column, cell in enumerate(cells):
                sheet.write(at, column, cell)
    book.save(str(path))
    return path


def run(path: Path) -> Outcome:
    settings = read_settings(path.parent, {"database": path.parent / "k.duckdb"}, environ={})
    return check(Request((path,), settings, now=NOW))


def held(folder: Path, code: str) -> dict[str, float]:
    with open_database(folder / "k.duckdb") as connection:
        return dict(
            connection.execute(
                "SELECT item, value FROM data_item_value WHERE organisation = ? "
                "AND period = '2024-04' AND known_to IS NULL",
                [code],
            ).fetchall()
        )


def test_the_first_part_is_read_and_the_others_add_up_to_it(tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "cancer.xls"))
    (reading,) = outcome.readings
    assert (reading.state, reading.periods) == ("published", ("2024-04",))
    assert (reading.loaded, reading.rejected) == (300, 0)
    aside = dict(reading.set_aside_why)
    assert aside["part of a total, added up"] == 400
    assert aside["total of england"] == 7
    assert aside["heading"] == 7
    assert outcome.gate.outcome is not GateOutcome.FAIL
    assert held(tmp_path, "ZR042") == {
        "cancer.day28.all": 500.0,
        "cancer.day28.within": 400.0,
        "cancer.day31.all": 100.0,
        "cancer.day31.within": 89.0,
        "cancer.day62.all": 72.5,  # a pathway shared by two counts half
        "cancer.day62.within": 52.0,
    }
    values = outcome.tables.values.filter(scope="ENGLAND", period="2024-04")
    told = dict(values.select("indicator", "value").iter_rows())
    assert told["cancer.told_within_28_days"] == pytest.approx(80.0)
    assert told["cancer.treated_within_31_days"] == pytest.approx(89.0)
    assert told["cancer.treated_within_62_days"] == pytest.approx(100 * 52 / 72.5)


def row_of(sheet: str, code: str, times: int = 0) -> int:
    return [at for at, row in enumerate(sheets()[sheet]) if code in row[1:3]][times]


def test_england_is_the_sum_of_the_first_part(tmp_path: Path) -> None:
    sheet = "62-DAY (ALL CANCER)"
    at = row_of(sheet, "ALL ENGLISH PROVIDERS")
    failed = run(write(tmp_path / "x.xls", {(sheet, at): 7251})).gate.at(GateOutcome.FAIL)
    assert {(r.check, r.organisation) for r in failed} == {("KG-101", "")}
    assert failed[0].rows[0].message == "printed total 7251 but the rows add up to 7250"


def test_a_part_that_does_not_add_up_holds_back_its_provider_alone(tmp_path: Path) -> None:
    sheet = "31-DAY (ALL CANCER)"
    change = {(sheet, row_of(sheet, "ZR042", times=2)): 31.0}
    failed = run(write(tmp_path / "x.xls", change)).gate.at(GateOutcome.FAIL)
    assert {(r.check, r.organisation) for r in failed} == {("KG-106", "ZR042")}
    assert failed[0].rows[0].message == "printed total 100 but its parts add up to 101"
    assert held(tmp_path, "ZR042") == {}


def test_sheets_that_say_different_months_are_refused(tmp_path: Path) -> None:
    (reading,) = run(write(tmp_path / "x.xls", month=["31-DAY (ALL CANCER)"])).readings
    assert reading.state == "refused"
    assert "'row 2, column 1' cells say 'Apr-24', 'Mar-24'; one period was expected" in reading.why


def test_a_cell_that_says_no_month_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    for name, body in sheets().items():
        sheet = book.add_sheet(name)
        for at, row in enumerate(body[:1] + body[2:]):  # the row of the month is left out
            for column, cell in enumerate(row):
                sheet.write(at, column, cell)
    book.save(str(tmp_path / "x.xls"))
    (reading,) = run(tmp_path / "x.xls").readings
    assert "the period 'BASIS: PROVIDER' is not written as %b-%y" in reading.why
