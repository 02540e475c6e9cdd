"""Where the reference values and published extracts lie beside a checkout."""

from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2].parent / "shared"


def _folder(path: Path) -> Path:
    if not path.is_dir():
        pytest.skip(f"{path} is not beside this checkout")
    return path


@pytest.fixture(scope="session")
def cases() -> Path:
    return _folder(_BESIDE / "cases" / "conflicts")


@pytest.fixture(scope="session")
def data() -> Path:
    return _folder(_BESIDE / "data")
