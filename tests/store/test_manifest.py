"""A log cut short, damaged or gone is noticed, and neither a kill nor an older copy is mistaken."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import kpialign
from kpialign.errors import DatabaseDamaged
from kpialign.store import manifest
from kpialign.store.database import open_database
from store.test_kill import DATABASE, FIGURES, check, nothing_half_done, rows

BEFORE, AFTER = "before", "after"
KILLED = """
import os, signal
from kpialign.store import manifest
real = manifest.write
def write(connection, *, in_file):
    {does}
    os.kill(os.getpid(), signal.SIGKILL)
manifest.write = write
from kpialign.cli import main
main()
"""
DOES = {BEFORE: "pass", AFTER: "real(connection, in_file=in_file)"}


@dataclass(frozen=True)
class Place:
    """Two months of extracts, and a database that knows the first."""

    first: Path
    second: Path
    folder: Path


@pytest.fixture(scope="module")
def place(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("place")
    months = {"first": "April-2022", "second": "May-2022"}
    for name, month in months.items():
        (folder / name).mkdir()
        (path,) = (p for p in (sample / "ae").glob("*.csv") if month in p.name)
        shutil.copy(path, folder / name)
    kpialign.check(folder / "first", database=folder / DATABASE)
    return Place(folder / "first", folder / "second", folder)


def killed(place: Place, cwd: Path, when: str) -> Path:
    """A run over the second month, killed after its commit; what was published is in the log."""
    for path in place.folder.glob(f"{DATABASE}*"):
        shutil.copy(path, cwd)
    code = KILLED.format(does=DOES[when])
    done = subprocess.run([sys.executable, "-c", code, *check(place.second)], cwd=cwd, check=False)
    assert done.returncode == -signal.SIGKILL
    assert log(cwd / DATABASE).stat().st_size > 1000
    return cwd / DATABASE


@pytest.fixture(scope="module")
def in_log(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return killed(place, tmp_path_factory.mktemp("in_log"), AFTER)


@pytest.fixture
def copy(in_log: Path, tmp_path: Path) -> Path:
    for path in in_log.parent.glob(f"{DATABASE}*"):
        shutil.copy(path, tmp_path)
    return tmp_path / DATABASE


def log(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def cut(share: float) -> Callable[[Path], None]:
    def shorten(path: Path) -> None:
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    return shorten


def overwrite(path: Path) -> None:
    """Bytes of what was published, early in the log: what follows them counts for no log."""
    data = bytearray(path.read_bytes())
    data[len(data) // 4 : len(data) // 4 + 16] = b"\xff" * 16
    path.write_bytes(data)


def months(database: Path) -> set[object]:
    return {row[1] for row in rows(database.parent, "SELECT file_id, period FROM submission")}


@pytest.mark.slow
def test_a_whole_log_is_read_back_without_a_word(copy: Path, place: Place) -> None:
    assert months(copy) == {"2022-04", "2022-05"}
    outcome = kpialign.check(place.second, database=copy)
    assert [reading.state for reading in outcome.readings] == ["unchanged"]
    assert not [note for note in outcome.notes if "log" in note or "manifest" in note]


@pytest.mark.slow
@pytest.mark.parametrize("harm", [cut(0.0), cut(0.4), cut(0.9), Path.unlink, cut(0.999)])
def test_a_log_cut_short_is_told_with_the_run_its_files_and_its_figures(
    copy: Path, harm: Callable[[Path], None]
) -> None:
    harm(log(copy))
    with pytest.raises(DatabaseDamaged) as told, open_database(copy):
        pass
    for words in (
        "end of its log is lost",
        "run 2 of ",
        "figures of Monthly-AE-May-2022",
        "Run again over",
    ):
        assert words in str(told.value)
    assert "April" not in str(told.value)
    with pytest.raises(DatabaseDamaged), open_database(copy):
        pass  # opening it again does not make it forget


@pytest.mark.slow
def test_what_a_log_lost_comes_back_by_running_again(copy: Path, place: Place) -> None:
    cut(0.4)(log(copy))
    with pytest.raises(DatabaseDamaged):
        kpialign.check(place.first, database=copy)
    outcome = kpialign.check([place.first, place.second], database=copy)
    assert [
        note for note in outcome.notes if "the end of its log was lost; published again" in note
    ]
    assert {reading.state for reading in outcome.readings} == {"unchanged", "published"}
    nothing_half_done(copy.parent)
    undisturbed = copy.with_name("undisturbed")
    undisturbed.mkdir()
    kpialign.check([place.first, place.second], database=undisturbed / DATABASE)
    assert rows(copy.parent, FIGURES) == rows(undisturbed, FIGURES)
    again = kpialign.check([place.first, place.second], database=copy)
    assert not [note for note in again.notes if "log" in note]


@pytest.mark.slow
def test_going_on_without_it_is_a_word_of_the_user(copy: Path, place: Place) -> None:
    cut(0.4)(log(copy))
    manifest.beside(copy).unlink()
    assert months(copy) == {"2022-04"}


@pytest.mark.slow
def test_a_damaged_log_is_told_without_a_trace_and_the_advice_works(
    copy: Path, place: Place
) -> None:
    data = bytearray(log(copy).read_bytes())
    data[-60:-52] = b"\xff" * 8
    log(copy).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "kpialign", *check(place.second), "--database", str(copy)],
        cwd=copy.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    for words in ("its log kpialign.duckdb.wal is damaged", "run 2 of ", "May-2022", "Rename"):
        assert words in done.stderr
    log(copy).rename(copy.with_name(f"{DATABASE}.wal.damaged"))
    outcome = kpialign.check(place.second, database=copy)
    assert [reading.state for reading in outcome.readings] == ["published"]
    assert months(copy) == {"2022-04", "2022-05"}


@pytest.mark.slow
def test_bytes_overwritten_in_the_middle_of_a_log_are_noticed(copy: Path) -> None:
    overwrite(log(copy))
    with pytest.raises(DatabaseDamaged, match="log"), open_database(copy):
        pass


@pytest.mark.slow
def test_a_kill_between_commit_and_witness_is_no_loss(place: Place, tmp_path: Path) -> None:
    database = killed(place, tmp_path, BEFORE)
    witness = manifest.read(database)
    assert witness is not None
    assert {one.run_id for one in witness.publications} == {1}
    outcome = kpialign.check(place.second, database=database)
    assert [reading.state for reading in outcome.readings] == ["unchanged"]
    assert not [note for note in outcome.notes if "manifest" in note]
    witness = manifest.read(database)
    assert witness is not None
    assert witness.in_file
    assert {one.run_id for one in witness.publications} == {1, 2}


@pytest.mark.slow
def test_an_older_copy_put_back_is_said_and_used(place: Place, copy: Path) -> None:
    kpialign.check(place.second, database=copy)
    shutil.copy(place.folder / DATABASE, copy)
    outcome = kpialign.check(place.first, database=copy)
    (note,) = (note for note in outcome.notes if "older copy" in note)
    assert "run 2 of " in note
    assert "May-2022" in note
    again = kpialign.check([place.first, place.second], database=copy)
    assert [r.state for r in again.readings if "May" in r.file] == ["published"]
    after = kpialign.check([place.first, place.second], database=copy)
    assert not [note for note in after.notes if "older copy" in note]


@pytest.mark.slow
def test_an_older_copy_with_its_manifest_needs_no_word(place: Place, copy: Path) -> None:
    kpialign.check(place.second, database=copy)
    for path in place.folder.glob(f"{DATABASE}*"):
        shutil.copy(path, copy.parent)
    outcome = kpialign.check(place.first, database=copy)
    assert not [note for note in outcome.notes if "copy" in note or "manifest" in note]


def test_the_manifest_of_another_database_is_said(place: Place, tmp_path: Path) -> None:
    shutil.copy(manifest.beside(place.folder / DATABASE), tmp_path)
    with open_database(tmp_path / DATABASE) as connection:
        (note,) = manifest.see(connection)
    assert "is of another database" in note
    assert "April-2022" in note


def test_ledgers_that_lack_rows_are_damage(place: Place, tmp_path: Path) -> None:
    shutil.copy(place.folder / DATABASE, tmp_path)
    with open_database(tmp_path / DATABASE) as connection:
        connection.execute("DELETE FROM data_item_value WHERE row = 5")
    with (
        pytest.raises(DatabaseDamaged, match="its ledger 'data_item_value' has"),
        open_database(tmp_path / DATABASE),
    ):
        pass


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"mark": 1}', '{"publications": [1], "mark": ""}']
)
def test_a_manifest_that_cannot_be_read_is_written_anew(
    place: Place, tmp_path: Path, text: str
) -> None:
    database = tmp_path / DATABASE
    shutil.copy(place.folder / DATABASE, database)
    manifest.beside(database).write_text(text, "utf-8")
    with open_database(database):
        pass
    told = json.loads(manifest.beside(database).read_text("utf-8"))
    assert told["in_file"] is True
    assert [one["figures"] > 1000 for one in told["publications"]] == [True]
