"""Before and after: each group's share and rate in both years, and those of the whole."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.charts.find import look_of, looks_with
from kpialign.findings import Outcome

_HEIGHT = 200


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each look at a mix that has two years."""
    yield from ((rule, look.id) for rule, look in looks_with(outcome, "mix"))


def frame(outcome: Outcome, rule: str, look: str) -> pl.DataFrame:
    """A row a group and year: its share of the whole and its rate, both per cent."""
    rows = outcome.tables.shapes.filter(
        (pl.col("rule") == rule) & (pl.col("look") == look) & (pl.col("kind") == "mix")
    )
    return rows.select(group="series", year="period", share="at", rate="value")


def chart(outcome: Outcome, rule: str, look: str) -> alt.VConcatChart:
    """Draw rates above shares, a row a group, a mark a year."""
    data, found = frame(outcome, rule, look), look_of(outcome, rule, look)
    panels = [
        _panel(data, "rate", "rate of each group, per cent"),
        _panel(data.filter(pl.col("group") != "whole"), "share", "share of each group, per cent"),
    ]
    headline = f"{words.sentence(found.title)}: {found.seen.words()}"
    subtitle = [
        f"{words.sentence(found.said)}.",
        "Open circle: the year before. Filled square: the last year.",
    ]
    alt_text = (
        f"Two dot plots, one above the other: the rate and the share of each group in two years. "
        f"{headline}. {found.said}."
    )
    return theme.dress(alt.vconcat(*panels), outcome, headline, subtitle, alt_text)


def _panel(data: pl.DataFrame, column: str, title: str) -> theme.Panel:
    groups = list(dict.fromkeys(data["group"]))
    base = alt.Chart(data).encode(
        y=alt.Y("group:N", title=None, sort=groups),
        x=alt.X(f"{column}:Q", title=None, scale=alt.Scale(zero=False)),
    )
    line = base.mark_line(color=theme.RULE).encode(detail=alt.Detail("group:N"))
    marks = []
    for year, shape, filled in (("before", "circle", False), ("after", "square", True)):
        own = base.transform_filter(alt.datum.year == year)
        marks.append(own.mark_point(shape=shape, filled=filled, color=theme.NAVY, size=90))
    return alt.layer(line, *marks).properties(
        width=theme.WIDTH, height=_HEIGHT / 4 * max(2, len(groups)), title=words.sentence(title)
    )
