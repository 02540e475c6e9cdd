"""Diagnostic waits, by provider and test: CSV and workbook on invented rows."""

from pathlib import Path

import pytest
import xlwt
from tests.conftest import NOW

from kpialign.findings import Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome, Period

KEYS = ["Regional Team Code", "Regional Team Name", "Provider Code", "Provider Name"]
TEST = ["Diagnostic ID", "Diagnostic Test Name"]
FIGURES = [
    *("Total Waiting List", "Number waiting 6+ Weeks", "Number waiting 13+ Weeks", ""),
    *("Planned tests / procedures", "Unscheduled tests / procedures"),
    "Waiting list tests / procedures (excluding planned)",
]
PROVIDERS = [f"ZR{n:03d}" for n in range(120)]


def key(code: str) -> list[str]:
    return ["Y63", "North East and Yorkshire Commissioning Region", code, f"Provider {code}"]


def rows(code: str) -> list[list[str | int]]:
    return [
        [*key(code), 1, "Magnetic Resonance Imaging", 1000, 300, 100, "", 50, 60, 700],
        [*key(code), 3, "Non-obstetric Ultrasound", 500, 150, 20, "", 10, 20, 300],
        [*key(code), 16, "Total", 1500, 450, 120, "", 60, 80, 1000],
    ]


def run(path: Path) -> Outcome:
    settings = read_settings(path.parent, {"database": path.parent / "k.duckdb"}, environ={})
    return check(Request((path,), settings, periods={"*.csv": Period(2024, 8)}, now=NOW))


def held(path: Path) -> list[tuple[object, ...]]:
    with open_database(path.parent / "k.duckdb") as connection:
        return connection.execute(
            "SELECT period, item, value FROM data_item_value "
            "WHERE organisation = 'ZR007' AND item LIKE 'dm01.waiting.%' ORDER BY item"
        ).fetchall()


WAITING = [
    ("2024-08", "dm01.waiting.all", 1500.0),
    ("2024-08", "dm01.waiting.over_13w", 120.0),
    ("2024-08", "dm01.waiting.over_6w", 450.0),
]


def test_the_csv_loads_totals_under_padded_headings(tmp_path: Path) -> None:
    path = tmp_path / "Provider-August-2024.csv"
    lines = [",".join([*KEYS, *TEST, *(f" {name} " for name in FIGURES)])]
    lines += [",".join(map(str, row)) for code in PROVIDERS for row in rows(code)]
    path.write_text("\n".join(lines), "utf-8")
    outcome = run(path)
    (reading,) = outcome.readings
    assert (reading.read, reading.loaded, reading.set_aside) == (361, 120, 241)
    assert outcome.gate.outcome is GateOutcome.PASS
    assert held(path) == WAITING


def test_the_sheet_without_tests_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "Provider-September-2024.csv"
    lines = [",".join([*KEYS, *FIGURES]), ",".join(map(str, [*key("ZR007"), 1, 1, 0, "", 0, 0, 0]))]
    path.write_text("\n".join(lines), "utf-8")
    (reading,) = run(path).readings
    assert reading.state == "refused"
    assert "no row carries the headings" in reading.why
    assert "Diagnostic ID" in reading.why
    assert "another sheet" in reading.why


def workbook(path: Path, printed: int) -> Path:
    book = xlwt.Workbook()
    for name, columns in (("Provider", KEYS), ("Provider by Test", KEYS + TEST)):
        sheet = book.add_sheet(name)
        for at, (label, text) in enumerate(
            [("Title:", "Monthly Diagnostics"), ("Period:", "August 2024"),
             ("Published:", "10th October 2024"), ("Revised:", "")]
        ):  # fmt: skip
            sheet.write(at, 1, label)
            sheet.write(at, 2, text)
        by_test = name == "Provider by Test"
        england = ["", "", "", "Total", *(["", ""] if by_test else [])]
        england += [120 * n for n in (1500, 450, 120)] + [""] + [120 * n for n in (60, 80, 1000)]
        body = [[*columns, *FIGURES], england]
        for code in PROVIDERS:
            body += rows(code) if by_test else [[*key(code), *rows(code)[2][6:]]]
        if not by_test:
            body[2][4] = printed
        for at, row in enumerate(body):
            for column, cell in enumerate(row):
                sheet.write(6 + at, 1 + column, cell)
    book.save(str(path))
    return path


def test_the_workbook_says_its_month_and_meets_its_own_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "provider.xls", printed=1500)
    outcome = run(path)
    (reading,) = outcome.readings
    assert (reading.published_on, reading.periods) == ("2024-10-10", ("2024-08",))
    assert reading.read == reading.loaded + reading.set_aside
    assert reading.loaded == 120
    assert outcome.gate.outcome is GateOutcome.PASS
    assert held(path) == WAITING


@pytest.mark.parametrize("printed", [1499, 1600])
def test_a_workbook_whose_sheets_differ_is_held_back(tmp_path: Path, printed: int) -> None:
    outcome = run(workbook(tmp_path / "provider.xls", printed))
    assert {r.check for r in outcome.gate.at(GateOutcome.FAIL)} == {"KG-101"}
    assert outcome.readings[0].state == "held_back"
