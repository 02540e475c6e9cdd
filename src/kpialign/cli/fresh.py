"""A run that has something to say: check, write the outputs, enter it in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kpialign.errors import NotWritten
from kpialign.findings import Outcome
from kpialign.outputs.run import findings_json, screen, write
from kpialign.pipeline.ledger import Earlier, Summary, enter, write_manifest
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import make
from kpialign.terms import Verdict


def run(request: Request, inputs: str) -> Earlier:
    """Make the run and return what a later one of the same inputs would show."""
    made = make(request)
    with _report_told(request):
        written = write(made.outcome, request.settings.pack)
        write_manifest(request.settings.pack, written)
    told = _rendered(made.outcome)
    if made.run_id is not None:
        enter(
            request, made.run_id, inputs, told.summary, screen=told.screen,
            findings_json=told.findings_json,
        )  # fmt: skip
    return told


def look_back(request: Request) -> Earlier:
    """Write into a folder of the report's own, so that the month's outputs stay as they are."""
    outcome = make(request).outcome
    with _report_told(request):
        write(outcome, request.settings.pack / _folder(request))
    return _rendered(outcome)


@contextmanager
def _report_told(request: Request) -> Iterator[None]:
    """Say that a report could not be written, and that nothing else is lost by it."""
    settings = request.settings
    try:
        yield
    except OSError as error:
        raise NotWritten(
            f"{settings.report}: the report could not be written "
            f"({error.strerror or error}). What was published is safe in {settings.database}, "
            "and a file that was in the report stays as it was. Free space, make the folder "
            "writable or name another with --report; then run again."
        ) from error


def _folder(request: Request) -> str:
    return request.as_of.words().replace(",", "").replace(" ", "-")


def _rendered(outcome: Outcome) -> Earlier:
    summary = Summary(
        gate=str(outcome.gate.outcome),
        refused=tuple(r.file for r in outcome.readings if r.state == "refused"),
        supported=tuple(f.severity for f in outcome.findings if f.verdict is Verdict.SUPPORTED),
    )
    return Earlier(summary, screen.render(outcome), findings_json.render(outcome))
