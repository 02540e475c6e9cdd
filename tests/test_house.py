"""What the house keeps: its shape, its words, its promises in README and ``__all__``."""

import ast
import csv
import hashlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import kpialign
from kpialign.engine.models import _tables
from kpialign.store.staging import FRAMES

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "kpialign"
MODELS = sorted((ROOT / "sql" / "models").rglob("*.sql"))
CHECKS = sorted((ROOT / "sql" / "checks").rglob("*.sql"))
FIRST_SCREEN = 40
HEAVY = ("polars", "duckdb", "numpy", "scipy", "altair", "pandas", "pyarrow", "great_expectations")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """The ledgers, empty and in memory."""
    with duckdb.connect() as opened:
        for script in sorted((ROOT / "sql" / "schema").glob("*.sql")):
            opened.execute(script.read_text("utf-8"))
        yield opened


def test_the_first_screen_of_the_readme_has_the_two_commands_a_line_each() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    found = [n for n, line in enumerate(lines) if line.startswith("python3 -m venv")]
    assert len(found) == 2
    assert found[-1] < FIRST_SCREEN
    first, second = (lines[n] for n in found)
    assert not first.endswith("\\")
    assert not second.endswith("\\")
    assert "kpialign check sample_data" in first
    assert second.endswith("-m pytest -n auto")


def test_a_model_has_its_name_to_itself() -> None:
    assert len(MODELS) > 20
    names = Counter(path.stem for path in MODELS)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("path", [*MODELS, *CHECKS], ids=lambda path: path.stem)
def test_a_model_or_check_is_one_select(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    text = path.read_text("utf-8")
    row = connection.execute(
        "SELECT json_extract(t, '$.error')::VARCHAR, json_array_length(t, '$.statements') "
        "FROM (SELECT json_serialize_sql(?) AS t)",
        [text],
    ).fetchone()
    assert row == ("false", 1)


def test_no_model_or_check_reads_a_name_that_does_not_exist(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    ledgers = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    known = ledgers | {path.stem for path in MODELS} | set(_temporary())
    unknown = {
        path.name: missing
        for path in [*MODELS, *CHECKS]
        if (missing := _tables(connection, path.read_text("utf-8").rstrip().rstrip(";")) - known)
    }
    assert unknown == {}


def test_no_model_reads_figures_past_what_may_be_shown(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    reads = {
        path.stem: _tables(connection, path.read_text("utf-8").rstrip().rstrip(";"))
        for path in MODELS
    }
    figures = {name for name, tables in reads.items() if "data_item_value" in tables}
    past = {name for name in figures if "shown_submission" not in reads[name]}
    # They name files and months, count, and say what kind of body a code is; the gate's own
    # looks only at what may be seen by whoever may see the file that is judged.
    assert past == {"unpublished", "run_line", "organisation_type", "ledger_figure"}
    assert {"held_figure", "revision", "changed_figure"} <= figures
    code = [path.name for path in _trees() if "data_item_value" in path.read_text("utf-8")]
    # They count rows, and name the codes of bodies.
    assert sorted(code) == ["manifest.py", "organisations.py"]


def _temporary() -> Iterator[str]:
    """The temporary tables that the code makes: rows it inserts and tables of publishing."""
    yield from (f"staged_{kind}" for kind in FRAMES)
    for script in sorted((ROOT / "sql" / "good").glob("*.sql")):
        yield from re.findall(r"CREATE OR REPLACE TEMP TABLE (\w+)", script.read_text("utf-8"))
    for tree in _trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in ("insert", "insert_frame"):
                table = node.args[1]
                if isinstance(table, ast.Constant):
                    yield str(table.value)
            if isinstance(node, ast.Call) and _name(node.func) == "create_view":
                yield str(getattr(node.args[0], "value", ""))
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from re.findall(r"CREATE OR REPLACE TEMP TABLE (\w+)", node.value)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _trees() -> dict[Path, ast.Module]:
    return {p: ast.parse(p.read_text("utf-8")) for p in sorted(SOURCE.rglob("*.py"))}


def test_functions_and_files_stay_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}, {node.end_lineno - node.lineno + 1}"
        for path, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= 60
    ]
    for path in _trees():
        lines = len(path.read_text("utf-8").splitlines())
        if lines > 400:
            long.append(f"{path.relative_to(ROOT)}: {lines}")
    assert long == []


@pytest.mark.real
def test_no_published_extract_is_kept_in_the_repository(extracts: Path) -> None:
    with (extracts / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        published = {row["sha256"]: row["file"] for row in csv.DictReader(file)}
    assert len(published) > 10
    kept = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    paths = [ROOT / name for name in kept if (ROOT / name).is_file()]
    found = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    assert len(found) > 100
    assert {path: published[digest] for path, digest in found.items() if digest in published} == {}


def test_every_name_of_the_public_face_is_there() -> None:
    assert kpialign.__all__ == sorted(kpialign.__all__)
    for name in kpialign.__all__:
        assert getattr(kpialign, name) is not None
    assert set(dir(kpialign)) == set(kpialign.__all__)
    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        kpialign.chek  # noqa: B018


def test_importing_kpialign_imports_nothing_heavy(tmp_path: Path) -> None:
    code = "import kpialign, sys; dir(kpialign); kpialign.__version__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "kpialign" in loaded
    assert not loaded & set(HEAVY)
