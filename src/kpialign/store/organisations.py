"""Organisations as rows: kinds, places, successions, and the boundaries they are counted in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import polars as pl

from kpialign.definitions.layouts import Layout
from kpialign.definitions.organisations import OrganisationType, Placed, Succession, System
from kpialign.store.rows import B, F, S, insert

if TYPE_CHECKING:
    import duckdb


def insert_boundaries(connection: duckdb.DuckDBPyConnection, basis: str) -> None:
    """Fill ``boundaries``: whether months are counted with the places of then or of now."""
    insert(connection, "boundaries", {"basis": S}, [(basis,)])


def insert_headline_areas(connection: duckdb.DuckDBPyConnection, areas: Iterable[str]) -> None:
    """Fill ``headline_area``: the areas of items that say which month is told."""
    insert(connection, "headline_area", {"area": S}, [(area,) for area in sorted(areas)])


def insert_whole_layouts(connection: duckdb.DuckDBPyConnection, layouts: Iterable[Layout]) -> None:
    """Fill ``whole_layout``: layouts of which one file says the whole month, body by body."""
    insert(
        connection, "whole_layout", {"layout": S},
        [(la.id,) for la in layouts if la.replaces == "period"],
    )  # fmt: skip


def insert_places(
    connection: duckdb.DuckDBPyConnection, systems: Iterable[System], placed: Iterable[Placed]
) -> None:
    """Fill ``known_placement``: where bodies belong from a month on, as the definitions say."""
    systems = list(systems)
    insert(
        connection, "known_placement",
        {"organisation": S, "role": S, "level": S, "parent": S, "period": S, "share": F},
        [
            *(
                (body, "hospital", level, parent, str(s.since), 1.0)
                for s in systems
                for body in s.organisations
                for level, parent in (("icb", s.code), ("region", s.region))
            ),
            *(
                (p.organisation, p.role, p.level, parent, str(p.since), share)
                for p in placed
                for parent, share in p.parents.items()
            ),
        ],
    )  # fmt: skip
    insert(
        connection, "system", {"system": S, "name": S, "period": S},
        [(s.code, s.name, str(s.since)) for s in systems],
    )  # fmt: skip


def insert_successions(
    connection: duckdb.DuckDBPyConnection, shipped: Iterable[Succession], own: pl.DataFrame
) -> None:
    """Fill ``succession``; a workspace's word on a predecessor stands before the shipped one.

    A row without area gives the legal month; one with an area the month from which that
    collection's figures of the successor hold the predecessor's.
    """
    told = set(own["predecessor"].to_list())
    rows = [
        (s.predecessor, s.successor, area, str(month))
        for s in shipped
        if s.predecessor not in told
        for area, month in (("", s.on), *s.sources.items())
    ]
    rows += own.select("predecessor", "successor", "area", "since").rows()
    insert(
        connection, "succession", {"predecessor": S, "successor": S, "area": S, "since": S}, rows
    )


def insert_types(
    connection: duckdb.DuckDBPyConnection,
    type_of: Callable[[str], str],
    kinds: Iterable[OrganisationType],
) -> None:
    """Fill ``code_type``: every code in the ledger with the kind its code stands for."""
    codes = connection.execute(
        "SELECT DISTINCT organisation FROM data_item_value ORDER BY organisation"
    ).fetchall()
    insert(
        connection, "code_type", {"organisation": S, "type": S},
        [(code, type_of(code)) for (code,) in codes],
    )  # fmt: skip
    insert(
        connection, "type", {"type": S, "title": S, "trust": B},
        [(kind.id, kind.title, kind.trust) for kind in kinds],
    )  # fmt: skip
