"""The definitions of each run: compressed text, stored once however many runs used it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def keep(connection: duckdb.DuckDBPyConnection, run_id: int, files: Mapping[str, str]) -> None:
    """Enter a run's definitions, file name → text."""
    text = json.dumps(dict(files), sort_keys=True, ensure_ascii=False)
    hash_ = hashlib.sha256(text.encode()).hexdigest()
    connection.execute(
        "INSERT INTO definition SELECT ?, ? "
        "WHERE NOT EXISTS (SELECT 1 FROM definition WHERE hash = ?)",
        [hash_, zlib.compress(text.encode()), hash_],
    )
    connection.execute("UPDATE run SET definitions_hash = ? WHERE run_id = ?", [hash_, run_id])


def definitions_of(connection: duckdb.DuckDBPyConnection, run_id: int) -> dict[str, str] | None:
    """A run's definitions, file name → text; ``None`` where the run kept none."""
    rows = connection.execute(
        "SELECT d.files FROM run r JOIN definition d ON r.definitions_hash = d.hash "
        "WHERE r.run_id = ?",
        [run_id],
    ).fetchall()
    if not rows:
        return None
    files: dict[str, str] = json.loads(zlib.decompress(rows[0][0]))
    return files


def changed(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Names of files that differ, each with what became of it.

    >>> changed({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"})
    (('b', 'changed'), ('c', 'gone'), ('d', 'new'))
    """
    return tuple(
        (name, "new" if name not in was else "gone" if name not in now else "changed")
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    )
