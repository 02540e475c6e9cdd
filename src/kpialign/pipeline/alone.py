"""The gate alone: extracts are read, staged and judged, and nothing is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.extracts.workspace import read_workspace
from kpialign.findings import FileReading, Gated, GateVerdict
from kpialign.pipeline import (
    admitting,
    excepting,
    exporting,
    filed,
    keeping,
    modelling,
    publishing,
    reading,
    remembering,
)
from kpialign.pipeline.request import Arrival, Request
from kpialign.shipped import VERSION
from kpialign.store.database import open_database

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library

_GOOD = ("layout", "role", "organisation", "period", "item")
_REJECTED = ("value", "organisation", "period", "check", "outcome", "reason", "todo")
_PLACE = {"file": pl.String, "sheet": pl.String, "row": pl.Int64, "column": pl.String}
GOOD = {**_PLACE, **dict.fromkeys(_GOOD, pl.String), "value": pl.Float64, "status": pl.String}
REJECTED = {**_PLACE, **dict.fromkeys(_REJECTED, pl.String)}


def gate(
    request: Request, found: Sequence[Arrival], inputs: str, suites: Path | None = None
) -> Gated:
    """Judge extracts and tell their good figures from the rest; bad data never raises.

    Figures published before are history to the checks. The answer is entered beside them,
    and nothing else is changed. With ``suites``, each layout's suite of Great Expectations
    and its frame are written to that folder.

    Raises:
        DefinitionError: definitions or workspace facts are wrong.
        UsageError: a status said by hand fits no file.
        DatabaseBusy: another run holds the database.
        DatabaseDamaged: the database does not hold what was published.
        NotWritten: the disk is full, or a file may not be written.
    """
    settings = request.settings
    library = excepting.library_of(settings)
    workspace = read_workspace(settings.workspace)
    with open_database(settings.database, size=sum(arrival.size for arrival in found)) as opened:
        modelling.know(
            opened,
            library,
            workspace,
            day=request.now.date(),
            everything=settings.audience == "internal",
        )
        odd = publishing.fitting_nothing(opened, request, [arrival.name for arrival in found])
        read = admitting.read(opened, found, library, request, afresh=True)
        said = _judged(opened, read, library, request, suites) if read.staged else _Said()
        readings = sorted((*said.readings, *read.known, *read.refused), key=lambda r: r.file)
        today = request.now.date()
        noted = excepting.noted(library, said.verdict.faults, today)
        notes = (*odd, *_notes(library, readings, request), *noted)
        shown, verdict = tuple(readings), said.verdict
        if settings.audience == "public":
            shown, verdict = publishing.shield(opened, shown, verdict, today)
        gated = Gated(VERSION, verdict, shown, notes, said.good, said.rejected)
        remembering.enter(opened, request, inputs, gated)
    return gated


@dataclass(frozen=True)
class _Said:
    """What was said of the files that could be read."""

    readings: Sequence[FileReading] = ()
    verdict: GateVerdict = field(default_factory=lambda: GateVerdict(()))
    good: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GOOD))
    rejected: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECTED))


def _judged(
    connection: duckdb.DuckDBPyConnection,
    read: reading.Read,
    library: Library,
    request: Request,
    suites: Path | None,
) -> _Said:
    judged = admitting.judge(connection, read.staged, library, request)
    if suites is not None:
        exporting.export(judged.frames, read.staged, library, request, suites)
    verdict = judged.gated.verdict
    admitting.insert_reasons(connection, read.staged, verdict)
    engine.build(connection, "gated")
    return _Said(
        filed.staged_readings(
            connection, [(file, *judged.state_of(file, "admitted")) for file in read.staged]
        ),
        verdict,
        engine.query(connection, "good_figure"),
        engine.query(connection, "rejected_place"),
    )


def _notes(library: Library, readings: Sequence[FileReading], request: Request) -> Iterator[str]:
    yield from keeping.replaced(library)
    yield from filed.let_through(readings)
    if request.settings.audience == "public":
        yield from _hidden(readings, request)


def _hidden(readings: Sequence[FileReading], request: Request) -> Iterator[str]:
    """Which files' figures are told to nobody yet."""
    for one in readings:
        if one.release.shown_from > request.now.date():
            yield (
                f"{one.file}: {one.release.words()}; its figures are not among those told here "
                "(--audience internal)"
            )
