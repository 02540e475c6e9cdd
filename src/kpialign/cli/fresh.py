"""A run that has something to say: check, write the outputs, enter it in the ledger."""

from __future__ import annotations

from kpialign.findings import Outcome
from kpialign.outputs import findings_json, screen, write
from kpialign.pipeline.ledger import Earlier, Summary, enter, write_manifest
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.terms import Verdict


def run(request: Request, inputs: str) -> Earlier:
    """Make the run and return what a later one of the same inputs would show."""
    outcome = check(request)
    written = write(outcome, request.settings.pack)
    write_manifest(request.settings.pack, written)
    made = _rendered(outcome)
    enter(request, inputs, made.summary, screen=made.screen, findings_json=made.findings_json)
    return made


def look_back(request: Request) -> Earlier:
    """Write into a folder of the report's own, so that the month's outputs stay as they are."""
    outcome = check(request)
    write(outcome, request.settings.pack / _folder(request))
    return _rendered(outcome)


def _folder(request: Request) -> str:
    return request.as_of.words().replace(",", "").replace(" ", "-")


def _rendered(outcome: Outcome) -> Earlier:
    summary = Summary(
        gate=str(outcome.gate.outcome),
        refused=tuple(r.file for r in outcome.readings if r.state == "refused"),
        supported=tuple(f.severity for f in outcome.findings if f.verdict is Verdict.SUPPORTED),
    )
    return Earlier(summary, screen.render(outcome), findings_json.render(outcome))
