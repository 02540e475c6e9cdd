"""How often the latest month is a signal though nothing changed.

Months that follow on each other (autocorrelation) break what the rules assume: of normal series
with a lag-1 correlation of 0.7 more than a quarter show a signal in the last month.
``benchmarks/spc_alarms.py`` makes the table again.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from kpialign.variation.rows import Counts, Floats, Rows

LENGTHS = (13, 24, 36, 60)
CORRELATIONS = (0.0, 0.2, 0.4, 0.6, 0.8)
# Share of 20,000 simulated series with a signal in the last month, by length and correlation;
# rules mdc-2023, seed 1.
RATES = (
    (0.012, 0.024, 0.057, 0.127, 0.267),
    (0.015, 0.037, 0.083, 0.190, 0.387),
    (0.017, 0.038, 0.091, 0.206, 0.427),
    (0.016, 0.040, 0.096, 0.222, 0.444),
)
_LEAST_PAIRS = 8


def lag_one(rows: Rows, wanted: Counts) -> Floats:
    """Lag-1 autocorrelation within each wanted segment, NaN under eight pairs or no variation."""
    mean = rows.mean_of(rows.value, rows.counted)
    left = np.where(rows.counted, rows.value - mean[rows.segment], 0.0)
    pairs = rows.follows
    product = np.zeros_like(left)
    product[1:] = left[1:] * left[:-1]
    above = np.bincount(rows.segment[pairs], product[pairs], rows.segments)
    below = np.bincount(rows.segment, left**2, rows.segments)
    count = rows.count(pairs)
    n = rows.count(rows.counted)
    known = (count >= _LEAST_PAIRS) & (below > 1e-18 * np.square(mean) * np.maximum(n, 1))
    out = np.full(rows.segments, np.nan)
    out[known] = (above[known] / count[known]) / (below[known] / n[known])
    wanted_ones: Floats = np.clip(out[wanted], -1.0, 1.0)
    return wanted_ones


def false_alarm_rate(months: Counts, correlation: Floats) -> Floats:
    """Chance that the latest month is a signal by accident; NaN where the correlation is.

    Between and beyond the table's lengths and correlations the nearest are taken, in a straight
    line between; a negative correlation counts as none.
    """
    table = RegularGridInterpolator((LENGTHS, CORRELATIONS), np.array(RATES))
    known = np.isfinite(correlation)
    places = np.column_stack(
        [
            np.clip(months[known], LENGTHS[0], LENGTHS[-1]),
            np.clip(correlation[known], CORRELATIONS[0], CORRELATIONS[-1]),
        ]
    )
    out = np.full(len(correlation), np.nan)
    out[known] = table(places)
    return out
