"""Tolerances: what they are of has to exist."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from kpialign.errors import did_you_mean
from kpialign.library.crosscheck.wrong import UnknownName, Wrong
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check that every tolerance is of something."""
    known = [*library.items, *library.indicators, *library.layouts]
    for tolerance in library.tolerances.values():
        if not any(fnmatchcase(name, tolerance.of) for name in known):
            what = f"No item, indicator or layout fits {tolerance.of}."
            yield UnknownName(
                ("tolerances", tolerance.id, ("of",)), what, did_you_mean(tolerance.of, known)
            )
