"""Beds by month and patients by day, on invented rows: a month is made of all its days."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.conftest import NOW

from kpialign.definitions.layouts import Layout
from kpialign.findings import Outcome
from kpialign.library import Library, load
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

TRUSTS = [f"ZR{n:03d}" for n in range(110)]
Row = Callable[[str, int], str | None]


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def days(path: Path, row: Row, extra: tuple[str, ...] = ()) -> Path:
    """April 2022 by day; ``row`` gives a trust's cell of a day, or no row."""
    lines = ['"nhs_trust22_code","date","do_not_meet_criteria_to_reside"']
    for code in TRUSTS:
        for day in range(1, 31):
            cell = row(code, day)
            if cell is not None:
                lines.append(f'"{code}",2022-04-{day:02d},{cell}')
    path.write_text("\n".join([*lines, *extra]), "utf-8")
    return path


def run(*paths: Path) -> Outcome:
    place = paths[0].parent
    settings = read_settings(place, {"database": place / "k.duckdb"}, environ={})
    return check(Request(paths, settings, now=NOW))


def held(folder: Path, code: str, item: str = "discharge.no_criteria.patients") -> list[tuple]:
    with open_database(folder / "k.duckdb") as connection:
        return connection.execute(
            "SELECT period, value, status FROM data_item_value "
            "WHERE organisation = ? AND item = ? AND known_to IS NULL",
            [code, item],
        ).fetchall()


def cell(code: str, day: int) -> str | None:
    """Fifteen days of 40 and fifteen of 50, but for four trusts that miss something."""
    if day == 10 and code in ("ZR001", "ZR002", "ZR003"):
        return {"ZR001": "NA", "ZR002": "0", "ZR003": None}[code]
    if day == 10 and code == "ZR004":
        return "many"
    return "40" if day <= 15 else "50"


def test_a_stock_is_the_mean_of_its_days_and_missing_with_one_of_them(tmp_path: Path) -> None:
    outcome = run(days(tmp_path / "days.csv", cell, ("NA,2022-04-01,NA",)))
    assert held(tmp_path, "ZR000") == [("2022-04", 45.0, "reported")]
    for code in ("ZR001", "ZR002", "ZR003"):  # left out, zero, no row at all
        assert held(tmp_path, code) == [("2022-04", None, "not_reported")]
    assert held(tmp_path, "ZR004") == [("2022-04", None, "rejected")]
    (reading,) = outcome.readings
    assert (reading.read, reading.loaded, reading.set_aside, reading.rejected) == (3301, 3299, 1, 1)
    assert reading.state == "published"


def test_a_flow_is_the_sum_of_its_days(tmp_path: Path, library: Library) -> None:
    folder = tmp_path / "definitions" / "items"
    folder.mkdir(parents=True)
    item = library.items["discharge.no_criteria.patients"]
    (folder / "discharge.yaml").write_text(
        f"area: discharge\nitems:\n  - {{id: {item.id}, title: Left, unit: patient}}\n", "utf-8"
    )
    run(days(tmp_path / "days.csv", lambda _, day: "40" if day <= 15 else "50"))
    assert held(tmp_path, "ZR000") == [("2022-04", 1350.0, "reported")]


def test_days_that_come_twice_hold_back_their_trust_alone(tmp_path: Path) -> None:
    again = ("ZR005,2022-04-03,40", "ZR006,2022-04-03,41")
    outcome = run(days(tmp_path / "days.csv", cell, again))
    failed = {(r.check, r.organisation) for r in outcome.gate.at(GateOutcome.FAIL)}
    assert {("KG-005", "ZR005"), ("KG-005", "ZR006"), ("KG-102", "ZR006")} == failed
    assert held(tmp_path, "ZR005") == held(tmp_path, "ZR006") == []
    assert held(tmp_path, "ZR007") == [("2022-04", 45.0, "reported")]


def test_beds_of_the_month_stand_beside_the_days(tmp_path: Path) -> None:
    kinds = ("general_acute", "adult_critical_care")
    columns = [f"{kind}_beds_{what}" for kind in kinds for what in ("available", "occupied")]
    path = tmp_path / "beds.csv"
    rows = [f'"{code}","April 2022",500,450,NA,NA' for code in TRUSTS[1:]]
    rows.append(f'"{TRUSTS[0]}","April 2022",500,450,20,15')
    path.write_text("\n".join(["nhs_trust22_code,date," + ",".join(columns), *rows]), "utf-8")
    outcome = run(path, days(tmp_path / "days.csv", cell))
    assert held(tmp_path, "ZR001", "beds.adult_critical.occupied") == [
        ("2022-04", None, "not_reported")
    ]
    values = outcome.tables.values.filter(scope="ENGLAND", period="2022-04")
    told = {row["indicator"]: row for row in values.iter_rows(named=True)}
    assert told["flow.occupancy"]["value"] == pytest.approx(90.0)
    share = told["flow.no_criteria_to_reside_share"]
    assert share["value"] == pytest.approx(10.0)
    assert (share["reported"], share["expected"]) == (106, 110)


def test_a_part_of_a_month_is_kept_and_never_taken_for_the_month(tmp_path: Path) -> None:
    kinds = ("general_acute", "adult_critical_care")
    columns = [f"{kind}_beds_{what}" for kind in kinds for what in ("available", "occupied")]
    path = tmp_path / "beds.csv"
    rows = [f'"{code}","April 2022",500,450,20,15' for code in TRUSTS]
    path.write_text("\n".join(["nhs_trust22_code,date," + ",".join(columns), *rows]), "utf-8")
    twenty = days(tmp_path / "days.csv", lambda _, day: "40" if day <= 20 else None)
    outcome = run(path, twenty)
    assert held(tmp_path, "ZR000") == [("2022-04", 40.0, "partial_month")]
    values = outcome.tables.values.filter(scope="ENGLAND", period="2022-04")
    told = {row["indicator"]: row for row in values.iter_rows(named=True)}
    assert told["flow.occupancy"]["value"] == pytest.approx(90.0)
    assert told["flow.no_criteria_to_reside_share"]["value"] is None
    assert told["flow.no_criteria_to_reside_share"]["reported"] == 0


def test_days_cannot_be_held_against_totals() -> None:
    table = {
        "header": ["code", "date"],
        "organisation": {"code": "code", "role": "hospital"},
        "totals": [{"columns": ["code"], "equals": ["ENG"], "level": "england"}],
        "items": {"beds.general_acute.occupied": "beds"},
    }
    told = {
        "id": "own.days", "title": "Own", "publisher": "us", "published": True, "grain": "day",
        "recognise": {"columns": ["code", "date"]}, "tables": [table],
        "period": {"columns": ["date"], "reads": ["%d/%m/%Y"]},
    }  # fmt: skip
    with pytest.raises(ValidationError, match="does not hold days against totals"):
        Layout.model_validate(told)
