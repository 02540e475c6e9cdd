"""The evidence on one arrow step by step: what was tried, and whether the link went away."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.charts.find import arrow_of, finding_of
from kpialign.findings import ArrowResult, Estimate, Outcome

_PITCH = 34
_PLOT = 300
_SCHEMA = {"step": pl.String, "kind": pl.String, "r": pl.Float64, "low": pl.Float64,
           "high": pl.Float64, "label": pl.String}  # fmt: skip


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Every arrow with a national estimate."""
    for finding in outcome.findings:
        for arrow in finding.arrows:
            if arrow.pooled is not None:
                yield finding.rule, arrow.id


def frame(outcome: Outcome, rule: str, arrow: str) -> pl.DataFrame:
    """A row a step: the national estimate, then what was tried, then the controls."""
    result, finding = arrow_of(outcome, rule, arrow), finding_of(outcome, rule)
    rows = [_row("All ties together", "estimate", result.pooled)]
    if result.held_fixed:
        rows.append(_row(f"{', '.join(result.held_fixed)} held fixed", "tried", result.held))
    rows += [_row(f"Allowing for: {m.title}", "tried", one) for m, one in result.events]
    rows.append(_row("First 24 months alone", "tried", result.first_24))
    rows.append(_row("Last 24 months alone", "tried", result.last_24))
    rows += [_row(f"Control: {c.from_title} → {c.to_title}", "control", c.pooled)
             for c in finding.controls]  # fmt: skip
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _row(step: str, kind: str, one: Estimate | None) -> tuple[object, ...]:
    name = words.sentence(step)
    if one is None:
        return name, kind, None, None, None, "not estimated"
    return name, kind, one.r, one.low, one.high, words.correlation(one)


def reported(_: Outcome) -> tuple[tuple[str, ...], ...]:
    """Drawn when it is asked for, and not by every run."""
    return ()


def chart(outcome: Outcome, rule: str, arrow: str) -> alt.VConcatChart:
    """Draw the steps; the estimate is a square, what was tried a disc, controls are open."""
    result, data = arrow_of(outcome, rule, arrow), frame(outcome, rule, arrow)
    kept = data.filter((pl.col("kind") == "tried") & pl.col("r").is_not_null())
    national = result.pooled.r if result.pooled else 0.0
    same = kept.filter(pl.col("r") * national > 0).height
    headline = (
        f"{words.sentence(words.arrow_title(result))}: same sign in {same} of "
        f"{words.count(kept.height, 'way')} of looking"
    )
    subtitle = [
        "Partial correlation with its 95% interval. Square: the national estimate. Disc: what was "
        "tried to make it go away. Open: controls that the mechanism cannot cause; they ought to "
        "include 0.",
        f"Verdict: {result.verdict.words()}. {_why(result)}Association, not proof of intent.",
    ]
    said = "; ".join(f"{step} {label}" for step, label in data.select("step", "label").iter_rows())
    alt_text = f"Dot plot of {words.count(data.height, 'step')} of evidence. {headline}. {said}."
    return theme.dress(_drawing(data), outcome, headline, subtitle, alt_text)


def _why(result: ArrowResult) -> str:
    return f"{words.sentence('; '.join(result.reasons))}. " if result.reasons else ""


def _drawing(data: pl.DataFrame) -> theme.Panel:
    ends = [v for c in ("low", "high") for v in data[c].drop_nulls()] or [-1.0, 1.0]
    domain = [min(-0.2, *ends) - 0.05, max(0.2, *ends) + 0.05]
    x = alt.X("r:Q", title="Partial correlation; right of 0 as the rule says",
              scale=alt.Scale(domain=domain, nice=False))  # fmt: skip
    y = alt.Y("step:N", sort=data["step"].to_list(), title=None,
              axis=alt.Axis(labelLimit=260, domain=False, ticks=False))  # fmt: skip
    base = alt.Chart(data).encode(y=y)
    zero = alt.Chart(pl.DataFrame({"r": [0.0]})).mark_rule(color=theme.RULE).encode(x=x)
    layers = [
        zero,
        base.mark_rule(strokeWidth=2, color=theme.CHARCOAL).encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q")
        ),
    ]
    looks = {"estimate": ("square", True, theme.PLUM), "tried": ("circle", True, theme.NAVY),
             "control": ("circle", False, theme.CHARCOAL)}  # fmt: skip
    for kind, (shape, filled, colour) in looks.items():
        own = alt.Chart(data.filter(pl.col("kind") == kind)).encode(x=x, y=y)
        layers.append(own.mark_point(shape=shape, filled=filled, fill=colour if filled else "white",
                                     stroke=colour, size=120, strokeWidth=2,
                                     opacity=1))  # fmt: skip
    layers.append(
        base.mark_text(align="left", font=theme.FONT, dx=10)
        .encode(text=alt.Text("label:N"), x=alt.value(_PLOT))
    )  # fmt: skip
    return alt.layer(*layers).properties(width=_PLOT, height=_PITCH * data.height)
