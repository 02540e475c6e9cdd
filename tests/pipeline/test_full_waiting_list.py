"""The full extract of waiting lists, on invented rows: runs of bands, commissioners that add up."""

import zipfile
from pathlib import Path

import pytest
from tests.conftest import NOW

from kpialign.findings import Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

KEYS = [
    *("Period", "Provider Parent Org Code", "Provider Org Code", "Provider Org Name"),
    *("Commissioner Org Code", "RTT Part Type", "Treatment Function Code"),
]
BANDS = [f"Gt {n:02d} To {n + 1:02d} Weeks SUM 1" for n in range(104)] + ["Gt 104 Weeks SUM 1"]
PROVIDERS = [f"ZR{n:03d}" for n in range(300)]
Waits = dict[int, int]


def row(code: str, buyer: str, part: str, function: str, waits: Waits) -> str:
    """A row of the extract; ``waits`` gives the patients of a band by its first week."""
    zero = "0" if function == "C_999" else ""
    bands = [str(waits.get(n, zero)) for n in range(105)] if part == "Part_2" else [""] * 105
    key = ["RTT-January-2026", "QZZ", code, f"Provider {code}", buyer, part, function]
    return ",".join([*key, *bands, "", str(sum(waits.values()))])


def rows(code: str) -> list[str]:
    """Two commissioners; two functions at the first, one at the second."""
    return [
        row(code, "B1", "Part_2", "C_100", {0: 70, 17: 10, 18: 20}),
        row(code, "B1", "Part_2", "C_101", {52: 3, 65: 2, 78: 1, 104: 4}),
        row(code, "B1", "Part_2", "C_999", {0: 70, 17: 10, 18: 20, 52: 3, 65: 2, 78: 1, 104: 4}),
        row(code, "B2", "Part_2", "C_101", {5: 40, 51: 5, 77: 1}),
        row(code, "B2", "Part_2", "C_999", {5: 40, 51: 5, 77: 1}),
        row(code, "B1", "Part_1A", "C_100", {1: 9}),
        row(code, "B1", "Part_1A", "C_999", {1: 9}),
        *(row(code, "B1", "Part_1B", function, {1: 25}) for function in ("C_100", "C_999")),
        *(row(code, "B1", "Part_2A", function, {1: 6}) for function in ("C_100", "C_999")),
        row(code, "B1", "Part_3", "C_100", {1: 12}),
        row(code, "B1", "Part_3", "C_999", {1: 12}),
        row(code, "B2", "Part_3", "X02", {1: 30}),
        row(code, "B2", "Part_3", "C_999", {1: 30}),
    ]  # fmt: skip


def text(*last: tuple[str, str]) -> str:
    """The extract, with changes made to the rows of its last provider."""
    own = "\n".join(rows(PROVIDERS[-1]))
    for old, new in last:
        assert old in own
        own = own.replace(old, new)
    lines = [line for code in PROVIDERS[:-1] for line in rows(code)]
    headings = ",".join([*KEYS, *BANDS, "Total", "Total All"])
    return "\n".join([headings, *lines, own])


def run(path: Path) -> Outcome:
    settings = read_settings(path.parent, {"database": path.parent / "k.duckdb"}, environ={})
    return check(Request((path,), settings, now=NOW))


def held(folder: Path, code: str) -> dict[str, float]:
    with open_database(folder / "k.duckdb") as connection:
        return dict(
            connection.execute(
                "SELECT item, value FROM data_item_value "
                "WHERE organisation = ? AND period = '2026-01' AND known_to IS NULL",
                [code],
            ).fetchall()
        )


def test_totals_of_all_commissioners_are_read_out_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "Full-CSV-data-file.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("full-extract.csv", text())
    outcome = run(path)
    (reading,) = outcome.readings
    assert reading.layout == "nhse.rtt.full.csv"
    counts = (reading.read, reading.loaded, reading.set_aside, reading.rejected)
    assert counts == (4501, 2100, 2401, 0)
    assert ("part of a total, added up", 2400) in reading.set_aside_why
    assert outcome.gate.at(GateOutcome.WARN) == outcome.gate.at(GateOutcome.FAIL) == ()
    assert held(tmp_path, "ZR007") == {
        "rtt.incomplete.all": 156.0,  # 110 of one commissioner and 46 of the other
        "rtt.incomplete.within_18w": 120.0,  # 0-1 to 17-18 weeks
        "rtt.incomplete.over_52w": 11.0,
        "rtt.incomplete.over_65w": 8.0,
        "rtt.incomplete.over_78w": 5.0,
        "rtt.incomplete.decided_to_admit": 6.0,
        "rtt.completed.admitted": 9.0,
        "rtt.completed.not_admitted": 25.0,
        "rtt.started": 42.0,
    }
    values = outcome.tables.values.filter(scope="ENGLAND", indicator="elective.rtt.within_18_weeks")
    (england,) = values.rows(named=True)
    assert england["value"] == pytest.approx(100 * 120 / 156)


@pytest.mark.parametrize(
    ("change", "heading", "message"),
    [
        # The total of one commissioner is not that of its functions.
        (("B1,Part_3,C_999," + "," * 105 + ",12", "B1,Part_3,C_999," + "," * 105 + ",13"),
         "Total All", "printed total 43 but its parts add up to 42"),
        # The bands of a function are, its total is not looked at.
        (("Part_2,C_101,,,,,,40", "Part_2,C_101,,,,,,39"), f"{BANDS[0]} to {BANDS[17]}",
         "printed total 120 but its parts add up to 119"),
    ],
)  # fmt: skip
def test_a_total_that_is_not_its_functions_holds_back_its_provider_alone(
    tmp_path: Path, change: tuple[str, str], heading: str, message: str
) -> None:
    path = tmp_path / "full.csv"
    path.write_text(text(change), "utf-8")
    failed = run(path).gate.at(GateOutcome.FAIL)
    assert {(r.check, r.organisation) for r in failed} == {("KG-106", PROVIDERS[-1])}
    (issue,) = failed[0].rows
    assert (issue.column, issue.message) == (heading, message)
    assert held(tmp_path, PROVIDERS[-1]) == {}
    assert len(held(tmp_path, PROVIDERS[0])) == 9


def test_a_band_that_is_no_number_spoils_its_sum_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "full.csv"
    path.write_text(text(("Part_2,C_999,0,0,0,0,0,40", "Part_2,C_999,0,0,0,0,n/a,40")), "utf-8")
    warned = run(path).gate.at(GateOutcome.WARN)
    (issue,) = warned[0].rows
    assert (warned[0].check, issue.organisation) == ("KG-103", PROVIDERS[-1])
    assert "n/a + 40" in issue.value


def test_a_part_that_the_definitions_do_not_know_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "full.csv"
    path.write_text(text(("B1,Part_1A,C_999", "B1,Part_9,C_999")), "utf-8")
    outcome = run(path)
    (reading,) = outcome.readings
    assert reading.rejected == 1
    (failed,) = [r for r in outcome.gate.at(GateOutcome.FAIL) if r.check == "KG-104"]
    assert failed.rows[0].message == "not an item the definitions know: Part_9"
