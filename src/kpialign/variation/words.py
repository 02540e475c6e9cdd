"""Why a month is a signal, in a sentence."""

from __future__ import annotations

import numpy as np

from kpialign.variation.rows import Rows
from kpialign.variation.signals import Signals

_SIDE = {1: "above", -1: "below"}


def whys(rows: Rows, signals: Signals) -> list[str]:
    """A sentence for each row, empty where there is no signal; every rule that speaks is told."""
    out = [""] * len(rows.value)
    spoken = signals.high | signals.low | (signals.runs != 0)
    for row in np.flatnonzero(spoken).tolist():
        told = "; ".join(_told(signals, row))
        out[row] = f"{told[0].upper()}{told[1:]}."
    return out


def _told(signals: Signals, row: int) -> list[str]:
    told = []
    if side := int(signals.outside[row]):
        limit = "upper" if side > 0 else "lower"
        told.append(f"{_SIDE[side]} the {limit} process limit")
    months = int(signals.trend_length[row])
    for name in ("rising", "falling"):
        if getattr(signals, name)[row]:
            told.append(f"in a run of {months} months {name}")
    if side := int(signals.two_of_three[row]):
        told.append(f"one of two in three months far {_SIDE[side]} the centre line")
    if side := int(signals.shift[row]):
        months = int(signals.shift_length[row])
        told.append(f"in a run of {months} months {_SIDE[side]} the centre line")
    if signals.runs[row]:
        told.append("in a stretch with too long a run, or too few crossings, for chance")
    return told
