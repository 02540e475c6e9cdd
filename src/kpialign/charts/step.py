"""A change somebody made: the months before and after beside everyone else's, and its rank."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import axes, judged, theme, words
from kpialign.errors import UsageError
from kpialign.findings import Learned, Outcome, StepSeen
from kpialign.findings.learned import Hope, Rank

_HEIGHT, _STRIP = 150, 34
_ALIKE = 0.05  # share of placebos as strong up to which a step stands out
_RANK = {
    Rank.STANDS_OUT: "stands out",
    Rank.DOES_NOT_STAND_OUT: "does not stand out",
    Rank.CANNOT_TELL: "cannot be told",
}
_KEY = (
    "Solid line with points: the body. Dashed: median of all others. Grey: their middle half. "
    "Upright line: the change. Below: the share of the same step at other places and in other "
    "months that looks at least as strong; left of the tick, 5%, it stands out."
)


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each change by body and date that was seen on a figure of its own."""
    for one in outcome.learned:
        if any(_months(outcome, one, seen).height for seen in one.steps):
            yield one.change.organisation, one.change.date


def frame(outcome: Outcome, organisation: str, date: str) -> pl.DataFrame:
    """A row an indicator and month: the body's figure, and quartiles of all others."""
    one = _change(outcome, organisation, date)
    parts = [_months(outcome, one, seen) for seen in one.steps]
    kept = [part for part in parts if part.height]
    return pl.concat(kept) if kept else parts[0]


def _change(outcome: Outcome, organisation: str, date: str) -> Learned:
    for one in outcome.learned:
        if (one.change.organisation, one.change.date) == (organisation, date):
            return one
    raise UsageError(f"no change of {organisation} on {date} in this run.")


def _months(outcome: Outcome, one: Learned, seen: StepSeen) -> pl.DataFrame:
    bodies = judged.bodies(outcome)
    figures = bodies.filter(pl.col("indicator") == seen.indicator)
    own = figures.filter(pl.col("organisation") == one.change.organisation)
    if own.is_empty() or "value" not in own.columns:
        return own.clear()
    others = (
        figures.filter(pl.col("organisation") != one.change.organisation)
        .group_by("period")
        .agg(
            pl.col("value").quantile(0.25, "linear").alias("others_low"),
            pl.col("value").median().alias("others_mid"),
            pl.col("value").quantile(0.75, "linear").alias("others_high"),
        )
    )
    rows = own.select("period", "value").join(others, on="period", how="left")
    return axes.on_spine(rows, own["period"]).with_columns(
        pl.lit(seen.indicator).alias("indicator"), pl.lit(seen.title).alias("title")
    )


def reported(_: Outcome) -> tuple[tuple[str, ...], ...]:
    """Drawn when it is asked for, and not by every run."""
    return ()


def chart(outcome: Outcome, organisation: str, date: str) -> alt.VConcatChart:
    """Draw a panel and a strip for each figure the change was seen on."""
    one = _change(outcome, organisation, date)
    pairs = [(seen, _months(outcome, one, seen)) for seen in one.steps]
    drawn = [(seen, data) for seen, data in pairs if data.height]
    aimed = [seen for seen, _ in drawn if seen.hope is Hope.AIMED_AT]
    headline = f"{one.name}, {date}: {one.change.tried}"
    subtitle = [
        "; ".join(f"{words.sentence(s.title)}: {_RANK[s.word]}" for s, _ in drawn) + ".",
        _KEY,
        "A rank is evidence, not proof: other things happen in the same month.",
    ]
    said = " ".join(f"{_panel_title(seen)}." for seen, _ in drawn)
    alt_text = (
        f"{words.count(len(drawn), 'line chart')} of {one.name} and all others before and after "
        f"{date}: {one.change.tried}. {said}"
        + ("" if aimed else " None of the figures it was aimed at could be drawn.")
    )
    panels = [_panel(seen, data, one) for seen, data in drawn]
    return theme.dress(
        alt.vconcat(*panels, spacing=26), outcome, headline, subtitle, alt_text
    )  # fmt: skip


def _panel_title(seen: StepSeen) -> str:
    hope = "aimed at" if seen.hope is Hope.AIMED_AT else "might harm"
    told = f"{words.sentence(seen.title)} ({hope}), {words.unit_name(seen.unit)}"
    if seen.effect is None:
        return f"{told}: {words.state_words(seen.state)}"
    around = f"{words.change(seen.low, seen.unit)} to {words.change(seen.high, seen.unit)}"
    return f"{told}: {words.change(seen.effect, seen.unit)} against the others ({around})"


def _panel(seen: StepSeen, data: pl.DataFrame, one: Learned) -> alt.VConcatChart:
    first, last = data["month"][0], data["month"][-1]
    columns = ("value", "others_low", "others_high")
    span = axes.heights([data[c] for c in columns])
    base = alt.Chart(data).encode(x=axes.month_axis(first, last, most=11))

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", title=None, scale=axes.scale(span))

    at = data.filter(pl.col("period") == one.change.since).select("month")
    layers: list[alt.Chart] = [
        base.mark_area(color=theme.BAND).encode(y=y("others_low"), y2=alt.Y2("others_high:Q")),
        base.mark_line(color=theme.RULE, strokeDash=[6, 4]).encode(y=y("others_mid")),
        base.mark_line(color=theme.NAVY, strokeWidth=2.5).encode(y=y("value")),
        base.mark_point(color=theme.NAVY, filled=True, size=38, opacity=1).encode(y=y("value")),
        alt.Chart(at).mark_rule(color="#111111", strokeWidth=2).encode(x=alt.X("month:T")),
        *axes.end_labels(axes.last_figure(data, "value", seen.unit, theme.NAVY, bold=True),
                         last, span, _HEIGHT),
    ]  # fmt: skip
    upper = alt.layer(*layers).properties(
        width=theme.WIDTH, height=_HEIGHT, title=_panel_title(seen)
    )
    joined: alt.VConcatChart = alt.vconcat(upper, _strip(seen), spacing=8)
    return joined


def _strip(seen: StepSeen) -> theme.Panel:
    """Where the step stands among the same step elsewhere: 0 none as strong, 1 all."""
    x = alt.X("share:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False),
              axis=alt.Axis(format="%", tickCount=5, grid=False))  # fmt: skip
    whole = alt.Chart(pl.DataFrame({"share": [0.0], "end": [1.0]}))
    tick = alt.Chart(pl.DataFrame({"share": [_ALIKE]}))
    layers: list[alt.Chart] = [
        whole.mark_rule(color=theme.RULE).encode(x=x, x2=alt.X2("end:Q")),
        tick.mark_tick(color="#111111", thickness=2, size=20).encode(x=x),
    ]
    if seen.share is not None:
        label = f"{100 * seen.share:.1f}% of {seen.placebos:,} as strong: {_RANK[seen.word]}"
        row = pl.DataFrame(
            {"share": [seen.share], "at": [max(seen.share, _ALIKE)], "label": [label]}
        )
        side, dx = ("left", 10) if seen.share < 0.5 else ("right", -10)
        base = alt.Chart(row).encode(x=x)
        layers.append(base.mark_point(shape="diamond", filled=True, size=130, color=theme.ORANGE,
                                      stroke="#111111", opacity=1))  # fmt: skip
        layers.append(
            alt.Chart(row)
            .mark_text(align=side, dx=dx, dy=-12, font=theme.FONT)  # type: ignore[arg-type]
            .encode(x=alt.X("at:Q"), text=alt.Text("label:N"))
        )
    return alt.layer(*layers).properties(width=theme.WIDTH, height=_STRIP)
