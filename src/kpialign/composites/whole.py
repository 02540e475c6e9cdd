"""Indicators of a whole: this month, the same month last year, targets on their own basis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from kpialign.composites.completeness import Completeness
from kpialign.definitions.indicators import Indicator, Target
from kpialign.findings import SystemValue, TargetState, TargetStep
from kpialign.terms import Period


@dataclass(frozen=True)
class Scope:
    """A whole for one role: the rows of the store it is made of, and its basis in words."""

    level: str
    code: str
    name: str
    role: str
    basis: str


def system_values(
    indicators: Iterable[Indicator],
    scopes: Iterable[Scope],
    values: pl.DataFrame,
    period: Period,
    *,
    completeness: Completeness = Completeness(),  # noqa: B008  # frozen
    plans: Callable[[Scope], Mapping[str, tuple[Target, ...]]] = lambda _: {},
) -> tuple[SystemValue, ...]:
    """Describe every indicator that was ever reported, for every scope of its role.

    Args:
        indicators: the indicators, in the order to show them.
        scopes: the wholes.
        values: ``indicator, scope_level, scope, period, numerator, denominator, value,
            reported, expected, trusts_reported, trusts_expected``.
        period: the month to describe.
        completeness: who is missing, and the comparison with a year before.
        plans: a whole → indicator → targets of its own, beside the national ones.
    """
    indicators = list(indicators)
    return tuple(
        _describe(
            indicator,
            scope,
            series,
            period,
            completeness=completeness,
            plan=plans(scope).get(indicator.id, ()),
        )
        for scope in scopes
        for indicator in indicators
        if indicator.accountable.role == scope.role
        and (series := _series(values, indicator.id, scope))
    )


Row = Mapping[str, float | None]


def _series(values: pl.DataFrame, indicator: str, scope: Scope) -> dict[Period, Row]:
    rows = values.filter(
        (pl.col("indicator") == indicator)
        & (pl.col("scope_level") == scope.level)
        & (pl.col("scope") == scope.code)
    )
    return {Period.parse(row["period"]): row for row in rows.iter_rows(named=True)}


def _describe(
    indicator: Indicator,
    scope: Scope,
    series: Mapping[Period, Row],
    period: Period,
    *,
    completeness: Completeness,
    plan: tuple[Target, ...],
) -> SystemValue:
    asked = (*indicator.targets, *plan)
    now, before = series.get(period, {}), series.get(period + -12, {}).get("value")
    value = now.get("value")
    key = (indicator.id, scope.level, scope.code)
    alike = completeness.like_for_like(key)
    comparable = alike is not None and not alike.apart
    return SystemValue(
        indicator=indicator.id,
        title=indicator.short,
        unit=indicator.unit,
        improves=str(indicator.improves),
        scope=scope.code,
        scope_name=scope.name,
        basis=scope.basis,
        period=str(period),
        value=value,
        state=_state(now),
        reported=int(now.get("reported") or 0),
        expected=int(now.get("expected") or 0),
        year_before=before if comparable else None,
        targets=tuple(
            _target(target, indicator, series, period)
            for target in asked
            if target.in_force(period)
        ),
        target_steps=tuple(
            _step(target, judged=target.name == indicator.judge_against) for target in asked
        ),
        headline=indicator.headline,
        trusts_reported=int(now.get("trusts_reported") or 0),
        trusts_expected=int(now.get("trusts_expected") or 0),
        missing=completeness.missing_from(key, period),
        year_before_state=_state_before(before, comparable=comparable),
        like_for_like=alike,
    )


def _state(row: Row) -> str:
    if row.get("value") is None:
        return "not_reported"
    return "incomplete" if _incomplete(row) else "reported"


def _state_before(before: float | None, *, comparable: bool) -> str:
    if before is None:
        return "not_reported"
    return "reported" if comparable else "not_like_for_like"


def _incomplete(row: Row) -> bool:
    """Whether trusts are missing; where there is no trust, whether anybody is.

    >>> _incomplete({"reported": 9, "expected": 10, "trusts_reported": 3, "trusts_expected": 3})
    False
    """
    kind = "trusts_" if row.get("trusts_expected") else ""
    return (row.get(f"{kind}reported") or 0) < (row.get(f"{kind}expected") or 0)


def _step(target: Target, *, judged: bool) -> TargetStep:
    """The months in which a target is asked for."""
    since, until = target.since, target.until
    if target.for_month is not None:
        since = until = target.for_month
    elif target.for_year is not None:
        since = Period(int(target.for_year[:4]), 4)
        until = since + 11
    return TargetStep(
        name=target.name,
        kind=target.kind,
        level=target.level,
        at_least=target.at_least is not None,
        basis=target.basis.replace("_", " "),
        since=str(since),
        until=str(until or ""),
        judged=judged,
    )


def _target(
    target: Target, indicator: Indicator, series: Mapping[Period, Row], period: Period
) -> TargetState:
    basis = target.basis.replace("_", " ")
    if target.basis == "month":
        rows = [series.get(period, {})]
        judged = value = rows[0].get("value")
    else:
        span = _quarter(period) if target.basis == "quarter" else _year(period)
        months = [p for p in series if p in span and p <= period]
        rows = [series[p] for p in months]
        value = _mean_of_months(indicator, rows)
        # A quarter or year is judged when it is over and every month of it is there.
        judged = value if len(months) == len(span) else None
        name = (
            f"quarter {span[0]} to {span[-1]}"
            if target.basis == "quarter"
            else f"financial year {period.financial_year}"
        )
        basis = f"{name}, {len(months)} of {len(span)} months"
    return TargetState(
        name=target.name,
        kind=target.kind,
        level=target.level,
        at_least=target.at_least is not None,
        basis=basis,
        value=value,
        met=None if judged is None else target.met_by(judged),
        source=target.source or "",
        partial=any(_incomplete(row) for row in rows),
    )


def not_judged_across(value: SystemValue, cut: Period) -> SystemValue:
    """A value whose targets over a quarter or year with a break in it are not judged.

    Args:
        value: an indicator of a whole.
        cut: the month from which its figures compare with those of its own month.
    """
    period = Period.parse(value.period)
    starts = {"quarter": _quarter(period)[0], "financial year": _year(period)[0]}
    targets = tuple(
        replace(target, met=None, basis=f"{target.basis}, with a break in it")
        if any(
            target.basis.startswith(f"{name} ") and start < cut for name, start in starts.items()
        )
        else target
        for target in value.targets
    )
    return replace(value, targets=targets)


def _quarter(period: Period) -> list[Period]:
    """The three months of the quarter, counted from April.

    >>> [str(month) for month in _quarter(Period(2026, 2))]
    ['2026-01', '2026-02', '2026-03']
    """
    first = period + -((period.month - 1) % 3)
    return [first + i for i in range(3)]


def _year(period: Period) -> list[Period]:
    first = period + -((period.month - 4) % 12)
    return [first + i for i in range(12)]


def _mean_of_months(indicator: Indicator, rows: Iterable[Row]) -> float | None:
    """Numerators over denominators of several months: never a mean of monthly values."""
    rows = list(rows)
    numerators = [row["numerator"] for row in rows]
    denominators = [row["denominator"] for row in rows]
    if not rows or None in numerators or None in denominators:
        return None
    below = sum(d for d in denominators if d is not None)
    above = sum(n for n in numerators if n is not None)
    return indicator.measure.scale * above / below if below else None
