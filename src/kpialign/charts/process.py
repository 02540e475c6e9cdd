"""A process chart: the months with their limits and special causes, and the target.

Colours are those of Making Data Count; a shape says high or low too, and a letter better or
worse, so that nothing rests on colour. Outlines have 3 : 1 against white.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import polars as pl

from kpialign.charts import axes, theme, words
from kpialign.findings import Outcome, SystemValue

_HEIGHT = 300
_LINE = "#4D4D4D"
# What a month is → fill, outline, shape, and the letter that stands by it.
_LOOKS = {
    "common_cause": ("#A6A6A6", "#6B6B6B", "circle", ""),
    "improvement_high": ("#00B0F0", "#005EB8", "triangle-up", "better"),
    "improvement_low": ("#00B0F0", "#005EB8", "triangle-down", "better"),
    "concern_high": ("#E46C0A", "#A84F00", "triangle-up", "worse"),
    "concern_low": ("#E46C0A", "#A84F00", "triangle-down", "worse"),
    "neither_high": ("#490092", "#490092", "triangle-up", "higher"),
    "neither_low": ("#490092", "#490092", "triangle-down", "lower"),
    "not_enough_data": ("#FFFFFF", "#6B6B6B", "circle", ""),
    "left_out": ("#FFFFFF", "#6B6B6B", "square", "left out"),
}
_LEVELS = ("level_before", "level_since", "months_before", "months_after")
_KEY = (
    "Circle: common cause. Triangle: special cause, pointing where the figure went; the word says "
    "better or worse. Dashed: process limits. Thin line: mean."
)


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each headline figure of what is in front that has months behind it."""
    have = set(outcome.tables.points.select("scope", "indicator").iter_rows())
    for value in outcome.system_values:
        own = value.scope == (outcome.system or value.scope)
        if own and value.headline and (value.scope, value.indicator) in have:
            yield value.scope, value.indicator


def frame(outcome: Outcome, scope: str, indicator: str) -> pl.DataFrame:
    """The months drawn, with limits, target, what each month is in words, and why."""
    states = pl.col("variation", "assurance").str.replace_all("_", " ")
    return _months(outcome, scope, indicator).with_columns(states).drop(_LEVELS)


def _months(outcome: Outcome, scope: str, indicator: str) -> pl.DataFrame:
    value = _value(outcome, scope, indicator)
    points = outcome.tables.points.filter(
        (pl.col("scope") == scope)
        & (pl.col("indicator") == indicator)
        & (pl.col("basis") == value.basis)
    )
    columns = ("period", "value", "segment", "reason", "centre", "drawn_low", "drawn_high",
               "target", "variation", "assurance", "why", "ghost", "rules", *_LEVELS)  # fmt: skip
    return axes.on_spine(points.select(columns), points["period"])


def chart(outcome: Outcome, scope: str, indicator: str) -> alt.VConcatChart:
    """Draw one figure with its limits, the months that are special causes, and its target."""
    value = _value(outcome, scope, indicator)
    data = _months(outcome, scope, indicator)
    headline = f"{words.sentence(value.title)}, {value.scope_name}: {_message(value)}"
    subtitle = [f"{words.unit_name(value.unit).capitalize()} by month, {value.basis}. {_KEY}"]
    subtitle += [*_segments(data), *_ghosts(data), *_suggested(data, value.unit)]
    rules = value.process.rules if value.process else ""
    subtitle.append(f"Rules: {rules}." + _alarm(value))
    return theme.dress(_drawing(data, value), outcome, headline, subtitle, _alt(value, data))


def _value(outcome: Outcome, scope: str, indicator: str) -> SystemValue:
    return next(
        v for v in outcome.system_values if (v.scope, v.indicator) == (scope, indicator)
    )  # fmt: skip


def _message(value: SystemValue) -> str:
    return words.process(value) or "no month could be judged"


def _segments(data: pl.DataFrame) -> list[str]:
    """Where limits start anew, and why."""
    starts = data.drop_nulls("segment").group_by("segment", maintain_order=True).first()
    return [
        f"Limits start anew in {words.month(period)}: {reason}."
        for period, reason in starts.select("period", "reason").iter_rows()
        if reason
    ]


def _ghosts(data: pl.DataFrame) -> list[str]:
    """Months that are shown and not counted, and why."""
    told = data.drop_nulls("ghost").select("period", "ghost")
    return [
        f"Shown and not counted, {words.month(period)}: {reason}."
        for period, reason in told.iter_rows()
    ]


