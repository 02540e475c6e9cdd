"""Layouts: every column goes to an item that exists, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kpialign.definitions.layouts import Layout, Table
from kpialign.library.crosscheck.events import patterns
from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check every layout."""
    for layout in library.layouts.values():
        for i, table in enumerate(layout.tables):
            yield from _table(layout, i, table, library)
        yield from _loaded_once(layout)
        yield from _not_reported(layout, library)


def _table(layout: Layout, i: int, table: Table, library: Library) -> Iterator[Wrong]:
    at = ("tables", i, "items")
    yield from unknown(("layouts", layout.id, at), table.items, library.items, "item")
    if table.use == "load":
        for name in table.items:
            if name in library.sums:
                what = f"{name} is a sum; a table loads collected items."
                yield Wrong(("layouts", layout.id, (*at, name)), what, "Load its parts.")
    at = ("tables", i, "optional")
    yield from unknown(("layouts", layout.id, at), table.optional, table.items, "item of the table")
    pairs = any(column.above for choice in table.items.values() for column in choice)
    if pairs and not table.headings_above:
        what = "A column is addressed by the heading above it."
        yield Wrong(("layouts", layout.id, ("tables", i)), what, "Say headings_above: true.")


def _loaded_once(layout: Layout) -> Iterator[Wrong]:
    loaded = Counter(item for t in layout.tables if t.use == "load" for item in t.items)
    for item, times in loaded.items():
        if times > 1:
            yield Wrong(("layouts", layout.id, ("tables",)), f"{item} is loaded by {times} tables.")


def _not_reported(layout: Layout, library: Library) -> Iterator[Wrong]:
    for i, rule in enumerate(layout.not_reported):
        at = ("not_reported", i, "items")
        yield from patterns(("layouts", layout.id, at), rule.items, library)
        for j, condition in enumerate(rule.when):
            name = condition.item or condition.sum or ""
            at_when = ("not_reported", i, "when", j)
            yield from patterns(("layouts", layout.id, at_when), [name], library)
