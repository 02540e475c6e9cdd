"""Pathways: stages that name indicators, built or planned."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check every pathway."""
    known = [*library.indicators, *library.planned]
    for pathway in library.pathways.values():
        for i, stage in enumerate(pathway.stages):
            where = ("pathways", pathway.id, ("stages", i, "indicators"))
            yield from unknown(where, stage.indicators, known, "indicator (or planned one)")
