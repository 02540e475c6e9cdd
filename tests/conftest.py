"""Where things lie: the sample, and, beside some checkouts, published extracts and cases."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from kpialign.findings import Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.shipped import shipped

ROOT = Path(__file__).resolve().parents[1]
BESIDE = ROOT.parent / "shared"
NOW = datetime(2026, 11, 2, 9, 30)


@pytest.fixture(scope="session")
def extracts() -> Path:
    """The published extracts; tests that ask for them skip where they are absent."""
    folder = BESIDE / "data"
    if not folder.is_dir():
        pytest.skip("the published extracts are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def sample() -> Path:
    return shipped("sample_data")


@pytest.fixture(scope="session")
def sample_request(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Request:
    place = tmp_path_factory.mktemp("sample")
    settings = read_settings(
        sample, {"database": place / "k.duckdb", "report": place / "report"}, environ={}
    )
    return Request((sample,), settings, now=NOW)


@pytest.fixture(scope="session")
def sample_outcome(sample_request: Request) -> Outcome:
    """The month's run on the invented extracts, made once."""
    return check(sample_request)


@pytest.fixture(scope="session")
def real_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database of :func:`real_outcome` lies, as ``k.duckdb``."""
    return tmp_path_factory.mktemp("real")


@pytest.fixture(scope="session")
def real_outcome(extracts: Path, real_place: Path) -> Outcome:
    """The month's run on the published extracts with one system in front, made once."""
    place = real_place
    settings = read_settings(place, {"database": place / "k.duckdb", "system": "QRL"}, environ={})
    folders = ("ae/2024-26", "ae/workbooks", "ambulance")
    return check(Request(tuple(extracts / f for f in folders), settings, now=NOW))


@pytest.fixture
def few(sample: Path, tmp_path: Path) -> Path:
    """Three months of the sample's A&E files in a folder of their own."""
    folder = tmp_path / "few"
    folder.mkdir()
    names = ("April-2022", "May-2022", "June-2022")
    for path in sorted((sample / "ae").glob("*.csv")):
        if any(name in path.name for name in names):
            shutil.copy(path, folder)
    return folder
