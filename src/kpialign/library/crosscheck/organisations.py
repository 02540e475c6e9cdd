"""Organisations: shares that add up, names that exist, nothing named twice, no circles."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library, as_written


def check(library: Library) -> Iterator[Wrong]:
    """Check overrides, peer sets, regions, kinds, places and successions."""
    services = {serves.service for serves in library.serves.values()}
    for name, override in library.overrides.items():
        at = ("services",)
        yield from unknown(("overrides", name, at), override.services, sorted(services), "service")
        total = sum(override.services.values())
        if not isclose(total, 1.0, abs_tol=1e-9):
            what = f"Weights of {name} over its services add up to {total:g}, not 1."
            yield Wrong(("overrides", name, at), what)
    for peers in library.peer_sets.values():
        names = [peers.item] if peers.item else []
        yield from unknown(("peer_sets", peers.id, ("item",)), names, library.items, "item")
    yield from _regions(library)
    yield from _types(library)
    yield from _places(library)
    yield from _successions(library)


def _types(library: Library) -> Iterator[Wrong]:
    """A code is of one kind."""
    taken: dict[str, str] = {}
    for kind in library.types.values():
        for code in kind.codes:
            owner = taken.setdefault(code, kind.id)
            if owner != kind.id:
                yield Wrong(("types", kind.id, ("codes",)), f"{code} is already a {owner}.")


def _places(library: Library) -> Iterator[Wrong]:
    """Regions exist, a body belongs to one system from a month on, shares add up to 1."""
    taken: dict[tuple[str, str], str] = {}
    for name, system in library.systems.items():
        at = ("systems", name, ("region",))
        yield from unknown(at, [system.region], sorted(library.regions), "region")
        for body in system.organisations:
            owner = taken.setdefault((body, str(system.since)), system.code)
            if owner != system.code:
                what = f"{body} already belongs to {owner} from {system.since}."
                todo = "Share it out under `placed`, with shares that add up to 1."
                yield Wrong(("systems", name, ("organisations",)), what, todo)
    for name, placed in library.placed.items():
        total = sum(placed.parents.values())
        if not isclose(total, 1.0, abs_tol=1e-6) or min(placed.parents.values()) <= 0:
            what = f"Shares of {placed.organisation} ({placed.role}) over {placed.level} from " \
                f"{placed.since} add up to {total:g}, not 1."  # fmt: skip
            yield Wrong(("placed", name, ("parents",)), what)


def _successions(library: Library) -> Iterator[Wrong]:
    """Areas exist, and nobody follows themselves, however long the way round."""
    areas = sorted({item.partition(".")[0] for item in library.items})
    follows = {s.predecessor: s.successor for s in library.successions.values()}
    for name, one in library.successions.items():
        yield from unknown(("successions", name, ("sources",)), one.sources, areas, "area of items")
        way = [name]
        while way[-1] in follows and way.count(way[-1]) == 1:
            way.append(follows[way[-1]])
        if way.count(way[-1]) > 1:
            what = f"{name} would follow itself: {' → '.join(way)}."
            yield Wrong(("successions", name, ("to",)), what)


def _regions(library: Library) -> Iterator[Wrong]:
    taken: dict[str, str] = {}
    for region in library.regions.values():
        for text in (region.code, region.name, *region.also):
            owner = taken.setdefault(as_written(text), region.code)
            if owner != region.code:
                what = f"{text!r} already means {owner}."
                yield Wrong(("regions", region.code, ("also",)), what)
