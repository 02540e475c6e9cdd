"""Do the parts move together, and what that means: nothing about the quality of the index."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from kpialign.composites.means import Floats
from kpialign.composites.stages import Composed
from kpialign.findings import Coherence, PartPair

_ENOUGH = 12
_FORMATIVE = (
    "The parts are chosen because each matters, not because they measure one thing, so a low "
    "alpha is no defect; it says that the one figure hides which of them moved."
)


def alpha(scores: Floats) -> float:
    """Cronbach 1951, on scores: (cases, parts). NaN where nothing varies.

    >>> round(alpha(np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]])), 6)
    1.0
    """
    k = scores.shape[1]
    covariance = np.cov(scores, rowvar=False)
    total = covariance.sum()
    off = (total - np.trace(covariance)) / (k * (k - 1))
    return float(k**2 * off / total) if total > 0 else np.nan


def coherence(composed: Composed, unit: int | None = None, first: int = 0) -> Coherence:
    """Alpha and correlations of scores over the months of one unit, or over all of them.

    Months before the ``first`` are left out.

    Months follow each other and share seasons and shocks, so that no p-value stands here.
    """
    scores = composed.stages["normalised"][first:]
    chosen = scores if unit is None else scores[:, [unit]]
    cases = chosen.reshape(-1, chosen.shape[-1])
    cases = cases[np.isfinite(cases).all(axis=1)]
    names = [leaf.name for leaf in composed.plan.leaves]
    enough = len(cases) >= _ENOUGH
    found = alpha(cases) if enough else np.nan
    pairs = tuple(
        PartPair(names[i], names[j], _correlation(cases, i, j) if enough else None, len(cases))
        for i, j in combinations(range(len(names)), 2)
    )
    if not np.isfinite(found):
        few = f"{len(cases)} months with every part; {_ENOUGH} are needed to say how they move."
        return Coherence(None, pairs, few)
    words = f"alpha {found:.2f} over {len(cases)} months. {_FORMATIVE}"
    return Coherence(float(found), pairs, words)


def _correlation(cases: Floats, i: int, j: int) -> float | None:
    if np.ptp(cases[:, i]) == 0 or np.ptp(cases[:, j]) == 0:
        return None
    return float(np.corrcoef(cases[:, i], cases[:, j])[0, 1])
