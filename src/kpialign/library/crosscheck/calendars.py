"""Calendars: layouts that exist, each in one calendar."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check every calendar."""
    taken: dict[str, str] = {}
    for calendar in library.calendars.values():
        where = ("calendars", calendar.id, ("layouts",))
        yield from unknown(where, calendar.layouts, library.layouts, "layout")
        for layout in calendar.layouts:
            owner = taken.setdefault(layout, calendar.id)
            if owner != calendar.id:
                yield Wrong(where, f"{layout} is already due by {owner}.", "Keep one.")
