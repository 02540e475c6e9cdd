"""Axes over months, and labels that stand at the end of a line without touching."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.terms import Period, months_between

_STEPS = (1, 2, 3, 6, 12, 24)  # months between ticks, so that years start on a tick
_LINE = 16  # pixels from one 13-pixel label to the next
MOMENT = pl.Datetime("us", "UTC")
_LEAST = 0.02  # of the level: a steady figure's rounding must not look like movement
_PAD = 0.06  # of the height, so that no point lies on the axis


def moment(period: Period) -> datetime:
    """The start of a month in UTC, so that a chart is the same wherever it is drawn."""
    return datetime(period.year, period.month, 1, tzinfo=UTC)


def month_axis(first: datetime, last: datetime, most: int) -> alt.X:
    """A time axis with at most ``most`` labels, each a whole month."""
    periods = [Period(d.year, d.month) for d in (first, last)]
    every = list(months_between(*periods))
    step = next((s for s in _STEPS if len(every) <= most * s), _STEPS[-1])
    ticks = [p for p in every if (p.month - 1) % min(step, 12) == 0]
    # Milliseconds: Altair copies what it wraps once for every layer, which took half its time.
    values = [int(moment(p).timestamp() * 1000) for p in ticks]
    axis = alt.Axis(title=None, values=values, format="%b %Y", grid=False, labelOverlap=True)
    return alt.X("month:T", axis=axis, scale=alt.Scale(type="utc"))


def on_spine(frame: pl.DataFrame, periods: Iterable[str]) -> pl.DataFrame:
    """Give every month from the first to the last of ``periods`` a row: a gap stays a gap."""
    known = sorted(Period.parse(text) for text in set(periods))
    months = list(months_between(known[0], known[-1])) if known else []
    spine = pl.DataFrame(
        {"period": [str(p) for p in months], "month": [moment(p) for p in months]},
        schema={"period": pl.String, "month": MOMENT},
    )
    frame = frame.with_columns(pl.selectors.float().fill_nan(None))
    return spine.join(frame, on="period", how="left", maintain_order="left")


@dataclass(frozen=True)
class EndLabel:
    """Words at the height of a line's last figure."""

    at: float
    text: str
    colour: str
    bold: bool = False


def last_figure(
    data: pl.DataFrame, column: str, unit: str, colour: str, who: str = "", *, bold: bool = False
) -> list[EndLabel]:
    """The label of a line's last reported figure, with its month where that is not the last."""
    reported = data.drop_nulls(column)
    if reported.is_empty():
        return []
    value, at = reported.select(column, "month").row(-1)
    late = "" if at == data["month"][-1] else f" in {at:%b %Y}"
    return [EndLabel(value, f"{who}{words.figure(value, unit)}{late}", colour, bold=bold)]


def heights(columns: Iterable[pl.Series]) -> tuple[float, float]:
    """The lowest and highest figure, with room above and below."""
    every = [v for column in columns for v in column.drop_nulls()] or [0.0, 1.0]
    low, high = min(every), max(every)
    least = _LEAST * (abs(low + high) / 2 or 1.0)
    room = max((high - low) * _PAD, (least - (high - low)) / 2)
    return low - room, high + room


def scale(ends: tuple[float, float]) -> alt.Scale:
    """A scale that need not start at 0: the eye compares movements, not bars."""
    return alt.Scale(domain=list(ends), zero=False, nice=False)


def apart(levels: Sequence[float], ends: tuple[float, float], pixels: int) -> list[float]:
    """Levels in rising order, lifted so that a line of text fits between each two.

    >>> apart([10, 11, 90], (0, 100), 160)
    [10, 20.0, 90]
    """
    gap = (ends[1] - ends[0]) * _LINE / pixels
    free: list[float] = []
    for level in levels:
        free.append(max(level, free[-1] + gap) if free else level)
    return free


def end_labels(
    labels: Sequence[EndLabel], at: datetime, ends: tuple[float, float], pixels: int
) -> list[alt.Chart]:
    """Text marks right of ``at``, pushed apart where they would overlap."""
    placed: list[alt.Chart] = []
    ordered = sorted(labels, key=lambda x: x.at)
    free = apart([label.at for label in ordered], ends, pixels)
    for label, height in zip(ordered, free, strict=True):
        row = pl.DataFrame({"month": [at], "height": [height], "label": [label.text]})
        mark = alt.Chart(row).mark_text(
            align="left",
            dx=9,
            color=label.colour,
            fontWeight="bold" if label.bold else "normal",
            font=theme.FONT,
        )
        placed.append(
            mark.encode(x=alt.X("month:T"), y=alt.Y("height:Q"), text=alt.Text("label:N"))
        )
    return placed
