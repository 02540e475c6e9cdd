"""Lists of where organisations belong: no headings, no figures, shares; on invented bodies."""

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

WEIGHTS = "Trust_ICS_weights_suppressed"


def run(folder: Path, *paths: Path, month: str | None = "2022-04", **settings: str) -> Outcome:
    told = read_settings(folder, {"database": folder / "k.duckdb", **settings}, environ={})
    periods = {path.name: Period.parse(month) for path in paths} if month else {}
    return check(Request(paths, told, now=NOW, periods=periods))


def placements(folder: Path) -> list[tuple[object, ...]]:
    with open_database(folder / "k.duckdb") as connection:
        return connection.execute(
            "SELECT organisation, role, level, parent, period, share FROM placement ORDER BY ALL"
        ).fetchall()


def trusts(path: Path, **systems: str) -> Path:
    """A list as the Organisation Data Service writes it: no headings, full postcodes."""
    rows = [
        f'{code},"{code} NHS TRUST, THE",Y61,{system},HOUSE,ROAD,,TOWN,,AB{n} {n}EF,20170401,'
        + "," * 15
        for n, (code, system) in enumerate(systems.items(), start=1)
    ]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def weights(path: Path, *rows: tuple[str, str, object]) -> Path:
    book = xlwt.Workbook()
    book.add_sheet("Notes").write(0, 0, "Notes")
    sheet = book.add_sheet(WEIGHTS)
    headings = ("Trust_code", "Trust_name", "ICS_code2", "Weighting")
    table = [headings, *((code, f"{code} Trust", system, share) for code, system, share in rows)]
    for at, cells in enumerate(table):
        for column, cell in enumerate(cells):
            sheet.write(at, column, cell)
    book.save(path)
    return path


def test_a_list_without_headings_places_its_bodies_from_the_month_said(tmp_path: Path) -> None:
    path = trusts(tmp_path / "etr.csv", ZA1="QAA", ZA2="QBB", ZA3="QBB", ZA4="QAA", ZA5="QAA")
    outcome = run(tmp_path, path)
    (reading,) = outcome.readings
    assert (reading.layout, reading.state) == ("ods.trusts", "published")
    assert (reading.read, reading.loaded, reading.periods) == (5, 5, ("2022-04",))
    assert reading.why.endswith("they are postcodes of the trusts' head offices, its layout says")
    assert placements(tmp_path)[:2] == [
        ("ZA1", "any", "icb", "QAA", "2022-04", 1.0),
        ("ZA2", "any", "icb", "QBB", "2022-04", 1.0),
    ]
    assert run(tmp_path, path).readings[0].state == "unchanged"


def test_a_month_is_asked_for(tmp_path: Path) -> None:
    (reading,) = run(tmp_path, trusts(tmp_path / "etr.csv", ZA1="QAA"), month=None).readings
    assert reading.state == "refused"
    assert "--period 'etr.csv=YYYY-MM'" in reading.why


def test_other_columns_of_such_a_list_are_still_guarded(tmp_path: Path) -> None:
    path = trusts(tmp_path / "etr.csv", ZA1="QAA", ZA2="QBB", ZA3="QBB", ZA4="QAA", ZA5="QAA")
    text = path.read_text("utf-8").replace(",TOWN,", ",EF1 2GH,")
    path.write_text(text, "utf-8")
    (reading,) = run(tmp_path, path).readings
    assert reading.state == "refused"
    assert "column '8' looks like postcodes" in reading.why
    assert "EF1" not in reading.why


def test_a_later_word_on_a_month_stands_alone(tmp_path: Path) -> None:
    run(tmp_path, weights(tmp_path / "a.xls", ("ZA1", "QAA", 0.75), ("ZA1", "QBB", 0.25)))
    run(tmp_path, weights(tmp_path / "b.xls", ("ZA1", "QAA", 0.5), ("ZA1", "QCC", 0.5)))
    assert [(row[3], row[5]) for row in placements(tmp_path)] == [("QAA", 0.5), ("QCC", 0.5)]


def test_shares_that_do_not_add_up_hold_back_that_body_alone(tmp_path: Path) -> None:
    path = weights(
        tmp_path / "w.xls", ("ZA1", "QAA", 0.75), ("ZA1", "QBB", 0.2),
        ("ZA2", "QAA", 1), ("ZA3", "QAA", "most"),
    )  # fmt: skip
    outcome = run(tmp_path, path)
    assert [row[0] for row in placements(tmp_path)] == ["ZA2"]
    failed = [r for r in outcome.gate.results if r.outcome is GateOutcome.FAIL]
    assert {r.check for r in failed} == {"KG-109"}
    told = {row.organisation: row.message for result in failed for row in result.rows}
    assert told == {
        "ZA1": "the shares of this body add up to 0.95",
        "ZA3": "a share is no number above 0",
    }


def test_residents_are_a_basis_of_their_own(tmp_path: Path, sample: Path) -> None:
    """ZH45 gives a quarter of its parts to a neighbour; the providers' own sum stays as it is."""
    extracts = (sample / "ae" / "Monthly-AE-June-2023.csv", sample / "membership.csv")
    (tmp_path / "membership.csv").write_bytes(extracts[1].read_bytes())
    shared = weights(tmp_path / "w.xls", ("ZH45", "ZQK", 0.25), ("ZH45", "QXX", 0.75))
    plain = run(tmp_path, extracts[0], system="ZQK", month=None)
    both = run(tmp_path, extracts[0], shared, system="ZQK")

    def attendances(outcome: Outcome, basis: str) -> list[float | None]:
        return [
            value.value
            for value in outcome.system_values
            if value.indicator == "uec.ed.attendances" and basis in value.basis
        ]

    assert attendances(plain, "residents") == []
    assert attendances(both, "providers of the system") == attendances(
        plain, "providers of the system"
    )
    with open_database(tmp_path / "k.duckdb") as connection:
        own = connection.execute(
            "SELECT sum(value) FROM data_item_value WHERE organisation = 'ZH45' "
            "AND item LIKE 'ae.attendances.%' AND known_to IS NULL"
        ).fetchall()[0][0]
    assert attendances(both, "residents") == [pytest.approx(own * 0.25)]


@pytest.mark.real
def test_published_lists_are_read(extracts: Path, tmp_path: Path) -> None:
    rows = {
        "etr-2021.csv": 227, "etr-2024-11.csv": 210, "provider-to-icb-2025-26.csv": 208,
        "trust-to-ics-weights-2023.xlsx": 212,
    }  # fmt: skip
    outcome = run(tmp_path, *(extracts / "ods" / name for name in rows))
    assert {r.file: r.loaded for r in outcome.readings} == rows
    assert {r.state for r in outcome.readings} == {"published"}
    shares = [(row[3], round(float(str(row[5])), 4)) for row in placements(tmp_path)
              if row[0] == "R0D" and row[2] == "icb_catchment"]  # fmt: skip
    assert shares == [("QRL", 0.0628), ("QVV", 0.9372)]
