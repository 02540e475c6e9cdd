"""Cross-organisation alignment of performance indicators.

``import kpialign as ka`` is instant: what is asked for is imported when it is asked for.
"""

from __future__ import annotations

from typing import Any

from kpialign.shipped import VERSION

__version__ = VERSION
__all__ = ["__version__", "association", "chart", "check", "density_test", "pool", "spc", "step"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'kpialign' has no attribute {name!r}")
    from kpialign import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
