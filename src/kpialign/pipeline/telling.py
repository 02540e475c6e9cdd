"""Tell: what is published is described, weighed and brought to one outcome."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.conflicts import Judged
from kpialign.definitions.conflicts import Conflict
from kpialign.definitions.shapes import ShapeRule
from kpialign.extracts.workspace import Workspace
from kpialign.findings import (
    DataIssue,
    FileReading,
    Finding,
    GateVerdict,
    Outcome,
    Revision,
    Tables,
)
from kpialign.library import Library
from kpialign.pipeline import (
    bodies,
    calibrating,
    describing,
    detecting,
    exempting,
    filed,
    keeping,
    learning,
    narrating,
    rebasing,
    returning,
    shaping,
    trajectories,
    walking,
)
from kpialign.pipeline.composing import with_rewards
from kpialign.pipeline.describing import Described, Front
from kpialign.pipeline.request import AsOf, Request
from kpialign.settings import Settings
from kpialign.shipped import VERSION
from kpialign.store.publish import Run
from kpialign.terms import Period

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Published:
    """What reading, gating and publishing gave; ``folder`` is layout and month of new files."""

    run: Run | None
    readings: tuple[FileReading, ...]
    verdict: GateVerdict
    notes: tuple[str, ...] = ()
    folder: frozenset[tuple[str, str]] = frozenset()


def tell(
    connection: duckdb.DuckDBPyConnection,
    done: Published,
    library: Library,
    request: Request,
    workspace: Workspace,
) -> Outcome:
    """Describe what is published, weigh it and bring it to one outcome."""
    settings = request.settings
    names = describing.organisation_names(connection)
    months = describing.months_of_areas(connection)
    period = describing.month_told(connection)
    returned = returning.returned(connection, done.readings, done.verdict)
    if period is None:
        return _nothing(done, settings, request.as_of, returned)
    front = describing.put_in_front(connection, settings.system, period, names)
    known_bodies = describing.bodies(connection)
    plans = trajectories.planned(workspace, library.indicators, known_bodies, settings.workspace)
    rebases = rebasing.read(settings.workspace, library.indicators, known_bodies)
    described = describing.describe(
        connection, library, front, period, names=names, plans=plans,
        rules=settings.process_rules, rebases=rebases,
    )  # fmt: skip
    judged, joined = _detected(connection, library, front, period, names, run=done.run)
    bent, drawn = shaping.shapes(
        connection, library, front, names,
        plans=plans, audience=settings.audience, narratives=workspace.narratives,
    )  # fmt: skip
    bodies_seen = bodies.figures(connection, described.values, front.here, period, names)
    beside, said = _beside(
        judged.findings, library, workspace, names=names, known_bodies=known_bodies,
        looked=shaping.looked_at(bent), today=request.now.date(),
    )  # fmt: skip
    return Outcome(
        version=VERSION,
        learned=learning.learned(connection, library, workspace, names, settings.workspace),
        shapes=bent,
        stakes=shaping.stakes(library, bent, period),
        audience=settings.audience,
        system=front.code,
        system_name=front.name,
        basis_note=_basis(settings, request.as_of, period),
        period=str(period),
        readings=done.readings,
        revisions=_revisions(connection, library),
        holes=describing.holes(months),
        gate=done.verdict,
        findings=beside,
        system_values=described.values,
        composites=with_rewards(described.composites, judged.findings, library),
        movements=described.movements,
        ledgers=tuple(walking.ledgers(library, described.values, described.series, period)),
        tie_basis=_tie_basis(connection),
        notes=(*_notes(connection, done, library, months, period), *said, *joined),
        tables=_tables(judged, described, bodies_seen, drawn, rebases),
        returned=returned,
    )


def _beside(
    findings: Sequence[Finding],
    library: Library,
    workspace: Workspace,
    *,
    names: Mapping[tuple[str, str], str],
    known_bodies: Collection[str],
    looked: Collection[str],
    today: date,
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings with what was measured, said and agreed of them; and what a run says of it."""
    measured, old = calibrating.calibrated(findings, workspace.folder)
    answered = narrating.narrated(measured, workspace, library, names, known_bodies, looked=looked)
    agreed = exempting.exempted(answered.findings, library, names, known_bodies, today)
    return agreed.findings, (*answered.notes, *agreed.notes, *old)


