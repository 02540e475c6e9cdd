"""``kpialign gate`` as a job runs it: exit codes, what is written where, and the second time."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cli import command
from cli.command import Done
from kpialign.outputs.gate import FORMATS

ROOT = Path(__file__).resolve().parents[2]
APRIL = "Monthly-AE-April-2022.csv"
MAY = "Monthly-AE-May-2022-revised-gqkxa.csv"


def run(*args: str, cwd: Path, **env: str) -> Done:
    return command.run("gate", *args, cwd=cwd, **env)


def run_apart(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kpialign", "gate", *args],
        cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **env},
    )  # fmt: skip


@pytest.fixture
def landing(sample: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    for name in (APRIL, MAY):
        shutil.copy(sample / "ae" / name, folder)
    return folder


def spoil(path: Path, heading: str, value: str) -> str:
    """Write a value into the first row that has a figure, and return its organisation.

    The printed total follows, as in a file whose sender made the mistake.
    """
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    at = rows[0].index(heading)
    row = next(row for row in rows[1:] if row[at] not in ("0", "-"))
    total = next(row for row in rows[1:] if row[1].strip().upper() == "TOTAL")
    total[at] = str(int(total[at]) - int(row[at]) + (int(value) if value.isdigit() else 0))
    row[at] = value
    path.write_text("\n".join(",".join(cells) for cells in rows) + "\n", "utf-8")
    return row[1]


def test_one_bad_trust_fails_the_gate_and_the_others_are_in_good_parquet(
    landing: Path, tmp_path: Path
) -> None:
    bad = spoil(landing / APRIL, "Attendances over 4hrs Type 1", "999999")
    done = run("landing", "--save", "checked", "--output", "json=gate.json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    good, rejected, results = (
        pl.read_parquet(tmp_path / "checked" / f"{name}.parquet")
        for name in ("good", "rejected", "gate_result")
    )
    april = good.filter(pl.col("file") == APRIL)
    assert april["organisation"].n_unique() > 50
    assert bad not in april["organisation"]
    assert set(rejected["organisation"]) == {bad}
    assert set(results.filter(pl.col("outcome") == "fail")["organisation"]) == {bad}
    json.loads((tmp_path / "gate.json").read_text("utf-8"))
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize(("asked", "code"), [("warn", 1), ("fail", 0), ("never", 0)])
def test_a_warning_fails_only_where_it_is_asked_to(
    landing: Path, tmp_path: Path, asked: str, code: int
) -> None:
    spoil(landing / APRIL, "Attendances over 4hrs Type 1", "n/a")
    done = run("landing", "--fail-on", asked, cwd=tmp_path)
    assert done.returncode == code, done.stderr


def test_an_empty_file_is_not_a_pass(landing: Path, tmp_path: Path) -> None:
    head = (landing / APRIL).read_text("utf-8").splitlines()[0]
    (landing / APRIL).write_text(f"{head}\n", "utf-8")
    assert run("landing", cwd=tmp_path).returncode == 1
    assert run("landing", "--fail-on", "never", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("content", [b"", b"site,beds\nA,3\n", b"PK\x03\x04 not a zip"])
def test_a_refused_file_ends_with_3_whatever_is_asked(
    landing: Path, tmp_path: Path, content: bytes
) -> None:
    spoil(landing / MAY, "Attendances over 4hrs Type 1", "999999")
    (landing / APRIL).write_bytes(content)
    done = run("landing", "--fail-on", "never", "--output", "json=g.json", cwd=tmp_path)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert APRIL in (tmp_path / "g.json").read_text("utf-8")


def test_a_check_that_crashes_ends_with_3_and_everything_is_written(
    landing: Path, tmp_path: Path
) -> None:
    """A copy of the house, with one broken check among its own."""
    for name in ("src", "sql", "indicators"):
        shutil.copytree(ROOT / name, tmp_path / "house" / name)
    own = tmp_path / "house" / "sql" / "checks" / "our_own.sql"
    own.write_text("SELECT name AS file, CAST(name AS DATE) AS period FROM staged_file", "utf-8")
    done = run_apart(
        "landing", "--save", "checked", "--output", "json=g.json", "--fail-on", "never",
        cwd=tmp_path, PYTHONPATH=str(tmp_path / "house" / "src"),
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "our_own" in done.stdout
    assert "could not be evaluated" in (tmp_path / "g.json").read_text("utf-8")
    assert pl.read_parquet(tmp_path / "checked" / "good.parquet").is_empty()


def test_a_busy_database_is_75_and_nothing_is_written(landing: Path, tmp_path: Path) -> None:
    assert run("landing", cwd=tmp_path).returncode == 0
    with duckdb.connect(str(tmp_path / "kpialign.duckdb")):
        done = run_apart("landing", "--output", "json=g.json", cwd=tmp_path)
    assert done.returncode == 75
    assert "Try again" in done.stderr
    assert not (tmp_path / "g.json").exists()


def test_the_second_time_says_the_same_bytes_without_heavy_imports(
    landing: Path, tmp_path: Path
) -> None:
    spoil(landing / APRIL, "Attendances over 4hrs Type 1", "999999")

    def asked(folder: str) -> tuple[str, ...]:
        files = (f"--output={name}={folder}/gate.{name}" for name in FORMATS)
        return ("landing", "--save", folder, *files)

    first = run(*asked("one"), cwd=tmp_path)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kpialign", "gate", *asked("two")],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (first.returncode, first.stdout)
    assert "nothing new since the last run" in done.stderr
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    heavy = {"great_expectations", "pandas", "scipy", "altair", "vl_convert"}
    assert imported & heavy == set()
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(names) == 3 + len(FORMATS)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_two_databases_give_the_same_bytes(landing: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("landing", "--database", f"{name}.duckdb", "--save", name, cwd=tmp_path)
    for name in ("good", "rejected", "gate_result"):
        one, two = (tmp_path / which / f"{name}.parquet" for which in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_the_summary_of_a_step_is_added_to(landing: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", "utf-8")
    done = run("landing", cwd=tmp_path, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0
    text = summary.read_text("utf-8")
    assert text.startswith("# Before\n")
    assert len(text) > len("# Before\n")
    missing = str(tmp_path / "nowhere" / "summary.md")
    done = run("landing", cwd=tmp_path, GITHUB_STEP_SUMMARY=missing)
    assert done.returncode == 0
    assert missing in done.stderr


def test_an_output_that_cannot_be_written_ends_with_3(landing: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    done = run("landing", "--output", "json=file/g.json", cwd=tmp_path)
    assert done.returncode == 3
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


MISTAKES = [
    ((), "Missing argument"),
    (("nowhere",), "there is no such file or folder"),
    (("landing", "--output", "x"), "write it as FORMAT=FILE"),
    (("landing", "--output", "jso=x"), "Did you mean json?"),
    (("landing", "--output", "json=x", "--output", "text=./x"), "is named twice"),
    (("landing", "--output", "json=."), "is a folder"),
    (("landing", "--output", f"json=landing/{APRIL}"), "would write over a file that is read"),
    (("landing", "--output", "json=link"), "would write over a file that is read"),
    (("landing", "--output", "text=kpialign.toml"), "would write over a file that is read"),
    (("landing", "--output", "text=kpialign.duckdb"), "would write over a file that is read"),
    (("landing", "--output", "text=landing/gate.csv"), "would be read as an extract"),
    (("landing", "--save", "landing/out"), "would be read as an extract"),
    (("landing", "--save", "kpialign.toml"), "is a file"),
    ((f"landing/{APRIL}", "--export-suite", "landing"), "holds extracts that are read"),
    (("landing", "--format", "xml"), "Invalid value"),
    (("landing", "--period", "x=Feb"), "write it as FILE=YYYY-MM"),
    (("empty",), "no extracts found"),
]


@pytest.mark.parametrize(("args", "words"), MISTAKES)
def test_a_users_mistake_is_2_and_writes_over_nothing(
    landing: Path, tmp_path: Path, args: tuple[str, ...], words: str
) -> None:
    (tmp_path / "kpialign.toml").write_text("", "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(landing / MAY)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = run(*args, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
