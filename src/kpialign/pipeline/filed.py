"""The ledger's account of files: what each was read as, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpialign.findings import CellCount, FileReading
from kpialign.terms import PUBLISHED, Release

if TYPE_CHECKING:
    import duckdb

    from kpialign.store.staging import StagedFile


def every_reading(connection: duckdb.DuckDBPyConnection) -> list[FileReading]:
    """Every reading so far, the last one last; ``why`` carries the hash of the layout it had.

    A file held back is read again: what stood against it may be gone.
    """
    rows = connection.execute(_FILES.format(why="f.layout_hash")).fetchall()
    return [_known(row[:-1]) for row in rows]


def known_by_id(
    connection: duckdb.DuckDBPyConnection, numbers: Collection[int] | None = None
) -> list[FileReading]:
    """The ledger's account of files, or of all, ``why`` saying why one was held back."""
    rows = connection.execute(_FILES.format(why="f.why")).fetchall()
    return [_known(row[:-1]) for row in rows if numbers is None or row[-1] in numbers]


def staged_readings(
    connection: duckdb.DuckDBPyConnection, files: Sequence[tuple[StagedFile, str, str]]
) -> list[FileReading]:
    """The account of staged files, each given with its state and the reason for it."""
    rows = connection.execute(
        "SELECT file_id, periods, read, loaded, set_aside, rejected, set_aside_why, "
        "cells, cells_figures, cells_missing, cells_rejected, cells_repeated FROM file_account"
    ).fetchall()
    accounts = {row[0]: row[1:] for row in rows}
    readings = []
    for file, state, why in files:
        periods, read, loaded, aside, rejected, set_aside_why, *cells = accounts[file.file_id]
        published = "" if file.published_on is None else str(file.published_on)
        row = (
            file.name, file.sha256, file.layout, published, periods, read, loaded, aside,
            rejected, file.counted, state, set_aside_why, why, file.release.shown_from, *cells,
        )  # fmt: skip
        readings.append(_known(row))
    return readings


def let_through(readings: Sequence[FileReading]) -> Iterator[str]:
    """What of a file that may go on the user took upon themselves."""
    good = ("published", "admitted")
    yield from (f"{r.file}: {r.why}" for r in readings if r.state in good and r.why)


# ``why`` is one of two columns, chosen above.
_FILES = """
SELECT f.name, f.sha256, f.layout, coalesce(CAST(f.published_on AS VARCHAR), ''),
    coalesce(s.periods, ''), f.read, f.loaded, f.set_aside, f.rejected, f.counted, f.state,
    f.set_aside_why, {why}, f.shown_from, f.cells, f.cells_figures, f.cells_missing,
    f.cells_rejected, f.cells_repeated, f.file_id
FROM file f
LEFT JOIN (
    SELECT file_id, string_agg(period, ',' ORDER BY period) AS periods
    FROM submission GROUP BY file_id
) s ON f.file_id = s.file_id
ORDER BY f.file_id
"""


def _known(row: tuple[object, ...]) -> FileReading:
    name, sha256, layout, published, periods, read, loaded, aside, rejected, counted = row[:10]
    return FileReading(
        file=str(name),
        sha256=str(sha256),
        layout=str(layout),
        published_on=str(published),
        periods=tuple(str(periods).split(",")) if periods else (),
        read=int(str(read)),
        loaded=int(str(loaded)),
        set_aside=int(str(aside)),
        rejected=int(str(rejected)),
        counted=int(str(counted)),
        state=str(row[10]),
        set_aside_why=split_reasons(str(row[11])),
        why=str(row[12]),
        release=Release(row[13]) if isinstance(row[13], date) else PUBLISHED,
        cells=None if row[14] is None else CellCount(*(int(str(n)) for n in row[14:19])),
    )


def split_reasons(text: str) -> tuple[tuple[str, int], ...]:
    """Undo the ledger's ``reason: rows; reason: rows``."""
    pairs = (part.rpartition(": ") for part in text.split("; ") if part)
    return tuple((reason, int(rows)) for reason, _, rows in pairs)


def with_something_wrong(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Fingerprints of files in which a check found something."""
    rows = connection.execute(
        "SELECT DISTINCT f.sha256 FROM file f WHERE f.file_id IN (SELECT file_id FROM file_result) "
        "OR f.file_id IN (SELECT file_id FROM file_fault)"
    ).fetchall()
    return frozenset(sha256 for (sha256,) in rows)


def last_file_id(connection: duckdb.DuckDBPyConnection) -> int:
    """The highest number given to a file so far; 0 before the first."""
    row = connection.execute("SELECT coalesce(max(file_id), 0) FROM file").fetchall()[0]
    return int(row[0])
