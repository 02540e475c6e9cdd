"""False discoveries within a declared family of arrows."""

from collections.abc import Mapping

import numpy as np
from scipy import stats


def adjusted(family: Mapping[str, float | None]) -> dict[str, float]:
    """Adjust p-values by Benjamini and Hochberg (1995).

    The family is everything declared before looking: an arrow without an answer (None) still
    counts, as one that found nothing.

    >>> {k: round(p, 3) for k, p in adjusted({"a": 0.01, "b": 0.04, "c": None}).items()}
    {'a': 0.03, 'b': 0.06, 'c': 1.0}
    """
    p = np.array([1.0 if p is None else p for p in family.values()])
    return dict(zip(family, stats.false_discovery_control(p).tolist(), strict=True))
