"""Recorders: two counts of one flow, held against each other by tie and over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from kpialign.conflicts.sight import ENGLAND, PAIRS, Sight, panel
from kpialign.definitions.shapes import RecordersPlan, ShapeRule, ShapeTest
from kpialign.evidence import Recorders, recorders
from kpialign.findings.shapes import Look, Seen
from kpialign.terms import Period, months_between

_LEVEL = 10_000.0


def look(rule: ShapeRule, sight: Sight) -> Iterator[Look]:
    """Look at the gap over all ties, at its trend, and at each tie."""
    plan = rule.evidence
    assert isinstance(plan, RecordersPlan)
    rows = sight.pairs.filter(pl.col("rule") == rule.id)
    known = rows.drop_nulls(["one", "other"])
    if known.is_empty():
        yield _told(plan, rows, Seen.TOO_LITTLE_DATA, said=f"no month has both: {plan.wants}")
        return
    one, other = (panel(rows, "tie", value) for value in ("one", "other"))
    found = recorders(one.values, other.values, drift=plan.drift)
    if plan.expect == "equal":
        yield _level(plan, known, found)
    yield _trend(plan, known, found)
    yield from _ties(plan, rows, found, one.places, sight.names)


def _level(plan: RecordersPlan, known: pl.DataFrame, found: Recorders) -> Look:
    """The gap of all ties together, a count and no test."""
    if found.gap is None:
        return _told(plan, known, Seen.TOO_LITTLE_DATA, said=f"{found.months} months with both")
    seen = Seen.UNUSUAL if abs(found.gap) > plan.tolerance else Seen.NOTHING
    first, second = known["one"].sum(), known["other"].sum()
    said = (
        f"{plan.one.called} {first:,.0f}, {plan.other.called} {second:,.0f}: "
        f"{_percent(found.gap)}; tolerance {100 * plan.tolerance:g}%"
    )
    question = f"Why do {plan.one.called} and {plan.other.called} differ by {_percent(found.gap)}?"
    return _told(plan, known, seen, said=said, question=question, estimate=found.gap)


def _trend(plan: RecordersPlan, known: pl.DataFrame, found: Recorders) -> Look:
    """Whether the two drift apart everywhere: the one look that is a test."""
    if found.p is None or found.trend is None or found.interval is None:
        said = "two years of both at three ties are needed"
        return _told(plan, known, Seen.TOO_LITTLE_DATA, about="trend of the gap", said=said)
    low, high = (_percent(end) for end in found.interval)
    said = f"the ratio changes by {_percent(found.trend)} a year ({low} to {high})"
    question = f"Why do {plan.one.called} and {plan.other.called} drift apart over the years?"
    return _told(
        plan, known, Seen.NOTHING, about="trend of the gap", said=said, question=question,
        estimate=found.trend, interval=found.interval, p=found.p,
    )  # fmt: skip


def _ties(
    plan: RecordersPlan,
    rows: pl.DataFrame,
    found: Recorders,
    ties: tuple[str, ...],
    names: Mapping[tuple[str, str], str],
) -> Iterator[Look]:
    """Each tie beyond its tolerance; a tie that is in order needs no line of its own."""
    for at, tie in enumerate(ties):
        of = rows.filter(pl.col("tie") == tie)
        scope = (tie, names.get((plan.one.role, tie), tie))
        gap, moved = found.gaps[at], found.moved[at]
        if plan.expect == "equal" and gap is not np.ma.masked and abs(gap) > plan.tolerance:
            said = f"{plan.one.called} against {plan.other.called}, last year: {_percent(gap)}"
            question = f"Which of the two counts is the one to go by at {scope[1]}?"
            yield _at_tie(
                plan, of, scope, about="last year", said=said, question=question,
                estimate=float(gap),
            )  # fmt: skip
        if moved is not np.ma.masked and abs(moved) > plan.tolerance:
            said = f"the ratio moved by {_percent(moved)} beyond the others, on the year before"
            question = f"What was counted in another way at {scope[1]}, and since when?"
            yield _at_tie(
                plan, of, scope, about="against the year before", said=said, question=question,
                estimate=float(moved),
            )  # fmt: skip
        silent = of.filter((pl.col("one_missing") > 0) | (pl.col("other_missing") > 0))
        if silent.height and of.drop_nulls(["one", "other"]).height:
            yield _gaps(plan, of, silent, scope)


def _at_tie(
    plan: RecordersPlan,
    rows: pl.DataFrame,
    scope: tuple[str, str],
    *,
    about: str,
    said: str,
    question: str,
    estimate: float,
) -> Look:
    return _told(
        plan, rows, Seen.UNUSUAL, about=about, said=said, question=question, estimate=estimate,
        scope=scope, alone=plan.tie == "same_organisation",
    )  # fmt: skip


def _gaps(
    plan: RecordersPlan, rows: pl.DataFrame, silent: pl.DataFrame, scope: tuple[str, str]
) -> Look:
    """Months in which somebody gave no part: a fact of the record, and no lead."""
    months = silent["period"].n_unique()
    said = f"{months} of {rows['period'].n_unique()} months left out, since a body gave no part"
    return _told(plan, silent, Seen.NOTHING, about="completeness", said=said, scope=scope)


def _told(
    plan: RecordersPlan,
    rows: pl.DataFrame,
    seen: Seen,
    *,
    said: str,
    about: str = "all months with both",
    question: str = "",
    estimate: float | None = None,
    interval: tuple[float, float] | None = None,
    p: float | None = None,
    scope: tuple[str, str] = (ENGLAND, "England"),
    alone: bool = False,
) -> Look:
    low, high = interval or (None, None)
    return Look(
        id=f"{plan.flow} {about}" + ("" if scope[0] == ENGLAND else f" {scope[0]}"),
        indicator="",
        title=plan.flow,
        about=about,
        scope=scope[0],
        scope_name=scope[1],
        seen=seen,
        said=said,
        question=question,
        body=scope[0] if alone else "",
        first_month=rows["period"].min() or "",  # type: ignore[arg-type]
        last_month=rows["period"].max() or "",  # type: ignore[arg-type]
        figures=rows.height,
        estimate=estimate,
        low=low,
        high=high,
        unit="share of the second count",
        p=p,
        tested=p is not None,
    )


def _percent(share: float) -> str:
    """A share as a difference in per cent.

    >>> _percent(-0.0314), _percent(0.05)
    ('\N{MINUS SIGN}3.1%', '+5.0%')
    """
    return f"{round(100 * share, 1) + 0.0:+.1f}%".replace("-", "\N{MINUS SIGN}")


def points(rule: ShapeRule, look: Look, sight: Sight) -> pl.DataFrame:
    """Both counts of all ties that gave both, by month."""
    plan = rule.evidence
    assert isinstance(plan, RecordersPlan)
    rows = sight.pairs.filter(pl.col("rule") == rule.id).drop_nulls(["one", "other"])
    sums = rows.group_by("period").agg(pl.col("one", "other").sum()).sort("period")
    frames = [
        pl.DataFrame(
            {
                "rule": rule.id, "look": look.id, "kind": "recorders", "series": count.called,
                "period": sums["period"], "at": float(n), "value": sums[side], "width": 0.0,
            }
        )
        for n, (side, count) in enumerate((("one", plan.one), ("other", plan.other)))
    ]  # fmt: skip
    return pl.concat(frames)


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """Two noisy counts of one flow; ``planted`` is by how much the first grows away in a year."""
    rng = np.random.default_rng(seed)
    first = Period(2020, 4)
    periods = [str(p) for p in months_between(first, first + (test.months - 1))]
    ties = [f"T{n:03d}" for n in range(test.places)]
    shape = (test.months, test.places)
    season = 1 + 0.1 * np.cos(2 * np.pi * np.arange(test.months) / 12)[:, None]
    other = _LEVEL * season * np.exp(rng.normal(0, 0.05, shape))
    drift = test.planted * (np.arange(test.months) - test.months / 2)[:, None] / 12
    own = rng.normal(0, 0.005, (1, test.places))
    one = other * np.exp(drift + own + rng.normal(0, 0.01, shape))
    pairs = pl.DataFrame(
        {
            "rule": rule.id, "tie": np.tile(ties, test.months).tolist(),
            "period": np.repeat(periods, test.places).tolist(),
            "one": one.ravel(), "other": other.ravel(), "one_missing": 0, "other_missing": 0,
        },
        schema=PAIRS,
    )  # fmt: skip
    return Sight(sight.figures, sight.indicators, pairs=pairs)
