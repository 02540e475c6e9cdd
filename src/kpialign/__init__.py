"""Cross-organisation alignment of performance indicators.

``import kpialign as ka`` is instant: what is asked for is imported when it is asked for.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from kpialign.shipped import VERSION

__version__ = VERSION
__all__ = [
    "__version__", "association", "chart", "check", "composite", "density_test", "gate", "pool",
    "spc", "step",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'kpialign' has no attribute {name!r}")
    from kpialign import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)


class _Face(ModuleType):
    """Keeps ``kpialign.gate`` the function, also once the package of that name is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in __all__ or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face
