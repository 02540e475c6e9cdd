"""The verdict as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from kpialign.findings import Gated


def render(gated: Gated) -> str:
    """The verdict with everything but the figures."""
    told = {
        "outcome": str(gated.outcome),
        "results": [asdict(result) for result in gated.verdict.results],
        "readings": [asdict(reading) for reading in gated.readings],
        "notes": gated.notes,
        "figures": {"good": gated.good.height, "rejected": gated.rejected.height},
    }
    return json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"
