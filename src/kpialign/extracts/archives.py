"""Files inside zip and gz archives, each a file of its own; nothing is unpacked to disk."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal, cast

from kpialign.errors import UnreadableError
from kpialign.extracts.document import ARCHIVES, CHUNK, LARGEST, may_be_extract

RATIO = 200  # times its size; the densest published extract (RTT) is 23 times its zip
ALWAYS = 16 * 1024 * 1024  # bytes that are unpacked whatever the ratio
_ENCRYPTED = 0x1  # bit of a zip entry's flags
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others cannot be unpacked in bounds


@dataclass(frozen=True)
class Member:
    """A file inside an archive; ``entry`` is its place among the entries of a zip.

    ``size`` is what the archive says of its bytes, unpacked.
    """

    archive: Path
    inside: str
    entry: int = 0
    size: int = 0

    @property
    def name(self) -> str:
        """The archive and the file in it, as shown to the user."""
        return f"{self.archive.name}/{self.inside}"

    @property
    def suffix(self) -> str:
        """The ending, with its dot."""
        return PurePosixPath(self.inside).suffix

    def open(self, mode: Literal["rb"] = "rb") -> io.BufferedReader:
        """Unpack the file as it is read.

        Raises:
            UnreadableError: it is damaged, or larger than the limits; also while reading.
        """
        return io.BufferedReader(_Unpacked(self), CHUNK)

    def read_bytes(self) -> bytes:
        """Unpack the file into memory.

        Raises:
            UnreadableError: it is damaged, or larger than the limits.
        """
        with self.open() as stream:
            return stream.read()


def _stream(member: Member) -> IO[bytes]:
    if member.archive.suffix.lower() == ".gz":
        return cast(IO[bytes], gzip.GzipFile(member.archive))
    with zipfile.ZipFile(member.archive) as archive:
        # The stream keeps the archive open until it is closed itself.
        return archive.open(archive.infolist()[member.entry])


class _Unpacked(io.RawIOBase):
    """A stream of unpacked bytes that says in one sentence what is wrong with its archive."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.read_so_far = 0
        with self._told():
            self.packed = member.archive.stat().st_size
            self.stream = _stream(member)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with self._told():
            data = self.stream.read(len(buffer))
        self.read_so_far += len(data)
        _within(self.member.archive.name, self.read_so_far, self.packed)
        buffer[: len(data)] = data
        return len(data)

    def tell(self) -> int:
        return self.read_so_far

    def close(self) -> None:
        if not self.closed and hasattr(self, "stream"):
            self.stream.close()
        super().close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _DAMAGED as error:
            raise UnreadableError(
                f"{self.member.name}: is damaged or cut short ({error}). Download it again."
            ) from error


_DAMAGED = (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError, NotImplementedError,
            RuntimeError, IndexError)  # fmt: skip


def files_in(path: Path) -> tuple[Member, ...]:
    """The files in an archive that may be extracts, by the same measure as those in a folder.

    Raises:
        UnreadableError: the archive is damaged, or not safe to unpack: a name that leads
            outside, a file that is encrypted, an archive inside, sizes beyond the limits.
    """
    if path.suffix.lower() == ".gz":
        return _extracts([Member(path, _safe(path, path.stem))])
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except _DAMAGED as error:
        raise UnreadableError(
            f"{path.name}: is damaged or cut short ({error}). Download it again."
        ) from error
    found = list(_found(path, entries))
    for name, times in Counter(one.inside for one in found).items():
        if times > 1:
            raise UnreadableError(f"{path.name}: holds {name!r} twice. Pack it again.")
    _within(path.name, sum(entry.file_size for entry in entries), path.stat().st_size)
    return _extracts(found)


def _extracts(found: list[Member]) -> tuple[Member, ...]:
    return tuple(one for one in found if may_be_extract(PurePosixPath(one.inside)))


def _found(path: Path, entries: list[zipfile.ZipInfo]) -> Iterator[Member]:
    for at, entry in enumerate(entries):
        inside = _safe(path, entry.filename)
        if entry.is_dir():
            continue
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableError(
                f"{path.name}: {inside} is protected by a password. Save it without."
            )
        if entry.compress_type not in _READABLE:
            raise UnreadableError(
                f"{path.name}: {inside} is packed in a way that is not read. "
                "Pack it as a plain zip."
            )
        yield Member(path, inside, at, entry.file_size)


def _safe(path: Path, name: str) -> str:
    """The name as a relative path; nothing is unpacked to disk, but such a file is not sound."""
    inside = name.replace("\\", "/")
    if inside.startswith("/") or re.match("[A-Za-z]:", inside) or ".." in inside.split("/"):
        raise UnreadableError(
            f"{path.name}: holds {name!r}, a name that leads outside the archive. "
            "Do not use it; ask its sender how it was made."
        )
    if PurePosixPath(inside).suffix.lower() in ARCHIVES:
        raise UnreadableError(
            f"{path.name}: holds {inside}, an archive inside an archive. Unpack it first."
        )
    return inside


def _within(name: str, size: int, packed: int) -> None:
    if size > LARGEST or size > max(ALWAYS, RATIO * packed):
        raise UnreadableError(
            f"{name}: unpacks from {packed:,} to {size:,} bytes or more; over {LARGEST:,} bytes, "
            f"or {RATIO} times its size, it is not read. If it is what you expect, unpack it first."
        )
