"""No reference value lies unused: a file that nothing reads proves nothing."""

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.reference
def test_every_reference_file_is_read_by_a_test(cases):
    said = "".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    files = [path for path in cases.iterdir() if path.suffix in (".csv", ".json")]
    assert len(files) > 20
    assert [path.name for path in files if path.stem not in said] == []
