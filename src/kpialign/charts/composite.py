"""A composite beside its parts: each part's score, the whole with its two intervals."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.errors import UsageError
from kpialign.findings import CompositeValue, Outcome

_PLOT = 340
_PITCH = 34
_SCHEMA = {
    "row": pl.String, "kind": pl.String, "score": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "wide_low": pl.Float64, "wide_high": pl.Float64, "share": pl.Float64,
    "label": pl.String,
}  # fmt: skip
_KEY = (
    "Circles: scores of the parts. Diamond: the whole; thick line: 95% interval from chance in the "
    "figures, thin line: with other weights and means."
)


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each composite that has a figure and its intervals."""
    for value in outcome.composites:
        if value.value is not None and value.doubt is not None:
            yield value.id, value.scope


def reported(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """For the report: of what stands in front."""
    yield from (subject for subject in subjects(outcome) if subject[1] == outcome.system)


def frame(outcome: Outcome, composite: str, scope: str) -> pl.DataFrame:
    """A row a part, the whole last: score, intervals, share of the whole."""
    value = _of(outcome, composite, scope)
    rows: list[dict[str, object]] = [
        {
            "row": words.sentence(part.title),
            "kind": "part",
            "score": part.score,
            "share": part.weight,
            "label": f"{words.figure(part.value, part.unit, part.state)}, "
            f"{100 * part.weight:.3g}% of it",
        }
        for part in value.parts
    ]
    whole: dict[str, object] = {"row": "The whole", "kind": "whole", "score": value.value}
    whole |= {"share": 1.0, "label": words.figure(value.value, "score")}
    if value.doubt:
        ends = ("low", "high", "wide_low", "wide_high")
        whole |= {name: getattr(value.doubt, name) for name in ends}
    return pl.DataFrame([*rows, whole], schema=_SCHEMA)


def chart(outcome: Outcome, composite: str, scope: str) -> alt.VConcatChart:
    """Draw the parts' scores and the whole."""
    value = _of(outcome, composite, scope)
    data = frame(outcome, composite, scope)
    score = words.figure(value.value, "score")
    held = f", {value.band}" if value.band else ""
    headline = f"{value.title}, {value.scope_name}: {score} of {value.high_end:g}{held}"
    doubt = value.doubt
    told = f"{words.sentence(doubt.words)}." if doubt else ""
    subtitle = [
        f"{words.month(value.period)}, {value.aggregate.replace('_', '-')} mean of scores between "
        "fixed goalposts; figures and shares of the whole on the right.",
        _KEY,
        told,
        "A way into the parts, not a verdict.",
    ]
    parts = "; ".join(
        f"{row['row']} {words.figure(row['score'], 'score')}"
        for row in data.filter(kind="part").iter_rows(named=True)
    )
    interval = f", 95% interval {doubt.low:.1f} to {doubt.high:.1f}" if doubt else ""
    alt_text = (
        f"Dot plot of {value.title}, {value.scope_name}, {words.month(value.period)}. The whole "
        f"{score}{interval}. Parts: {parts}. {told}"
    )
    return theme.dress(_drawing(data, value), outcome, headline, [s for s in subtitle if s],
                       alt_text)  # fmt: skip


def _drawing(data: pl.DataFrame, value: CompositeValue) -> theme.Panel:
    ends = sorted((value.low_end, value.high_end))
    axis = alt.Axis(title=None, domain=False, ticks=False, labelLimit=0)
    rows = alt.Chart(data).encode(y=alt.Y("row:N", sort=data["row"].to_list(), axis=axis))
    x = alt.X(
        "score:Q",
        title=f"Score, {ends[0]:g} at the worst goalpost and {ends[1]:g} at the best",
        scale=alt.Scale(domain=ends, nice=False),
    )
    kinds = alt.Scale(domain=["part", "whole"], range=["circle", "diamond"])
    colours = alt.Scale(domain=["part", "whole"], range=[theme.NAVY, theme.PLUM])
    points = rows.mark_point(filled=True, opacity=1, size=130).encode(
        x=x,
        shape=alt.Shape("kind:N", legend=None, scale=kinds),
        color=alt.Color("kind:N", legend=None, scale=colours),
    )
    wide = rows.mark_rule(strokeWidth=2, color=theme.PLUM)
    near = rows.mark_rule(strokeWidth=6, color=theme.LILAC)
    labels = rows.mark_text(align="left", font=theme.FONT).encode(
        x=alt.value(_PLOT + 12), text=alt.Text("label:N")
    )
    return alt.layer(
        wide.encode(x=alt.X("wide_low:Q"), x2=alt.X2("wide_high:Q")),
        near.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        points,
        labels,
    ).properties(width=_PLOT, height=_PITCH * data.height)


def _of(outcome: Outcome, composite: str, scope: str) -> CompositeValue:
    for value in outcome.composites:
        if (value.id, value.scope) == (composite, scope):
            return value
    raise UsageError(f"no composite {composite!r} of {scope!r} in this run.")
