"""A funnel: the share of every body by its size, with limits that agree with its z-scores."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import numpy as np
import polars as pl

from kpialign.charts import axes, judged, theme, words
from kpialign.evidence.funnel import Z_95, Z_998, Funnel, funnel
from kpialign.findings import Outcome

_HEIGHT = 380
_NAMES = 190  # pixels of the width, for the names of bodies here
_LEAST = 10  # bodies; fewer make no funnel
_POINTS = 120  # of each limit's curve
_WIDE = 10.0  # times chance from which limits say more of spread than of luck
_LIMITS = ((Z_95, "95%", [4, 3]), (Z_998, "99.8%", [1, 0]))


def subjects(outcome: Outcome) -> Iterator[tuple[str]]:
    """Each headline share that ten bodies and more report for the month told."""
    for indicator, value in judged.told(outcome).items():
        if (
            value.headline
            and value.unit == "percent"
            and _month(outcome, indicator).height >= _LEAST
        ):
            yield (indicator,)


def frame(outcome: Outcome, indicator: str) -> pl.DataFrame:
    """A row a body: size, share, z-score, and where it lies; those here first."""
    data = _month(outcome, indicator)
    made = _fit(data)
    where = pl.Series(made.z).to_frame("z").select(
        pl.when(pl.col("z").abs() > Z_998).then(pl.lit("beyond 99.8%"))
        .when(pl.col("z").abs() > Z_95).then(pl.lit("beyond 95%"))
        .otherwise(pl.lit("within")).alias("lies")
    )["lies"]  # fmt: skip
    return (
        data.with_columns(pl.Series("z", made.z), where)
        .select("name", "organisation", "here", "numerator", "denominator", "value", "z", "lies")
        .sort("here", "denominator", descending=True)
    )


def _month(outcome: Outcome, indicator: str) -> pl.DataFrame:
    bodies = judged.bodies(outcome)
    if "numerator" not in bodies.columns:
        return bodies.clear()
    return bodies.filter(
        (pl.col("indicator") == indicator)
        & (pl.col("period") == outcome.period)
        & (pl.col("denominator") > 0)
        & pl.col("numerator").is_between(0, pl.col("denominator"))
    )


def _fit(data: pl.DataFrame) -> Funnel:
    return funnel(data["numerator"].to_numpy(), data["denominator"].to_numpy())


def reported(_: Outcome) -> tuple[tuple[str, ...], ...]:
    """Drawn when it is asked for, and not by every run."""
    return ()


def chart(outcome: Outcome, indicator: str) -> alt.VConcatChart:
    """Draw the funnel; bodies here are squares with their name."""
    value, data = judged.told(outcome)[indicator], frame(outcome, indicator)
    made = _fit(_month(outcome, indicator))
    out = data.filter(pl.col("lies") == "beyond 99.8%").height
    month = words.month(outcome.period)
    many = words.count(data.height, "body", "bodies")
    headline = (
        f"{words.sentence(value.title)}, {month}: {out} of {many} "
        "lie outside what size and usual differences explain"
    )
    wide = (
        f" Bodies differ far more than chance alone ({made.phi:,.0f} times), so the limits show "
        "their usual spread; lying within is no proof of being alike."
        if made.phi > _WIDE
        else ""
    )
    subtitle = [
        "Each point a body; further right is larger. Dashed: 95% limits. Solid: 99.8%. Middle: all "
        f"together, {words.figure(100 * made.theta, 'percent')}. Square with a name: here.{wide}",
        "Where a body lies is a reason to ask, not a place in an order.",
    ]
    here = "; ".join(
        f"{name} {words.figure(v, 'percent')}, {lies} limits"
        for name, v, lies in data.filter("here").select("name", "value", "lies").iter_rows()
    )
    alt_text = (
        f"Funnel plot of {value.title} against size, {month}, "
        f"{words.count(data.height, 'body', 'bodies')}. {headline}."
        + (f" Here: {here}." if here else "")
    )
    return theme.dress(_drawing(data, made), outcome, headline, subtitle, alt_text)


def _drawing(data: pl.DataFrame, made: Funnel) -> theme.Panel:
    most = float(data["denominator"].max() or 1.0)  # type: ignore[arg-type]
    sizes = np.linspace(max(most / 400, 1.0), most * 1.04, _POINTS)
    drawn = {
        (z, side): 100 * made.limit(sizes, side * z) for z, _, _ in _LIMITS for side in (-1, 1)
    }
    seen = data["value"]
    # Limits of the smallest bodies run off to 0 and 100; the eye needs the points.
    span = axes.heights([seen, *(pl.Series(c[_POINTS // 10 :]) for c in drawn.values())])
    scale = axes.scale((max(span[0], 0.0), min(span[1], 100.0)))
    x = alt.X("size:Q", title="Size: the denominator of the month",
              scale=alt.Scale(domain=[0, most * 1.04], nice=False))  # fmt: skip
    y = alt.Y("share:Q", title=None, scale=scale)
    layers: list[alt.Chart] = []
    for z, _, dash in _LIMITS:
        for side in (-1, 1):
            curve = pl.DataFrame({"size": sizes, "share": drawn[z, side]})
            mark = alt.Chart(curve).mark_line(
                color=theme.CHARCOAL, strokeDash=dash, strokeWidth=1.5, clip=True
            )
            layers.append(mark.encode(x=x, y=y))
    middle = pl.DataFrame({"share": [100 * made.theta]})
    layers.append(alt.Chart(middle).mark_rule(color=theme.RULE).encode(y=y))
    renamed = data.rename({"denominator": "size", "value": "share"})
    others, here = renamed.filter(~pl.col("here")), renamed.filter("here")
    layers.append(
        alt.Chart(others).mark_point(filled=True, size=45, color=theme.NAVY, opacity=0.75)
        .encode(x=x, y=y)
    )  # fmt: skip
    layers += _named(here, x, y, most * 1.04, span)
    wide = theme.WIDTH - _NAMES if here.height else theme.WIDTH
    return alt.layer(*layers).properties(width=wide, height=_HEIGHT)


def _named(
    here: pl.DataFrame, x: alt.X, y: alt.Y, edge: float, span: tuple[float, float]
) -> Iterator[alt.Chart]:
    """Squares for the bodies here, each with a line to its name in the margin."""
    if here.is_empty():
        return
    ordered = here.sort("share", "organisation").with_columns(
        pl.col("name").map_elements(words.short_name, return_dtype=pl.String).alias("label"),
        edge=pl.lit(edge),
    )
    heights = axes.apart(ordered["share"].to_list(), span, _HEIGHT)
    base = alt.Chart(ordered.with_columns(height=pl.Series(heights)))
    yield base.mark_rule(color=theme.RULE, strokeWidth=1).encode(
        x=x, y=y, x2=alt.X2("edge:Q"), y2=alt.Y2("height:Q")
    )
    yield base.mark_point(
        shape="square", filled=True, size=110, color=theme.ORANGE, stroke="#111111",
        strokeWidth=1.5, opacity=1,
    ).encode(x=x, y=y)  # fmt: skip
    text = base.mark_text(align="left", dx=6, fontWeight="bold", font=theme.FONT)
    yield text.encode(x=alt.X("edge:Q"), y=alt.Y("height:Q"), text=alt.Text("label:N"))