def _suggested(data: pl.DataFrame, unit: str) -> list[str]:
    """Where limits might start anew, with the evidence; nobody does it without a reason."""
    found = data.drop_nulls(("level_before", "level_since")).select("period", *_LEVELS)
    return [
        f"A new level since {words.month(period)}? Mean {words.figure(before, unit)} over "
        f"{words.count(earlier, 'month')} before, {words.figure(since, unit)} over "
        f"{words.count(later, 'month')} since. If you know why, let limits start anew there."
        for period, before, since, earlier, later in found.iter_rows()
    ]


def _alarm(value: SystemValue) -> str:
    chance = value.process.false_alarm if value.process else None
    return "" if chance is None else f" A special cause by accident: {chance:.0%} of latest months."


def _alt(value: SystemValue, data: pl.DataFrame) -> str:
    first, last = words.month(data["period"][0]), words.month(data["period"][-1])
    state = value.process
    lines = ""
    if state is not None and state.low is not None and state.high is not None:
        ends = (words.figure(line, value.unit) for line in (state.centre, state.low, state.high))
        lines = " Mean {}, process limits {} to {}.".format(*ends)
    special = data.filter(pl.col("why") != "").height
    new = "".join(f" {text}" for text in _suggested(data, value.unit))
    return (
        f"Process chart of {value.title}, {value.scope_name}, {first} to {last}. "
        f"{words.sentence(_message(value))}. Latest: "
        f"{words.figure(value.value, value.unit, value.state)}.{lines} "
        f"{words.count(special, 'month')} of {data['value'].count()} special cause.{new}"
    )


def _drawing(data: pl.DataFrame, value: SystemValue) -> theme.Panel:
    first, last = data["month"][0], data["month"][-1]
    ends = axes.heights([data[c] for c in ("value", "drawn_low", "drawn_high", "target")])
    scale = axes.scale(ends)
    base = alt.Chart(data).encode(x=axes.month_axis(first, last, most=12))

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", title=None, scale=scale)

    # Lines of two segments are two lines: the fold is where limits start anew.
    segment = alt.Detail("segment:N")
    dashes: dict[str, Any] = {"color": _LINE, "strokeDash": [4, 3], "strokeWidth": 1.5}
    lines = [
        base.mark_line(**dashes).encode(y=y("drawn_low"), detail=segment),
        base.mark_line(**dashes).encode(y=y("drawn_high"), detail=segment),
        base.mark_line(color=_LINE, strokeWidth=1).encode(y=y("centre"), detail=segment),
        base.mark_line(color=theme.PLUM, strokeWidth=2).encode(y=y("target")),
        base.mark_line(color=_LINE, strokeWidth=1.5).encode(y=y("value")),
    ]
    labels = axes.end_labels(_ends(data, value), last, ends, _HEIGHT)
    layers = [*lines, *_points(data, scale), *labels]
    return alt.layer(*layers).properties(width=theme.WIDTH, height=_HEIGHT)


def _points(data: pl.DataFrame, scale: alt.Scale) -> Iterator[alt.Chart]:
    for kind, (fill, outline, shape, word) in _LOOKS.items():
        own = data.filter((pl.col("variation") == kind) & pl.col("value").is_not_null())
        if own.is_empty():
            continue
        size = 70 if shape == "circle" else 95
        yield (
            alt.Chart(own)
            .mark_point(filled=True, fill=fill, stroke=outline, strokeWidth=1.5, shape=shape,
                        size=size, opacity=1)
            .encode(x=alt.X("month:T"), y=alt.Y("value:Q", scale=scale))
        )  # fmt: skip
        if word:
            # One word a run: the eye finds the rest by shape.
            starts = own.filter(
                pl.col("month").diff().fill_null(pl.duration(days=99)) > pl.duration(days=32)
            )
            above = kind.endswith("high")
            yield (
                alt.Chart(starts)
                .mark_text(text=word, color=outline, dy=-14 if above else 16, fontWeight="bold")
                .encode(x=alt.X("month:T"), y=alt.Y("value:Q", scale=scale))
            )


def _ends(data: pl.DataFrame, value: SystemValue) -> list[axes.EndLabel]:
    ends = axes.last_figure(data, "value", value.unit, "#111111", bold=True)
    named = (
        ("drawn_high", "upper limit", _LINE), ("centre", "mean", _LINE),
        ("drawn_low", "lower limit", _LINE), ("target", "target", theme.PLUM),
    )  # fmt: skip
    for column, name, colour in named:
        level = data[column][-1]
        if level is not None:
            ends.append(axes.EndLabel(level, f"{words.figure(level, value.unit)} {name}", colour))
    return ends
