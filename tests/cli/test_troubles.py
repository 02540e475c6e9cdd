"""Disk full, nothing may be written, two at once: one message, and nothing published is lost."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import kpialign
from cli import command
from cli.command import Done
from store.test_kill import DATABASE, FIGURES, nothing_half_done, rows

ROOM = "size=64m"
pytestmark = pytest.mark.slow


def run(*args: object, cwd: Path) -> Done:
    return command.run("check", "--fail-on", "never", *map(str, args), cwd=cwd)


def run_apart(
    *args: object, cwd: Path, bound: tuple[str, ...] = (), code: str = ""
) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, which may be bound or begin with other code."""
    begin = ["-c", code] if code else ["-m", "kpialign"]
    asked = [*bound, sys.executable, *begin, "check", "--fail-on", "never", *map(str, args)]
    return subprocess.run(asked, cwd=cwd, capture_output=True, text=True, check=False)


def told(done: Done | subprocess.CompletedProcess[str], *words: str, code: int = 3) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert not [word for word in words if word not in done.stderr], done.stderr


@pytest.fixture(scope="module")
def months(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two months of A&E that anybody may read, each in a folder of its own."""
    place = tmp_path_factory.mktemp("months")
    found = []
    for month in ("April-2022", "May-2022"):
        (path,) = (p for p in (sample / "ae").glob("*.csv") if month in p.name)
        (place / month).mkdir()
        (place / month / path.name).write_bytes(path.read_bytes())
        found.append(place / month)
    return found


@pytest.fixture(scope="module")
def clean(months: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """The figures that an undisturbed run leaves."""
    place = tmp_path_factory.mktemp("clean")
    kpialign.check(months, database=place / DATABASE)
    return rows(place, FIGURES)


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """A file system of its own in memory, where this process may mount one."""
    place.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def ends_as_a_clean_run(months: list[Path], place: Path, clean: list[tuple[object, ...]]) -> None:
    nothing_half_done(place)
    outcome = kpialign.check(months, database=place / DATABASE)
    assert {reading.state for reading in outcome.readings} <= {"published", "unchanged"}
    nothing_half_done(place)
    assert rows(place, FIGURES) == clean


# KB free: before there are ledgers, and when the log is written back.
@pytest.mark.parametrize("room", [150, 1500])
def test_a_full_disk_under_a_new_database(
    tmp_path: Path, months: list[Path], clean: list[tuple[object, ...]], room: int
) -> None:
    with mounted(tmp_path / "disk", f"size={room}k") as disk:
        done = run(*months, "--database", disk / DATABASE, cwd=tmp_path)
        told(done, "no room left", "Free space and run again")
        remount(disk, ROOM)
        ends_as_a_clean_run(months, disk, clean)


def test_a_full_disk_takes_nothing_from_what_was_published_before(
    tmp_path: Path, months: list[Path], clean: list[tuple[object, ...]]
) -> None:
    with mounted(tmp_path / "disk", ROOM) as disk:
        kpialign.check(months[0], database=disk / DATABASE)
        before = rows(disk, FIGURES)
        used = sum(path.stat().st_blocks for path in disk.iterdir()) // 2
        remount(disk, f"size={used + 40}k")
        done = run(*months, "--database", disk / DATABASE, cwd=tmp_path)
        told(done, "no room left", "What had been published before is whole")
        remount(disk, ROOM)
        assert rows(disk, FIGURES) == before
        ends_as_a_clean_run(months, disk, clean)


def test_a_full_disk_under_the_report(
    tmp_path: Path, months: list[Path], clean: list[tuple[object, ...]]
) -> None:
    with mounted(tmp_path / "disk", "size=200k") as disk:
        report = disk / "report"
        done = run(months[0], "--report", report, cwd=tmp_path)
        told(done, "report could not be written", "No space left", f"is safe in {DATABASE}")
        april = [row for row in clean if row[2] == "2022-04"]
        assert rows(tmp_path, FIGURES) == april
        assert not [path for path in disk.rglob("*") if path.name.startswith(".kpialign-")]
        remount(disk, ROOM)
        again = run(months[0], "--report", report, cwd=tmp_path)
        assert again.returncode == 0, again.stderr
        assert (report / "report.html").stat().st_size > 10_000


def test_no_room_to_spill_is_told_and_the_next_run_is_whole(
    tmp_path: Path, months: list[Path], clean: list[tuple[object, ...]]
) -> None:
    small = (
        "from kpialign.store import database\n"
        "database.SETTINGS |= {'max_temp_directory_size': '1KB'}\n"
        "database.MEMORY = database.MOST_MEMORY = 6\n"
        "from kpialign.cli import main\n"
        "main()"
    )
    told(
        run_apart(*months, cwd=tmp_path, code=small),
        "more memory",
        "Free space",
        "over fewer of them",
    )
    ends_as_a_clean_run(months, tmp_path, clean)


def test_files_that_may_not_grow_stand_for_a_full_disk(
    tmp_path: Path, months: list[Path], clean: list[tuple[object, ...]]
) -> None:
    """The same where nothing can be mounted: the process may write 600 KB a file."""
    limited = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))\n"
        "from kpialign.cli import main\n"
        "main()"
    )
    told(run_apart(*months, cwd=tmp_path, code=limited), "no room left", "Free space and run again")
    ends_as_a_clean_run(months, tmp_path, clean)


@pytest.fixture
def bound(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """What to start a process with so that permissions bind it, also where this one is root."""
    yield _bound()
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755)


def _bound() -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("permissions do not bind root, and there is no setpriv here")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


def test_a_database_that_may_not_be_written(
    tmp_path: Path, months: list[Path], bound: tuple[str, ...]
) -> None:
    kpialign.check(months[0], database=tmp_path / DATABASE)
    before = rows(tmp_path, FIGURES)
    (tmp_path / DATABASE).chmod(0o444)
    told(
        run_apart(*months, cwd=tmp_path, bound=bound), DATABASE, "may not be written", "--database"
    )
    (tmp_path / DATABASE).chmod(0o644)
    tmp_path.chmod(0o555)  # its folder now, where the log and the manifest have to be
    told(
        run_apart(*months, cwd=tmp_path, bound=bound), DATABASE, "may not be written", "--database"
    )
    new = run_apart(*months, "--database", "new.duckdb", cwd=tmp_path, bound=bound)
    told(new, "new.duckdb", "may not be written")
    tmp_path.chmod(0o755)
    assert not (tmp_path / "new.duckdb").exists()
    assert rows(tmp_path, FIGURES) == before


def test_a_report_that_may_not_be_written_does_not_undo_what_was_published(
    tmp_path: Path, months: list[Path], clean: list[tuple[object, ...]], bound: tuple[str, ...]
) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.html").write_text("last month", "utf-8")
    (tmp_path / "report").chmod(0o555)
    done = run_apart(*months, cwd=tmp_path, bound=bound)
    told(done, "report: the report could not be written", "Permission denied", "--report")
    assert rows(tmp_path, FIGURES) == clean
    assert (tmp_path / "report" / "report.html").read_text("utf-8") == "last month"


def test_a_read_only_file_system(tmp_path: Path, months: list[Path]) -> None:
    with mounted(tmp_path / "disk", ROOM) as disk:
        kpialign.check(months[0], database=disk / DATABASE)
        before = rows(disk, FIGURES)
        remount(disk, "ro")
        told(run(*months, "--database", disk / DATABASE, cwd=tmp_path), "may not be written")
        remount(disk, "rw")
        assert rows(disk, FIGURES) == before


def test_a_file_where_the_report_should_be(tmp_path: Path, months: list[Path]) -> None:
    (tmp_path / "report").write_text("mine", "utf-8")
    told(run(months[0], cwd=tmp_path), "report could not be written", "--report")
    assert (tmp_path / "report").read_text("utf-8") == "mine"
    assert rows(tmp_path, "SELECT DISTINCT state FROM file") == [("published",)]


def holder(database: Path, seconds: float) -> subprocess.Popen[str]:
    code = (
        "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); "
        "time.sleep(float(sys.argv[2]))"
    )
    held = subprocess.Popen(
        [sys.executable, "-c", code, str(database), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert held.stdout is not None
    held.stdout.readline()
    return held


def test_a_second_run_waits_for_a_short_one_and_gives_way_to_a_long_one(
    tmp_path: Path, months: list[Path], clean: list[tuple[object, ...]]
) -> None:
    kpialign.check(months[0], database=tmp_path / DATABASE)
    long = holder(tmp_path / DATABASE, 60)
    told(run(*months, cwd=tmp_path), "another run holds the database", "Try again", code=75)
    long.kill()
    long.communicate()
    short = holder(tmp_path / DATABASE, 3)
    done = run(*months, cwd=tmp_path)
    short.communicate()
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path, FIGURES) == clean


def test_two_runs_at_once_end_well_or_give_way(
    tmp_path: Path, months: list[Path], clean: list[tuple[object, ...]]
) -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "kpialign", "check", str(month), "--fail-on", "never",
             "--report", f"report-{month.name}"],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for month in months
    ]  # fmt: skip
    ends = [(*one.communicate(), one.returncode) for one in runs]
    assert {code for *_, code in ends} <= {0, 75}, ends
    assert 0 in {code for *_, code in ends}
    assert not [error for _, error, _ in ends if "Traceback" in error]
    # Each finished run stands under its own number, with its own screen.
    told_by_runs = rows(tmp_path, "SELECT screen FROM run WHERE screen <> ''")
    assert sorted(text for (text,) in told_by_runs) == sorted(  # type: ignore[type-var]
        out for out, _, code in ends if code == 0
    )
    ends_as_a_clean_run(months, tmp_path, clean)
