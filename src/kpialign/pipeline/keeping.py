"""Keep what a run was made with, and say where that differs from the run before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kpialign.shipped import shipped
from kpialign.store import kept
from kpialign.terms import Period

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library
    from kpialign.pipeline.request import Request


def definition_files(own: Path) -> dict[str, str]:
    """Every definition in force by its name: the shipped ones, the user's own, exceptions."""
    folders = {
        "indicators": shipped("indicators"),
        "definitions": own,
        "exceptions": own.with_name("exceptions"),
    }
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_text("utf-8")
        for name, folder in folders.items()
        if folder.is_dir()
        for path in sorted(folder.rglob("*.yaml"))
    }


def replaced(library: Library) -> Iterator[str]:
    """Which of the workspace's definitions stand before shipped ones."""
    for one in library.replaced:
        yield f"{one.id}: the workspace's {one.file} stands before {one.was_file}"


def keep_definitions(
    connection: duckdb.DuckDBPyConnection, run_id: int, own: Path
) -> tuple[str, ...]:
    """Enter the definitions of a run; return a note where the last run had others."""
    files = definition_files(own)
    note = changed_since(connection, run_id - 1, files)
    kept.keep(connection, run_id, files)
    return note


def notes_of(connection: duckdb.DuckDBPyConnection, request: Request) -> tuple[str, ...]:
    """What has to be said of figures looked back to: what was, and what is of today."""
    day = request.as_of.known_on or request.as_of.published_on or request.now.date()
    rows = connection.execute(
        "SELECT coalesce(max(run_id), 0) FROM run WHERE CAST(recorded_at AS DATE) <= ?", [day]
    ).fetchall()
    files = definition_files(request.settings.definitions)
    notes = [
        f"figures {request.as_of.words()}; nothing was read or published",
        "definitions, links, names and places are those of today",
        *changed_since(connection, rows[0][0], files),
    ]
    if request.as_of.published_on is not None:
        notes.append("an undated file counts as published on the day it was recorded here")
    return tuple(notes)


def changed_since(
    connection: duckdb.DuckDBPyConnection, last: int, files: dict[str, str]
) -> tuple[str, ...]:
    """A note where the last run up to one that kept definitions was made with others."""
    rows = connection.execute(
        "SELECT run_id, recorded_at FROM run WHERE run_id <= ? AND definitions_hash <> '' "
        "ORDER BY run_id DESC LIMIT 1",
        [last],
    ).fetchall()
    if not rows:
        return ()
    before, at = rows[0]
    many = len(kept.changed(kept.definitions_of(connection, before) or {}, files))
    if not many:
        return ()
    day = f"{at.day} {Period(at.year, at.month).words()}"
    return (f"definitions changed since the run of {day}: {many} file{'s' * (many > 1)}",)
