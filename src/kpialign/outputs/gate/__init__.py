"""How the gate speaks to jobs and people: one module a format; its file name is its name.

A format module has ``render(gated)``, which returns UTF-8 text that ends with a line end, the
same for the same verdict.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from kpialign.errors import UsageError, did_you_mean
from kpialign.findings import Gated

FORMATS = tuple(sorted(module.name for module in iter_modules(__path__)))


class _FormatModule(Protocol):
    def render(self, gated: Gated) -> str: ...


def render(name: str, gated: Gated) -> str:
    """The verdict in a format; only the module asked for is imported.

    Raises:
        UsageError: there is no such format.
    """
    if name not in FORMATS:
        raise UsageError(f"no format {name!r}. {did_you_mean(name, FORMATS)}".strip())
    return cast(_FormatModule, import_module(f"{__name__}.{name}")).render(gated)
