"""What is asked of a run, and the files it is asked of.

Light on imports, so that a run with nothing new ends quickly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from kpialign.errors import UnreadableError, UsageError
from kpialign.extracts.document import find_files, fingerprint
from kpialign.settings import Settings


@dataclass(frozen=True)
class AsOf:
    """The day whose figures are asked for; without one, those that hold now.

    Attributes:
        known_on: what this database knew by the end of the day.
        published_on: what had been published by the day.
    """

    known_on: date | None = None
    published_on: date | None = None

    def __bool__(self) -> bool:
        return self.known_on is not None or self.published_on is not None

    def words(self) -> str:
        """The days in words.

        >>> AsOf(date(2025, 10, 1), date(2025, 9, 1)).words()
        'as known on 2025-10-01, as published on 2025-09-01'
        """
        days = (("known", self.known_on), ("published", self.published_on))
        return ", ".join(f"as {what} on {day}" for what, day in days if day is not None)


@dataclass(frozen=True)
class Request:
    """What is asked of a run.

    Attributes:
        extracts: files and folders.
        settings: where things are and what stands in front.
        published: publication dates given by hand for files that carry none.
        now: the moment of the run.
        as_of: a day to look back to; then nothing is read or published.
    """

    extracts: tuple[Path, ...]
    settings: Settings
    published: Mapping[str, date] = field(default_factory=dict)
    now: datetime = field(default_factory=datetime.now)
    as_of: AsOf = AsOf()


@dataclass(frozen=True)
class Arrival:
    """A file found: its fingerprint, or the reason why it cannot be read."""

    path: Path
    name: str
    sha256: str
    why: str = ""


def arrivals(request: Request) -> tuple[Arrival, ...]:
    """Find and fingerprint every file; one that cannot be opened keeps its place with the reason.

    Raises:
        UsageError: a path asked for is not there, or there is no file at all.
    """
    for path in request.extracts:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder.")
    own = request.settings.report.resolve()  # what a run wrote is no extract
    paths = [
        path
        for path in dict.fromkeys(find_files(list(request.extracts)))
        if not path.resolve().is_relative_to(own)
    ]
    taken = Counter(path.name for path in paths)
    found = tuple(_arrival(path, _name(path, taken)) for path in paths)
    if not found:
        places = ", ".join(str(path) for path in request.extracts)
        raise UsageError(f"{places}: no extracts found (csv, tsv, xls, xlsx, xlsb, ods).")
    return found


def _name(path: Path, taken: Counter[str]) -> str:
    """The file's name, with its folder where two folders hold files of one name."""
    return path.name if taken[path.name] == 1 else f"{path.parent.name}/{path.name}"


def _arrival(path: Path, name: str) -> Arrival:
    try:
        return Arrival(path, name, fingerprint(path))
    except UnreadableError as error:
        return Arrival(path, name, "", str(error))
