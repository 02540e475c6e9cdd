"""The verdict in plain text."""

from __future__ import annotations

from kpialign.findings import Gated


def render(gated: Gated) -> str:
    """A line for the outcome, one for each result that is no pass, and the figures."""
    results = [r for r in gated.verdict.results if r.failed or r.outcome.holds_back]
    lines = [
        f"GATE {gated.outcome}",
        *(f"{r.outcome} {r.check} {r.file} {r.organisation} {r.title}" for r in results),
        *(f"refused {r.why}" for r in gated.readings if r.state == "refused"),
        f"{gated.good.height} figures may go on, {gated.rejected.height} may not",
        *gated.notes,
    ]
    return "\n".join(lines) + "\n"
