"""What comes with kpialign: its version, definitions, SQL and sample extracts."""

from __future__ import annotations

from pathlib import Path

VERSION = "0.1.0"

_PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """Return the shipped ``indicators``, ``sql`` or ``sample_data`` folder.

    An installed wheel holds them inside the package; a checkout (or an editable
    install, which does not see files forced into the wheel) beside ``src``.
    """
    inside = _PACKAGE / "_shipped" / folder
    return inside if inside.is_dir() else _PACKAGE.parents[1] / folder
