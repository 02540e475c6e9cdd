"""Variation and assurance of every figure of a whole, in one pass over all their months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from kpialign.errors import UsageError
from kpialign.findings import ProcessState, SystemValue, TargetStep
from kpialign.terms import Period
from kpialign.variation import spc

KEY = ("indicator", "scope", "basis")
_PARTED = " | "
MONTHS = 36  # a board looks back three years; limits from longer ago speak of another service
_BOUNDS = {"percent": (0.0, 100.0)}
_AIMS = ("standard", "ambition")  # the first kind in force is what assurance is about


def steadied(
    values: tuple[SystemValue, ...],
    series: pl.DataFrame,
    rules: str,
    rebases: pl.DataFrame | None = None,
) -> tuple[tuple[SystemValue, ...], pl.DataFrame]:
    """Put variation and assurance beside each value, and return the months behind them.

    A break of everybody, once confirmed, starts a segment of its own, with the event as reason.

    Args:
        values: the figures told.
        series: their months: ``indicator, scope, basis, period, value`` and more.
        rules: the name of the rule set.
        rebases: months from which limits start anew besides, and months shown and not counted:
            ``organisation`` (of the whole), ``indicator, period, reason, kind``.

    Raises:
        UsageError: there is no such rule set.
    """
    by_key = {_key(value): value for value in values}
    frame = series.with_columns(pl.concat_str(KEY, separator=_PARTED).alias("series"))
    frame = _recent(frame.filter(pl.col("series").is_in(list(by_key))))
    if frame.is_empty():
        return values, pl.DataFrame(schema=dict.fromkeys((*KEY, "period"), pl.String))
    frame = frame.join(_aims(by_key, frame), on=["series", "period"], how="left")
    breaks, ghosts = _breaks(by_key, frame, rebases), _ghosts(by_key, frame, rebases)
    try:
        found = spc(frame.drop("denominator"), rules=rules, rebases=breaks, left_out=ghosts)
    except ValueError as error:
        raise UsageError(f"process_rules: {error}") from None
    told = {row["series"]: row for row in found.series.iter_rows(named=True)}
    names = frame.select("series", *KEY).unique()
    points = _bounded(found.points, by_key).join(names, on="series", how="left")
    # Where a new level began that still holds: evidence for a rebase, applied by nobody.
    asked = found.suggestions.rename({"before": "level_before", "after": "level_since"})
    for told_of in (asked, ghosts.rename({"reason": "ghost"})):
        points = points.join(told_of, on=["series", "period"], how="left", maintain_order="left")
    return (
        tuple(_with(value, told.get(_key(value))) for value in values),
        points.drop("series").sort(*KEY, "period"),
    )


def _recent(frame: pl.DataFrame) -> pl.DataFrame:
    """The last three years up to the latest month of any series."""
    latest = frame["period"].max()
    if not isinstance(latest, str):
        return frame
    return frame.filter(pl.col("period") > str(Period.parse(latest) + -MONTHS))


def _key(value: SystemValue) -> str:
    return _PARTED.join((value.indicator, value.scope, value.basis))


def _aims(values: Mapping[str, SystemValue], frame: pl.DataFrame) -> pl.DataFrame:
    """Target and direction of each month; a target of another basis than the month is none."""
    rows = [
        (series, period, aim(values[series].target_steps, Period.parse(period)),
         values[series].improves)
        for series, period in frame.select("series", "period").iter_rows()
    ]  # fmt: skip
    schema = {
        "series": pl.String, "period": pl.String, "target": pl.Float64, "improves": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def aim(steps: Iterable[TargetStep], period: Period) -> float | None:
    """The level that assurance is about in a month.

    Of the targets in force for single months the one the indicator names, else the standard,
    else the ambition.
    """
    month = str(period)
    in_force = [
        step for step in steps
        if step.basis == "month" and step.since <= month and (step.until or month) >= month
    ]  # fmt: skip
    named = [step for step in in_force if step.judged]
    by_kind = (step for kind in _AIMS for step in in_force if step.kind == kind)
    return next((step.level for step in (*named, *by_kind)), None)


def _breaks(
    values: Mapping[str, SystemValue], frame: pl.DataFrame, rebases: pl.DataFrame | None
) -> pl.DataFrame:
    last = dict(frame.group_by("series").agg(pl.col("period").max()).iter_rows())
    rows = {
        (series, month): reason
        for series in last
        for month, reason in (
            *_breaks_of(values[series]), *_asked(values[series], rebases, "rebase"),
        )
        if month <= last[series]
    }  # fmt: skip
    return _dated(rows)


def _ghosts(
    values: Mapping[str, SystemValue], frame: pl.DataFrame, rebases: pl.DataFrame | None
) -> pl.DataFrame:
    there = set(frame.select("series", "period").iter_rows())
    rows = {
        (series, month): reason
        for series in {series for series, _ in there}
        for month, reason in _asked(values[series], rebases, "ghost")
        if (series, month) in there
    }
    return _dated(rows)


def _dated(rows: Mapping[tuple[str, str], str]) -> pl.DataFrame:
    schema = dict.fromkeys(("series", "period", "reason"), pl.String)
    told = [(series, month, reason) for (series, month), reason in rows.items()]
    return pl.DataFrame(told, schema=schema, orient="row")


def _asked(
    value: SystemValue, rebases: pl.DataFrame | None, kind: str
) -> Iterator[tuple[str, str]]:
    if rebases is not None:
        own = rebases.filter(organisation=value.scope, indicator=value.indicator, kind=kind)
        yield from own.select("period", "reason").iter_rows()


def _breaks_of(value: SystemValue) -> Iterator[tuple[str, str]]:
    for event in value.events:
        if event.confirmed and not event.whom:
            yield from ((month, event.title) for month in event.breaks())


def _bounded(points: pl.DataFrame, values: Mapping[str, SystemValue]) -> pl.DataFrame:
    """Lines to draw, within what the unit can be; counts and times are not below 0."""
    bounds = {key: _BOUNDS.get(value.unit, (0.0, None)) for key, value in values.items()}
    least = pl.col("series").replace_strict({k: b[0] for k, b in bounds.items()})
    most = pl.col("series").replace_strict(
        {k: b[1] for k, b in bounds.items()}, return_dtype=pl.Float64
    )
    return points.with_columns(
        pl.col(f"drawn_{end}").clip(lower_bound=least).clip(upper_bound=most)
        for end in ("low", "high")
    )


def _with(value: SystemValue, row: Mapping[str, object] | None) -> SystemValue:
    if row is None:
        return value
    kept = ("variation", "assurance", "recency", "limits", "told", "low", "centre", "high")
    state = ProcessState(
        **{name: row[name] for name in (*kept, "target", "false_alarm", "rules")}  # type: ignore[arg-type]
    )
    return replace(value, process=state)
