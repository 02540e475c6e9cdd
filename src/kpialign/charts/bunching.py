"""Stays before and after a limit: how many were counted, and how many a smooth curve expects."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.charts.find import look_of, looks_with
from kpialign.findings import Outcome

_HEIGHT = 260


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each limit at which stays in bands were looked at."""
    yield from ((rule, look.id) for rule, look in looks_with(outcome, "bunching"))


def frame(outcome: Outcome, rule: str, look: str) -> pl.DataFrame:
    """A row a band: where it starts and ends, in minutes, what was counted and is expected."""
    shapes = outcome.tables.shapes
    rows = shapes.filter(
        (pl.col("rule") == rule) & (pl.col("look") == look) & (pl.col("kind") == "bunching")
    )
    ends = (pl.col("at") + pl.col("width")).alias("end")
    counted = rows.filter(series="counted").select(
        pl.col("at").alias("start"), ends, pl.col("value").cast(pl.Int64).alias("stays")
    )
    curve = rows.filter(series="expected").select(
        pl.col("at").alias("start"), pl.col("value").alias("expected")
    )
    return counted.join(curve, on="start", how="left").sort("start")


def chart(outcome: Outcome, rule: str, look: str) -> alt.VConcatChart:
    """Draw bars of stays, the curve of those expected and the limit."""
    data, found = frame(outcome, rule, look), look_of(outcome, rule, look)
    limit = float(found.id.split()[1])
    x = alt.X("start:Q", title="minutes from arrival to departure")
    colour = alt.condition(alt.datum.start < limit, alt.value(theme.NAVY), alt.value(theme.LILAC))
    bars = alt.Chart(data).mark_bar(binSpacing=0, stroke="white", strokeWidth=1)
    middle = data.with_columns(
        ((pl.col("start") + pl.col("end")) / 2).alias("middle"),
        pl.col("expected").clip(lower_bound=0),  # a curve may dip below, stays may not
    )
    curve = alt.Chart(middle.drop_nulls("expected")).mark_line(color=theme.CHARCOAL, strokeWidth=2)
    line = alt.Chart(pl.DataFrame({"at": [limit]})).mark_rule(
        color=theme.CHARCOAL, strokeWidth=2, strokeDash=[6, 4]
    )
    drawing = alt.layer(
        bars.encode(x=x, x2=alt.X2("end:Q"), y=alt.Y("stays:Q", title="stays"), y2=alt.datum(0),
                    color=colour),
        curve.encode(x=alt.X("middle:Q"), y=alt.Y("expected:Q")),
        line.encode(x=alt.X("at:Q")),
    ).properties(width=theme.WIDTH, height=_HEIGHT)  # fmt: skip
    asks = "; why?" if found.question else ""
    headline = f"{words.sentence(found.title)}, {found.about}: {found.seen.words()}{asks}"
    subtitle = [
        f"{words.sentence(found.said)}.",
        "Bars: stays in bands of ten minutes, dark before the limit (dashed). Line: what a smooth "
        "curve expects.",
    ]
    alt_text = (
        f"Histogram of stays by minutes from arrival to departure, with the curve expected and "
        f"the limit at {limit:g}. {headline}. {found.said}."
    )
    return theme.dress(drawing, outcome, headline, subtitle, alt_text)
