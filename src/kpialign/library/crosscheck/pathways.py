"""Pathways: stages that name indicators, built or planned, and losses that can be counted."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.definitions.pathways import Lost, Pathway
from kpialign.library.crosscheck.wrong import Where, Wrong, unknown
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check every pathway."""
    known = [*library.indicators, *library.planned]
    for pathway in library.pathways.values():
        for i, stage in enumerate(pathway.stages):
            where = ("pathways", pathway.id, ("stages", i, "indicators"))
            yield from unknown(where, stage.indicators, known, "indicator (or planned one)")
            for j, lost in enumerate(stage.lost):
                at = ("pathways", pathway.id, ("stages", i, "lost", j))
                yield from _lost(lost, at, library)
        yield from _linked(pathway, library)


def _lost(lost: Lost, at: Where, library: Library) -> Iterator[Wrong]:
    yield from unknown(at, [lost.indicator], library.indicators, "indicator")
    indicator = library.indicators.get(lost.indicator)
    if indicator and lost.target:
        targets = [target.name for target in indicator.targets]
        yield from unknown(at, [lost.target], targets, f"target of {indicator.id}")


def _linked(pathway: Pathway, library: Library) -> Iterator[Wrong]:
    if pathway.linked_by is not None:
        where = ("pathways", pathway.id, ("linked_by",))
        yield from unknown(where, [pathway.linked_by], library.layouts, "layout")
