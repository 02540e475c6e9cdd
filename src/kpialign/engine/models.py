"""SQL files as models: one SELECT a file, the file's name is the model's name.

Models are built as temporary tables, so that the database file holds ledgers only and a
model costs its work once a run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpialign.shipped import shipped

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def build(connection: duckdb.DuckDBPyConnection, folder: str) -> None:
    """Build every model of ``sql/models/<folder>`` after the models it reads."""
    place = shipped("sql") / "models" / folder
    for name in _order(place):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {_texts(place)[name]}")


def drop(connection: duckdb.DuckDBPyConnection, folder: str) -> None:
    """Drop the models of a folder, which frees their memory."""
    for name in _texts(shipped("sql") / "models" / folder):
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def query(connection: duckdb.DuckDBPyConnection, model: str) -> pl.DataFrame:
    """Return a built model, in a stable order of rows.

    Raises:
        KeyError: there is no such model.
    """
    if not any(model in _texts(folder) for folder in (shipped("sql") / "models").iterdir()):
        raise KeyError(model)
    return _frame(connection.sql(f"SELECT * FROM {model} ORDER BY ALL"))


def check(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """Run ``sql/checks/<name>.sql``: the rows that are wrong."""
    return _frame(connection.sql(_texts(shipped("sql") / "checks")[name]))


def _frame(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    import polars as pl

    frame = pl.from_arrow(relation.to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def checks() -> tuple[str, ...]:
    """The names of all shipped SQL checks."""
    return tuple(sorted(_texts(shipped("sql") / "checks")))


@cache
def _order(folder: Path) -> tuple[str, ...]:
    """The models of a folder, each after those it reads."""
    import duckdb

    texts = _texts(folder)
    with duckdb.connect() as parser:
        reads = {name: _tables(parser, text) & texts.keys() for name, text in texts.items()}
    return tuple(TopologicalSorter(reads).static_order())


@cache
def _texts(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8").rstrip().rstrip(";") for path in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.glob("*.sql")))


def _tables(connection: duckdb.DuckDBPyConnection, text: str) -> set[str]:
    """Names a SELECT reads: base tables less its own common table expressions."""
    row = connection.execute("SELECT json_serialize_sql(?)", [text]).fetchall()[0]
    tree = json.loads(row[0])
    if tree["error"]:
        raise ValueError(f"{tree['error_message']}: {text[:80]}")
    named: set[str] = set()
    own: set[str] = set()
    for node in _nodes(tree):
        if node.get("type") == "BASE_TABLE":
            named.add(node["table_name"])
        if "cte_map" in node:
            own |= {entry["key"] for entry in node["cte_map"]["map"]}
    return named - own


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)
