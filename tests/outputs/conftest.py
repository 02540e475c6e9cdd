from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kpialign.findings import Outcome

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures"))


@pytest.fixture(scope="session")
def outcome() -> Outcome:
    from told import told

    return told()
