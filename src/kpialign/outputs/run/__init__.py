"""What a month's run writes: one module a format; its file name is its name.

A format module has ``write(outcome, folder)``, which writes one file (or one folder)
atomically and returns its path.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from kpialign.errors import UsageError, did_you_mean
from kpialign.findings import Outcome


class _FormatModule(Protocol):
    def write(self, outcome: Outcome, folder: Path) -> Path: ...


def names() -> tuple[str, ...]:
    """The formats there are."""
    return tuple(module.name for module in iter_modules(__path__))


def write(outcome: Outcome, folder: Path, formats: Iterable[str] = ()) -> tuple[Path, ...]:
    """Write a run in some formats, or in all, and return what was written.

    Raises:
        UsageError: there is no such format.
    """
    modules = [_load(name) for name in formats or names()]
    return tuple(module.write(outcome, folder) for module in modules)


def _load(name: str) -> _FormatModule:
    if name not in names():
        raise UsageError(f"no output {name!r}. {did_you_mean(name, names())}".strip())
    return cast(_FormatModule, import_module(f"{__name__}.{name}"))
