"""Process charts of many series in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from kpialign.terms import Period
from kpialign.variation import alarms, icons, suggest
from kpialign.variation.icons import IMPROVES, LimitState, Recency
from kpialign.variation.limits import KINDS, Limits
from kpialign.variation.read import Dated, places, tidy
from kpialign.variation.result import Spc
from kpialign.variation.rows import Counts, Flags, Floats, Rows, Words, arrange
from kpialign.variation.rulesets import DEFAULT, RuleSet, rule_set
from kpialign.variation.signals import Signals, find
from kpialign.variation.words import whys

_FOLLOWING = 0.3  # lag-1 correlation from which months are said to follow on each other
_FEW = 5  # cases a month on average under which XmR limits mean little


def spc(
    values: ArrayLike | pl.DataFrame,
    *,
    improves: str = "neither",
    target: ArrayLike | None = None,
    rules: str = DEFAULT,
    kind: str = "xmr",
    rebases: Dated | None = None,
    left_out: Dated | None = None,
    baseline: int | None = None,
    bounds: tuple[float | None, float | None] = (None, None),
    as_at: str | None = None,
    stale_after: int = 2,
) -> Spc:
    """Limits, special causes, variation and assurance of one or many series.

    Args:
        values: one series, shape (months,), NaN or None = not reported; or a frame with a row a
            month: ``period (YYYY-MM), value`` and, where wanted, ``series, target, trajectory,
            denominator, improves``. A month without a row is a gap.
        improves: ``up``, ``down`` or ``neither``, where the frame does not say.
        target: what is to be met, in the values' unit; one, or one for each month.
        rules: the rule set, see ``RULE_SETS``.
        kind: ``xmr``; ``p_prime`` (values 0 to 1) or ``u_prime``, which need denominators; ``g``
            or ``t``, cases or time between rare events.
        rebases: months from which limits are computed anew, each with its reason: a mapping for
            every series, or a frame ``series, period, reason``.
        left_out: months shown but not counted, in the same form. They part their neighbours.
        baseline: limits from so many first months of a segment; from all of them if None.
        bounds: the least and most a value can be; lines are drawn within, and judged without.
        as_at: the month asked about, ``YYYY-MM``; the last month of any series if None.
        stale_after: months the latest figure may be behind before it is ``stale``.

    Raises:
        ValueError: an unknown rule set or kind, a month that is not one or comes twice, a rebase
            or a month left out without a reason, or denominators that are not there.

    >>> chart = spc([5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 9], improves="down", target=10)
    >>> chart.variation, chart.assurance
    ('concern_high', 'pass')
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}: expected {', '.join(KINDS)}")
    frame = tidy(values, improves=improves, target=target)
    made = _make(
        frame, rule_set(rules), kind, rebases=rebases, left_out=left_out, baseline=baseline
    )
    series = made.series(as_at, stale_after)
    return Spc(made.points(bounds), series, made.suggestions(), _warnings(series))


def _make(
    frame: pl.DataFrame,
    rules: RuleSet,
    kind: str,
    *,
    rebases: Dated | None,
    left_out: Dated | None,
    baseline: int | None,
) -> _Made:
    starts, reasons = _at(frame, rebases, "rebase")
    out, _ = _at(frame, left_out, "left out")
    rows = arrange(
        frame["series"].rle_id().to_numpy().astype(np.int64),
        frame["month"].to_numpy(),
        _floats(frame, "value"),
        left_out=out,
        starts=starts,
        baseline=baseline,
        across_gaps=rules.across_gaps,
    )
    limits = KINDS[kind](rows, rules, _wholes(frame, kind))
    signals = find(rows, limits, rules)
    state = icons.limit_state(rows, limits, rules)
    improves = frame["improves"].replace_strict(IMPROVES, return_dtype=pl.Int64).to_numpy()
    goals = icons.Goals(_floats(frame, "target"), improves)
    return _Made(
        frame=frame,
        rules=rules,
        rows=rows,
        limits=limits,
        signals=signals,
        state=state,
        improves=improves,
        variation=icons.variation(rows, signals, state, improves, rules),
        assurance=icons.assurance(rows, limits, state, goals, rules),
        reasons=reasons,
        last=icons.last_counted(rows),
    )


