"""A file as sheets of text cells, and the readers that make it one."""

from __future__ import annotations

import hashlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from io import BufferedReader
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, Protocol

from kpialign.errors import UnreadableError
from kpialign.extracts import formats

if TYPE_CHECKING:
    import polars as pl

ARCHIVES = (".zip", ".gz")  # files that hold files; `archives` opens them
LARGEST = 512 * 1024 * 1024  # bytes; six times the largest published extract
HEAD = 2_000  # rows at the beginning of a sheet that tell what it is
CHUNK = 4 * 1024 * 1024  # bytes read at a time


class File(Protocol):
    """What a reader needs of a file: a path on disk has it, and so has a file in an archive."""

    @property
    def name(self) -> str:
        """The file name, as shown to the user."""

    @property
    def suffix(self) -> str:
        """The ending, with its dot."""

    def read_bytes(self) -> bytes:
        """All bytes of the file."""

    def open(self, mode: Literal["rb"]) -> BufferedReader:
        """The bytes as a stream."""


@dataclass(frozen=True)
class Sheet:
    """Rows of text cells, in batches, so that a large file is never whole in memory.

    Attributes:
        name: the sheet's name; empty in a file that has only one table.
        batches: starts again at every call; frames with the columns ``row`` (the physical
            row, from 1) and ``cell_1``, ``cell_2``…, null where a row has no such cell.
        counted: the number of rows found by a second reader, not by the one that makes
            the cells.
    """

    name: str
    batches: Callable[[], Iterator[pl.DataFrame]]
    counted: int

    @cached_property
    def head(self) -> list[list[str]]:
        """The cells of the first rows."""
        return [[c for c in cells if c is not None] for _, *cells in self._first]

    @cached_property
    def numbers(self) -> list[int]:
        """The physical rows of the head."""
        return [row for row, *_ in self._first]

    @cached_property
    def _first(self) -> list[tuple[int, *tuple[str | None, ...]]]:
        frame = next(self.batches(), None)
        return [] if frame is None else frame.head(HEAD).rows()


def sheet_of(
    name: str, rows: Sequence[Sequence[str]], numbers: Sequence[int], counted: int
) -> Sheet:
    """Make a sheet of rows that are in memory."""
    import polars as pl

    width = max(map(len, rows), default=0)
    columns = {
        f"cell_{at + 1}": [row[at] if at < len(row) else None for row in rows]
        for at in range(width)
    }
    frame = pl.DataFrame(
        {"row": numbers, **columns},
        schema={"row": pl.Int64, **dict.fromkeys(columns, pl.String)},
    )
    return Sheet(name, lambda: iter([frame]), counted)


@dataclass(frozen=True)
class Document:
    """One file: its fingerprint and its sheets (a CSV has one, without a name)."""

    file: File
    sha256: str
    sheets: tuple[Sheet, ...]

    @property
    def name(self) -> str:
        """The file name, as shown to the user."""
        return self.file.name


def find_files(paths: list[Path]) -> Iterator[Path]:
    """Every file that may be an extract or hold one, folders searched through, in a stable order.

    Hidden files and the lock files that office programs leave (``~$…``) are passed over,
    as are the workspace's own files.
    """
    for path in paths:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in found:
            if file.is_file() and _may_hold_extract(file, given=not path.is_dir()):
                yield file


def may_be_extract(path: PurePath) -> bool:
    """Whether a file found in a folder or an archive is taken for an extract."""
    hidden = path.name.startswith((".", "~$"))
    return not hidden and path.suffix.lower() in readers() and path.name not in WORKSPACE_FILES


def is_archive(path: Path) -> bool:
    """Whether the file holds others."""
    return path.suffix.lower() in ARCHIVES


def _may_hold_extract(path: Path, *, given: bool) -> bool:
    if path.name.startswith((".", "~$")):
        return False
    if path.suffix.lower() == ".gz" and not given:
        return may_be_extract(PurePath(path.stem))
    return given or may_be_extract(path) or is_archive(path)


WORKSPACE_FILES = {
    "links.csv",
    "membership.csv",
    "organisations.csv",
    "succession.csv",
    "changes.csv",
    "trajectory.csv",
    "rebases.csv",
    "narrative.csv",
    "calibration.csv",
}


@cache
def readers() -> dict[str, str]:
    """File ending → name of the module in ``formats`` that reads it."""
    names = [module.name for module in pkgutil.iter_modules(formats.__path__)]
    return {ending: name for name in names for ending in _format(name).ENDINGS}


def known_endings() -> list[str]:
    """Every ending of a file that is read, archives too."""
    return sorted((*readers(), *ARCHIVES))


def _format(name: str):  # type: ignore[no-untyped-def]
    return import_module(f"{formats.__name__}.{name}")


def fingerprint(file: File) -> str:
    """SHA-256 of the file's bytes; of what it says, where it is packed in an archive.

    Raises:
        UnreadableError: the file cannot be opened, is empty or larger than any extract.
    """
    try:
        if isinstance(file, Path) and (size := file.stat().st_size) > LARGEST:
            raise UnreadableError(
                f"{file.name}: {size:,} bytes; files over {LARGEST:,} bytes are not read."
            )
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if not stream.tell():
                raise UnreadableError(
                    f"{file.name}: the file is empty. Ask its sender for it again."
                )
        return digest
    except OSError as error:
        raise UnreadableError(
            f"{file.name}: cannot be opened ({error.strerror}). Close it in other programs."
        ) from error


def read_document(file: File, sha256: str) -> Document:
    """Read a file into sheets of text.

    Raises:
        UnreadableError: no reader knows the ending, or the content is damaged.
    """
    name = readers().get(file.suffix.lower())
    if name is None:
        known = ", ".join(known_endings())
        raise UnreadableError(f"{file.name}: files of this kind are not read; known are {known}.")
    with _no_panic(file.name):
        return Document(file, sha256, tuple(_format(name).read(file)))


@contextmanager
def _no_panic(name: str) -> Iterator[None]:
    """Turn a panic of a reader written in Rust, which is no ``Exception``, into one sentence."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError(
            f"{name}: is damaged; its reader gave up. Ask for it again."
        ) from None
