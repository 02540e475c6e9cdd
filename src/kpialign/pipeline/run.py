"""The month's run, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kpialign.disclosure import protected
from kpialign.extracts.workspace import read_workspace
from kpialign.findings import (
    CheckResult,
    GateVerdict,
    Outcome,
)
from kpialign.library import Library
from kpialign.pipeline import (
    admitting,
    excepting,
    expecting,
    filed,
    gating,
    keeping,
    modelling,
    publishing,
)
from kpialign.pipeline.request import Arrival, Request, arrivals
from kpialign.pipeline.telling import Published, tell
from kpialign.store import manifest
from kpialign.store.database import open_database
from kpialign.store.publish import look_at_last_run, next_run, no_run, publish
from kpialign.terms import MANAGEMENT_INFORMATION, GateOutcome

if TYPE_CHECKING:
    import duckdb


def check(request: Request) -> Outcome:
    """Read, gate, publish, describe and judge; bad data is in the outcome, never raised.

    Raises:
        DefinitionError: definitions, workspace facts or a changed plan are wrong.
        UsageError: the system asked for is not in the data.
        DatabaseBusy: another run holds the database.
        DatabaseDamaged: the database does not hold what was published.
        NotWritten: the disk is full, or the database may not be written.
    """
    return make(request).outcome


@dataclass(frozen=True)
class Made:
    """A run as it was made; ``run_id`` is its number in the ledger, if it was entered."""

    outcome: Outcome
    run_id: int | None


def make(request: Request) -> Made:
    """As :func:`check`, with the number of the run."""
    settings = request.settings
    library = excepting.library_of(settings)
    workspace = read_workspace(settings.workspace)
    found = () if request.as_of or request.retell else arrivals(request)
    bring = {arrival.sha256 for arrival in found}
    size = sum(arrival.size for arrival in found)
    with open_database(settings.database, bring, size=size) as connection:
        seen = manifest.see(connection, bring)
        modelling.know(
            connection,
            library,
            workspace,
            request.as_of,
            boundaries=settings.boundaries,
            day=request.now.date(),
            everything=settings.audience == "internal",
        )
        if request.as_of:
            done = _look_back(connection, request)
        elif request.retell:
            done = _retell(connection)
        else:
            done = _read_and_publish(connection, found, library, request)
        modelling.know_bodies(connection, library)
        if settings.audience == "public":
            readings, verdict = publishing.shield(
                connection, done.readings, done.verdict, request.now.date()
            )
            done = replace(done, readings=readings, verdict=verdict)
        modelling.build_core(connection)
        done = replace(done, notes=(*seen, *done.notes))
        outcome = tell(connection, done, library, request, workspace)
        outcome = _awaiting(connection, outcome, done, library, request)
        outcome = protected(outcome, settings.disclosure)
        return Made(outcome, done.run.run_id if done.run else None)


def _awaiting(
    connection: duckdb.DuckDBPyConnection,
    outcome: Outcome,
    done: Published,
    library: Library,
    request: Request,
) -> Outcome:
    """What may not be shown yet and what has not come; a look back awaits nothing."""
    outcome = replace(outcome, unpublished=publishing.unpublished(connection))
    if request.as_of:
        return outcome
    today = request.now.date()
    if done.run is not None:
        connection.execute(
            "UPDATE run SET stands_until = ? WHERE run_id = ?",
            [expecting.stands_until(connection, library, today), done.run.run_id],
        )
    return replace(outcome, expected=expecting.expected(connection, library, done.folder, today))


def _look_back(connection: duckdb.DuckDBPyConnection, request: Request) -> Published:
    """Nothing is read, published or entered: the ledgers are only looked at."""
    no_run(connection)
    return Published(None, (), GateVerdict(()), keeping.notes_of(connection, request))


def _retell(connection: duckdb.DuckDBPyConnection) -> Published:
    """What came in so far, each file by its last reading, and what the gate said of it.

    Revisions are those of the last run.
    """
    look_at_last_run(connection)
    last = {reading.sha256: reading for reading in filed.known_by_id(connection)}
    verdict = GateVerdict(
        _gate_results(connection, list(last)), gating.faults_of(connection, list(last))
    )
    readings = sorted(last.values(), key=lambda reading: reading.file)
    return Published(None, tuple(readings), verdict)


def _read_and_publish(
    connection: duckdb.DuckDBPyConnection,
    found: Sequence[Arrival],
    library: Library,
    request: Request,
) -> Published:
    odd = publishing.fitting_nothing(connection, request, [arrival.name for arrival in found])
    read = admitting.read(connection, found, library, request)
    run = next_run(connection, request.now, request.settings.audience)
    definitions = request.settings.definitions
    notes = (*odd, *keeping.keep_definitions(connection, run.run_id, definitions))
    known = [r.sha256 for r in read.known]
    before = GateVerdict(_gate_results(connection, known), gating.faults_of(connection, known))
    today = request.now.date()
    if not read.staged:
        notes += excepting.noted(library, before.faults, today)
        return Published(run, (*read.known, *read.refused), before, notes)
    judged = admitting.judge(connection, read.staged, library, request)
    states = [(file, *judged.state_of(file, "published")) for file in read.staged]
    gated = judged.gated
    numbers = {file.name: file.file_id for file in read.staged}
    wrong = gating.kept_faults(gated.verdict, numbers)
    publish(connection, run, states, _kept(gated.verdict, numbers), wrong)
    modelling.clear_staging(connection)
    now_known = filed.known_by_id(connection, numbers.values())
    readings = sorted((*now_known, *read.known, *read.refused), key=lambda r: r.file)
    verdict = before + gated.verdict
    notes += excepting.noted(library, verdict.faults, today)
    folder = frozenset(
        (file.layout, month)
        for file in read.staged
        if file.release != MANAGEMENT_INFORMATION
        for month in file.periods
    )
    return Published(run, tuple(readings), verdict, notes, folder)


def _gate_results(
    connection: duckdb.DuckDBPyConnection, fingerprints: Sequence[str]
) -> tuple[CheckResult, ...]:
    rows = connection.execute(
        "SELECT DISTINCT g.result FROM file_result g JOIN file f USING (file_id) "
        "WHERE list_contains(?, f.sha256) "
        "AND f.file_id = (SELECT max(file_id) FROM file x WHERE x.sha256 = f.sha256) ORDER BY ALL",
        [list(fingerprints)],
    ).fetchall()
    return tuple(gating.from_json(row[0]) for row in rows)


def _kept(verdict: GateVerdict, numbers: Mapping[str, int]) -> list[tuple[int, str]]:
    """Results worth keeping: those that a file not read again has to say again."""
    return [
        (numbers[result.file], gating.to_json(result))
        for result in verdict.results
        if (result.failed or result.outcome.rank >= GateOutcome.WARN.rank)
        and result.file in numbers
    ]
