from pathlib import Path

import pytest

SOUND = Path(__file__).parent / "sound"


@pytest.fixture
def sound() -> Path:
    return SOUND
