"""Model: definitions and workspace facts become rows, then the SQL models are built."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.definitions.events import Event
from kpialign.definitions.expression import expand
from kpialign.pipeline.request import AsOf
from kpialign.store import rows
from kpialign.store.staging import StagedFile, clear, stage, wide_frame

if TYPE_CHECKING:
    import duckdb

    from kpialign.extracts.workspace import Workspace
    from kpialign.library import Library


def know(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    workspace: Workspace,
    as_of: AsOf = AsOf(),  # noqa: B008  # frozen
    *,
    day: date | None = None,
    everything: bool = False,
) -> None:
    """Put everything the definitions and the workspace say into temporary tables.

    What may be shown is what anybody may see on ``day`` (today without one), or
    ``everything``; as published on an earlier day, what could be seen then.
    """
    rows.insert_as_of(connection, as_of.known_on, as_of.published_on)
    day = min(day or date.today(), as_of.published_on or date.max)
    everything = everything and as_of.published_on is None
    rows.insert_audience(connection, day, everything=everything)
    collected = [item.id for item in library.items.values() if item.sum_of is None]
    rows.insert_items(connection, library.items, library.sums)
    rows.insert_indicators(connection, library.indicators, library.sums)
    rows.insert_layouts(connection, library.layouts.values(), collected)
    rows.insert_events(connection, library.events.values(), collected)
    rows.insert_organisations(
        connection,
        library.regions.values(),
        library.region_codes,
        library.serves.values(),
        library.overrides.values(),
    )
    rows.insert_peer_sets(connection, library.peer_sets.values())
    rows.insert_frame(connection, "workspace_link", workspace.links)
    rows.insert_frame(connection, "workspace_membership", workspace.membership)
    rows.insert_frame(connection, "workspace_organisation", workspace.organisations)
    rows.insert_frame(connection, "succession", workspace.succession)


def stage_files(
    connection: duckdb.DuckDBPyConnection, files: Iterable[StagedFile]
) -> dict[str, pl.DataFrame]:
    """Stage files and return the gate's wide frame of each layout."""
    files = list(files)
    stage(connection, files)
    engine.build(connection, "staging")
    engine.build(connection, "gate")
    return {layout: wide_frame(connection, layout) for layout in sorted({f.layout for f in files})}


def clear_staging(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of what was staged and of the models of it."""
    engine.drop(connection, "staging")
    clear(connection)


def build_core(connection: duckdb.DuckDBPyConnection) -> None:
    """Build the models of figures that may be shown: observations, links, wholes."""
    engine.build(connection, "audience")
    engine.build(connection, "core")


def events_of(
    library: Library, indicators: Iterable[str], *effects: str
) -> dict[str, tuple[Event, set[str]]]:
    """Events of some effects, with the indicators whose items they touch."""
    wanted = set(indicators)
    parts: dict[str, set[str]] = {}
    roles = {id_: indicator.accountable.role for id_, indicator in library.indicators.items()}
    for row in library.indicators.values():
        if row.id in wanted:
            terms = {**row.measure.numerator_terms, **row.measure.denominator_terms}
            parts[row.id] = set(expand(terms, library.sums))
    out = {}
    for event in library.events.values():
        if event.effect in effects:
            touched = {
                id_
                for id_, items in parts.items()
                if rows.matching(items, event.scope.items)
                and (not event.scope.roles or roles[id_] in event.scope.roles)
            }
            if touched:
                out[event.id] = (event, touched)
    return out
