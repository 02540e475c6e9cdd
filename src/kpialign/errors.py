"""The exceptions a user can meet, and the exit code each one ends with.

    KpialignError (3)
    ├── UsageError (2)          the command or a setting is wrong
    │   └── NotInstalled (2)    a library that only one output needs is not there
    ├── DefinitionError (2)     one or more definition files are wrong, all faults at once
    ├── UnreadableError (3)     a file that cannot be read or recognised
    ├── DatabaseDamaged (3)     the database lacks what was published, or cannot be read
    ├── NotWritten (3)          the disk is full, or a file or folder may not be written
    ├── GateFailed (1)          the gate, or a finding, at or above the threshold asked for
    └── DatabaseBusy (75)       another run holds the database; try again

Everything else is a fault of kpialign itself and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one place: where it is, what was found, what to do."""

    file: str
    line: int
    what: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" + (f" {self.todo}" if self.todo else "")


class KpialignError(Exception):
    """Shown to the user as it stands, without a traceback."""

    exit_code = 3


class UsageError(KpialignError):
    """The command, an option or a setting asks for something that is not there."""

    exit_code = 2


class NotInstalled(UsageError):
    """An output was asked for whose library is not installed."""


class DefinitionError(KpialignError):
    """Faults in definition files, gathered so that one run shows them all."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda f: (f.file, f.line, f.what)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnreadableError(KpialignError):
    """A file that cannot be read, or that no layout (or more than one) recognises."""


class DatabaseDamaged(KpialignError):
    """The database, or its log, does not hold what was published."""


class NotWritten(KpialignError):
    """The disk is full, or something may not be written; what was published before stays."""


class GateFailed(KpialignError):
    """The gate's outcome is at or above the threshold the caller asked for."""

    exit_code = 1


class DatabaseBusy(KpialignError):
    """Another process holds the database file."""

    exit_code = 75


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint naming the closest known word, or nothing.

    >>> did_you_mean("amb.cat2.meen", ["amb.cat2.mean", "amb.cat1.mean"])
    'Did you mean amb.cat2.mean?'
    >>> did_you_mean("xyz", ["amb.cat2.mean"])
    ''
    """
    close = get_close_matches(word, list(known), n=1)
    return f"Did you mean {close[0]}?" if close else ""
