"""Opening the database: locked down, of a known schema, one writer at a time."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kpialign.errors import DatabaseBusy, KpialignError
from kpialign.shipped import shipped
from kpialign.store import manifest
from kpialign.store.troubles import cannot_open, first_line, is_busy, troubles_told

if TYPE_CHECKING:
    import duckdb

SCHEMA_VERSION = 7
PATIENCE = 5.0  # seconds to wait for another run to end

# Nothing is fetched or loaded from outside; the storage version is one that both
# supported major versions of DuckDB can open.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "storage_compatibility_version": "v1.5.0",
    "preserve_insertion_order": "true",
    "max_temp_directory_size": "10GB",  # and not until the disk is full
}
MEMORY = 160  # MB; what does not fit is spilled beside the database
MEMORY_A_BYTE = 5  # that a byte of an extract takes on its way, roughly
MEMORY_A_STORED_BYTE = 12  # that a byte of the database takes in the models
MOST_MEMORY = 1200  # MB


@contextmanager
def open_database(
    path: Path, bring: Collection[str] = (), patience: float | None = None, size: int = 0
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open, or make, the database and bring its schema up to date.

    Args:
        path: the file.
        bring: fingerprints of extracts at hand, which may publish again what a log lost.
        patience: seconds to wait for another run to end.
        size: bytes of the extracts at hand; large ones need more memory than a month's.

    Raises:
        DatabaseBusy: another run still holds the file after a short wait.
        DatabaseDamaged: it does not hold what was published.
        NotWritten: the disk is full, or the file may not be written.
        KpialignError: the file is no database of ours, or is newer.
    """
    wait = PATIENCE if patience is None else patience
    memory = _memory(path, size)
    with troubles_told(path):
        connection = _connect(path, wait, memory)
        try:
            version = _version(connection, path)
            if 0 < version < SCHEMA_VERSION:
                connection.execute("CHECKPOINT")  # what is copied is whole without its log
                connection.close()
                _copy(path)
                connection = _connect(path, wait, memory)
                version = _version(connection, path)  # another run may have been quicker
            _migrate(connection, path, version)
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            noted = manifest.see(connection, bring)
            yield connection
            connection.execute("CHECKPOINT")
            if not noted:  # what is not there any more is said until something is published
                manifest.write(connection, in_file=True)
        finally:
            connection.close()


def _memory(path: Path, size: int) -> int:
    """Megabytes for the extracts at hand and the figures that are there."""
    stored = path.stat().st_size if path.is_file() else 0
    needed = MEMORY_A_BYTE * size + MEMORY_A_STORED_BYTE * stored
    return min(MEMORY + needed // 1_000_000, MOST_MEMORY)


def _connect(path: Path, patience: float, memory: int) -> duckdb.DuckDBPyConnection:
    import duckdb

    deadline = time.monotonic() + patience
    while True:
        try:
            return duckdb.connect(str(path), config={**SETTINGS, "memory_limit": f"{memory}MB"})
        except duckdb.Error as error:
            if not is_busy(error):
                raise cannot_open(error, path) from error
            if time.monotonic() > deadline:
                raise DatabaseBusy(
                    f"{path}: another run holds the database. Try again when it has ended."
                ) from error
            time.sleep(0.2)


def _version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The schema version of the file; 0 for an empty one."""
    tables = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
    if not tables:
        return 0
    if "meta" not in tables:
        raise KpialignError(f"{path}: is a DuckDB file, but not one that kpialign made.")
    version = int(connection.execute("SELECT max(schema_version) FROM meta").fetchall()[0][0])
    if version > SCHEMA_VERSION:
        raise KpialignError(
            f"{path}: has schema version {version}, this kpialign works with {SCHEMA_VERSION}. "
            "Use the version of kpialign that made it, or start a new database."
        )
    return version


def _copy(path: Path) -> None:
    """Keep the file as it is beside itself, whole or not at all."""
    kept = path.with_name(f"{path.name}.before-{SCHEMA_VERSION}")
    partial = kept.with_name(f"{kept.name}.partial")
    try:
        shutil.copyfile(path, partial)
        os.replace(partial, kept)
    except OSError as error:
        raise KpialignError(
            f"{path}: has an older schema, and could not be copied to {kept.name} before it is "
            f"brought up to date: {error}"
        ) from error


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path, version: int) -> None:
    """Apply the scripts the file has not had, all or none."""
    import duckdb

    scripts = [script for script in _scripts() if int(script.name[:3]) > version]
    if not scripts:
        return
    connection.begin()
    try:
        for script in scripts:
            connection.execute(script.read_text("utf-8"))
        connection.commit()
    except duckdb.Error as error:
        with suppress(duckdb.Error):  # a commit that fails has undone it already
            connection.rollback()
        raise KpialignError(
            f"{path}: could not be brought from schema version {version} to {SCHEMA_VERSION} "
            f"and is as it was: {first_line(error)}"
        ) from error
    connection.execute("CHECKPOINT")


def _scripts() -> list[Path]:
    return sorted((shipped("sql") / "schema").glob("*.sql"))
