"""What the latest month says: variation (is it changing?) and assurance (will it meet the target?).

Words, not pictures; drawing them is for the charts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kpialign.variation.limits import Limits
from kpialign.variation.rows import Counts, Floats, Rows, Words
from kpialign.variation.rulesets import RuleSet
from kpialign.variation.signals import Signals


class Variation(StrEnum):
    """What a month is, beside the months of its segment."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEITHER_HIGH = "neither_high"
    NEITHER_LOW = "neither_low"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_REPORTED = "not_reported"
    LEFT_OUT = "left_out"


class Assurance(StrEnum):
    """Where the target lies to the limits of its month."""

    PASS = "pass"
    FAIL = "fail"
    HIT_AND_MISS = "hit_and_miss"
    NO_TARGET = "no_target"
    NO_DIRECTION = "no_direction"
    NOT_ENOUGH_DATA = "not_enough_data"


class LimitState(StrEnum):
    """Whether a segment has limits, and if not why."""

    ESTIMATED = "estimated"
    NOT_ENOUGH_DATA = "not_enough_data"
    NO_VARIATION = "no_variation"


class Recency(StrEnum):
    """Whether the latest month told is the month asked about."""

    CURRENT = "current"
    LAST_VALUE_MISSING = "last_value_missing"
    STALE = "stale"
    NEVER_REPORTED = "never_reported"


IMPROVES = {"up": 1, "down": -1, "neither": 0}


def limit_state(rows: Rows, limits: Limits, rules: RuleSet) -> Words:
    """State of each segment, shape (segments,)."""
    short = rows.count(rows.counted) < rules.least
    unknown = short | ((limits.ranges == 0) & ~limits.flat)
    return np.select(
        [unknown, limits.flat],
        [LimitState.NOT_ENOUGH_DATA, LimitState.NO_VARIATION],
        LimitState.ESTIMATED,
    )


def variation(
    rows: Rows, signals: Signals, state: Words, improves: Counts, rules: RuleSet
) -> Words:
    """Variation of each row; ``improves`` is +1, -1 or 0 for each row."""
    direction = shown(rows, signals, improves, rules)
    good = direction * improves > 0
    named = np.select(
        [direction == 0, improves == 0, good],
        [Variation.COMMON_CAUSE, _named("neither", direction), _named("improvement", direction)],
        _named("concern", direction),
    )
    missing = ~np.isfinite(rows.value)
    short = state[rows.segment] == LimitState.NOT_ENOUGH_DATA
    return np.select(
        [missing, ~rows.counted, short],
        [Variation.NOT_REPORTED, Variation.LEFT_OUT, Variation.NOT_ENOUGH_DATA],
        named,
    )


def shown(rows: Rows, signals: Signals, improves: Counts, rules: RuleSet) -> Counts:
    """The direction a month is coloured by where it has signals both ways: +1, -1 or 0."""
    high, low = signals.high, signals.low
    one_way = high.astype(np.int64) - low.astype(np.int64)
    both = high & low
    if rules.improvement_wins:
        return np.where(both, np.where(improves < 0, -1, 1), one_way)
    # A month at which a trend turns is shown as part of the later one.
    ahead = np.zeros_like(one_way)
    ahead[:-1] = np.where(rows.follows[1:], np.sign(np.diff(np.nan_to_num(rows.value))), 0)
    trend = signals.rising.astype(np.int64) - signals.falling.astype(np.int64)
    trend = np.where(signals.rising & signals.falling, ahead, trend)
    order = (signals.outside, trend, signals.two_of_three, signals.shift)
    first = np.select([rule != 0 for rule in order], list(order), 0)
    return np.where(both, first, one_way)


@dataclass(frozen=True)
class Goals:
    """Target of each row, NaN for none, and which way it improves: +1, -1 or 0."""

    target: Floats
    improves: Counts


def assurance(rows: Rows, limits: Limits, state: Words, goals: Goals, rules: RuleSet) -> Words:
    """Assurance of each row by the limits and the target of its month."""
    target, improves = goals.target, goals.improves
    against = np.where(improves < 0, -1.0, 1.0)
    # Turned so that higher is better: a target above both limits is failed, below both passed.
    aim, ends = against * target, (against * limits.low, against * limits.high)
    best, worst = np.maximum(*ends), np.minimum(*ends)
    size = 1e-12 * np.maximum(np.abs(best), np.abs(aim))
    slack = size if rules.on_limit_decides else -size
    # Without variation there is nothing between pass and fail: the figure meets the target or not.
    level = against * limits.centre
    flat = state[rows.segment] == LimitState.NO_VARIATION
    with np.errstate(invalid="ignore"):
        fails = np.where(flat, level < aim - np.abs(size), aim >= best - slack)
        passes = np.where(flat, ~fails, aim <= worst + slack)
    return np.select(
        [
            ~np.isfinite(target),
            improves == 0,
            state[rows.segment] == LimitState.NOT_ENOUGH_DATA,
            fails,
            passes,
        ],
        [
            Assurance.NO_TARGET,
            Assurance.NO_DIRECTION,
            Assurance.NOT_ENOUGH_DATA,
            Assurance.FAIL,
            Assurance.PASS,
        ],
        Assurance.HIT_AND_MISS,
    )


def last_counted(rows: Rows) -> Counts:
    """Row of the last counted month of each series, -1 for none; shape (series,)."""
    series = int(rows.series[-1]) + 1 if len(rows.series) else 0
    out = np.full(series, -1, dtype=np.int64)
    at = np.flatnonzero(rows.counted)
    np.maximum.at(out, rows.series[at], at)
    return out


def recency(rows: Rows, last: Counts, as_at: Counts, stale_after: int) -> Words:
    """How the last counted month of each series lies to the month asked about."""
    month = rows.month[np.maximum(last, 0)]
    behind = as_at - month
    return np.select(
        [last < 0, behind <= 0, behind <= stale_after],
        [Recency.NEVER_REPORTED, Recency.CURRENT, Recency.LAST_VALUE_MISSING],
        Recency.STALE,
    )


def _named(word: str, direction: Counts) -> Words:
    return np.where(direction > 0, f"{word}_high", f"{word}_low")
