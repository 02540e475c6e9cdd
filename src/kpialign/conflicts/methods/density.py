"""Density: do organisation-months crowd on one side of a target while it is in force?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from kpialign.conflicts.sight import ENGLAND, FIGURES, Sight
from kpialign.definitions.indicators import Indicator, Target
from kpialign.definitions.shapes import DensityPlan, ShapeRule, ShapeTest
from kpialign.evidence import Density, density_test
from kpialign.evidence.state import State
from kpialign.findings.shapes import Look, Seen
from kpialign.terms import Period, months_between

_REACH, _BIN = 10.0, 0.5  # around the target, in the unit of the indicator
LOCAL = 0.05  # a local look is a lead, and corrected for nothing

_POINT = {"percent": "point", "minutes": "minute", "seconds": "second"}


def look(rule: ShapeRule, sight: Sight) -> Iterator[Look]:
    """Look at every named target in its months in force: England, then what is in front."""
    plan = rule.evidence
    assert isinstance(plan, DensityPlan)
    wanted = plan.indicators or sorted(i.id for i in sight.indicators.values() if i.targets)
    for name in wanted:
        indicator = sight.indicators[name]
        for target in indicator.targets:
            rows = _in_force(sight.of(name), target)
            yield _looked(indicator, target, rows, sight, None)
            own = sight.own(name)
            here = rows.filter(pl.col("organisation").is_in(list(own)))
            if here.height:
                yield _looked(indicator, target, here, sight, own)


def _in_force(rows: pl.DataFrame, target: Target) -> pl.DataFrame:
    months = [p for p in rows["period"].unique() if target.in_force(Period.parse(p))]
    return rows.filter(pl.col("period").is_in(months))


def _looked(
    indicator: Indicator,
    target: Target,
    rows: pl.DataFrame,
    sight: Sight,
    own: frozenset[str] | None,
) -> Look:
    # A figure equal to the target meets it: waits are turned round, so that it counts above.
    side = 1.0 if target.at_least is not None else -1.0
    found = density_test(side * rows["value"].to_numpy(), threshold=side * target.level)
    alone = rows["organisation"].unique().to_list() if own else []
    body = alone[0] if len(alone) == 1 else ""
    seen = _seen(found, local=own is not None)
    word = "least" if target.at_least is not None else "most"
    code, name = (ENGLAND, "England") if own is None else sight.front
    return Look(
        id=" ".join(filter(None, (indicator.id, target.name, "" if own is None else code))),
        indicator=indicator.id,
        title=indicator.short,
        about=f"{target.name}, at {word} {target.level:g}{_unit(indicator)}{_basis(target)}",
        scope=code,
        scope_name=sight.name(indicator.id, body) if body else name,
        seen=seen,
        said=_said(found, rows, _POINT.get(indicator.unit, "unit")),
        question=_question(found, indicator),
        body=body,
        first_month=rows["period"].min() or "",  # type: ignore[arg-type]
        last_month=rows["period"].max() or "",  # type: ignore[arg-type]
        figures=rows.height,
        estimate=found.difference and found.difference * rows.height,
        unit=f"months a {_POINT.get(indicator.unit, 'unit')} more that just meet",
        p=found.p,
        low_power=own is not None,
    )


def _basis(target: Target) -> str:
    """A month that falls short of a year's target has lost less than of a month's."""
    return "" if target.basis == "month" else f", judged over the {target.basis.replace('_', ' ')}"


def _unit(indicator: Indicator) -> str:
    return "%" if indicator.unit == "percent" else f" {indicator.unit}"


def _seen(found: Density, *, local: bool) -> Seen:
    """A national look waits for its family; until then it is judged as a local one."""
    if found.state is not State.ESTIMATED or found.p is None:
        return Seen.TOO_LITTLE_DATA
    return Seen.UNUSUAL if local and found.p <= LOCAL else Seen.NOTHING


def _said(found: Density, rows: pl.DataFrame, unit: str) -> str:
    bodies = rows["organisation"].n_unique()
    if rows.is_empty():
        return "no figures in the months in force"
    scope = f"{rows.height:,} months of {bodies:,} bod{'y' if bodies == 1 else 'ies'} in force"
    if found.left is None or found.right is None:
        return f"{scope}; {found.below:,} miss, {found.above:,} meet: too few on one side"
    near = f"{found.near_below:,} just miss, {found.near_above:,} just meet"
    # A density of 0 is told as such; the curve may dip below it.
    right, left = (max(found.right, 0.0) * rows.height, max(found.left, 0.0) * rows.height)
    return f"{scope}; {near}; at the target {right:.0f} a {unit} that meet, {left:.0f} that miss"


def _question(found: Density, indicator: Indicator) -> str:
    more, fewer = ("meet", "miss") if (found.difference or 0) > 0 else ("miss", "meet")
    return f"Why do more months of {indicator.short} just {more} the target than just {fewer} it?"


def points(rule: ShapeRule, look: Look, sight: Sight) -> pl.DataFrame:
    """Organisation-months by half points around the target, of a national look."""
    indicator = sight.indicators[look.indicator]
    target = next(t for t in indicator.targets if f"{indicator.id} {t.name}" == look.id)
    side = 1.0 if target.at_least is not None else -1.0
    margin = side * (_in_force(sight.of(indicator.id), target)["value"] - target.level)
    bins = (margin.filter(margin.abs() < _REACH) / _BIN).floor()
    counts = bins.value_counts().sort(bins.name)
    at = counts[bins.name] * _BIN
    return pl.DataFrame(
        {
            "rule": rule.id, "look": look.id, "kind": "density",
            "series": ["meets" if start >= 0 else "misses" for start in at], "period": "",
            "at": at, "value": counts["count"].cast(pl.Float64), "width": _BIN,
        }
    )  # fmt: skip


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """Smooth figures around a target, of which ``planted`` of those a point short are lifted."""
    rng = np.random.default_rng(seed)
    plan = rule.evidence
    assert isinstance(plan, DensityPlan)
    name = (plan.indicators or ("uec.ed.four_hour",))[0]
    indicator = sight.indicators[name]
    target = indicator.targets[0]
    first = target.since or Period(2020, 4)
    level, up = target.level, target.at_least is not None
    own = rng.normal(0, 2.5, (1, test.places)) + rng.normal(0, 1.5, (test.months, test.places))
    short = (own < 0) & (own > -1) & (rng.random(own.shape) < test.planted)
    margin = np.where(short, rng.uniform(0, 0.5, own.shape), own)
    values = level + margin if up else level - margin
    periods = [str(p) for p in months_between(first, first + (test.months - 1))]
    bodies = [f"U{n:03d}" for n in range(test.places)]
    figures = pl.DataFrame(
        {
            "indicator": name,
            "organisation": np.tile(bodies, test.months).tolist(),
            "period": np.repeat(periods, test.places).tolist(),
            "numerator": values.ravel() * 100,
            "denominator": 10_000.0,
            "value": values.ravel(),
        },
        schema=FIGURES,
    )
    return Sight(figures, {name: indicator.model_copy(update={"targets": (target,)})})
