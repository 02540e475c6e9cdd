"""What holds after publishing, whatever the order in which files came."""

import random
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpialign import engine
from kpialign.extracts.document import fingerprint
from kpialign.extracts.workspace import read_workspace
from kpialign.library import Library, load
from kpialign.pipeline import modelling
from kpialign.pipeline.reading import read_files
from kpialign.pipeline.request import Arrival
from kpialign.shipped import shipped
from kpialign.store import publish
from kpialign.store.database import open_database

NOW = datetime(2026, 11, 2, 9)
COLUMNS = "organisation, role, period, item, value, status"


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def publish_files(
    database: Path, paths: Sequence[Path], library: Library, now: datetime = NOW
) -> list[str]:
    """Read, stage and publish everything, the gate left out; return the files staged."""
    with open_database(database) as connection:
        modelling.know(connection, library, read_workspace(database.parent))
        found = [Arrival(path, path.name, fingerprint(path)) for path in paths]
        read = read_files(connection, found, library)
        run = publish.next_run(connection, now)
        if read.staged:
            modelling.stage_files(connection, read.staged)
            publish.choose_good(connection, [], [])
            publish.publish(connection, run, [(f, "published", "") for f in read.staged])
    return [file.name for file in read.staged]


def holds(database: Path) -> list[tuple[object, ...]]:
    with open_database(database) as connection:
        return connection.execute(
            f"SELECT {COLUMNS} FROM data_item_value WHERE known_to IS NULL ORDER BY ALL"
        ).fetchall()


def versions(database: Path, where: str) -> list[tuple[object, ...]]:
    with open_database(database) as connection:
        return connection.execute(
            "SELECT value, known_to IS NULL FROM data_item_value "
            f"WHERE {where} ORDER BY known_to IS NULL, value"
        ).fetchall()


@pytest.fixture
def march_2023(sample: Path) -> list[Path]:
    """The month that was first published as CSV and revised as a workbook, and its neighbours."""
    names = ("Monthly-AE-March-2023.csv", "Monthly-AE-February-2023 (2).csv")
    return [*(sample / "ae").glob("*.xls"), *(sample / "ae" / name for name in names)]


REVISED = "organisation = 'ZH29' AND period = '2023-03' AND item = 'ae.attendances.type3'"


def test_the_dated_revision_holds_and_the_first_figure_is_kept(
    tmp_path: Path, march_2023: list[Path], library: Library
) -> None:
    publish_files(tmp_path / "k.duckdb", march_2023, library)
    assert versions(tmp_path / "k.duckdb", REVISED) == [(6167.0, False), (7213.0, True)]


@pytest.mark.parametrize("seed", range(4))
def test_shuffling_files_and_runs_changes_nothing(
    tmp_path: Path, march_2023: list[Path], library: Library, seed: int
) -> None:
    shuffled = random.Random(seed).sample(march_2023, len(march_2023))
    publish_files(tmp_path / "together.duckdb", march_2023, library)
    publish_files(tmp_path / "shuffled.duckdb", shuffled, library)
    for hours, path in enumerate(shuffled):
        publish_files(tmp_path / "apart.duckdb", [path], library, NOW + timedelta(hours=hours))
    assert holds(tmp_path / "together.duckdb") == holds(tmp_path / "shuffled.duckdb")
    assert holds(tmp_path / "together.duckdb") == holds(tmp_path / "apart.duckdb")


def test_an_unchanged_file_is_not_read_twice(
    tmp_path: Path, march_2023: list[Path], library: Library
) -> None:
    assert len(publish_files(tmp_path / "k.duckdb", march_2023, library)) == 3
    before = holds(tmp_path / "k.duckdb")
    assert publish_files(tmp_path / "k.duckdb", march_2023, library) == []
    assert holds(tmp_path / "k.duckdb") == before


def test_a_changed_file_supersedes_and_an_equal_figure_adds_no_row(
    tmp_path: Path, few: Path, library: Library
) -> None:
    database = tmp_path / "k.duckdb"
    publish_files(database, sorted(few.iterdir()), library)
    (april,) = few.glob("*April*")
    text = april.read_text("utf-8")
    row = next(line for line in text.splitlines() if ",ZH01," in line)
    cells = row.split(",")
    was, now = cells[4], str(int(cells[4]) + 5)
    cells[4] = now
    april.write_text(text.replace(row, ",".join(cells)), "utf-8")
    publish_files(database, sorted(few.iterdir()), library, NOW + timedelta(days=30))
    changed = "organisation = 'ZH01' AND period = '2022-04' AND item = "
    assert versions(database, changed + "'ae.attendances.type1'") == [
        (float(was), False),
        (float(now), True),
    ]
    assert len(versions(database, changed + "'ae.attendances.type2'")) == 1


def test_a_body_no_longer_in_a_whole_period_file_is_closed(
    tmp_path: Path, few: Path, library: Library
) -> None:
    database = tmp_path / "k.duckdb"
    publish_files(database, sorted(few.iterdir()), library)
    (april,) = few.glob("*April*")
    lines = [x for x in april.read_text("utf-8").splitlines() if ",ZH01," not in x]
    april.write_text("\n".join(lines), "utf-8")
    publish_files(database, sorted(few.iterdir()), library, NOW + timedelta(days=30))
    gone = "organisation = 'ZH01' AND period = '2022-04' AND item = 'ae.attendances.type1'"
    assert [open_ for _, open_ in versions(database, gone)] == [False]


def test_a_zero_that_means_not_reported_is_not_a_zero(
    tmp_path: Path, few: Path, library: Library
) -> None:
    database = tmp_path / "k.duckdb"
    publish_files(database, sorted(few.iterdir()), library)
    with open_database(database) as connection:
        rows = connection.execute(
            "SELECT DISTINCT value, status FROM data_item_value "
            "WHERE organisation = 'ZH23' AND item LIKE 'ae.over_4h.%'"
        ).fetchall()
    assert rows == [(None, "not_reported")]


def test_a_publish_that_fails_leaves_nothing_behind(
    tmp_path: Path, few: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(publish, "_record_file", fail)
    with pytest.raises(RuntimeError):
        publish_files(tmp_path / "k.duckdb", sorted(few.iterdir()), library)
    assert holds(tmp_path / "k.duckdb") == []


def test_two_undated_files_that_disagree_are_told_apart_from_agreeing_ones(
    tmp_path: Path, few: Path, library: Library
) -> None:
    (april,) = few.glob("*April*")
    shutil.copy(april, few / "same figures.csv")
    text = april.read_text("utf-8")
    row = next(line for line in text.splitlines() if ",ZH01," in line)
    (few / "other figures.csv").write_text(text.replace(row, row + "1"), "utf-8")
    with open_database(tmp_path / "k.duckdb") as connection:
        modelling.know(connection, library, read_workspace(tmp_path))
        found = [Arrival(p, p.name, fingerprint(p)) for p in sorted(few.glob("*"))]
        read = read_files(connection, found, library)
        modelling.stage_files(connection, read.staged)
        pairs = engine.check(connection, "files_agree")
    assert [reading.file for reading in read.known] == ["same figures.csv"]
    assert pairs.height == 2
    assert pairs["organisation"].unique().to_list() == ["ZH01"]
    assert pairs["column"].unique().to_list() == ["Other emergency admissions"]
