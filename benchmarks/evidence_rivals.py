"""What else is done with two monthly series: p-values, or yes and no, for a batch of pairs."""

from __future__ import annotations

import warnings

import numpy as np
from scipy import stats

from kpialign.evidence.state import Flags, Floats

Pairs = tuple[Floats, Floats]  # x and y, each shape (pairs, months)


def plain(pairs: Pairs) -> Floats:
    """Pearson's correlation of the figures as they are, two-sided p."""
    return _pearson(*pairs)


def first_differences(pairs: Pairs) -> Floats:
    """Pearson's correlation of the changes from month to month, two-sided p."""
    x, y = (np.diff(side, axis=1) for side in pairs)
    return _pearson(x, y)


def beyond_06(pairs: Pairs) -> Flags:
    """Spearman's correlation beyond ±.6, as in studies of trade-offs between goals."""
    x, y = (stats.rankdata(side, axis=1) for side in pairs)
    return np.asarray(np.abs(_r(x, y)) > 0.6)


def granger(pairs: Pairs, lags: int = 2) -> Floats:
    """Granger's test of x before y by statsmodels, F test at two lags, in a loop."""
    from statsmodels.tsa.stattools import grangercausalitytests

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for x, y in zip(*pairs, strict=True):
            told = grangercausalitytests(np.column_stack([y, x]), [lags])
            found.append(told[lags][0]["ssr_ftest"][1])
    return np.array(found)


def by_loop(pairs: Pairs, peers: Floats) -> Floats:
    """The arrow's own r by statsmodels and SciPy, a pair at a time: what the speed is held to.

    Least squares on trend, season and the peers (shape (pairs, months)), AR of order 0 to 2 by
    AICc, Pearson on what is left: what `kpialign.evidence.partial` does, in other people's code.
    """
    from statsmodels.regression.linear_model import OLS

    month = np.arange(pairs[0].shape[1])
    wave = 2 * np.pi * month / 12
    season = np.column_stack([np.ones(len(month)), month, np.cos(wave), np.sin(wave)])
    found = []
    for x, y, others in zip(*pairs, peers, strict=True):
        design = np.column_stack([season, others])
        left = [OLS(side, design).fit().resid for side in (x, y)]
        found.append(stats.pearsonr(*(_whitened(side) for side in left))[0])
    return np.array(found)


def _whitened(residual: Floats) -> Floats:
    from statsmodels.regression.linear_model import OLS

    now, count = residual[2:], len(residual) - 2
    best, least = now, np.inf
    for order in range(3):
        back = [residual[2 - lag : len(residual) - lag] for lag in range(1, order + 1)]
        left = OLS(now, np.column_stack(back)).fit().resid if back else now
        k = order + 1
        aicc = count * np.log((left**2).mean()) + 2 * k + 2 * k * (k + 1) / (count - k - 1)
        if aicc < least:
            best, least = left, aicc
    return np.asarray(best)


def _pearson(x: Floats, y: Floats) -> Floats:
    r, df = _r(x, y), x.shape[1] - 2
    return np.asarray(2 * stats.t.sf(np.abs(r) * np.sqrt(df / (1 - r * r)), df))


def _r(x: Floats, y: Floats) -> Floats:
    x, y = (side - side.mean(axis=1, keepdims=True) for side in (x, y))
    return np.asarray((x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1)))