def _tables(
    judged: Judged,
    described: Described,
    seen: pl.DataFrame,
    drawn: pl.DataFrame,
    rebases: pl.DataFrame,
) -> Tables:
    return Tables(
        judged.pairs, described.series, described.points, described.parts,
        bodies=seen, shapes=drawn, rebases=rebases,
    )  # fmt: skip


def _detected(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    front: Front,
    period: Period,
    names: Mapping[tuple[str, str], str],
    *,
    run: Run | None,
) -> tuple[Judged, tuple[str, ...]]:
    """Plans are entered before anything is weighed, findings after; notes say what is new."""
    joined: tuple[str, ...] = ()
    if run:
        rules: list[Conflict | ShapeRule] = [*library.conflicts.values()]
        rules += library.shapes.values()
        joined = detecting.declare(connection, rules, run.run_id, library.sources)
    judged = detecting.detect(connection, library, front.here, names, period)
    if run:
        detecting.enter(connection, judged.findings, run.run_id)
    return judged, joined


def _basis(settings: Settings, as_of: AsOf, period: Period) -> str:
    peers = "peers: rest of England" if settings.system else ""
    now = f"boundaries of {period.words()}"
    places = {"now": now, "then": "boundaries of each month"}[settings.boundaries]
    public = settings.audience == "public"
    whose = "published data" if public else "all data, also what is not published"
    return " · ".join(part for part in (whose, as_of.words(), places, peers) if part)


def _revisions(connection: duckdb.DuckDBPyConnection, library: Library) -> tuple[Revision, ...]:
    rows = engine.query(connection, "revision").iter_rows(named=True)
    told = [Revision(**{**row, "item": library.items[row["item"]].title}) for row in rows]
    return tuple(
        sorted(told, key=lambda r: (-abs((r.now or 0) - (r.was or 0)), r.organisation, r.item))
    )


def _tie_basis(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[str, int], ...]:
    counts = engine.query(connection, "unit_link")["basis"].value_counts(sort=True)
    return tuple((str(basis), int(n)) for basis, n in counts.iter_rows())


def _notes(
    connection: duckdb.DuckDBPyConnection,
    done: Published,
    library: Library,
    months: Mapping[str, Sequence[Period]],
    period: Period,
) -> list[str]:
    notes = [*done.notes, *filed.let_through(done.readings), *keeping.replaced(library)]
    for area, known in sorted(months.items()):
        later = [p.words() for p in known if p > period]
        if later:
            name = describing.AREAS.get(area, area)
            notes.append(f"{name} also has {', '.join(later)}, which other extracts do not")
    return [*notes, *describing.overlaps(connection)]


_NOTHING = "nothing was published: no figures to describe"
_NOTHING_KNOWN = "nothing was known then: no figures to describe"


def _nothing(
    done: Published, settings: Settings, as_of: AsOf, returned: tuple[DataIssue, ...]
) -> Outcome:
    values = pl.DataFrame(schema=describing.SERIES)
    nothing = Tables(Judged().pairs, values, values, bodies=bodies.none())
    return Outcome(
        version=VERSION, system=settings.system, system_name=settings.system,
        basis_note=as_of.words(),
        period="", readings=done.readings, revisions=(), holes=(), gate=done.verdict,
        findings=(), system_values=(), composites=(), tie_basis=(), audience=settings.audience,
        notes=(*done.notes, _NOTHING_KNOWN if as_of else _NOTHING), tables=nothing,
        returned=returned,
    )  # fmt: skip
