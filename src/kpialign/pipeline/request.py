"""What is asked of a run, and the files it is asked of.

Light on imports, so that a run with nothing new ends quickly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from kpialign.errors import UnreadableError, UsageError
from kpialign.extracts.archives import Member, files_in
from kpialign.extracts.document import File, find_files, fingerprint, is_archive, known_endings
from kpialign.settings import Settings
from kpialign.terms import Period, Release

T = TypeVar("T")


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
        allow: file and column of data that look personal and are let through.
        periods: months given by hand for files that carry none; they stand before those of
            the settings.
        now: the moment of the run.
        as_of: a day to look back to; then nothing is read or published.
        statuses: statuses of files given by hand; they stand before those of the settings.
        retell: tell again what the database holds now; nothing is read, published or entered.
    """

    extracts: tuple[Path, ...]
    settings: Settings
    published: Mapping[str, date] = field(default_factory=dict)
    periods: Mapping[str, Period] = field(default_factory=dict)
    now: datetime = field(default_factory=datetime.now)
    allow: frozenset[tuple[str, str]] = frozenset()
    as_of: AsOf = AsOf()
    statuses: Mapping[str, Release] = field(default_factory=dict)
    retell: bool = False

    def month_of(self, name: str) -> Period | None:
        """The month given for a file by its name, else by a pattern its name fits.

        Raises:
            UsageError: patterns that fit give different months.
        """
        return _given(name, "periods", self.periods, self.settings.periods)

    def status_of(self, name: str) -> Release | None:
        """The status given for a file, found as its month is.

        Raises:
            UsageError: patterns that fit give different statuses.
        """
        return _given(name, "statuses", self.statuses, self.settings.status)


def _given(name: str, what: str, *sources: Mapping[str, T]) -> T | None:
    """What the first source says of a file, by its name, else by patterns that agree."""
    for given in sources:
        if name in given:
            return given[name]
        fitting = {pattern: value for pattern, value in given.items() if fnmatchcase(name, pattern)}
        if len(set(fitting.values())) > 1:
            told = ", ".join(f"{p} = {value}" for p, value in sorted(fitting.items()))
            raise UsageError(f"{name}: two {what} are given ({told}). Take one away.")
        if fitting:
            return next(iter(fitting.values()))
    return None


@dataclass(frozen=True)
class Arrival:
    """A file found, on disk or in an archive: its fingerprint, or why it cannot be read.

    ``size`` is its bytes, unpacked.
    """

    path: File
    name: str
    sha256: str
    why: str = ""
    size: int = 0


def read_allow(given: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Read ``FILE:COLUMN`` as the message about a personal column writes it.

    >>> read_allow(["sites.csv:Postcode"])
    frozenset({('sites.csv', 'Postcode')})
    """
    pairs = set()
    for text in given:
        file, _, column = text.partition(":")
        if not file or not column.strip():
            raise UsageError(f"--allow {text}: write it as FILE:COLUMN, as the message named them.")
        pairs.add((file, column))
    return frozenset(pairs)


def arrivals(request: Request) -> tuple[Arrival, ...]:
    """Find and fingerprint every file; one that cannot be opened keeps its place with the reason.

    Raises:
        UsageError: a path asked for is not there, or there is no file at all.
    """
    for path in request.extracts:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder.")
    settings = request.settings
    own = [folder.resolve() for folder in (settings.report, settings.pack)]  # runs wrote these
    paths = [
        path
        for path in dict.fromkeys(find_files(list(request.extracts)))
        if not any(path.resolve().is_relative_to(folder) for folder in own)
    ]
    taken = Counter(path.name for path in paths)
    found = tuple(
        arrival
        for path in paths
        for arrival in _arrivals(path, _name(path, taken), given=path in request.extracts)
    )
    if not found:
        places = ", ".join(str(path) for path in request.extracts)
        known = ", ".join(known_endings())
        raise UsageError(f"{places}: no extracts found ({known}).")
    return found


def _name(path: Path, taken: Counter[str]) -> str:
    """The file's name, with its folder where two folders hold files of one name."""
    return path.name if taken[path.name] == 1 else f"{path.parent.name}/{path.name}"


def _arrivals(path: Path, name: str, *, given: bool) -> Iterator[Arrival]:
    """The file itself, or each extract in it; an archive without any is told only if asked for."""
    if not is_archive(path):
        yield _arrival(path, name)
        return
    try:
        inside = files_in(path)
    except UnreadableError as error:
        yield Arrival(path, name, "", str(error))
        return
    for file in inside:
        yield _arrival(file, f"{name}/{file.inside}")
    if given and not inside:
        yield Arrival(path, name, "", f"{name}: holds no file of a kind that is read.")


def _arrival(path: Path | Member, name: str) -> Arrival:
    try:
        size = path.stat().st_size if isinstance(path, Path) else path.size
        return Arrival(path, name, fingerprint(path), size=size)
    except UnreadableError as error:
        return Arrival(path, name, "", str(error))
