"""One arrow at one tie, step by step: as reported, less season, less peers, less memory, pooled."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import axes, pair, theme, words
from kpialign.charts.find import arrow_of
from kpialign.findings import ArrowResult, EvidenceStep, Outcome, TieEstimate

_HEIGHT, _STRIP = 96, 46
_COLUMNS = {"as_reported": "value", "less_season": "less_season", "less_peers": "less_peers",
            "less_memory": "less_memory"}  # fmt: skip
_LEAST = 3  # months from which two lines have a correlation


def subjects(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """Every arrow with a national estimate, at each of its ties that has one."""
    for finding in outcome.findings:
        here = {tie.tie for tie in finding.here}
        for arrow in finding.arrows:
            known = [tie.tie for tie in arrow.ties if tie.state == "estimated"]
            # Ties here come first, then the typical one: whoever names no tie is shown that.
            first = [*(tie for tie in known if tie in here), *pair.typical(arrow)]
            if arrow.pooled is not None and arrow.steps:
                for tie in dict.fromkeys([*first, *known]):
                    yield finding.rule, arrow.id, tie


def reported(_: Outcome) -> tuple[tuple[str, ...], ...]:
    """Drawn when it is asked for, and not by every run."""
    return ()


def frame(outcome: Outcome, rule: str, arrow: str, tie: str) -> pl.DataFrame:
    """A row a step and month: both sides in their own standard deviations, turned.

    Above 0 is the way the rule says that side moves. The first side stands in the month in
    which the rule says that the second follows it.
    """
    rows = outcome.tables.pairs.filter(
        (pl.col("rule") == rule) & (pl.col("arrow") == arrow) & (pl.col("tie") == tie)
    )
    return pl.concat([_step(rows, name, column) for name, column in _COLUMNS.items()])


def chart(outcome: Outcome, rule: str, arrow: str, tie: str) -> alt.VConcatChart:
    """Draw a panel for each step, one below the other, and all ties together below them."""
    result, data = arrow_of(outcome, rule, arrow), frame(outcome, rule, arrow, tie)
    seen = next((t for t in result.ties if t.tie == tie), TieEstimate(tie, tie, "not tested"))
    steps = {step.step: step for step in result.steps}
    panels = [_panel(data.filter(step=name), at, steps.get(name))
              for at, name in enumerate(_COLUMNS, start=1)]  # fmt: skip
    drawing = alt.vconcat(*panels, _together(result, seen))
    headline = (
        f"{words.sentence(words.arrow_title(result))}: what is left, step by step, at "
        f"{words.short_name(seen.name)}"
    )
    subtitle = [
        f"Solid: {result.from_title}, up is {result.from_moves}. Dashed: {result.to_title}, up is "
        f"{result.to_moves}. Each in its own standard deviations.",
        "Unlinked pairs cannot move each other: where more than 5% of them look linked, lines "
        "that move together say little.",
        f"Verdict: {result.verdict.words()}. Association, not proof of intent.",
    ]
    told = "; ".join(_title(name, data, at, steps.get(name))
                     for at, name in enumerate(_COLUMNS, start=1))  # fmt: skip
    alt_text = (
        f"Four line charts of {result.from_title} and {result.to_title} at {seen.name}, and a "
        f"strip of all ties. {told}. All ties together: {_pooled(result)}."
    )
    return theme.dress(drawing, outcome, headline, subtitle, alt_text)


def _step(rows: pl.DataFrame, name: str, column: str) -> pl.DataFrame:
    own = rows.select("period", "side", "lag", value=pl.col(column) * pl.col("turn"))
    sides = [axes.on_spine(own.filter(side=side), rows["period"])["value"]
             for side in ("from", "to")]  # fmt: skip
    spine = axes.on_spine(own.filter(side="to").select("period"), rows["period"])
    lag = int(rows["lag"].max() or 0)  # type: ignore[arg-type]
    both = spine.with_columns(start=sides[0].shift(lag), end=sides[1])
    together = pl.col("start").is_not_null() & pl.col("end").is_not_null()
    return both.select(
        "period", "month", pl.lit(name).alias("step"),
        *((pl.col(c) - pl.col(c).filter(together).mean()) / pl.col(c).filter(together).std()
          for c in ("start", "end")),
    )  # fmt: skip


def _r(data: pl.DataFrame) -> float | None:
    """The correlation of what is drawn, positive where it is as the rule says."""
    known = data.drop_nulls(["start", "end"])
    if known.height < _LEAST:
        return None
    found = float(known.select(pl.corr("start", "end")).item())
    return found if words.known(found) else None


def _title(name: str, data: pl.DataFrame, at: int, step: EvidenceStep | None) -> str:
    title = step.title if step else words.state_words(name)
    everywhere = words.signed(step.estimate.r) if step and step.estimate else "not estimated"
    flagged = "" if step is None or step.unlinked is None else (
        f"; {words.figure(100 * step.unlinked, 'percent')} of unlinked pairs look linked"
    )  # fmt: skip
    own = words.signed(_r(data.filter(step=name)))
    return f"{at} {words.sentence(title)}: r {own} here, {everywhere} over all ties{flagged}"


def _panel(data: pl.DataFrame, at: int, step: EvidenceStep | None) -> theme.Panel:
    name = data["step"][0]
    first, last = data["month"][0], data["month"][-1]
    base = alt.Chart(data).encode(x=axes.month_axis(first, last, most=11))
    ends = axes.heights(data.select("start", "end").iter_columns())
    y = alt.Y("start:Q", title=None, scale=axes.scale(ends), axis=alt.Axis(tickCount=4))
    zero = alt.Chart(pl.DataFrame({"start": [0.0]})).mark_rule(color=theme.RULE).encode(y=y)
    other = base.mark_line(color=theme.PLUM, strokeWidth=2, strokeDash=[6, 4])
    one = base.mark_line(color=theme.NAVY, strokeWidth=2)
    # Points keep a lone month between two gaps visible.
    points = base.mark_point(color=theme.NAVY, filled=True, size=22, opacity=1)
    return alt.layer(
        zero, other.encode(y=alt.Y("end:Q")), one.encode(y=y), points.encode(y=y)
    ).properties(width=theme.WIDTH, height=_HEIGHT, title=_title(name, data, at, step))


def _together(result: ArrowResult, seen: TieEstimate) -> theme.Panel:
    """Every tie's r as a stroke, the one looked at a square, England a diamond on its interval."""
    ties = pl.DataFrame(
        [(t.r, t.tie == seen.tie) for t in result.ties if t.state == "estimated"],
        schema={"r": pl.Float64, "own": pl.Boolean}, orient="row",
    )  # fmt: skip
    x = alt.X("r:Q", title="Partial correlation; right of 0 as the rule says",
              scale=alt.Scale(domain=[-1, 1]))  # fmt: skip
    zero = alt.Chart(pl.DataFrame({"r": [0.0]})).mark_rule(color=theme.RULE).encode(x=x)
    low, high = alt.value(_STRIP * 0.3), alt.value(_STRIP * 0.72)
    layers = [
        zero,
        alt.Chart(ties).mark_tick(thickness=2, size=18, color=theme.NAVY).encode(x=x, y=low),
        alt.Chart(ties.filter("own")).mark_point(shape="square", filled=True, opacity=1, size=110,
                                                 color=theme.PLUM).encode(x=x, y=low),
    ]  # fmt: skip
    if result.pooled is not None:
        one = result.pooled
        england = alt.Chart(pl.DataFrame({"r": [one.r], "low": [one.low], "high": [one.high]}))
        layers += [
            england.mark_rule(strokeWidth=2, color=theme.CHARCOAL).encode(
                x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=high
            ),
            england.mark_point(shape="diamond", filled=True, opacity=1, size=150,
                               color=theme.CHARCOAL).encode(x=x, y=high),
        ]  # fmt: skip
    marks = "strokes: ties; square: here; diamond: England"
    title = f"5 All ties together: {_pooled(result)} ({marks})"
    return alt.layer(*layers).properties(width=theme.WIDTH, height=_STRIP, title=title)


def _pooled(result: ArrowResult) -> str:
    return words.correlation(result.pooled) if result.pooled else "not estimated"
