from __future__ import annotations

import pytest

from fixtures.told import told
from kpialign.findings import Outcome


@pytest.fixture(scope="session")
def outcome() -> Outcome:
    return told()
