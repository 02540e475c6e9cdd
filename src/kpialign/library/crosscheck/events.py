"""Events, and the patterns by which they and layouts name items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kpialign.library.crosscheck.wrong import UnknownName, Where, Wrong, unknown
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check every event."""
    for event in library.events.values():
        scope = event.scope
        yield from patterns(("events", event.id, ("scope", "items")), scope.items, library)
        if scope.until is not None and scope.until < scope.since:
            what = f"It ends in {scope.until}, before it starts in {scope.since}."
            yield Wrong(("events", event.id, ("scope", "until")), what)


def patterns(where: Where, names: Iterable[str], library: Library) -> Iterator[Wrong]:
    """Say of each id or pattern that it names no collected item."""
    for name in names:
        if "*" not in name:
            yield from unknown(where, [name], library.items, "item")
        elif not library.collected(name):
            yield UnknownName(where, f"No item matches {name}.")
