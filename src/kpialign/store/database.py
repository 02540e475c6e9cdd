"""Opening the database: locked down, of a known schema, one writer at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kpialign.errors import DatabaseBusy, KpialignError
from kpialign.shipped import shipped

if TYPE_CHECKING:
    import duckdb

SCHEMA_VERSION = 1
PATIENCE = 5.0  # seconds to wait for another run to end

# Nothing is fetched or loaded from outside; the storage version is one that both
# supported major versions of DuckDB can open.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "storage_compatibility_version": "v1.5.0",
    "preserve_insertion_order": "true",
    "memory_limit": "256MB",  # what does not fit is spilled beside the database
}


@contextmanager
def open_database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open, or make, the database and bring its schema up to date.

    Raises:
        DatabaseBusy: another run still holds the file after a short wait.
        KpialignError: the file is no database of ours, is newer, or cannot be written.
    """
    connection = _connect(path)
    try:
        _prepare(connection, path)
        connection.execute("SET enable_external_access = false")
        yield connection
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return duckdb.connect(str(path), config=SETTINGS)
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise KpialignError(f"{path}: cannot be opened: {_first_line(error)}") from error
            if time.monotonic() > deadline:
                raise DatabaseBusy(
                    f"{path}: another run holds the database. Try again when it has ended."
                ) from error
            time.sleep(0.2)
        except duckdb.Error as error:
            raise KpialignError(f"{path}: cannot be opened: {_first_line(error)}") from error


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    tables = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
    if not tables:
        _create(connection)
        return
    if "meta" not in tables:
        raise KpialignError(f"{path}: is a DuckDB file, but not one that kpialign made.")
    row = connection.execute("SELECT max(schema_version) FROM meta").fetchall()[0]
    version = row[0]
    if version != SCHEMA_VERSION:
        raise KpialignError(
            f"{path}: has schema version {version}, this kpialign works with {SCHEMA_VERSION}. "
            "Use the version of kpialign that made it, or start a new database."
        )


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    connection.begin()
    for script in sorted((shipped("sql") / "schema").glob("*.sql")):
        connection.execute(script.read_text("utf-8"))
    connection.commit()
    connection.execute("CHECKPOINT")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
