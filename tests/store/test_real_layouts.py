"""Published extracts beyond A&E and ambulance: read whole, added up, met by their own totals."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kpialign import engine
from kpialign.extracts.archives import files_in
from kpialign.extracts.document import File, find_files, fingerprint, is_archive
from kpialign.extracts.workspace import read_workspace
from kpialign.gate.asked import BY_FILE
from kpialign.library import load
from kpialign.pipeline import modelling
from kpialign.pipeline.reading import ByHand, read_files
from kpialign.pipeline.request import Arrival
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.terms import Period

pytestmark = pytest.mark.real

Told = Mapping[str, list[tuple]]


def tell(extracts: Path, place: Path, months: Mapping[str, str]) -> Told:
    """What the models say of the files of a folder or archive; ``months`` by a part of the name."""
    library = load([shipped("indicators")])
    files: list[File] = (
        list(files_in(extracts))
        if is_archive(extracts)
        else [path for path in find_files([extracts]) if not is_archive(path)]
    )
    found = [Arrival(file, file.name, fingerprint(file)) for file in files]
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
            "wrong": [r for name in _of_reading() for r in engine.check(connection, name).rows()],
            "england": connection.execute(
                "SELECT level, count(*) FROM reconciled_total GROUP BY level ORDER BY level"
            ).fetchall(),
            "parts_of_months": connection.execute(
                "SELECT period, max(bodies) FROM (SELECT period, item, count(*) AS bodies "
                "FROM staged_value WHERE status = 'partial_month' GROUP BY ALL) "
                "GROUP BY period ORDER BY period"
            ).fetchall(),
            "sums": connection.execute(
                "SELECT layout, period, item, sum(value), count(DISTINCT organisation) "
                "FROM staged_value WHERE status = 'reported' GROUP BY ALL ORDER BY ALL"
            ).fetchall(),
        }  # fmt: skip


def _of_reading() -> list[str]:
    """The checks that do not look back; what those say of published files is in tests/gate."""
    return [name for name in engine.checks() if BY_FILE[name].code < "KG-110"]


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


def test_the_full_extract_of_waiting_lists_adds_up_over_commissioners(
    extracts: Path, tmp_path: Path
) -> None:
    (archive,) = (extracts / "rtt").glob("Full-*.zip")
    told = tell(archive, tmp_path, {})
    assert told["refused"] == told["wrong"] == []
    assert told["counts"] == [("nhse.rtt.full.csv", 183_418, 40_488, 142_930, 0)]
    assert {i: (value, bodies) for _, _, i, value, bodies in told["sums"]} == {
        "rtt.incomplete.all": (7_187_677.0, 515),
        "rtt.incomplete.within_18w": (4_412_147.0, 515),
        "rtt.incomplete.over_52w": (137_320.0, 515),
        "rtt.incomplete.over_65w": (9_522.0, 515),
        "rtt.incomplete.over_78w": (2_947.0, 515),
        "rtt.incomplete.decided_to_admit": (1_189_547.0, 469),
        "rtt.completed.admitted": (302_826.0, 455),
        "rtt.completed.not_admitted": (1_251_335.0, 494),
        "rtt.started": (1_773_734.0, 509),
    }


def test_cancer_waits_meet_england_in_both_workbooks(extracts: Path, tmp_path: Path) -> None:
    told = tell(extracts / "cancer", tmp_path, {})
    assert told["refused"] == told["wrong"] == []
    assert told["counts"] == [
        ("nhse.cancer.workbook", 17_644, 435, 17_209, 0),  # of eleven sheets, three are read
        ("nhse.cancer.workbook", 17_759, 432, 17_327, 0),
    ]
    assert told["england"] == [("england", 12)]
    assert sums(told, "cancer.day28.all") == [
        ("2024-04", 269_798.0, 145),
        ("2024-12", 246_449.0, 143),
    ]
    assert sums(told, "cancer.day31.within") == [
        ("2024-04", 49_997.0, 141),
        ("2024-12", 47_700.0, 141),
    ]
    assert sums(told, "cancer.day62.all") == [
        ("2024-04", 27_199.0, 149),
        ("2024-12", 26_192.0, 148),
    ]
    assert sums(told, "cancer.day62.within") == [
        ("2024-04", 18_236.0, 149),
        ("2024-12", 18_783.0, 148),
    ]


def test_winter_reports_are_parts_of_months_and_one_trust_is_said_twice(
    extracts: Path, tmp_path: Path
) -> None:
    told = tell(extracts / "sitrep", tmp_path, {})
    assert told["refused"] == []
    assert told["counts"] == [("tidy.winter_sitrep.csv", 18_446, 18_326, 120, 0)]
    assert {(row[5], row[7]) for row in told["wrong"]} == {
        ("RM3", "rows say the same of this organisation twice; they count once")
    }
    # What is reported is of whole months; England prints 13 a day more, of trusts left blank here.
    assert sums(told, "sitrep.handover.over_60") == [
        ("2022-12", 63_885.0, 142),
        ("2023-01", 34_502.0, 142),
        ("2023-02", 29_570.0, 142),
    ]
    assert told["parts_of_months"] == [("2022-11", 142), ("2023-03", 142)]


def test_111_is_read_by_contract_area(extracts: Path, tmp_path: Path) -> None:
    told = tell(extracts / "iuc", tmp_path, {})
    assert told["refused"] == told["wrong"] == []
    assert told["counts"] == [("nhse.iuc.adc.csv", 26, 5, 21, 0)]
    assert sums(told, "iuc.calls.received") == [("2023-04", 35_693.0, 1)]
    assert sums(told, "iuc.calls.abandoned") == [("2023-04", 6_917.0, 1)]


def test_attendances_by_type_are_read_and_the_table_made_of_them_is_refused(
    extracts: Path, tmp_path: Path
) -> None:
    told = tell(extracts / "placebo", tmp_path, {})
    assert told["wrong"] == []
    ((file, why),) = told["refused"]
    assert file == "ae-performance-130-trusts-36-months.csv"
    assert "needs 'type', 'admissions'" in why
    assert told["counts"] == [("tidy.ae_by_type.csv", 12_766, 12_765, 1, 0)]
    months = sums(told, "ae.attendances.type1")
    assert (len(months), sum(value for _, value, _ in months)) == (36, 46_315_223)
