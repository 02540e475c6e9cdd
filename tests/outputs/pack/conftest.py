from __future__ import annotations

import pytest

from fixtures.told import told
from kpialign.outputs import pack
from kpialign.outputs.pack.content import Pack


@pytest.fixture(scope="session")
def built() -> Pack:
    return pack.build(told())
