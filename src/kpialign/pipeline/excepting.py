"""Exceptions and thresholds on their way through a run: in force, noted, and looked at again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase

import polars as pl

from kpialign import engine
from kpialign.gate.refuse import refuse
from kpialign.gate.weigh import Weighing, notes
from kpialign.library import Library, in_force
from kpialign.settings import Settings


def library_of(settings: Settings) -> Library:
    """The definitions and exceptions of a workspace beside the shipped ones.

    Raises:
        DefinitionError: anything is wrong with them; it holds every fault of every file.
    """
    library = in_force(settings.definitions, settings.exceptions)
    refuse(library, engine.checks())
    return library


def weighed_by(library: Library, layout: str, file: str, today: date) -> str:
    """Fingerprint of the thresholds and exceptions a file is weighed by; empty without any.

    A file in which something was wrong is read again where this has changed.
    """
    told = "".join(sorted(_told(library, layout, file, today)))
    return hashlib.sha256(told.encode()).hexdigest()[:8] if told else ""


def _told(library: Library, layout: str, file: str, today: date) -> Iterator[str]:
    for threshold in library.thresholds.values():
        if not threshold.layouts or layout in threshold.layouts:
            yield threshold.model_dump_json(exclude={"why"})
    for one in Weighing(library, today).exceptions:
        if not one.files or any(fnmatchcase(file, pattern) for pattern in one.files):
            yield one.model_dump_json()


def noted(library: Library, faults: pl.DataFrame, today: date) -> tuple[str, ...]:
    """What a run says of its exceptions."""
    return tuple(notes(library, faults, today))
