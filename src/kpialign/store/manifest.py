"""What was published, witnessed twice: in the database, and in a small file beside it.

DuckDB opens a database whose log was cut short without a word, with fewer rows. The table
``manifest`` is written by the transaction that publishes; the file (``kpialign.duckdb.manifest``)
after its commit and again after the checkpoint, so that it outlives the log and says whether
the log was still needed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpialign.errors import DatabaseDamaged

if TYPE_CHECKING:
    import duckdb

# Ledgers that nothing but publishing adds to; rows of none of them are ever taken out.
LEDGERS = (
    "file", "field", "record", "quarantine", "file_result", "submission",
    "data_item_value", "organisation", "placement", "file_fault",
)  # fmt: skip
_MOST = 5  # files named one by one


@dataclass(frozen=True)
class Publication:
    """A file as a run published it, with the figures it brought."""

    run_id: int
    recorded_at: str
    file: str
    sha256: str
    figures: int


@dataclass(frozen=True)
class Witness:
    """The file beside the database.

    Attributes:
        mark: of the database it speaks of.
        in_file: whether all of it stood in the database file itself, not only in its log.
    """

    mark: str
    in_file: bool
    publications: tuple[Publication, ...]


def count(connection: duckdb.DuckDBPyConnection, run_id: int) -> None:
    """Enter how many rows each ledger has, in the transaction that publishes."""
    for ledger in LEDGERS:
        connection.execute(
            f"INSERT INTO manifest SELECT ?, ?, count(*) FROM {ledger}", [run_id, ledger]
        )


def beside(database: Path) -> Path:
    """The file that witnesses for a database."""
    return database.with_name(f"{database.name}.manifest")


def write(connection: duckdb.DuckDBPyConnection, *, in_file: bool) -> None:
    """Write the file anew, whole or not at all; a database without publications needs none."""
    told = Witness(_mark(connection), in_file, _publications(connection))
    if not told.publications or told == read(_path(connection)):
        return
    path = beside(_path(connection))
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(told), file, indent=1)
        file.flush()
        os.fsync(file.fileno())  # it has to outlive a log that a loss of power cuts short
    os.replace(partial, path)


def read(database: Path) -> Witness | None:
    """The file, or ``None`` where it is absent or cannot be understood."""
    try:
        told = json.loads(beside(database).read_text("utf-8"))
        publications = tuple(Publication(**one) for one in told["publications"])
        return Witness(str(told["mark"]), bool(told["in_file"]), publications)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def see(connection: duckdb.DuckDBPyConnection, bring: Collection[str] = ()) -> tuple[str, ...]:
    """Hold the database against both witnesses; return what has to be said of it.

    Args:
        connection: the database, open.
        bring: fingerprints of extracts at hand, which publish again what was lost.

    Raises:
        DatabaseDamaged: ledgers lack rows, or the log lost publications that are not at hand.
    """
    path = _path(connection)
    _see_rows(connection, path)
    witness = read(path)
    if witness is None:
        return ()
    if witness.mark != _mark(connection):
        return (_another(path, witness),)
    have = set(_publications(connection))
    missing = [one for one in witness.publications if one not in have]
    if not missing:
        return ()
    if witness.in_file:
        return (_older(path, missing),)
    if {one.sha256 for one in missing} <= set(bring):
        return (f"{path.name}: the end of its log was lost; published again: {told(missing)}",)
    raise DatabaseDamaged(_lost(path, missing))


def told(publications: Iterable[Publication]) -> str:
    """Publications in words, by run.

    >>> told([Publication(4, "2026-11-02 09:30", "a.csv", "", 1200)])
    'run 4 of 2026-11-02 09:30 (1,200 figures of a.csv)'
    """
    runs: dict[tuple[int, str], list[Publication]] = {}
    for one in publications:
        runs.setdefault((one.run_id, one.recorded_at), []).append(one)
    return "; ".join(
        f"run {run} of {at} ({_files(files)})" for (run, at), files in sorted(runs.items())
    )


def _files(files: list[Publication]) -> str:
    named = [f"{one.figures:,} figures of {one.file}" for one in files[:_MOST]]
    rest = files[_MOST:]
    if rest:
        named.append(f"{sum(one.figures for one in rest):,} of {len(rest)} more files")
    return ", ".join(named)


def _see_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    rows = connection.execute(
        "SELECT ledger, rows FROM manifest WHERE run_id = (SELECT max(run_id) FROM manifest)"
    ).fetchall()
    for ledger, expected in rows:
        if ledger in LEDGERS:
            found = connection.execute(f"SELECT count(*) FROM {ledger}").fetchall()[0][0]
            if found < expected:
                raise DatabaseDamaged(
                    f"{path}: its ledger {ledger!r} has {found:,} rows, and {expected:,} were "
                    "published. The file is damaged, or something else took rows out. Put back a "
                    "copy of it, or move it away and run again over all extracts."
                )


def _lost(path: Path, missing: list[Publication]) -> str:
    return (
        f"{path}: the end of its log is lost, and with it what had been published by "
        f"{told(missing)}. All before that is there. Run again over these extracts together "
        "with the new ones, and they are published again; or put back a copy of the database. "
        f"To go on without them, delete {beside(path).name}."
    )


def _older(path: Path, missing: list[Publication]) -> str:
    return (
        f"{path.name} is an older copy: {beside(path).name} also knows {told(missing)}. "
        "Run over these extracts again to have their figures back"
    )


def _another(path: Path, witness: Witness) -> str:
    runs = {one.run_id for one in witness.publications}
    return (
        f"{beside(path).name} is of another database, with publications of {len(runs)} runs, "
        f"the last {told(witness.publications[-1:])}. If that one was meant, put it back"
    )


def _path(connection: duckdb.DuckDBPyConnection) -> Path:
    rows = connection.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchall()
    return Path(rows[0][0])


def _mark(connection: duckdb.DuckDBPyConnection) -> str:
    return str(connection.execute("SELECT max(mark) FROM database_mark").fetchall()[0][0])


def _publications(connection: duckdb.DuckDBPyConnection) -> tuple[Publication, ...]:
    rows = connection.execute(
        "SELECT f.run_id, strftime(r.recorded_at, '%Y-%m-%d %H:%M'), f.name, f.sha256, "
        "coalesce(n.figures, 0) FROM file f JOIN run r ON f.run_id = r.run_id LEFT JOIN ("
        "SELECT s.file_id, count(*) AS figures FROM data_item_value v "
        "JOIN submission s ON v.submission_id = s.submission_id GROUP BY s.file_id"
        ") n ON f.file_id = n.file_id WHERE f.state = 'published' ORDER BY f.file_id"
    ).fetchall()
    return tuple(Publication(*row) for row in rows)
