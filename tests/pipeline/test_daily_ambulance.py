"""The daily ambulance collection, on an invented workbook: a block of columns for each day."""

from datetime import date, timedelta
from pathlib import Path

import xlwt
from tests.conftest import NOW

from kpialign.findings import Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

BLOCK = [
    *("Handover time known", "Over 15 minutes", "Over 30 minutes", "Over 45 minutes"),
    *("Over 60 minutes", "Handover time unknown", "All handovers", "Total hours", "Mean"),
    *(f"Proportion {n}" for n in range(5)),
]
TRUSTS = [f"ZR{n:03d}" for n in range(100)]
FIRST, DAYS = date(2025, 11, 24), 7 + 4  # a part of November and a part of December
Cell = str | int | float


def figures(code: str, day: int) -> list[Cell]:
    over_60 = "-" if (code, day) == ("ZR001", 9) else 5
    mean = "0:19:21.187000"
    return [100, 60, 40, 20, over_60, 2, 102, 32.5, mean, 0.6, 0.4, 0.2, 0.05, 0.02]


def write(path: Path, twice: dict[int, Cell] | None = None, dates: str = "text") -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Handovers")
    style = xlwt.easyxf(num_format_str="D-MMM-YY")
    sheet.write(0, 0, "Daily ambulance collection")
    rows: dict[int, list[Cell]] = {7: ["", "", "ENGLAND"]}
    rows |= {9 + n: ["London", code, f"Trust {code}"] for n, code in enumerate(TRUSTS)}
    if twice is not None:
        rows[9 + len(TRUSTS)] = ["London", "ZR002", "Trust ZR002"]
    for day in range(DAYS):
        at = 3 + day * len(BLOCK)
        when = FIRST + timedelta(day)
        if dates == "text":
            sheet.write(2, at, when.isoformat())
        else:
            sheet.write(2, at, when, style)
        for n, heading in enumerate(BLOCK):
            sheet.write(4, at + n, heading)
        for row, cells in rows.items():
            told = figures(str(cells[1]), day)
            if row == 9 + len(TRUSTS) and twice and day in twice:
                told[4] = twice[day]
            cells.extend(told)
    for row, cells in rows.items():
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(path))
    return path


def run(path: Path) -> Outcome:
    settings = read_settings(path.parent, {"database": path.parent / "k.duckdb"}, environ={})
    return check(Request((path,), settings, now=NOW))


def held(folder: Path, code: str, item: str) -> list[tuple]:
    with open_database(folder / "k.duckdb") as connection:
        return connection.execute(
            "SELECT period, value, status FROM data_item_value "
            "WHERE organisation = ? AND item = ? AND known_to IS NULL ORDER BY period",
            [code, item],
        ).fetchall()


def test_days_beside_each_other_become_parts_of_months(tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "x.xls"))
    (reading,) = outcome.readings
    assert reading.layout == "nhse.daily_ambulance.workbook"
    assert (reading.state, reading.periods) == ("published", ("2025-11", "2025-12"))
    assert (reading.loaded, reading.rejected) == (100, 0)
    assert dict(reading.set_aside_why)["figures of england, which rows do not add up to"] == 1
    assert not outcome.gate.outcome.holds_back
    for item, of_a_day in (("known", 100), ("over_45", 20), ("over_60", 5), ("all", 102)):
        assert held(tmp_path, "ZR000", f"dac.handover.{item}") == [
            ("2025-11", 7.0 * of_a_day, "partial_month"),
            ("2025-12", 4.0 * of_a_day, "partial_month"),
        ]
    assert held(tmp_path, "ZR000", "dac.handover.hours")[0] == ("2025-11", 227.5, "partial_month")
    assert held(tmp_path, "ZR001", "dac.handover.over_60") == [
        ("2025-11", 35.0, "partial_month"),
        ("2025-12", None, "not_reported"),  # one of its days is a dash
    ]


def test_a_trust_belongs_to_its_region_in_every_month_of_its_row(tmp_path: Path) -> None:
    run(write(tmp_path / "x.xls"))
    with open_database(tmp_path / "k.duckdb") as connection:
        placed = connection.execute(
            "SELECT parent, period FROM placement WHERE organisation = 'ZR000' ORDER BY period"
        ).fetchall()
    assert placed == [("Y56", "2025-11"), ("Y56", "2025-12")]


def test_true_dates_are_read_like_texts(tmp_path: Path) -> None:
    run(write(tmp_path / "x.xls", dates="dates"))
    assert [row[0] for row in held(tmp_path, "ZR000", "dac.handover.all")] == ["2025-11", "2025-12"]


def test_a_trust_that_comes_twice_is_held_back_in_every_month(tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "x.xls", twice={}))
    (failed,) = outcome.gate.at(GateOutcome.FAIL)
    assert (failed.check, failed.organisation) == ("KG-005", "ZR002")
    assert {row.period for row in failed.rows} == {"2025-11", "2025-12"}
    assert held(tmp_path, "ZR002", "dac.handover.over_60") == []


def test_blocks_of_a_trust_that_disagree_are_told_by_their_day(tmp_path: Path) -> None:
    outcome = run(write(tmp_path / "x.xls", twice={3: 6}))
    (failed,) = [r for r in outcome.gate.at(GateOutcome.FAIL) if r.check == "KG-102"]
    assert {(row.period, row.value) for row in failed.rows} == {("2025-11", "5"), ("2025-11", "6")}


def test_a_heading_that_is_not_there_is_named(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Handovers")
    for n, heading in enumerate([*BLOCK[:2], "Over 60 minutes", "All handovers"]):
        sheet.write(0, n, heading)
    book.save(str(tmp_path / "x.xls"))
    (reading,) = run(tmp_path / "x.xls").readings
    assert "the column Over 30 minutes is missing" in reading.why
