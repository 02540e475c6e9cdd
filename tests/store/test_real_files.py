"""Every published A&E and ambulance file at hand is read whole and meets its own totals."""

from pathlib import Path

import pytest
from tests.conftest import NOW

from kpialign import engine
from kpialign.extracts.document import find_files, fingerprint
from kpialign.extracts.workspace import read_workspace
from kpialign.library import load
from kpialign.pipeline import modelling
from kpialign.pipeline.reading import read_files
from kpialign.pipeline.request import Arrival
from kpialign.shipped import shipped
from kpialign.store import publish
from kpialign.store.database import open_database

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def told(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple]]:
    """What the models say once every file, in all its headings, is staged and published."""
    library = load([shipped("indicators")])
    place = tmp_path_factory.mktemp("files")
    paths = list(find_files([extracts / "ae", extracts / "ambulance"]))
    with open_database(place / "k.duckdb") as connection:
        modelling.know(connection, library, read_workspace(place))
        found = [Arrival(path, path.name, fingerprint(path)) for path in paths]
        read = read_files(connection, found, library)
        run = publish.next_run(connection, NOW)
        modelling.stage_files(connection, read.staged)
        out = {
            "refused": [(r.file, r.why) for r in read.refused],
            "layouts": [(f.name, f.layout) for f in read.staged],
            "counts": engine.query(connection, "file_count").rows(),
            "totals": engine.check(connection, "totals_add_up").rows(),
            "disagree": engine.check(connection, "files_agree").rows(),
            "levels": connection.execute(
                "SELECT level, count(*) FROM reconciled_total GROUP BY level ORDER BY level"
            ).fetchall(),
        }
        publish.choose_good(connection, [], [])
        publish.publish(connection, run, [(f, "published", "") for f in read.staged])
        modelling.build_core(connection)
        out["april_2019"] = connection.execute(
            "SELECT value FROM system_value WHERE scope = 'ENGLAND' AND period = '2019-04' "
            "AND indicator = 'uec.ed.four_hour'"
        ).fetchall()
        out["exempt"] = connection.execute(
            "SELECT count(DISTINCT organisation) FROM data_item_value WHERE period = '2023-03' "
            "AND item = 'ae.over_4h.type1' AND status = 'not_reported' AND known_to IS NULL"
        ).fetchall()
    return out


def test_all_are_recognised(told: dict[str, list[tuple]]) -> None:
    assert told["refused"] == []
    layouts = [layout for _, layout in told["layouts"]]
    assert {name: layouts.count(name) for name in set(layouts)} == {
        "nhse.ae.csv": 28,
        "nhse.ae.workbook": 9,
        "nhse.ambsys": 1,
    }


def test_no_row_is_lost_or_rejected(told: dict[str, list[tuple]]) -> None:
    for _, read, loaded, set_aside, rejected in told["counts"]:
        assert rejected == 0
        assert read == loaded + set_aside
        assert loaded > 100


def test_every_printed_total_is_met(told: dict[str, list[tuple]]) -> None:
    assert told["totals"] == []
    levels = dict(told["levels"])
    assert levels["icb"] > 5_000  # the workbooks' System Level Data
    assert levels["organisation"] > 20_000  # their Provider Level Data
    assert levels["region"] > 10_000  # AmbSYS regions
    assert levels["england"] > 2_500


def test_dated_and_undated_files_never_contradict(told: dict[str, list[tuple]]) -> None:
    assert told["disagree"] == []


def test_months_before_booked_appointments_have_their_figure(told: dict[str, list[tuple]]) -> None:
    ((value,),) = told["april_2019"]
    assert value == pytest.approx(100 * (1 - 314181 / 2112165), abs=0.3)


def test_the_fourteen_exempt_trusts_are_not_reported(told: dict[str, list[tuple]]) -> None:
    assert told["exempt"] == [(14,)]