@dataclass(frozen=True)
class _Made:
    """One pass over all rows."""

    frame: pl.DataFrame
    rules: RuleSet
    rows: Rows
    limits: Limits
    signals: Signals
    state: Words
    improves: Counts
    variation: Words
    assurance: Words
    reasons: Mapping[int, str]
    last: Counts

    def points(self, bounds: tuple[float | None, float | None]) -> pl.DataFrame:
        """A row per series and month."""
        rows, limits, signals = self.rows, self.limits, self.signals
        known = self.state[rows.segment] != LimitState.NOT_ENOUGH_DATA
        starts = np.searchsorted(rows.segment, rows.segment, side="left")
        first = np.searchsorted(rows.series, rows.series, side="left")
        low, high = (_where(line, known) for line in (limits.low, limits.high))
        return self.frame.select("series", "period", "value").with_columns(
            segment=pl.Series(rows.segment - rows.segment[first] + 1),
            reason=pl.Series([self.reasons.get(row, "") for row in starts.tolist()]),
            left_out=pl.Series(np.isfinite(rows.value) & ~rows.counted),
            centre=_filled(limits.centre),
            low=low,
            high=high,
            near_low=_where(limits.near_low, known),
            near_high=_where(limits.near_high, known),
            drawn_low=low.clip(*bounds),
            drawn_high=high.clip(*bounds),
            target=self.frame["target"],
            assurance=pl.Series(self.assurance.astype(str)),
            variation=pl.Series(self.variation.astype(str)),
            outside=_way(signals.outside),
            shift=_way(signals.shift),
            rising=pl.Series(signals.rising),
            falling=pl.Series(signals.falling),
            two_of_three=_way(signals.two_of_three),
            runs=pl.Series(signals.runs != 0),
            why=pl.Series(whys(rows, signals)),
            rules=pl.lit(self.rules.name),
        )

    def series(self, as_at: str | None, stale_after: int) -> pl.DataFrame:
        """A row per series, told as of its latest counted month."""
        rows, last = self.rows, self.last
        at, none = np.maximum(last, 0), last < 0
        segment = rows.segment[at]
        state = np.where(none, LimitState.NOT_ENOUGH_DATA, self.state[segment])
        asked = Period.parse(as_at).index if as_at else int(rows.month.max())
        recency = icons.recency(rows, last, np.full(len(last), asked), stale_after)
        known = ~none & (state != LimitState.NOT_ENOUGH_DATA)
        follows = np.where(none, np.nan, alarms.lag_one(rows, segment))
        months = np.where(none, 0, rows.count(rows.counted)[segment])
        short = np.where(none, "not_enough_data", self.variation[at])
        return pl.DataFrame(
            {
                "series": self.frame["series"].unique(maintain_order=True),
                "improves": self.frame["improves"].gather(at),
                "variation": short.astype(str),
                "assurance": np.where(none, "not_enough_data", self.assurance[at]).astype(str),
                "recency": recency.astype(str),
                "limits": state.astype(str),
                "told": pl.select(
                    pl.when(pl.Series(~none)).then(self.frame["period"].gather(at))
                ).to_series(),
                "value": _where(rows.value[at], ~none),
                "centre": _where(self.limits.centre[at], ~none),
                "low": _where(self.limits.low[at], known),
                "high": _where(self.limits.high[at], known),
                "target": self.frame["target"].gather(at),
                "trajectory": self._planned(at, ~none),
                "months": months,
                "autocorrelation": _filled(follows),
                "false_alarm": _where(
                    alarms.false_alarm_rate(months, follows), state == LimitState.ESTIMATED
                ),
                "note": self._notes(segment, months, recency),
            }
        ).with_columns(rules=pl.lit(self.rules.name))

    def suggestions(self) -> pl.DataFrame:
        """A row per rebase that might be made."""
        found = suggest.suggestions(self.rows, self.signals, self.rules, self.last)
        at = [one.row for one in found]
        return self.frame.select("series", "period")[at].with_columns(
            before=pl.Series([one.before for one in found], dtype=pl.Float64),
            after=pl.Series([one.after for one in found], dtype=pl.Float64),
            months_before=pl.Series([one.months_before for one in found], dtype=pl.Int64),
            months_after=pl.Series([one.months_after for one in found], dtype=pl.Int64),
        )

    def _planned(self, at: Counts, known: Flags) -> Words:
        plan = _floats(self.frame, "trajectory")[at]
        gain = (self.rows.value[at] - plan) * self.improves[at]
        judged = known & np.isfinite(plan) & (self.improves[at] != 0)
        named = np.select([gain > 0, gain < 0], ["ahead", "behind"], "on")
        return np.where(judged, named, "no_trajectory").astype(str)

    def _notes(self, segment: Counts, months: Counts, recency: Words) -> list[str]:
        few = self._few(segment)
        short = self.state[segment] == LimitState.NOT_ENOUGH_DATA
        flat = self.state[segment] == LimitState.NO_VARIATION
        kept = self.limits.unscreened[segment]
        out = []
        for at in range(len(segment)):
            told = [
                (recency[at] == Recency.STALE, "no figure for months"),
                (recency[at] == Recency.LAST_VALUE_MISSING, "the month asked about is missing"),
                (bool(short[at]), f"{months[at]} months, limits from {self.rules.least}"),
                (bool(flat[at]), "every month has the same figure"),
                (bool(kept[at]), "not screened: nothing would have been left"),
                (bool(few[at]), f"under {_FEW} cases a month: a g or t chart fits better"),
            ]
            out.append("; ".join(words for holds, words in told if holds))
        return out

    def _few(self, segment: Counts) -> Flags:
        cases = self.rows.value * _floats(self.frame, "denominator")
        with np.errstate(invalid="ignore"):
            return self.rows.mean_of(cases, self.rows.counted & np.isfinite(cases))[segment] < _FEW


