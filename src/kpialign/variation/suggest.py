"""Where a new segment might start, with the evidence; nothing is rebased by itself.

A month is suggested where a shift begins that still holds: the months from it are enough for
limits of their own, their mean lies outside the limits of the months before, and no run of
shift length lies on the old side of the new mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpialign.variation.rows import Counts, Floats, Rows, run_lengths
from kpialign.variation.rulesets import RuleSet
from kpialign.variation.signals import Signals


@dataclass(frozen=True)
class Suggestion:
    """A shift that holds.

    Attributes:
        row: first row of the new level.
        before, after: mean of the segment's months before it and from it on.
        months_before, months_after: counted months of each.
    """

    row: int
    before: float
    after: float
    months_before: int
    months_after: int


def suggestions(rows: Rows, signals: Signals, rules: RuleSet, last: Counts) -> list[Suggestion]:
    """At most one for each series, in its last segment; ``last`` as from ``last_counted``."""
    length = max(rules.shift, 7)
    out = []
    for end in last[last >= 0].tolist():
        segment = np.flatnonzero(
            (rows.segment[: end + 1] == rows.segment[end]) & rows.counted[: end + 1]
        )
        if len(segment) < 2 * rules.least or not signals.shift[segment].any():
            continue
        found = _holding(rows, signals, segment, rules.least, length)
        if found:
            out.append(found)
    return out


def _holding(
    rows: Rows, signals: Signals, segment: Counts, least: int, length: int
) -> Suggestion | None:
    value, side = rows.value[segment], signals.shift[segment]
    begins = np.flatnonzero((side != 0) & (np.concatenate(([0], side[:-1])) != side))
    for at in begins[::-1].tolist():
        if at < least or len(segment) - at < least:
            continue
        before, after = value[:at], value[at:]
        new = after.mean()
        step = np.sign(new - before.mean())
        ranges = np.abs(np.diff(before)).mean()
        clear = abs(new - before.mean()) > 2.66 * ranges / np.sqrt(min(len(after), 4))
        if side[at] == step and clear and not _slides_back(after, new, step, length):
            return Suggestion(int(segment[at]), before.mean(), new, at, len(after))
    return None


def _slides_back(after: Floats, mean: float, step: float, length: int) -> bool:
    """Whether a run lies on the old side of the new mean."""
    old_side = np.sign(after - mean) == -step
    same = np.concatenate(([False], old_side[1:] & old_side[:-1]))
    return bool((run_lengths(same)[0][old_side] >= length).any())
