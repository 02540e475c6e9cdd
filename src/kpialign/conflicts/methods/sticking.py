"""Sticking: do figures just above a target move less to the next month than those beside it?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from kpialign.conflicts.sight import ENGLAND, FIGURES, Sight, panel
from kpialign.definitions.indicators import Indicator, Target
from kpialign.definitions.shapes import ShapeRule, ShapeTest, StickingPlan
from kpialign.evidence import sticking
from kpialign.findings.shapes import Look, Seen
from kpialign.terms import Period, months_between


def look(rule: ShapeRule, sight: Sight) -> Iterator[Look]:
    """Look at every target of the indicators named, over the country."""
    plan = rule.evidence
    assert isinstance(plan, StickingPlan)
    for name in plan.indicators:
        indicator = sight.indicators[name]
        for target in indicator.targets:
            rows = sight.of(name)
            months = [p for p in rows["period"].unique() if target.in_force(Period.parse(p))]
            yield _looked(indicator, target, rows.filter(pl.col("period").is_in(months)), plan)


def _looked(indicator: Indicator, target: Target, rows: pl.DataFrame, plan: StickingPlan) -> Look:
    improves = 1 if target.at_least is not None else -1
    figures = panel(rows)
    found = sticking(figures.values, target=target.level, width=plan.width, improves=improves)
    said = f"{found.places} bodies with months in all three bands of {plan.width:g}"
    if found.ratio is None or found.interval is None:
        said += "; 10 are needed"
    else:
        low, high = found.interval
        said += f"; moves from just above are {found.ratio:.2f} times those beside it"
        said += f" ({low:.2f} to {high:.2f})"
    return Look(
        id=f"{indicator.id} {target.name}",
        indicator=indicator.id,
        title=indicator.short,
        about=f"{target.name}, figures just above {target.level:g}",
        scope=ENGLAND,
        scope_name="England",
        seen=Seen.TOO_LITTLE_DATA if found.p is None else Seen.NOTHING,
        said=said,
        question=f"Why do figures of {indicator.short} rest once they have met the target?",
        first_month=figures.periods[0] if figures.periods else "",
        last_month=figures.periods[-1] if figures.periods else "",
        figures=rows.height,
        estimate=found.ratio,
        low=found.interval[0] if found.interval else None,
        high=found.interval[1] if found.interval else None,
        unit="moves from just above by those beside it",
        p=found.p,
    )


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """Figures that wander around a target; from just above it moves are ``planted`` less."""
    rng = np.random.default_rng(seed)
    plan = rule.evidence
    assert isinstance(plan, StickingPlan)
    indicator = sight.indicators[plan.indicators[0]]
    target = indicator.targets[0]
    first = target.since or Period(2020, 4)
    values = np.empty((test.months, test.places))
    now = rng.normal(0, 2, test.places)
    for month in range(test.months):
        values[month] = now
        just = (now >= 0) & (now < plan.width)
        step = rng.normal(0, 1.5, test.places) - 0.05 * now
        now = now + step * np.where(just, 1 - test.planted, 1.0)
    improves = 1 if target.at_least is not None else -1
    periods = [str(p) for p in months_between(first, first + (test.months - 1))]
    bodies = [f"U{n:03d}" for n in range(test.places)]
    figures = pl.DataFrame(
        {
            "indicator": indicator.id,
            "organisation": np.tile(bodies, test.months).tolist(),
            "period": np.repeat(periods, test.places).tolist(),
            "numerator": 1.0,
            "denominator": 10_000.0,
            "value": (target.level + improves * values).ravel(),
        },
        schema=FIGURES,
    )
    alone = indicator.model_copy(update={"targets": (target,)})
    return Sight(figures, {**sight.indicators, indicator.id: alone})
