"""The whole over time: one small panel an indicator, with its targets as steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from string import ascii_lowercase
from textwrap import wrap
from typing import Any

import altair as alt
import polars as pl

from kpialign.charts import axes, theme, words
from kpialign.findings import Outcome, SystemValue
from kpialign.findings.facts import EventMark
from kpialign.terms import Period

_MONTHS = 36  # a board looks back three years; older months stay in the table behind
_HEIGHT = 130
_WIDE, _NARROW = (2, 265), (3, 200)  # panels in a row, and pixels of each
_FEW = 8  # panels; beyond it three stand in a row, so that the whole fits a page
_HALF = timedelta(days=15)  # a target for one month has a width to be seen
_KEY = "Line with points: the figure. Dashed: the target in force. A break: not reported."
_PLAN = "Short solid strokes, one a month: its own trajectory."
_STEP: dict[str, type[pl.DataType] | pl.DataType] = {
    "name": pl.String,
    "kind": pl.String,
    "since": axes.MOMENT,
    "until": axes.MOMENT,
    "level": pl.Float64,
}
_EVENT: dict[str, type[pl.DataType] | pl.DataType] = {
    "month": axes.MOMENT,
    "top": pl.Float64,
    "letter": pl.String,
}


def subjects(outcome: Outcome) -> Iterator[tuple[str]]:
    """Each scope whose figures stand in the table of values."""
    have = set(outcome.tables.values["scope"])
    scopes = dict.fromkeys(value.scope for value in outcome.system_values)
    yield from ((scope,) for scope in scopes if scope in have)


def frame(outcome: Outcome, scope: str) -> pl.DataFrame:
    """The monthly values of a scope's indicators, a row for every month, in printed order."""
    own = outcome.tables.values.filter(pl.col("scope") == scope)
    values = _values(outcome, scope)
    return pl.concat([_series(own, value, own["period"]) for value in values])


def chart(outcome: Outcome, scope: str) -> alt.VConcatChart:
    """Draw the small multiples, two or three in a row, each on its own scale."""
    values = _values(outcome, scope)
    data = frame(outcome, scope)
    headline = _headline(values)
    one_basis = len({value.basis for value in values}) == 1
    subtitle = [f"Monthly figures{f', {values[0].basis}' if one_basis else ''}. {_KEY}"]
    subtitle += _incomplete(data)
    if any(step.kind == "trajectory" for value in values for step in value.target_steps):
        subtitle.append(_PLAN)
    letters = _letters(values, data)
    happened = [f"{letter}: {words.event(mark)}." for mark, letter in letters.items()]
    subtitle += happened
    shown = values if len(values) <= _FEW else [v for v in values if v.targets]
    latest = " ".join(f"{words.sentence(v.title)} {_now(v)}." for v in shown)
    alt_text = (
        f"{words.count(len(values), 'small line chart')} of {values[0].scope_name} by month, "
        f"{_span(data)}. {headline}. Latest: {latest}"
        + (f" Events: {' '.join(happened)}" if happened else "")
    )
    drawing = _grid(values, data, letters, one_basis=one_basis)
    return theme.dress(drawing, outcome, headline, subtitle, alt_text)


def _letters(values: list[SystemValue], data: pl.DataFrame) -> dict[EventMark, str]:
    """Each event that starts or lasts within the months drawn, with its letter."""
    first, last = str(data["period"].min()), str(data["period"].max())
    marks = dict.fromkeys(mark for value in values for mark in value.events)
    seen = [m for m in marks if m.since <= last and (m.since >= first or m.until >= first)]
    return dict(zip(sorted(seen, key=lambda m: (m.since, m.id)), ascii_lowercase, strict=False))


