"""The whole run as JSON, for other programs; a versioned schema goes with it.

A field added to :mod:`kpialign.findings` is a minor version, one taken away a major one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kpialign.findings import Outcome
from kpialign.outputs import atomic
from kpialign.outputs.structure import dump, plain, record_of

SCHEMA_VERSION = "1.4"


def render(outcome: Outcome) -> str:
    """The run as JSON: sorted keys, six significant digits, no clock."""
    document = {"schema_version": SCHEMA_VERSION, **plain(outcome)}
    return dump(document)


def write(outcome: Outcome, folder: Path) -> Path:
    """Write ``findings.json``."""
    return atomic.write_text(folder / "findings.json", render(outcome))


def schema() -> dict[str, Any]:
    """The JSON Schema that :func:`render` keeps to."""
    definitions: dict[str, Any] = {}
    root = record_of(Outcome, definitions)
    root["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
    root["required"].append("schema_version")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kpialign findings",
        **root,
        "$defs": definitions,
    }
