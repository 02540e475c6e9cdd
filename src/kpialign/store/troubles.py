"""What can stand in the way of a database, told by what to do about it.

DuckDB tells a full disk, a missing permission and a damaged log by the words of its message
alone, and not by the same exception in every version.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpialign.errors import DatabaseDamaged, KpialignError, NotWritten
from kpialign.store import manifest

_BUSY = ("could not set lock", "conflicting lock", "used by another process")
_FULL = (
    "no space left", "file too large", "disk quota", "disk full", "not enough space",
    "max_temp_directory_size",
)  # fmt: skip
_SHORT = ("out of memory",)  # said of a full disk, too, but then with the words above
_DAMAGED = ("corrupt database", "does not match stored checksum")
_CLOSED = ("read-only file system", "permission denied", "read only", "read-only")
_AGAIN = "What had been published before is whole; run again and nothing is missing or doubled."


@contextmanager
def troubles_told(path: Path) -> Iterator[None]:
    """Turn what a user can mend into one message; other faults stay faults.

    Raises:
        DatabaseDamaged: the file is not as it was written.
        NotWritten: the disk is full, memory is short, or something may not be written.
    """
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        told = _told(error, path) if _concerns(error, path) else None
        if told is None:
            raise
        raise told from error


def is_busy(error: Exception) -> bool:
    """Whether another process holds the file."""
    return _says(error, _BUSY)


def cannot_open(error: Exception, path: Path) -> KpialignError:
    """Why a database could not be opened, and what to do."""
    if "wal" in str(error).lower() and _says(error, ("corrupt", "replay", "mismatch")):
        return DatabaseDamaged(_damaged_log(error, path))
    return _told(error, path) or KpialignError(f"{path}: cannot be opened: {first_line(error)}")


def first_line(error: Exception) -> str:
    """The first line of a message; DuckDB's go on with traces."""
    return str(error).splitlines()[0]


def _told(error: Exception, path: Path) -> KpialignError | None:
    if _says(error, _DAMAGED):
        return DatabaseDamaged(
            f"{path}: the database is damaged and cannot be relied on ({first_line(error)}). Put "
            "back a copy of it, or move it away and run again over all extracts."
        )
    if _says(error, _FULL):
        return NotWritten(
            f"{path}: there is no room left to write or spill beside it ({first_line(error)}). "
            f"Free space and run again. {_AGAIN}"
        )
    if _says(error, _SHORT):
        return NotWritten(
            f"{path}: the extracts at hand need more memory than a run takes, and what does not "
            f"fit could not be spilled beside it ({first_line(error)}). Free space there, or "
            f"run over fewer of them at once. {_AGAIN}"
        )
    if _says(error, _CLOSED):
        return NotWritten(
            f"{path}: may not be written ({first_line(error)}). Make the file and its folder "
            f"writable, or name another with --database. {_AGAIN}"
        )
    return None


def _damaged_log(error: Exception, path: Path) -> str:
    log = path.with_name(f"{path.name}.wal")
    witness = manifest.read(path)
    if witness is None:
        held = "the last run"
    elif witness.in_file:
        held = "nothing that was published: its manifest says that all of it is in the database"
    else:
        last = witness.publications[-1].run_id
        held = manifest.told(one for one in witness.publications if one.run_id == last)
    return (
        f"{path}: its log {log.name} is damaged and cannot be read back ({first_line(error)}). "
        f"Only the log may hold: {held}. Rename {log.name} to {log.name}.damaged and run again "
        "over the same extracts; or put back a copy of the database."
    )


def _concerns(error: Exception, path: Path) -> bool:
    """Whether a fault is of the database or of a file beside it; a full disk names none."""
    named = getattr(error, "filename", None)
    return named is None or str(named).startswith(str(path))


def _says(error: Exception, words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(word in text for word in words)
