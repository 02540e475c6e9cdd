"""Organisations: weights that add up, services and items that exist, no region named twice."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library, as_written


def check(library: Library) -> Iterator[Wrong]:
    """Check overrides, peer sets and regions."""
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


def _regions(library: Library) -> Iterator[Wrong]:
    taken: dict[str, str] = {}
    for region in library.regions.values():
        for text in (region.code, region.name, *region.also):
            owner = taken.setdefault(as_written(text), region.code)
            if owner != region.code:
                what = f"{text!r} already means {owner}."
                yield Wrong(("regions", region.code, ("also",)), what)
