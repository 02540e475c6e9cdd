"""Learn: the changes somebody made, held against the data and weighed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kpialign.conflicts.learning import learn
from kpialign.definitions.indicators import Indicator
from kpialign.errors import DefinitionError, Fault
from kpialign.extracts.workspace import CHANGES_FILE, Workspace
from kpialign.findings import Change, Learned
from kpialign.pipeline import describing, detecting
from kpialign.pipeline.trajectories import unknown_body, unknown_indicator
from kpialign.terms import Improves

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library


def learned(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    workspace: Workspace,
    names: Mapping[tuple[str, str], str],
    folder: Path,
) -> tuple[Learned, ...]:
    """Weigh the changes of ``changes.csv`` over the months that the rules look at.

    Raises:
        DefinitionError: everything wrong at once: columns, dates, empty cells, indicators and
            organisations nobody knows, indicators without a better side.
    """
    bodies = describing.bodies(connection)
    faults = list(workspace.change_faults)
    faults += [
        Fault(str(folder / CHANGES_FILE), change.line, what, todo)
        for change in workspace.changes
        for what, todo in _wrong(change, library.indicators, bodies)
    ]
    if faults:
        raise DefinitionError(faults)
    wanted = {i for change in workspace.changes for i in (*change.aimed_at, *change.might_harm)}
    span = detecting.window_judged(connection, library, wanted)
    if not workspace.changes or span is None:
        return ()
    network = detecting.network(connection, library, span, wanted, names)
    return learn(workspace.changes, library.indicators, network)


def _wrong(
    change: Change, indicators: Mapping[str, Indicator], bodies: Collection[str]
) -> Iterator[tuple[str, str]]:
    if change.organisation:  # an empty one was told when the file was read
        yield from unknown_body(change.organisation, bodies)
    for id_ in (*change.aimed_at, *change.might_harm):
        yield from unknown_indicator(id_, indicators)
        if id_ in indicators and indicators[id_].improves is Improves.NEITHER:
            yield f"{id_} has no better side to aim at, and no worse.", "Leave it out."
