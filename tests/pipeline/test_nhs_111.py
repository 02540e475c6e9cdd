"""NHS 111 by contract area and item number, on invented rows."""

from pathlib import Path

import pytest
from tests.conftest import NOW

from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

HEADINGS = (
    "REPORTING_PERIOD,ORG_CODE,ORG_NAME,CONTRACT_CODE,CONTRACT_NAME,ITEM_NUMBER,VALUE,"
    "REGION_CODE,REGION_NAME"
)


def area(code: str, received: str, abandoned: str) -> list[str]:
    told = {
        "A01": received, "A03": '"28,000"', "B02": abandoned, "b06": '"15,951,429"',
        "C01": '"33,000"', "D01": '"19,000"', "Z99": "not a number, not asked for",
    }  # fmt: skip
    key = f"IUCADC-MONTHLY-APR-2023,NZZ,PROVIDER OF BOTH,{code},Area {code}"
    return [f'{key},{item},"{value}",Y56,London' if "," in value and value[0] != '"'
            else f"{key},{item},{value},Y56,London" for item, value in told.items()]  # fmt: skip


def test_items_are_found_by_their_number_and_areas_by_their_contract(tmp_path: Path) -> None:
    path = tmp_path / "iuc.csv"
    rows = [*area("111ZZ1", "40,000", "8,000"), *area("111ZZ2", "10,000", "500")]
    path.write_text("\n".join([HEADINGS, *rows]), "utf-8")
    settings = read_settings(tmp_path, {"database": tmp_path / "k.duckdb"}, environ={})
    outcome = check(Request((path,), settings, now=NOW))
    (reading,) = outcome.readings
    assert (reading.state, reading.periods) == ("published", ("2023-04",))
    assert (reading.read, reading.loaded, reading.set_aside, reading.rejected) == (15, 10, 5, 0)
    assert ("no item asks for this row", 4) in reading.set_aside_why
    assert outcome.gate.outcome is GateOutcome.PASS
    with open_database(tmp_path / "k.duckdb") as connection:
        held = connection.execute(
            "SELECT organisation, role, value FROM data_item_value "
            "WHERE item = 'iuc.calls.received' ORDER BY organisation"
        ).fetchall()
    assert held == [("111ZZ1", "nhs111", 40_000.0), ("111ZZ2", "nhs111", 10_000.0)]
    values = outcome.tables.values.filter(indicator="nhs111.calls_abandoned.share")
    shares = dict(values.select("scope", "value").iter_rows())
    assert shares["ENGLAND"] == pytest.approx(17.0)
    assert "nhs111.calls_abandoned.share" in {value.indicator for value in outcome.system_values}


def test_an_item_said_twice_of_an_area_holds_it_back(tmp_path: Path) -> None:
    path = tmp_path / "iuc.csv"
    again = area("111ZZ1", "40,001", "8,000")[:1]
    rows = [*area("111ZZ1", "40,000", "8,000"), *again, *area("111ZZ2", "10,000", "500")]
    path.write_text("\n".join([HEADINGS, *rows]), "utf-8")
    settings = read_settings(tmp_path, {"database": tmp_path / "k.duckdb"}, environ={})
    failed = check(Request((path,), settings, now=NOW)).gate.at(GateOutcome.FAIL)
    assert {(r.check, r.organisation) for r in failed} == {
        ("KG-005", "111ZZ1"),
        ("KG-102", "111ZZ1"),
    }
