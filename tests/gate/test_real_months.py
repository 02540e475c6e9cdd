"""The gate on published A&E and ambulance files: nothing fails, and what is asked is right."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from tests.gate.months import staged

from kpialign import engine
from kpialign.extracts.workspace import read_workspace
from kpialign.findings import DataIssue, GateVerdict
from kpialign.library import in_force
from kpialign.pipeline import gating, modelling, reading
from kpialign.pipeline.request import Request, arrivals
from kpialign.settings import read_settings
from kpialign.store.database import open_database

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def verdict(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> GateVerdict:
    place = tmp_path_factory.mktemp("months")
    settings = read_settings(place, {"database": place / "k.duckdb"}, environ={})
    request = Request(
        (extracts / "ae", extracts / "ambulance"), settings, now=datetime(2026, 11, 2)
    )
    library = in_force(settings.definitions)
    with open_database(settings.database) as connection:
        modelling.know(connection, library, read_workspace(place), day=request.now.date())
        read = reading.read_files(connection, arrivals(request), library)
        frames = modelling.stage_files(connection, read.staged)
        return gating.gate(
            connection, read.staged, frames, library, "2026-11", today=request.now.date()
        ).verdict


def rows(verdict: GateVerdict, code: str) -> list[DataIssue]:
    return [row for r in verdict.results if r.check == code for row in r.rows]


def test_untouched_files_do_not_fail(verdict: GateVerdict) -> None:
    assert [r for r in verdict.results if r.outcome.holds_back] == []


def test_what_history_asks_of_them_is_little(verdict: GateVerdict) -> None:
    told = Counter(r.check for r in verdict.results for _ in range(r.failed) if r.check > "KG-109")
    assert told == {"KG-111": 1, "KG-113": 71, "KG-114": 2, "KG-115": 4, "KG-116": 16}


def test_a_row_that_was_published_again_a_year_later_is_told(verdict: GateVerdict) -> None:
    (row,) = rows(verdict, "KG-111")
    assert (row.organisation, row.row, row.period) == ("R1F", 896, "2021-07")
    assert row.message == "all 18 figures of 2021-07 are those of 2020-07"


def test_trusts_without_a_long_wait_where_peers_have_thousands_are_told(
    verdict: GateVerdict,
) -> None:
    assert {row.organisation for row in rows(verdict, "KG-115")} == {"RX9", "RD8", "RTF", "RYJ"}


def test_services_that_begin_or_end_and_columns_that_empty_are_told(verdict: GateVerdict) -> None:
    jumps = {(row.organisation, row.period, row.value) for row in rows(verdict, "KG-113")}
    assert {("NNJ07", "2025-10", "0"), ("RTK", "2025-04", "8207"), ("RJ6", "2025-06", "0")} <= jumps


def test_a_month_copied_for_every_trust_is_told_of_that_month(
    extracts: Path, tmp_path: Path
) -> None:
    beds = extracts / "beds" / "acute-beds-by-trust-monthly-2022-25.csv"
    with staged(tmp_path, beds) as connection:
        again = engine.check(connection, "month_sent_again")
        alike = engine.check(connection, "same_again")
    assert (again.height, again["period"].unique().to_list()) == (137, ["2022-08"])
    assert again["message"][0].startswith("137 of 137 organisations repeat for 2022-08")
    assert alike.select("organisation", "value").rows() == [("RLT", "299"), ("RPA", "520")]