def _warnings(series: pl.DataFrame) -> tuple[str, ...]:
    judged = series.filter(pl.col("false_alarm").is_not_null())
    if judged.is_empty():
        return ()
    expected = float(judged["false_alarm"].sum())
    following = judged.filter(pl.col("autocorrelation") >= _FOLLOWING)
    told = [
        f"of {len(judged)} icons about {expected:.0f} would be special cause though nothing changed"
        if len(judged) > 1
        else f"by accident the latest month is special cause with a chance of {expected:.0%}"
    ]
    if len(following):
        told.append(
            f"in {len(following)} of {len(judged)} series months follow on each other, which the "
            "rules do not allow for"
        )
    return tuple(told)


def _at(frame: pl.DataFrame, dated: Dated | None, what: str) -> tuple[Flags, dict[int, str]]:
    marked = np.zeros(len(frame), dtype=bool)
    if dated is None:
        return marked, {}
    hit = places(frame, dated, what)
    marked[hit["row"].to_numpy()] = True
    return marked, dict(hit.select("row", "reason").iter_rows())


def _wholes(frame: pl.DataFrame, kind: str) -> Floats:
    if kind.endswith("_prime") and frame["denominator"].null_count() == len(frame):
        raise ValueError(f"{kind} needs a column denominator: the cases behind each value")
    return _floats(frame, "denominator")


def _floats(frame: pl.DataFrame, column: str) -> Floats:
    return frame[column].fill_null(float("nan")).to_numpy().astype(float)


def _filled(values: Floats) -> pl.Series:
    return pl.Series(values).fill_nan(None)


def _where(values: Floats, known: Flags) -> pl.Series:
    return _filled(np.where(known, values, np.nan))


def _way(direction: Counts) -> pl.Series:
    return pl.Series(np.select([direction > 0, direction < 0], ["high", "low"], ""))
