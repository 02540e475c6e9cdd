"""A file of one's own: rows that name an item, or an indicator with its parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import NOW

from kpialign.findings import Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

ITEMS = "organisation,role,period,item,value"
BOTH = "organisation,role,period,item,value,numerator,denominator"
PARTS = "organisation,period,indicator,numerator,denominator"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workspace whose own figures are published ones."""
    folder = tmp_path / "own"
    (folder / "definitions" / "layouts").mkdir(parents=True)
    for path in (shipped("indicators") / "layouts").glob("local_*.yaml"):
        text = path.read_text("utf-8")
        assert "published: false" in text
        copy = text.replace("published: false", "published: true")
        (folder / "definitions" / "layouts" / path.name).write_text(copy, "utf-8")
    return folder


def run(workspace: Path, **texts: str) -> Outcome:
    folder = workspace / "extracts"
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, "utf-8")
    settings = read_settings(workspace, {"database": workspace / "k.duckdb"}, environ={})
    return check(Request(tuple(paths), settings, now=NOW))


def ask(workspace: Path, query: str) -> list[tuple[object, ...]]:
    with open_database(workspace / "k.duckdb") as connection:
        return connection.execute(query).fetchall()


def reasons(workspace: Path) -> list[tuple[object, ...]]:
    return ask(workspace, "SELECT row, reason FROM record WHERE fate = 'rejected' ORDER BY row")


def lines(heading: str, *rows: str) -> str:
    return "\n".join([heading, *rows, ""])


def test_figures_that_are_not_published_are_refused_with_what_to_do(tmp_path: Path) -> None:
    outcome = run(tmp_path, x=lines(ITEMS, "RXH,hospital,2025-04,ae.attendances.type1,100"))
    (reading,) = outcome.readings
    assert reading.state == "refused"
    assert "local.items is marked `published: false`" in reading.why
    assert "copy local_items.yaml to definitions/layouts/ of your workspace" in reading.why


def by_items(code: str) -> list[str]:
    figures = {
        **{f"ae.{what}.booked.type{n}": 0 for what in ("attendances", "over_4h") for n in "123"},
        "ae.attendances.type1": 900, "ae.attendances.type2": 60, "ae.attendances.type3": 40,
        "ae.over_4h.type1": 200, "ae.over_4h.type2": 30, "ae.over_4h.type3": 20,
    }  # fmt: skip
    return [f"{code},hospital,2025-04,{item},{value}" for item, value in figures.items()]


def four_hour(outcome: Outcome) -> list[tuple[object, ...]]:
    values = outcome.tables.values.filter(indicator="uec.ed.four_hour", scope_name="England")
    return values.select("period", "numerator", "denominator", "value").rows()


def test_an_indicator_by_its_parts_is_the_same_as_by_its_items(own: Path) -> None:
    items = run(own, items=lines(ITEMS, *by_items("ZR1")))
    (own / "k.duckdb").unlink()
    parts = run(own, parts=lines(PARTS, "ZR1,2025-04,uec.ed.four_hour,750,1000"))
    (own / "k.duckdb").unlink()
    both = run(own, both=lines(BOTH, "ZR1,,Apr-25,uec.ed.four_hour,75,750,1000"))
    assert four_hour(items) == four_hour(parts) == four_hour(both)
    assert four_hour(items) == [("2025-04", 750.0, 1000.0, 75.0)]


def test_two_trusts_in_files_of_their_own_both_stand(own: Path) -> None:
    outcome = run(
        own,
        one=lines(PARTS, "ZR1,2025-04,uec.ed.four_hour,750,1000"),
        two=lines(PARTS, "ZR2,2025-04,uec.ed.four_hour,900,1000"),
    )
    assert {r.state for r in outcome.readings} == {"published"}
    assert four_hour(outcome) == [("2025-04", 1650.0, 2000.0, 82.5)]


def test_rows_that_cannot_be_used_say_why(own: Path) -> None:
    run(
        own,
        x=lines(
            BOTH,
            "ZR1,hospital,2025-04,ae.attendances.type1,900,,",  # row 2
            "ZR1,hospital,2025-04,ae.atendances.type1,900,,",
            "ZR1,hospital,2025-04,uec.ed.four_hour,75,,",
            "ZR1,hospital,2025-04,ae.attendances.type2,,5,9",
            "ZR1,,2025-04,ae.attendances.type3,7,,",
            "ZR1,hopsital,2025-04,ae.attendances.type3,7,,",
            "ZR1,hospital,2025-04,amb.handover.mean,,100,10",
            "ZR1,hospital,soon,ae.attendances.type3,7,,",
            ",hospital,2025-04,ae.attendances.type3,7,,",
            "ZR1,hospital,2025-04,uec.ed.attendances,9,,",
        ),
    )
    assert reasons(own) == [
        (3, "no collected item or indicator is called 'ae.atendances.type1'. "
            "Did you mean ae.attendances.type1?"),
        (4, "uec.ed.four_hour is an indicator: give its numerator and denominator"),
        (5, "ae.attendances.type2 is a data item: give its value"),
        (6, "no role, and a data item may be of several: say whose it is"),
        (7, "no indicator is of the role hopsital"),
        (8, "an indicator that ambulance answers for, not hospital"),
        (9, "period not read: soon"),
        (10, "no organisation code"),
        (11, "uec.ed.attendances is an indicator: give its numerator"),
    ]  # fmt: skip


def test_what_the_gate_says_of_figures_that_cannot_be(own: Path) -> None:
    outcome = run(
        own,
        x=lines(
            PARTS,
            "ZR1,2025-04,uec.ed.four_hour,1001,1000",
            "ZR2,2025-04,uec.ed.four_hour,800,1000",
            "ZR2,2025-04,uec.ed.four_hour,801,1000",
            "ZR3,2025-04,uec.ed.four_hour,700,1000",
            "ZR4,2025-04,uec.ed.four_hour,seven,1000",
        ),
    )
    assert outcome.gate.outcome is GateOutcome.FAIL
    told = {
        (issue.code, issue.row)
        for result in outcome.gate.results
        if result.outcome is not GateOutcome.PASS
        for issue in result.rows
    }
    assert {("KG-007", 2), ("KG-102", 3), ("KG-102", 4), ("KG-103", 6)} <= told
    assert four_hour(outcome) == [("2025-04", 700.0, 1000.0, 70.0)]


def test_codes_nobody_knows_are_kept_and_markers_get_their_meaning(own: Path) -> None:
    run(
        own,
        x=lines(
            ITEMS,
            "ZR1,hospital,2025-04,ae.attendances.type1,*",
            "ZR2,hospital,2025-04,ae.attendances.type1,",
            "ZR3,hospital,2025-04,ae.attendances.type1,[z]",
            "ZR4,hospital,2025-04,ae.attendances.type1,-",
            'A1B2C,community,2025-04,ae.attendances.type1,"1,234"',
            'A1B2C,hospital,2025-04,ae.attendances.type1,"1,234"',
        ),
    )
    found = ask(own, "SELECT organisation, value, status FROM data_item_value ORDER BY ALL")
    assert found == [
        ("A1B2C", 1234.0, "reported"),
        ("ZR1", None, "suppressed"),
        ("ZR2", None, "not_reported"),
        ("ZR3", None, "not_collected"),
        ("ZR4", None, "rejected"),
    ]
    assert reasons(own) == [(6, "no indicator is of the role community")]
