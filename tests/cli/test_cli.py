import json
import subprocess
import sys
from pathlib import Path

import pytest

import kpialign
from cli.command import run

HEAVY = ("great_expectations", "altair", "pandas", "polars", "scipy", "duckdb", "numpy")


@pytest.fixture(scope="module")
def first(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The README's run: folder and screen."""
    folder = tmp_path_factory.mktemp("cli")
    command = [sys.executable, "-m", "kpialign", "check", str(sample), "--fail-on", "never"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_readme_run_shows_the_planted_conflicts_and_writes_the_report(
    first: tuple[Path, str],
) -> None:
    folder, screen = first
    assert "SUPPORTED · KA-UEC-001" in screen
    assert "SUPPORTED · KA-UEC-002" in screen
    assert "OPPOSITE · KA-UEC-003" in screen
    assert "nan" not in screen.lower().split()
    for name in ("report.html", "findings.json", "findings.csv", "screen.txt"):
        assert (folder / "report" / name).stat().st_size > 0
    for ending in ("svg", "png", "vl.json"):
        assert list((folder / "report" / "charts").glob(f"KA-UEC-002_*_forest.{ending}"))


def test_nothing_new_is_told_from_the_ledger_without_heavy_imports(
    first: tuple[Path, str], sample: Path
) -> None:
    folder, screen = first
    before = {p: p.stat().st_mtime_ns for p in (folder / "report").rglob("*")}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kpialign", "check", str(sample)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1  # the gate held a file back, and says so again
    assert done.stdout == screen
    assert "nothing new since the last run" in done.stderr
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert not imported & {"great_expectations", "pandas", "scipy", "altair", "vl_convert"}
    assert before == {p: p.stat().st_mtime_ns for p in (folder / "report").rglob("*")}


def test_looking_back_reads_and_enters_nothing(first: tuple[Path, str], sample: Path) -> None:
    folder, screen = first
    before = {p: p.stat().st_mtime_ns for p in (folder / "report").rglob("*")}
    done = run("check", "--as-known-on", "2020-01-01", "--as-published-on", "2024-01-01",
               cwd=folder)  # fmt: skip
    words = "as known on 2020-01-01, as published on 2024-01-01"
    assert done.returncode == 0, done.stderr
    assert f"{words}: nothing is read or published" in done.stderr
    assert words in done.stdout.splitlines()[0]
    own = folder / "report" / "as-known-on-2020-01-01-as-published-on-2024-01-01"
    assert words in (own / "report.html").read_text("utf-8")
    assert "nothing was known then" in (own / "findings.json").read_text("utf-8")
    assert before == {p: p.stat().st_mtime_ns for p in before if p.name != "report"}
    again = run("check", str(sample), "--fail-on", "never", cwd=folder)
    assert "nothing new since the last run" in again.stderr
    assert again.stdout == screen


def test_an_output_that_was_touched_is_made_again(few: Path, tmp_path: Path) -> None:
    first = run("check", str(few), cwd=tmp_path)
    told = tmp_path / "report" / "findings.csv"
    written = told.read_bytes()
    told.write_text("changed", "utf-8")
    done = run("check", str(few), cwd=tmp_path)
    assert "nothing new" not in done.stderr
    assert told.read_bytes() == written
    conflicts = first.stdout.split("CONFLICTS")[1].split("NEXT")[0]
    assert conflicts in done.stdout


def test_json_is_on_stdout_alone(first: tuple[Path, str], sample: Path) -> None:
    folder, _ = first
    done = run("check", str(sample), "--fail-on", "never", "--format", "json", cwd=folder)
    told = json.loads(done.stdout)
    assert told["schema_version"] == "1.4"
    assert {f["rule"]: f["verdict"] for f in told["findings"]}["KA-UEC-002"] == "supported"


def test_a_supported_finding_changes_the_exit_code_only_when_asked(
    first: tuple[Path, str], sample: Path
) -> None:
    folder, _ = first
    asked = ("check", str(sample), "--fail-on", "never", "--fail-on-finding", "high")
    assert run(*asked, cwd=folder).returncode == 1


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("check", "nowhere"), 2, "there is no such file or folder"),
        (("check",), 2, "Missing argument"),
        (("chek",), 2, "No such command"),
        (("check", "--as-known-on", "2025-10-01"), 2, "there is no such database"),
        (("check", "--as-known-on", "October"), 2, "does not match"),
        (("explain", "amb.cat2.meen"), 2, "Did you mean amb.cat2.mean?"),
        (("check", ".", "--published", "x"), 2, "write it as FILE=YYYY-MM-DD"),
        (("check", ".", "--allow", "x.csv"), 2, "write it as FILE:COLUMN"),
        (("check", ".", "--period", "x=Feb"), 2, "write it as FILE=YYYY-MM"),
    ],
)
def test_a_users_mistake_is_one_message_and_no_traceback(
    tmp_path: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "x.csv").write_text("a,b\n", "utf-8")
    done = run(*args, cwd=tmp_path)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_read_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("site,beds\nA,3\n", "utf-8")
    done = run("check", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert "no layout recognises it" in done.stdout


def test_an_unknown_system_names_the_nearest(first: tuple[Path, str], sample: Path) -> None:
    folder, _ = first
    done = run("check", str(sample), "--system", "ZQZ", cwd=folder)
    assert done.returncode == 2
    assert "no such system, region or service" in done.stderr


@pytest.mark.parametrize(
    "args", [("--help",), ("check", "--help"), ("gate", "--help"), ("--version",)]
)
def test_help_imports_nothing_heavy(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kpialign", *args],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert not imported & set(HEAVY)


@pytest.mark.parametrize(
    "command", ["check", "diff", "doctor", "explain", "gate", "lint", "list", "schema"]
)
def test_every_command_has_help_with_an_example(tmp_path: Path, command: str) -> None:
    done = run(command, "--help", cwd=tmp_path)
    assert f"kpialign {command}" in done.stdout.split("Options")[0].split("Usage")[1]


def test_explain_shows_from_how_many_rows_a_check_fails_and_where_that_is_said(
    tmp_path: Path,
) -> None:
    told = " ".join(run("explain", "KG-103", cwd=tmp_path).stdout.split())
    assert "warn from 1, fail from 20 and 5 %" in told
    assert "thresholds.yaml:" in told
    assert "nothing makes it milder" in run("explain", "KG-101", cwd=tmp_path).stdout
    (tmp_path / "exceptions").mkdir()
    (tmp_path / "exceptions" / "a.yaml").write_text(
        "exceptions:\n  - {id: ex.a, check: KG-006, organisations: RBB, at_most: warn, why: known,"
        " by: A. Person, until: 2026-12-31}\n",
        "utf-8",
    )
    told = " ".join(run("explain", "KG-006", cwd=tmp_path).stdout.split())
    assert "fail from the first failing row" in told
    assert "warn at most until 2026-12-31 by exception ex.a (A. Person: known)" in told
    assert run("lint", cwd=tmp_path).returncode == 0
    wrong = (tmp_path / "exceptions" / "a.yaml").read_text("utf-8").replace("006", "101")
    (tmp_path / "exceptions" / "a.yaml").write_text(wrong, "utf-8")
    refused = run("lint", cwd=tmp_path)
    assert refused.returncode == 2
    assert "a.yaml:2: KG-101 speaks of whole files" in refused.stderr


def test_explain_and_list_and_lint(tmp_path: Path) -> None:
    assert "Crews held at hospital" in run("explain", "KA-UEC-002", cwd=tmp_path).stdout
    assert "KG-101" in run("explain", "kg-101", cwd=tmp_path).stdout
    assert "KA-UEC-003" in run("list", "conflicts", cwd=tmp_path).stdout
    assert run("lint", cwd=tmp_path).returncode == 0


def test_what_definitions_say_without_figures(tmp_path: Path) -> None:
    said = run("list", "--declared", cwd=tmp_path).stdout
    assert "hospital at the cost of ambulance, and the other way round: conveys_to" in said
    assert "urgent_care: Care in a corridor meanwhile (hospital)" in said
    assert "KA-UEC-005  trade-off, moderate" in said
    assert "BBC" in run("explain", "KA-UEC-005", cwd=tmp_path).stdout
    both = run("list", "--declared", "conflicts", cwd=tmp_path)
    assert (both.returncode, both.stdout) == (2, "")


def test_boundaries_asked_for_make_the_run_anew_and_are_told(few: Path, tmp_path: Path) -> None:
    kpialign.check(few, database=tmp_path / "kpialign.duckdb")
    done = run("check", str(few), "--boundaries", "then", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "boundaries of each month" in json.loads(done.stdout)["basis_note"]