def _grid(
    values: list[SystemValue],
    data: pl.DataFrame,
    letters: Mapping[EventMark, str],
    *,
    one_basis: bool,
) -> alt.ConcatChart:
    columns, width = _WIDE if len(values) <= _FEW else _NARROW
    panels = []
    for value in values:
        basis = [] if one_basis else wrap(value.basis, width // 6)
        title = alt.TitleParams(words.sentence(value.title), subtitle=[_unit_line(value), *basis])
        series = data.filter(pl.col("indicator") == value.indicator)
        panels.append(_panel(series, value, letters).properties(width=width, title=title))
    # Flush bounds line the axes up whatever the width of labels; the spacing leaves them room.
    room = {"row": 88 if one_basis else 118, "column": 200}
    grid: alt.ConcatChart = alt.concat(*panels, columns=columns, bounds="flush", spacing=room)
    return grid


def _incomplete(data: pl.DataFrame) -> list[str]:
    """The months drawn that are sums of fewer trusts than expected, where there are any."""
    months = data.filter(pl.col("trusts_reported") < pl.col("trusts_expected"))["period"]
    told = words.months(months.to_list())
    return [f"Incomplete, with trusts absent or without a figure: {told}."] if told else []


def _values(outcome: Outcome, scope: str) -> list[SystemValue]:
    have = set(outcome.tables.values.filter(pl.col("scope") == scope)["indicator"])
    return [v for v in outcome.system_values if v.scope == scope and v.indicator in have]


def _series(own: pl.DataFrame, value: SystemValue, periods: pl.Series) -> pl.DataFrame:
    rows = own.filter((pl.col("indicator") == value.indicator) & (pl.col("basis") == value.basis))
    counts = ("reported", "expected", "trusts_reported", "trusts_expected")
    figures = rows.select("period", "value", *counts)
    names = {"indicator": value.indicator, "title": value.title, "unit": value.unit}
    said = [pl.lit(text).alias(name) for name, text in names.items()]
    return axes.on_spine(figures, periods).tail(_MONTHS).with_columns(said)


def _headline(values: list[SystemValue]) -> str:
    judged = [t.met for v in values for t in v.targets if t.met is not None]
    where, when = values[0].scope_name, words.month(values[0].period)
    if not judged:
        return f"{where}, {when}: no target could be judged"
    return f"{where}, {when}: {sum(judged)} of {words.count(len(judged), 'target')} met"


def _now(value: SystemValue) -> str:
    now = words.figure(value.value, value.unit, value.state)
    before = words.figure(value.year_before, value.unit, value.year_before_state)
    return f"{now} in {words.month(value.period)}, {before} a year before"


def _panel(data: pl.DataFrame, value: SystemValue, letters: Mapping[EventMark, str]) -> theme.Panel:
    first, last = data["month"][0], data["month"][-1]
    base = alt.Chart(data).encode(x=axes.month_axis(first, last, most=4))
    targets = _targets(value, first, last)
    heights = axes.heights([data["value"], targets["level"]])
    y = alt.Y("value:Q", title=None, scale=axes.scale(heights), axis=alt.Axis(tickCount=4))
    line = base.mark_line(color=theme.NAVY, strokeWidth=2.5).encode(y=y)
    points = base.mark_point(color=theme.NAVY, filled=True, size=24, opacity=1).encode(y=y)
    labels = axes.end_labels(_ends(data, value, targets), last, heights, _HEIGHT)
    steps = _steps(targets)
    events = _events(value, letters, first, heights[1])
    return alt.layer(*events, line, points, *steps, *labels).properties(height=_HEIGHT)


def _events(
    value: SystemValue, letters: Mapping[EventMark, str], first: datetime, top: float
) -> list[alt.Chart]:
    """A line where each event starts, and its letter above it."""
    rows = [
        (max(axes.moment(Period.parse(mark.since)), first), top, letters[mark])
        for mark in value.events
        if mark in letters
    ]
    if not rows:
        return []
    base = alt.Chart(pl.DataFrame(rows, schema=_EVENT, orient="row")).encode(x=alt.X("month:T"))
    rule = base.mark_rule(color=theme.RULE, strokeDash=[1, 3])
    letter = base.mark_text(color=theme.CHARCOAL, baseline="bottom", dy=-2)
    return [rule, letter.encode(y=alt.Y("top:Q"), text=alt.Text("letter:N"))]


def _unit_line(value: SystemValue) -> str:
    better = {"up": ", more is better", "down": ", less is better"}.get(value.improves, "")
    return f"{words.unit_name(value.unit)}{better}"


def _targets(value: SystemValue, first: datetime, last: datetime) -> pl.DataFrame:
    """The steps cut to the months drawn."""
    rows = []
    for step in value.target_steps:
        since = max(axes.moment(Period.parse(step.since)), first)
        until = min(axes.moment(Period.parse(step.until)), last) if step.until else last
        if since <= until:
            rows.append((step.name, step.kind, since - _HALF, until + _HALF, step.level))
    return pl.DataFrame(rows, schema=_STEP, orient="row")


def _steps(targets: pl.DataFrame) -> list[alt.Chart]:
    """National targets dashed, a body's own trajectory as a line of short strokes, unbroken."""
    planned = pl.col("kind") == "trajectory"
    looks: tuple[tuple[pl.Expr, dict[str, Any]], ...] = (
        (~planned, {"color": theme.PLUM, "strokeDash": [5, 3], "strokeWidth": 2}),
        (planned, {"color": theme.ORANGE, "strokeWidth": 3}),
    )
    return [
        alt.Chart(own)
        .mark_rule(**look)
        .encode(x=alt.X("since:T"), x2=alt.X2("until:T"), y=alt.Y("level:Q"))
        for which, look in looks
        if (own := targets.filter(which)).height
    ]


def _ends(data: pl.DataFrame, value: SystemValue, targets: pl.DataFrame) -> list[axes.EndLabel]:
    ends = axes.last_figure(data, "value", value.unit, theme.NAVY, bold=True)
    for name, level, until in targets.select("name", "level", "until").iter_rows():
        if until > data["month"][-1]:
            text = f"{words.figure(level, value.unit)} {name}"
            ends.append(axes.EndLabel(level, text, theme.PLUM))
    return ends


def _span(data: pl.DataFrame) -> str:
    first, last = str(data["period"].min()), str(data["period"].max())
    return f"{words.month(first)} to {words.month(last)}"
