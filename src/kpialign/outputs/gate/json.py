"""The whole verdict as JSON, for other programs; a versioned schema goes with it."""

from __future__ import annotations

from typing import Any

from kpialign.findings import CheckResult, FileReading, Gated
from kpialign.outputs.structure import dump, object_of, plain, schema_of
from kpialign.outputs.wording import verdict
from kpialign.terms import GateOutcome

SCHEMA_VERSION = "1.0"
_ROWS = ("read", "loaded", "set_aside", "rejected", "counted")


def render(gated: Gated) -> str:
    """The verdict as JSON: sorted keys, no clock."""
    found = verdict.results(gated)
    return dump(
        {
            "schema_version": SCHEMA_VERSION,
            "version": gated.version,
            "outcome": gated.outcome.value,
            "answers": {outcome.value: n for outcome, n in verdict.tally(found).items()},
            "rows": {name: sum(getattr(r, name) for r in gated.readings) for name in _ROWS},
            "figures": {"good": gated.good.height, "rejected": gated.rejected.height},
            "results": [plain(result) for result in found],
            "readings": [plain(reading) for reading in gated.readings],
            "notes": list(gated.notes),
        }
    )


def schema() -> dict[str, Any]:
    """The JSON Schema that :func:`render` keeps to."""
    definitions: dict[str, Any] = {}
    text, number = schema_of(str, {}), schema_of(int, {})
    properties = {
        "schema_version": {"const": SCHEMA_VERSION},
        "version": text,
        "outcome": schema_of(GateOutcome, definitions),
        "answers": object_of({outcome.value: number for outcome in GateOutcome}),
        "rows": object_of(dict.fromkeys(_ROWS, number)),
        "figures": object_of({"good": number, "rejected": number}),
        "results": schema_of(tuple[CheckResult, ...], definitions),
        "readings": schema_of(tuple[FileReading, ...], definitions),
        "notes": {"type": "array", "items": text},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kpialign gate",
        **object_of(properties),
        "$defs": definitions,
    }
