"""Bunching: how many points of performance come from the last minutes before a limit?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from kpialign.conflicts.sight import ENGLAND, PARTS, Sight
from kpialign.definitions.shapes import BunchingPlan, ShapeRule, ShapeTest
from kpialign.evidence import Bunching, bunching
from kpialign.evidence.state import State
from kpialign.findings.shapes import Look, Seen
from kpialign.terms import Period

LEAST = 10_000  # durations; fewer make a curve of nothing


def look(rule: ShapeRule, sight: Sight) -> Iterator[Look]:
    """Look at the durations of all bodies together, then of each that sent enough, as leads."""
    plan = rule.evidence
    assert isinstance(plan, BunchingPlan)
    rows = sight.parts.filter(pl.col("rule") == rule.id).drop_nulls("value")
    yield _looked(plan, rows, sight, "")
    for body in sorted(rows["organisation"].unique()):
        own = rows.filter(pl.col("organisation") == body)
        if own["value"].sum() >= LEAST:
            yield _looked(plan, own, sight, body)


def _looked(plan: BunchingPlan, rows: pl.DataFrame, sight: Sight, body: str) -> Look:
    starts, counts = _bands(plan, rows)
    total = float(rows["value"].sum())
    found = _found(plan, starts, counts) if total >= LEAST else None
    said = f"{total:,.0f} durations; {LEAST:,} are needed"
    seen, points = Seen.TOO_LITTLE_DATA, None
    low: float | None = None
    high: float | None = None
    if found is not None and found.points is not None and found.points_interval is not None:
        # The curve is fitted to the even bands; performance is a share of all stays.
        share = sum(counts) / total
        points, (low, high) = share * found.points, (share * e for e in found.points_interval)
        seen = Seen.UNUSUAL if low > 0 else Seen.NOTHING
        said = (
            f"{points:.1f} points of performance ({low:.1f} to {high:.1f}) come from the last "
            f"{plan.before:g} minutes before {plan.limit:g}; {total:,.0f} durations"
        ).replace("-", "\N{MINUS SIGN}")
    indicator = sight.indicators[plan.indicator]
    return Look(
        id=f"{plan.indicator} {plan.limit:g} {body}".strip(),
        indicator=plan.indicator,
        title=indicator.short,
        about=f"durations before {plan.limit:g} minutes",
        scope=body or ENGLAND,
        scope_name=sight.name(plan.indicator, body) if body else "all that sent durations",
        seen=seen,
        said=said,
        question=f"What happens in the last {plan.before:g} minutes, and to whom?",
        body=body,
        first_month=rows["period"].min() or "",  # type: ignore[arg-type]
        last_month=rows["period"].max() or "",  # type: ignore[arg-type]
        figures=int(total),
        estimate=points,
        low=low,
        high=high,
        unit="points of performance",
        tested=False,
        low_power=bool(body),
    )


def _found(plan: BunchingPlan, starts: list[float], counts: list[float]) -> Bunching | None:
    found = bunching(
        starts, counts, limit=plan.limit, before=plan.before, reach=plan.reach, heaps=plan.heaps
    )
    return found if found.state is State.ESTIMATED else None


def _bands(plan: BunchingPlan, rows: pl.DataFrame) -> tuple[list[float], list[float]]:
    """Starts and counts of the even bands; the open one at the end has no width."""
    sums = dict(rows.group_by("part").agg(pl.col("value").sum()).iter_rows())
    starts = np.arange(0, plan.until, plan.width).tolist()
    return starts, [float(sums.get(f"{start:g}", 0.0)) for start in starts]


def points(rule: ShapeRule, look: Look, sight: Sight) -> pl.DataFrame:
    """Stays by band, of all bodies together, and what the curve expects in each."""
    plan = rule.evidence
    assert isinstance(plan, BunchingPlan)
    rows = sight.parts.filter(pl.col("rule") == rule.id).drop_nulls("value")
    starts, counts = _bands(plan, rows)
    found = _found(plan, starts, counts)
    curve = list(zip(found.fitted, found.expected, strict=True)) if found else []
    told = [("counted", start, count) for start, count in zip(starts, counts, strict=True)]
    told += [("expected", start, count) for start, count in curve]
    frame = pl.DataFrame(told, schema=["series", "at", "value"], orient="row")
    return frame.with_columns(
        rule=pl.lit(rule.id), look=pl.lit(look.id), kind=pl.lit("bunching"), period=pl.lit(""),
        width=pl.lit(float(plan.width)),
    )  # fmt: skip


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """Skewed durations; ``planted`` of those within an hour beyond the limit left before it."""
    rng = np.random.default_rng(seed)
    plan = rule.evidence
    assert isinstance(plan, BunchingPlan)
    months = [str(Period(2025, 4) + n) for n in range(test.months)]
    rows = []
    edges = np.arange(0, plan.until + plan.width, plan.width)
    for month in months:
        for place in range(test.places):
            stays = rng.gamma(3.0, plan.limit / 3.4, 3000)
            late = (stays >= plan.limit) & (stays < plan.limit + 60)
            late &= rng.random(len(stays)) < test.planted
            left = rng.uniform(plan.limit - plan.before, plan.limit, len(stays))
            counts, _ = np.histogram(np.where(late, left, stays), edges)
            key = (f"U{place:03d}", "hospital", month)
            rows.append((rule.id, "longer", *key, float((stays >= plan.until).sum())))
            rows += [
                (rule.id, f"{start:g}", *key, float(n))
                for start, n in zip(edges[:-1], counts, strict=True)
            ]
    parts = pl.DataFrame(rows, schema=PARTS, orient="row")
    return Sight(sight.figures, sight.indicators, parts=parts)
