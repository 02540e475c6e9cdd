"""Model: definitions and workspace facts become rows, then the SQL models are built."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.definitions.events import Event
from kpialign.definitions.expression import expand
from kpialign.errors import DefinitionError, Fault, did_you_mean
from kpialign.pipeline.request import AsOf
from kpialign.store import organisations, rows
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
    boundaries: str = "now",
    day: date | None = None,
    everything: bool = False,
) -> None:
    """Put everything the definitions and the workspace say into temporary tables.

    What may be shown is what anybody may see on ``day`` (today without one), or
    ``everything``; as published on an earlier day, what could be seen then.

    Raises:
        DefinitionError: the workspace names a kind of body or an area that does not exist.
    """
    _names_known(library, workspace)
    organisations.insert_boundaries(connection, boundaries)
    organisations.insert_headline_areas(connection, headline_areas(library))
    organisations.insert_whole_layouts(connection, library.layouts.values())
    organisations.insert_places(connection, library.systems.values(), library.placed.values())
    organisations.insert_successions(connection, library.successions.values(), workspace.succession)
    know_bodies(connection, library)
    rows.insert_as_of(connection, as_of.known_on, as_of.published_on)
    day = min(day or date.today(), as_of.published_on or date.max)
    everything = everything and as_of.published_on is None
    rows.insert_audience(connection, day, everything=everything)
    collected = [item.id for item in library.items.values() if item.sum_of is None]
    rows.insert_items(connection, library.items, library.sums)
    rows.insert_flows(connection, library.items.values(), library.sums)
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
    rows.insert_tolerances(
        connection,
        library.tolerances.values(),
        {"item": collected, "indicator": library.indicators, "layout": library.layouts},
    )
    rows.insert_due(connection, library.calendars.values())
    rows.insert_peer_sets(connection, library.peer_sets.values())
    rows.insert_frame(connection, "workspace_link", workspace.links)
    rows.insert_frame(connection, "workspace_membership", workspace.membership)
    rows.insert_frame(connection, "workspace_organisation", workspace.organisations)


def _names_known(library: Library, workspace: Workspace) -> None:
    areas = {item.partition(".")[0] for item in library.items}
    faults = [
        Fault(file, 1, f"no {what} is called {name}.", did_you_mean(name, known) or _one_of(known))
        for file, what, names, known in (
            ("organisations.csv", "type", workspace.organisations["type"], set(library.types)),
            ("succession.csv", "area of items", workspace.succession["area"], areas),
        )
        for name in sorted(set(names.to_list()) - known - {""})
    ]
    if faults:
        raise DefinitionError(faults)


def _one_of(names: Iterable[str]) -> str:
    return f"Known are {', '.join(sorted(names))}."


def stage_files(
    connection: duckdb.DuckDBPyConnection, files: Iterable[StagedFile]
) -> dict[str, pl.DataFrame]:
    """Stage files and return the gate's wide frame of each layout that has figures."""
    files = list(files)
    stage(connection, files)
    engine.build(connection, "staging")
    engine.build(connection, "gate")
    layouts = {file.layout for file in files if (file.table["use"] == "load").any()}
    return {layout: wide_frame(connection, layout) for layout in sorted(layouts)}


def clear_staging(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of what was staged and of the models of it."""
    engine.drop(connection, "staging")
    clear(connection)


def know_bodies(connection: duckdb.DuckDBPyConnection, library: Library) -> None:
    """Say of every code in the ledger what kind of body it is; again when more were published."""
    organisations.insert_types(connection, library.type_of, library.types.values())


def build_core(connection: duckdb.DuckDBPyConnection) -> None:
    """Build the models of figures that may be shown: observations, links, wholes."""
    engine.build(connection, "audience")
    engine.build(connection, "core")


def headline_areas(library: Library) -> set[str]:
    """The areas that headline indicators are made of: they say which month is told."""
    return {
        item.partition(".")[0]
        for indicator in library.indicators.values()
        if indicator.headline
        for item in indicator.measure.numerator_terms
    }


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
