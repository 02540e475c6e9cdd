"""The wheel, installed where the checkout cannot be imported, does the month's run."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WHERE = """
import sys, kpialign
from kpialign.shipped import shipped
print(kpialign.__file__, *map(shipped, ("sql", "indicators", "sample_data")), sep="\\n")
print(*sys.path, sep="\\n")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without anything being fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("kpialign-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's content and nothing else; a pure wheel needs no more."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def python(installed: Path, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run with the wheel and its dependencies alone: -S reads no .pth of an editable install."""
    libraries = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    return subprocess.run(
        [sys.executable, "-S", "-P", *args], cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), *libraries])},
    )  # fmt: skip


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["sql", "indicators", "sample_data"])
def test_every_file_of_what_ships_is_inside(wheel: Path, folder: str) -> None:
    kept = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if kept.returncode:
        pytest.skip("this is no git checkout")
    there = {name for name in kept.stdout.split("\0") if name and (ROOT / name).is_file()}
    assert len(there) > 10
    assert {f"kpialign/_shipped/{name}" for name in there} <= names(wheel)


def test_nothing_else_is_inside(wheel: Path) -> None:
    found = names(wheel)
    assert {name.split("/")[0].split("-")[0] for name in found} == {"kpialign"}
    parts = {part for name in found for part in name.split("/")}
    assert not parts & {"tests", "benchmarks", "docs", "requirements.lock", "pyproject.toml", ".ci"}
    assert not [name for name in found if name.endswith((".duckdb", ".wal"))]
    assert {"py.typed", "report.html.j2", "style.css"} <= parts


def test_what_is_imported_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = python(installed, "-c", WHERE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    places = [Path(line) for line in done.stdout.splitlines()]
    assert all(place.is_relative_to(installed) for place in places[:4])
    assert (ROOT / "src") not in {place.resolve() for place in places[4:]}


@pytest.mark.slow
def test_months_of_the_wheels_sample_are_checked_from_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    sample = installed / "kpialign" / "_shipped" / "sample_data"
    months = [str(path) for path in (sample / "ae").glob("Monthly-AE-*-2022*.csv")][:2]
    done = python(installed, "-m", "kpialign", "check", *months, "--fail-on", "never", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 published" in done.stdout
    assert (tmp_path / "report" / "report.html").stat().st_size > 10_000
    assert str(ROOT) not in done.stdout + done.stderr
