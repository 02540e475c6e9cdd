"""Shape: whether figures bend at their targets, and whether two of them mean the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from kpialign import engine
from kpialign.conflicts.shapes import look_at
from kpialign.conflicts.sight import Sight
from kpialign.definitions.shapes import ShapeRule
from kpialign.findings import Shape

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library
    from kpialign.pipeline.describing import Front


def in_force(library: Library) -> list[ShapeRule]:
    """The rules of unusual shape that are looked at."""
    return [rule for rule in library.shapes.values() if rule.status not in ("draft", "retired")]


def shapes(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    front: Front,
    names: Mapping[tuple[str, str], str],
    *,
    audience: str,
    replied: Collection[str] = (),
) -> tuple[Shape, ...]:
    """Look at the shape of every figure that a rule names, over all months that are known.

    A look that names one organisation is told in public only beside the organisation's own
    words; ``replied`` has the codes of those who gave theirs.
    """
    rules = in_force(library)
    if not rules:
        return ()
    engine.build(connection, "shapes")
    sight = Sight(
        figures=engine.query(connection, "shape_figure"),
        indicators=library.indicators,
        here=front.here,
        front=(front.code, front.name),
        names=names,
    )
    return look_at(rules, sight, lambda look: audience != "public" or look.body in replied)
