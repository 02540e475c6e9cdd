"""kill -9 at any instant, run again: the same published figures, and nothing half done."""

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import kpialign
from kpialign.pipeline import modelling
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

FIGURES = (
    "SELECT organisation, role, period, item, value, status FROM data_item_value "
    "WHERE known_to IS NULL ORDER BY ALL"
)
HALF_DONE = {
    "a submission without its file": (
        "SELECT s.* FROM submission s ANTI JOIN file f USING (file_id)"
    ),
    "a published file without a submission": (
        "SELECT f.* FROM file f ANTI JOIN submission s USING (file_id) WHERE f.state = 'published'"
    ),
    "a figure without its submission": (
        "SELECT v.* FROM data_item_value v ANTI JOIN submission s USING (submission_id)"
    ),
    "a submission without a figure": (
        "SELECT s.* FROM submission s ANTI JOIN data_item_value v USING (submission_id)"
    ),
    "a file read twice": "SELECT sha256 FROM file GROUP BY ALL HAVING count(*) > 1",
    "two figures that hold": (
        "SELECT organisation, role, period, item FROM data_item_value WHERE known_to IS NULL "
        "GROUP BY ALL HAVING count(*) > 1"
    ),
    "rows that do not add up": (
        "SELECT name FROM file WHERE read <> loaded + set_aside + rejected OR read <> counted"
    ),
}  # fmt: skip
DATABASE, REPORT = "kpialign.duckdb", "report"
MOMENT = 0.005


@dataclass(frozen=True)
class Undisturbed:
    """What a run left that nobody killed, and how long it worked before it told and told."""

    figures: list[tuple[object, ...]]
    working: float
    telling: float

    def instant(self, stretch: float) -> float:
        """Seconds after the database was there; 0 to 1 is the work, 1 to 2 the telling."""
        return min(stretch, 1) * self.working + max(stretch - 1, 0) * self.telling


def check(extracts: Path) -> list[str]:
    return ["check", str(extracts), "--fail-on", "never"]


def start(extracts: Path, cwd: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "kpialign", *check(extracts)],
        cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def wait_for(run: subprocess.Popen[bytes], path: Path) -> float:
    """Wait until the run has made a file or folder; the moment it had."""
    while not path.exists():
        assert run.poll() is None
        time.sleep(MOMENT)
    return time.monotonic()


def rows(cwd: Path, query: str) -> list[tuple[object, ...]]:
    with open_database(cwd / DATABASE) as connection:
        return connection.execute(query).fetchall()


def nothing_half_done(cwd: Path) -> None:
    found = {what: rows(cwd, query) for what, query in HALF_DONE.items()}
    assert {what: wrong for what, wrong in found.items() if wrong} == {}


@pytest.fixture(scope="module")
def extracts(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of A&E, one of them a first publication that a workbook revises."""
    folder = tmp_path_factory.mktemp("extracts")
    for path in (sample / "ae").iterdir():
        if "March-2023" in path.name or "February-2023" in path.name:
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(scope="module")
def undisturbed(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    cwd = tmp_path_factory.mktemp("undisturbed")
    run = start(extracts, cwd)
    began = wait_for(run, cwd / DATABASE)
    told = wait_for(run, cwd / REPORT)
    _, errors = run.communicate()
    assert run.returncode == 0, errors.decode()
    nothing_half_done(cwd)
    figures = rows(cwd, FIGURES)
    assert len(figures) > 1000
    return Undisturbed(figures, told - began, time.monotonic() - told)


def run_again(cwd: Path, extracts: Path, undisturbed: Undisturbed) -> None:
    """What was left is whole, and the next run ends where an undisturbed one does."""
    nothing_half_done(cwd)
    outcome = kpialign.check(extracts, database=cwd / DATABASE)
    assert {reading.state for reading in outcome.readings} <= {"published", "unchanged"}
    nothing_half_done(cwd)
    assert rows(cwd, FIGURES) == undisturbed.figures


@pytest.mark.slow
@pytest.mark.parametrize("stretch", [0.1, 0.6, 1.0])
def test_a_run_killed_at_any_instant_leaves_nothing_half_done(
    tmp_path: Path, extracts: Path, undisturbed: Undisturbed, stretch: float
) -> None:
    seconds = undisturbed.instant(stretch + random.uniform(0, 0.4))  # another one every time
    run = start(extracts, tmp_path)
    wait_for(run, tmp_path / DATABASE)
    time.sleep(seconds)
    run.kill()
    run.communicate()
    print(f"killed {seconds:.3f} s after the database was there")
    run_again(tmp_path, extracts, undisturbed)


@pytest.mark.slow
def test_a_run_killed_while_it_publishes_leaves_nothing_half_done(
    tmp_path: Path, extracts: Path, undisturbed: Undisturbed
) -> None:
    code = (
        "import os, signal\n"
        "from kpialign.store import publish\n"
        "publish._record_file = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from kpialign.cli import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code, *check(extracts)], cwd=tmp_path, check=False)
    assert done.returncode == -signal.SIGKILL
    run_again(tmp_path, extracts, undisturbed)


def test_a_run_that_dies_after_publishing_does_not_forget_what_the_gate_said(
    tmp_path: Path, extracts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    (path,) = extracts.glob("*February*")
    text = path.read_text("utf-8")
    assert ",TOTAL ,542081," in text  # the printed total of type 1
    (tmp_path / path.name).write_text(text.replace(",542081,", ",552081,"), "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(modelling, "clear_staging", die)
        with pytest.raises(KeyboardInterrupt):
            kpialign.check(tmp_path, database=tmp_path / DATABASE)
    outcome = kpialign.check(tmp_path, database=tmp_path / DATABASE)
    assert [reading.state for reading in outcome.readings] == ["held_back"]
    assert outcome.gate.outcome is GateOutcome.FAIL
