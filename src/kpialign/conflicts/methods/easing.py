"""Easing: spurts at the end of years and quarters, figures sent again, crowds at a plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from kpialign.conflicts.sight import ENGLAND, FIGURES, PLANS, Panel, Sight, panel
from kpialign.definitions.indicators import Indicator
from kpialign.definitions.shapes import EasingPlan, ShapeRule, ShapeTest
from kpialign.evidence import adjusted, period_ends, repeats, trajectory_test
from kpialign.evidence.state import Masked
from kpialign.findings.shapes import Look, Seen
from kpialign.terms import Improves, Period, months_between

_ENDS = {"year_end": (3,), "quarter_end": (3, 6, 9, 12)}
_ASKED = {
    "year_end": "What is done in March at {} that is not done in February or April?",
    "quarter_end": "What is done in the last month of a quarter at {}?",
    "repeats": "Is the figure of {} counted each month, or sent again?",
}
_ABOUT = {
    "year_end": "ends of financial years",
    "quarter_end": "ends of quarters",
    "repeats": "figures sent again",
    "trajectory": "crowd at the trajectory",
}


def look(rule: ShapeRule, sight: Sight) -> Iterator[Look]:
    """Look at each indicator: how many bodies, then which, corrected over the bodies."""
    plan = rule.evidence
    assert isinstance(plan, EasingPlan)
    for name in plan.indicators:
        indicator = sight.indicators[name]
        if plan.what == "trajectory":
            yield _trajectory(indicator, sight)
            continue
        value = "denominator" if plan.what == "repeats" else "value"
        figures = panel(sight.of(name), value=value)
        effect, p = _found(figures, plan, indicator)
        known = int(p.count())
        if not known:
            said = "three ends of a period, or twelve months, are needed"
            yield _told(indicator, plan.what, figures, Seen.TOO_LITTLE_DATA, said=said)
            continue
        leads = _leads(p, rule.evidence.fdr)
        alone = int((p.compressed() <= plan.fdr).sum())
        said = f"{len(leads)} of {known} bodies after correction; {alone} at p up to {plan.fdr:g}"
        yield _told(indicator, plan.what, figures, Seen.NOTHING, said=said)
        for at in leads:
            yield _lead(sight, indicator, plan.what, figures, (at, float(effect[at]), float(p[at])))


def _found(figures: Panel, plan: EasingPlan, indicator: Indicator) -> tuple[Masked, Masked]:
    if plan.what == "repeats":
        again = repeats(figures.values)
        return again.repeats, again.p
    inside = range(1, len(figures.periods) - 1)
    last = [at for at in inside if Period.parse(figures.periods[at]).month in _ENDS[plan.what]]
    improves = 1 if indicator.improves is Improves.UP else -1
    ends = period_ends(figures.values, ends=last, improves=improves)
    return ends.effect, ends.p


def _leads(p: Masked, fdr: float) -> list[int]:
    """Bodies whose p holds after correction over all bodies."""
    given = {str(at): float(one) for at, one in enumerate(p) if one is not np.ma.masked}
    return [int(at) for at, one in adjusted(given).items() if one <= fdr] if given else []


def _trajectory(indicator: Indicator, sight: Sight) -> Look:
    rows = sight.of(indicator.id).join(
        sight.plans.filter(pl.col("indicator") == indicator.id),
        on=["organisation", "period"],
        how="inner",
    )
    figures = panel(rows)
    side = 1 if indicator.improves is Improves.UP else -1
    plans = panel(rows, value="level").values
    found = trajectory_test(side * figures.values, side * plans)
    near = f"{found.near_below} just short of the plan, {found.near_above} just beyond it"
    said = f"{rows.height} months of {len(figures.places)} bodies with a plan"
    return _told(
        indicator, "trajectory", figures,
        Seen.TOO_LITTLE_DATA if found.p is None else Seen.NOTHING,
        said=said if found.p is None else f"{said}; {near}",
        question=f"Why do figures of {indicator.short} crowd at what was planned?", p=found.p,
    )  # fmt: skip


def _lead(
    sight: Sight,
    indicator: Indicator,
    what: str,
    figures: Panel,
    found: tuple[int, float, float],
) -> Look:
    at, effect, p = found
    body = figures.places[at]
    who = sight.name(indicator.id, body)
    said = f"{effect:.1f} better than the months around, beyond the others"
    if what == "repeats":
        said = f"{effect:.0f} months sent as the month before"
    return _told(
        indicator, what, figures, Seen.UNUSUAL, said=said, question=_ASKED[what].format(who),
        p=p, body=(body, who), estimate=effect,
    )  # fmt: skip


def _told(
    indicator: Indicator,
    what: str,
    figures: Panel,
    seen: Seen,
    *,
    said: str,
    question: str = "",
    p: float | None = None,
    body: tuple[str, str] = ("", ""),
    estimate: float | None = None,
) -> Look:
    return Look(
        id=f"{indicator.id} {what} {body[0]}".strip(),
        indicator=indicator.id,
        title=indicator.short,
        about=_ABOUT[what],
        scope=body[0] or ENGLAND,
        scope_name=body[1] or "England",
        seen=seen,
        said=said,
        question=question,
        body=body[0],
        first_month=figures.periods[0] if figures.periods else "",
        last_month=figures.periods[-1] if figures.periods else "",
        figures=int(np.isfinite(figures.values).sum()),
        estimate=estimate,
        unit="months sent again" if what == "repeats" else indicator.unit,
        p=p,
        tested=what == "trajectory" and p is not None,
        low_power=bool(body[0]),
    )


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """Noise with ``planted`` spurts (points) or repeats (share) at one body, or crowding at all."""
    rng = np.random.default_rng(seed)
    plan = rule.evidence
    assert isinstance(plan, EasingPlan)
    indicator = sight.indicators[plan.indicators[0]]
    months = [Period(2020, 4) + n for n in range(test.months)]
    shape = (test.months, test.places)
    values = 75 + rng.normal(0, 3, (1, test.places)) + rng.normal(0, 1, shape)
    counts = np.round(8000 * np.exp(rng.normal(0, 0.05, shape)))
    levels = 75 + rng.normal(0, 1, shape)
    if plan.what in _ENDS:
        last = [at for at, month in enumerate(months) if month.month in _ENDS[plan.what]]
        side = 1 if indicator.improves is Improves.UP else -1
        values[last, 0] += side * test.planted
    elif plan.what == "repeats":
        for at in np.flatnonzero(rng.random(test.months - 1) < test.planted) + 1:
            counts[at, 0] = counts[at - 1, 0]
    else:
        margin = rng.normal(0, 2, shape)
        short = (margin < 0) & (margin > -1) & (rng.random(shape) < test.planted)
        values = levels + np.where(short, rng.uniform(0, 0.5, shape), margin)
    periods = [str(p) for p in months_between(months[0], months[-1])]
    keys = {
        "indicator": [indicator.id] * values.size,
        "organisation": np.tile([f"U{n:03d}" for n in range(shape[1])], shape[0]).tolist(),
        "period": np.repeat(periods, shape[1]).tolist(),
    }
    parts = {"numerator": values.ravel(), "denominator": counts.ravel(), "value": values.ravel()}
    figures = pl.DataFrame(keys | parts, schema=FIGURES)
    plans = pl.DataFrame(keys | {"level": levels.ravel()}, schema=PLANS)
    return Sight(figures, sight.indicators, plans=plans)
