"""Two recorders of one flow: both counts over the months, and the one over the other."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import axes, theme, words
from kpialign.charts.find import look_of, looks_with
from kpialign.findings import Outcome

_HEIGHT = 170


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each pair of counts that has months of both."""
    yield from ((rule, look.id) for rule, look in looks_with(outcome, "recorders"))


def frame(outcome: Outcome, rule: str, look: str) -> pl.DataFrame:
    """A row a month: both counts over all ties that gave both, and their ratio."""
    rows = outcome.tables.shapes.filter(
        (pl.col("rule") == rule) & (pl.col("look") == look) & (pl.col("kind") == "recorders")
    )
    sides = [
        rows.filter(pl.col("at") == n).select("period", pl.col("value").alias(name))
        for n, name in ((0.0, "one"), (1.0, "other"))
    ]
    both = sides[0].join(sides[1], on="period").with_columns(ratio=pl.col("one") / pl.col("other"))
    return axes.on_spine(both.sort("period"), rows["period"])


def chart(outcome: Outcome, rule: str, look: str) -> alt.VConcatChart:
    """Draw the counts above their ratio, over the same months."""
    data, found = frame(outcome, rule, look), look_of(outcome, rule, look)
    first, second = _names(outcome, rule, look)
    panels = [_counts(data), _ratio(data)]
    drawing = alt.vconcat(*panels).resolve_scale(x="shared")
    shape = next(one for one in outcome.shapes if one.rule == rule)
    national = [one for one in shape.looks if one.scope == found.scope]
    headline = f"{words.sentence(found.title)}: {shape.seen.words()}"
    subtitle = [
        *(f"{words.sentence(one.said)}." for one in national),
        f"Solid: {first}. Dashed: {second}. A break in a line: a month without both.",
    ]
    alt_text = (
        f"Two line charts, one above the other: {first} and {second} by month, and the ratio of "
        f"the two. {headline}. {found.said}."
    )
    return theme.dress(drawing, outcome, headline, subtitle, alt_text)


def _names(outcome: Outcome, rule: str, look: str) -> tuple[str, str]:
    rows = outcome.tables.shapes.filter((pl.col("rule") == rule) & (pl.col("look") == look))
    names = dict(rows.select("at", "series").unique().iter_rows())
    return names[0.0], names[1.0]


def _counts(data: pl.DataFrame) -> theme.Panel:
    ends = axes.heights(data.select("one", "other").iter_columns())
    base = _months(data)
    one = base.mark_line(color=theme.NAVY, strokeWidth=2.5)
    other = base.mark_line(color=theme.PLUM, strokeWidth=2.5, strokeDash=[6, 4])
    y = alt.Y("one:Q", title=None, scale=axes.scale(ends))
    return alt.layer(one.encode(y=y), other.encode(y=alt.Y("other:Q"))).properties(
        width=theme.WIDTH, height=_HEIGHT, title="Both counts"
    )


def _ratio(data: pl.DataFrame) -> theme.Panel:
    ends = axes.heights([data["ratio"]])
    y = alt.Y("ratio:Q", title=None, scale=axes.scale(ends))
    base = _months(data).encode(y=y)
    points = base.mark_point(color=theme.NAVY, filled=True, size=38, opacity=1)
    return alt.layer(base.mark_line(color=theme.NAVY, strokeWidth=2.5), points).properties(
        width=theme.WIDTH, height=_HEIGHT, title="The first count over the second"
    )


def _months(data: pl.DataFrame) -> alt.Chart:
    first, last = data["month"][0], data["month"][-1]
    return alt.Chart(data).encode(x=axes.month_axis(first, last, most=11))
