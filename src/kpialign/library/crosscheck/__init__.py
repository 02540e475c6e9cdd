"""What no file can know of itself: whether names exist elsewhere and agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from kpialign.definitions.indicators import Indicator
from kpialign.definitions.layouts import Layout
from kpialign.errors import Fault
from kpialign.library.crosscheck import (
    calendars,
    clocks,
    composites,
    conflicts,
    events,
    indicators,
    items,
    layouts,
    organisations,
    pathways,
    shapes,
    thresholds,
    tolerances,
)
from kpialign.library.crosscheck.wrong import UnknownName
from kpialign.library.model import Library
from kpialign.library.reader import Document
from kpialign.library.reader import Path as Place

Key = tuple[str, str]

_CHECKS = (
    items.check,
    indicators.check,
    layouts.check,
    events.check,
    calendars.check,
    conflicts.check,
    clocks.check,
    shapes.check,
    composites.check,
    organisations.check,
    pathways.check,
    thresholds.check,
    tolerances.check,
)


def faults(
    library: Library, places: Mapping[Key, tuple[Document, Place]], *, complete: bool
) -> Iterator[Fault]:
    """Check the definitions against each other.

    With ``complete`` false some file could not be read, so a name that is not known may
    stand in that file: nothing is said of it.
    """
    for check in _CHECKS:
        for wrong in check(library):
            if complete or not isinstance(wrong, UnknownName):
                into, name, at = wrong.where
                document, place = places[into, name]
                line = document.line((*place, *at))
                yield Fault(document.file, line, wrong.what, wrong.todo)
    yield from _file_names(library, places)


def _file_names(library: Library, places: Mapping[Key, tuple[Document, Place]]) -> Iterator[Fault]:
    """An author finds a definition by its id: its file is called after it."""
    named: list[tuple[str, Indicator | Layout, str]] = [
        ("indicators", x, x.id.partition(".")[2]) for x in library.indicators.values()
    ]
    named += [("layouts", layout, layout.id) for layout in library.layouts.values()]
    for into, definition, name in named:
        document, _ = places[into, definition.id]
        wanted = f"{name.replace('.', '_')}.yaml"
        if PurePath(document.file).name != wanted:
            what = f"The file defines {definition.id}."
            yield Fault(document.file, document.line(("id",)), what, f"Name it {wanted}.")
