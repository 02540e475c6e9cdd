"""A run that has something to say: check, write the outputs, enter it in the ledger."""

from __future__ import annotations

from kpialign.outputs import findings_json, screen, write
from kpialign.pipeline.ledger import Earlier, Summary, enter, write_manifest
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.terms import Verdict


def run(request: Request, inputs: str) -> Earlier:
    """Make the run and return what a later one of the same inputs would show."""
    outcome = check(request)
    written = write(outcome, request.settings.report)
    write_manifest(request.settings.report, written)
    summary = Summary(
        gate=str(outcome.gate.outcome),
        refused=tuple(r.file for r in outcome.readings if r.state == "refused"),
        supported=tuple(f.severity for f in outcome.findings if f.verdict is Verdict.SUPPORTED),
    )
    text, told = screen.render(outcome), findings_json.render(outcome)
    enter(request, inputs, summary, screen=text, findings_json=told)
    return Earlier(summary, text, told)
