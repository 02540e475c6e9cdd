"""The density at a target: how many organisation-months lie in each half point around it."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.charts.find import look_of, looks_with
from kpialign.findings import Look, Outcome

_HEIGHT = 260


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each target that raises a question; without one, the look with the most figures."""
    found = list(looks_with(outcome, "density"))
    asking = [(rule, look) for rule, look in found if look.question]
    middle = sorted(found, key=lambda pair: (-pair[1].figures, pair[1].id))[:1]
    yield from ((rule, look.id) for rule, look in asking or middle)


def frame(outcome: Outcome, rule: str, look: str) -> pl.DataFrame:
    """A row a bin: where it starts and ends against the target, how many months lie in it."""
    rows = _rows(outcome, rule, look)
    return rows.select(
        start="at", end=pl.col("at") + pl.col("width"), months=pl.col("value").cast(pl.Int64),
        side="series",
    )  # fmt: skip


def chart(outcome: Outcome, rule: str, look: str) -> alt.VConcatChart:
    """Draw bars on either side of the target, which is a line."""
    data, found = frame(outcome, rule, look), look_of(outcome, rule, look)
    ends = sorted([*data["start"].to_list(), *data["end"].to_list()])
    span = alt.Scale(domain=[ends[0], ends[-1]], nice=False)
    bars = (
        alt.Chart(data)
        .mark_bar(binSpacing=0, stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("start:Q", title=_axis(found), scale=span),
            x2=alt.X2("end:Q"),
            y=alt.Y("months:Q", title="organisation-months"),
            y2=alt.datum(0),
            color=alt.Color(
                "side:N", legend=None,
                scale=alt.Scale(domain=["meets", "misses"], range=[theme.NAVY, theme.LILAC]),
            ),
        )
    )  # fmt: skip
    at = pl.DataFrame({"at": [0.0]})
    line = alt.Chart(at).mark_rule(color=theme.CHARCOAL, strokeWidth=2, strokeDash=[6, 4])
    drawing = alt.layer(bars, line.encode(x=alt.X("at:Q"))).properties(
        width=theme.WIDTH, height=_HEIGHT
    )
    headline = f"{words.sentence(found.title)}, {found.about}: {_message(found)}"
    subtitle = [
        f"{words.sentence(found.said)}.",
        "Dark: months that meet the target. Light: months that miss it. Dashed: the target.",
    ]
    alt_text = (
        f"Histogram of organisation-months by distance from the target. {headline}. {found.said}."
    )
    return theme.dress(drawing, outcome, headline, subtitle, alt_text)


def _axis(look: Look) -> str:
    """The unit stands in the look's own, as in "months a minute more"."""
    unit = look.unit.removeprefix("months a ").partition(" ")[0]
    return f"distance from the target, in {unit}s; to the right it is met"


def _message(look: Look) -> str:
    return f"{look.seen.words()}; why this shape?" if look.question else look.seen.words()


def _rows(outcome: Outcome, rule: str, look: str) -> pl.DataFrame:
    shapes = outcome.tables.shapes
    return shapes.filter(
        (pl.col("rule") == rule) & (pl.col("look") == look) & (pl.col("kind") == "density")
    ).sort("at")
