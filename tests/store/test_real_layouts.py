"""Published extracts beyond A&E and ambulance: read whole, added up, met by their own totals."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kpialign import engine
from kpialign.extracts.document import find_files, fingerprint, is_archive
from kpialign.extracts.workspace import read_workspace
from kpialign.library import load
from kpialign.pipeline import modelling
from kpialign.pipeline.reading import ByHand, read_files
from kpialign.pipeline.request import Arrival
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.terms import Period

pytestmark = pytest.mark.real

Told = Mapping[str, list[tuple]]


def tell(folder: Path, place: Path, months: Mapping[str, str]) -> Told:
    """What the models say of a folder's files; ``months`` by a part of the file's name."""
    library = load([shipped("indicators")])
    found = [Arrival(path, path.name, fingerprint(path)) for path in find_files([folder])
             if not is_archive(path)]  # fmt: skip
    given = {
        one.name: Period.parse(month)
        for one in found
        for part, month in months.items()
        if part in one.name
    }
    with open_database(place / "k.duckdb") as connection:
        modelling.know(connection, library, read_workspace(place))
        read = read_files(connection, found, library, ByHand(months=given))
        modelling.stage_files(connection, read.staged)
        return {
            "refused": [(one.file, one.why) for one in read.refused],
            "counts": connection.execute(
                "SELECT layout, read, loaded, set_aside, rejected FROM file_count "
                "JOIN staged_file USING (file_id) ORDER BY layout, read"
            ).fetchall(),
            "wrong": [
                row for name in engine.checks() for row in engine.check(connection, name).rows()
            ],
            "sums": connection.execute(
                "SELECT layout, period, item, sum(value), count(DISTINCT organisation) "
                "FROM staged_value WHERE status = 'reported' GROUP BY ALL ORDER BY ALL"
            ).fetchall(),
        }  # fmt: skip


def sums(told: Told, item: str) -> list[tuple]:
    return [(period, value, bodies) for _, period, i, value, bodies in told["sums"] if i == item]


def test_waiting_lists_are_read_with_and_without_the_added_column(
    extracts: Path, tmp_path: Path
) -> None:
    told = tell(extracts / "rtt", tmp_path, {"Feb25": "2025-02", "Mar25": "2025-03"})
    assert told["refused"] == []
    assert told["wrong"] == []
    assert told["counts"] == [
        ("nhse.rtt.incomplete.csv", 3649, 152, 3497, 0),
        ("nhse.rtt.incomplete.csv", 3673, 153, 3520, 0),
    ]
    assert sums(told, "rtt.incomplete.all") == [
        ("2025-02", 7_027_053.0, 153),
        ("2025-03", 7_039_849.0, 152),
    ]
    assert sums(told, "rtt.incomplete.over_78w") == [
        ("2025-02", 1232.0, 153),
        ("2025-03", 608.0, 152),
    ]


def test_waiting_lists_without_a_month_are_refused(extracts: Path, tmp_path: Path) -> None:
    found = [Arrival(p, p.name, fingerprint(p)) for p in (extracts / "rtt").glob("*.csv")]
    with open_database(tmp_path / "k.duckdb") as connection:
        read = read_files(connection, found, load([shipped("indicators")]))
    assert len(read.refused) == 2
    assert all("--period" in one.why for one in read.refused)


def test_diagnostics_agree_in_csv_and_workbook_and_the_other_sheet_is_refused(
    extracts: Path, tmp_path: Path
) -> None:
    told = tell(extracts / "dm01", tmp_path, {".csv": "2024-08"})
    ((file, why),) = told["refused"]
    assert "September-2024" in file
    assert "another sheet" in why
    assert told["wrong"] == []
    assert told["counts"] == [
        ("nhse.dm01.csv", 3110, 428, 2682, 0),
        ("nhse.dm01.workbook", 3602, 428, 3174, 0),
    ]
    assert sums(told, "dm01.waiting.all") == [("2024-08", 1_559_284.0, 428)] * 2
    assert sums(told, "dm01.waiting.over_6w") == [("2024-08", 373_126.0, 428)] * 2


def test_beds_are_read_whole(extracts: Path, tmp_path: Path) -> None:
    told = tell(extracts / "beds", tmp_path, {})
    assert told["refused"] == told["wrong"] == []
    assert told["counts"] == [("tidy.acute_beds.csv", 5558, 5557, 1, 0)]
    months = sums(told, "beds.general_acute.available")
    assert (months[0][0], months[-1][0], len(months)) == ("2022-04", "2025-08", 41)
    assert sum(value for _, value, _ in months) == 4_126_778


def test_days_become_months_where_none_is_missing(extracts: Path, tmp_path: Path) -> None:
    told = tell(extracts / "discharge", tmp_path, {})
    assert told["refused"] == []
    assert told["counts"] == [("tidy.criteria_to_reside.csv", 149_483, 149_239, 1, 243)]
    assert {row[-1] for row in told["wrong"]} == {"no organisation code"}  # NA for a trust
    months = sums(told, "discharge.no_criteria.patients")
    assert "2022-06" not in {period for period, _, _ in months}  # a day that nobody returned
    assert len(months) == 40
    assert sum(bodies for _, _, bodies in months) == 4441  # of 4,899: the others miss a day
