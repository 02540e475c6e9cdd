"""One arrow at one tie: two panels on one clock, each line against its peers.

Two aligned panels and no second axis: a dual axis lets the drawer choose the story.
"""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import axes, theme, words
from kpialign.charts.find import arrow_of, finding_of
from kpialign.findings import ArrowResult, Outcome, TieEstimate

_HEIGHT = 170
_COLUMNS = ("value", "peer_low", "peer_mid", "peer_high")


def subjects(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """Each rule, arrow and tie here that has figures to draw; where none is, a typical tie."""
    have = set(outcome.tables.pairs.select("rule", "arrow", "tie").unique().iter_rows())
    for finding in outcome.findings:
        ties = dict.fromkeys(tie.tie for tie in finding.here)
        for arrow in finding.arrows:
            keys = ((finding.rule, arrow.id, tie) for tie in ties or typical(arrow))
            yield from (key for key in keys if key in have)


def typical(arrow: ArrowResult) -> list[str]:
    """The tie whose estimate is nearest to the national one, so that no extreme is singled out."""
    known = [tie for tie in arrow.ties if tie.state == "estimated"]
    if arrow.pooled is None or not known:
        return []
    middle = arrow.pooled.r
    return [min(known, key=lambda tie: (abs(tie.r - middle), tie.tie)).tie]


def frame(outcome: Outcome, rule: str, arrow: str, tie: str) -> pl.DataFrame:
    """Both sides month by month; a month without a report has a row and no value."""
    rows = outcome.tables.pairs.filter(
        (pl.col("rule") == rule) & (pl.col("arrow") == arrow) & (pl.col("tie") == tie)
    )
    return pl.concat([_side(rows, side) for side in ("from", "to")])


def chart(outcome: Outcome, rule: str, arrow: str, tie: str) -> alt.VConcatChart:
    """Draw the ``from`` indicator above the ``to`` indicator, over the same months."""
    result = arrow_of(outcome, rule, arrow)
    data = frame(outcome, rule, arrow, tie)
    seen = next((t for t in result.ties if t.tie == tie), TieEstimate(tie, tie, "not tested"))
    panels = [_panel(data.filter(pl.col("side") == side)) for side in ("from", "to")]
    drawing = alt.vconcat(*panels).resolve_scale(x="shared")
    headline = (
        f"{words.sentence(result.from_title)} → {result.to_title}, {seen.name}: "
        f"{words.local_words(seen)}"
    )
    subtitle = [_evidence(result, seen), _key(seen.name), _national(outcome, rule)]
    alt_text = (
        f"Two line charts, one above the other, {_span(data)}: {result.from_title} and "
        f"{result.to_title} at {seen.name}, each with its peers. {headline}. {_latest(data)}"
    )
    return theme.dress(drawing, outcome, headline, subtitle, alt_text)


def _side(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    own = rows.filter(pl.col("side") == side)
    named = own.select("side", "tie_name", "title", "unit").unique(maintain_order=True).head(1)
    figures = axes.on_spine(own.select("period", *_COLUMNS), rows["period"])
    return figures.join(named, how="cross", maintain_order="left")


def _panel(data: pl.DataFrame) -> theme.Panel:
    title, unit = data.select("title", "unit").row(0)
    first, last = data["month"][0], data["month"][-1]
    base = alt.Chart(data).encode(x=axes.month_axis(first, last, most=11))
    heights = axes.heights(data.select(_COLUMNS).iter_columns())
    low = alt.Y("peer_low:Q", title=None, scale=axes.scale(heights))
    band = base.mark_area(color=theme.BAND).encode(y=low, y2=alt.Y2("peer_high:Q"))
    median = base.mark_line(color=theme.RULE, strokeDash=[6, 4], strokeWidth=2)
    line = base.mark_line(color=theme.NAVY, strokeWidth=2.5).encode(y=alt.Y("value:Q"))
    # Points keep a lone month between two gaps visible, and the line told apart in grey.
    points = base.mark_point(color=theme.NAVY, filled=True, size=38, opacity=1)
    labels = axes.end_labels(_ends(data, unit), last, heights, _HEIGHT)
    layers = [
        band,
        median.encode(y=alt.Y("peer_mid:Q")),
        line,
        points.encode(y=alt.Y("value:Q")),
        *labels,
    ]
    return alt.layer(*layers).properties(
        width=theme.WIDTH, height=_HEIGHT, title=f"{words.sentence(title)}, {words.unit_name(unit)}"
    )


def _ends(data: pl.DataFrame, unit: str) -> list[axes.EndLabel]:
    return [
        *axes.last_figure(data, "peer_mid", unit, theme.RULE, "peers' median "),
        *axes.last_figure(data, "value", unit, theme.NAVY, bold=True),
    ]


def _evidence(arrow: ArrowResult, tie: TieEstimate) -> str:
    if tie.state != "estimated":
        return f"No estimate here: {words.state_words(tie.state)}."
    return (
        f"Partial correlation {words.correlation(tie)} after trend, season and peers; "
        f"{tie.months} months; {tie.peers_from} and {tie.peers_to} peers; "
        f"{tie.stronger:,} of {tie.unlinked:,} unlinked pairs look as strong."
    )


def _key(name: str) -> str:
    return (
        f"Solid line with points: {name}. Dashed: peers' median. "
        "Grey: the middle half of peers. A break in the line: not reported."
    )


def _national(outcome: Outcome, rule: str) -> str:
    verdict = finding_of(outcome, rule).verdict.words()
    return f"The rule over all of England: {verdict}. Association, not proof of intent."


def _span(data: pl.DataFrame) -> str:
    first, last = data["period"].min(), data["period"].max()
    return f"{words.month(str(first))} to {words.month(str(last))}"


def _latest(data: pl.DataFrame) -> str:
    parts = []
    for side in ("from", "to"):
        rows = data.filter(pl.col("side") == side)
        title, unit, period, value, mid = rows.select(
            "title", "unit", "period", "value", "peer_mid"
        ).row(-1)
        now = words.figure(value, unit, "not_reported")
        gaps = rows["value"].null_count()
        silent = f"; {words.count(gaps, 'month')} without a report" if gaps else ""
        peers = words.figure(mid, unit)
        parts.append(f"{title} {now} in {words.month(period)}, peers' median {peers}{silent}.")
    return "Latest: " + " ".join(parts)
