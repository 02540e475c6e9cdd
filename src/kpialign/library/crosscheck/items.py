"""Data items: sums and flows of items that exist and add up; no sum is a part of itself."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.definitions.expression import expand
from kpialign.definitions.items import Behaviour, Flow, Item
from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check every item that is a sum, and every stock with a flow."""
    for item in library.items.values():
        if item.flow:
            yield from _flow(item, item.flow, library)
        if item.sum_of:
            yield from unknown(("items", item.id, ("is",)), item.terms, library.items, "item")
            yield from _round(item, library)
            parts = [library.items[name] for name in item.terms if name in library.items]
            yield from _parts(item, parts)


def _flow(item: Item, flow: Flow, library: Library) -> Iterator[Wrong]:
    sides = {"opening": (flow.opening,), "in": flow.comes_in, "out": flow.goes_out}
    for side, names in sides.items():
        given = [name for name in names if name]
        where = ("items", item.id, ("flow", side))
        yield from unknown(where, given, library.items, "item")
        for part in (library.items[name] for name in given if name in library.items):
            if part.unit != item.unit:
                what = f"{item.id} counts {item.unit}s, {part.id} {part.unit}s."
                yield Wrong(where, what)


def _round(item: Item, library: Library) -> Iterator[Wrong]:
    try:
        expand({item.id: 1.0}, library.sums)
    except ValueError as error:
        yield Wrong(("items", item.id, ("is",)), f"{error}.", "Name collected items only.")


def _parts(item: Item, parts: list[Item]) -> Iterator[Wrong]:
    for part in parts:
        if part.over_organisations is Behaviour.NEVER:
            what = f"{part.id} never adds up, so it cannot be part of a sum."
            yield Wrong(("items", item.id, ("is",)), what)
        if part.unit != item.unit:
            what = f"{item.id} counts {item.unit}s, its part {part.id} {part.unit}s."
            yield Wrong(("items", item.id, ("is",)), what)
