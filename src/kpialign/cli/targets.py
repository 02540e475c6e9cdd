"""Where the gate's answer is written, and that no extract is written over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpialign.errors import NotWritten, UsageError, did_you_mean
from kpialign.outputs import atomic
from kpialign.outputs.gate import FORMATS, render

if TYPE_CHECKING:
    from kpialign.findings import Gated
    from kpialign.pipeline.request import Request


@dataclass(frozen=True)
class Targets:
    """Files by format, the folder of the frames, and that of the suites."""

    files: tuple[tuple[str, Path], ...] = ()
    frames: Path | None = None
    suites: Path | None = None

    @classmethod
    def of(cls, output: Iterable[str], frames: Path | None, suites: Path | None) -> Targets:
        """Read ``FORMAT=FILE``.

        Raises:
            UsageError: it is not written so, no format is called so, or a file is named twice.
        """
        files = [_target(text) for text in output]
        paths = [path.resolve() for _, path in files]
        for (_, path), whole in zip(files, paths, strict=True):
            if paths.count(whole) > 1:
                raise UsageError(f"--output: {path} is named twice. Give each format its own.")
        return cls(tuple(files), frames, suites)

    def guard(self, request: Request) -> None:
        """See that nothing is written over that is read, nor where it would be read next time.

        Raises:
            UsageError: it would be.
        """
        from kpialign.extracts.document import find_files, may_be_extract

        extracts = list(find_files(list(request.extracts)))
        folders = [path for path in request.extracts if path.is_dir()]
        for kind, path in self.files:
            name = f"--output {kind}={path}"
            if path.is_dir():
                raise UsageError(f"{name}: is a folder. Name a file.")
            if any(_same(path, one) for one in (*extracts, *_own(request))):
                raise UsageError(f"{name}: would write over a file that is read. Name another.")
            if may_be_extract(path):
                _outside(name, path, folders)
        for option, folder in (("--save", self.frames), ("--export-suite", self.suites)):
            if folder is None:
                continue
            name = f"{option} {folder}"
            if folder.exists() and not folder.is_dir():
                raise UsageError(f"{name}: is a file. Name a folder.")
            if any(_same(folder, one.parent) for one in extracts):
                raise UsageError(f"{name}: holds extracts that are read. Name another.")
            _outside(name, folder, folders)


def write_all(gated: Gated, targets: Targets, shown: str, summary: str) -> str:
    """Write everything asked for and return what is shown; ``summary`` is GitHub's file.

    Raises:
        NotWritten: a file may not be written, or the disk is full.
    """
    from kpialign.pipeline.remembering import parquet

    for kind, path in targets.files:
        with _told(path):
            atomic.write_text(path, render(kind, gated))
    if targets.frames is not None:
        frames = {"good": gated.good, "rejected": gated.rejected, "gate_result": gated.results()}
        for name, frame in frames.items():
            with _told(targets.frames / f"{name}.parquet"):
                atomic.write_bytes(targets.frames / f"{name}.parquet", parquet(frame))
    if summary:
        _append(Path(summary), render("markdown", gated))
    return render(shown, gated)


def _append(path: Path, text: str) -> None:
    """A summary that cannot be written changes nothing of the answer, so it is only told."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        click.echo(f"GITHUB_STEP_SUMMARY {path}: {error.strerror or error}", err=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(
            f"{path}: could not be written ({error.strerror or error}). A file that was there "
            "stays as it was. Free space, make the folder writable or name another."
        ) from error


def _target(text: str) -> tuple[str, Path]:
    kind, _, path = text.partition("=")
    if not path:
        raise UsageError(f"--output {text}: write it as FORMAT=FILE, such as junit=gate.xml.")
    if kind not in FORMATS:
        hint = did_you_mean(kind, FORMATS) or f"There are {', '.join(FORMATS)}."
        raise UsageError(f"--output {text}: no format {kind!r}. {hint}")
    return kind, Path(path)


def _same(path: Path, other: Path) -> bool:
    """Whether two names are one file, by whatever links."""
    if path.exists() and other.exists():
        return path.samefile(other)
    return path.resolve() == other.resolve()


def _outside(name: str, path: Path, folders: Iterable[Path]) -> None:
    for folder in folders:
        if path.resolve().is_relative_to(folder.resolve()):
            raise UsageError(
                f"{name}: lies in {folder}, and would be read as an extract the next time. "
                "Name a place outside."
            )


def _own(request: Request) -> Iterator[Path]:
    """The workspace's files and the database."""
    settings = request.settings
    database = settings.database
    yield from (database, database.with_name(f"{database.name}.manifest"))
    yield from (path for path in settings.workspace.glob("*") if path.suffix in (".csv", ".toml"))
    yield from settings.definitions.rglob("*.yaml")
