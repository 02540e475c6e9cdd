"""The smallest link that these months and ties could have shown."""

import numpy as np
from scipy import stats

from kpialign.evidence.pool import Pooled

_ALPHA = 0.05  # one-sided
_POWER = 0.8


def smallest_visible(df: int) -> float | None:
    """Give the smallest |r| that one tie shows in 8 of 10 such series, at one-sided p < .05.

    Fisher's z with standard error 1/√(df - 1); None below 3 degrees of freedom.

    >>> [round(smallest_visible(df), 2) for df in (16, 28, 40, 52)]
    [0.57, 0.45, 0.38, 0.33]
    """
    if df < 3:
        return None
    reach = stats.norm.ppf(1 - _ALPHA) + stats.norm.ppf(_POWER)
    return float(np.tanh(reach / np.sqrt(df - 1)))


def smallest_visible_pooled(pooled: Pooled) -> float | None:
    """Give the smallest pooled |r| seen with the same chance; None without a pooled estimate.

    Args:
        pooled: from `pool`, that is with its standard error on Fisher's z.
    """
    if pooled.se is None:
        return None
    df = pooled.ties - 1
    reach = stats.t.ppf(1 - _ALPHA, df) + stats.t.ppf(_POWER, df)
    return float(np.tanh(reach * pooled.se))
