from __future__ import annotations

import pytest

from fixtures import gated as invented
from kpialign.findings import Gated


@pytest.fixture(scope="session")
def gated() -> Gated:
    return invented.gated()
