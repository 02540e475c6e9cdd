"""Figures that a later submission changed: what they were, and what they are."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.findings import Outcome

_MOST = 20
_PITCH = 34
_PLOT = 320


def subjects(outcome: Outcome) -> Iterator[tuple[str]]:
    """What is in front, where something was revised."""
    if outcome.revisions:
        yield (outcome.system or "ENGLAND",)


def frame(outcome: Outcome, scope: str) -> pl.DataFrame:
    """A row a figure revised, the largest changes first: was, now, change in per cent, files."""
    rows = [
        (r.organisation, r.item, r.period, r.was, r.now, _change(r.was, r.now), r.was_file,
         r.now_file, r.published_on)
        for r in outcome.revisions
    ]  # fmt: skip
    texts = dict.fromkeys(("organisation", "item", "period"), pl.String)
    figures = dict.fromkeys(("was", "now", "change_percent"), pl.Float64)
    files = dict.fromkeys(("was_file", "now_file", "published_on"), pl.String)
    return pl.DataFrame(rows, schema={**texts, **figures, **files}, orient="row")


def _change(was: float | None, now: float | None) -> float | None:
    """Per cent by which a figure moved; none where it came, went, or was nought."""
    return None if was is None or now is None or not was else 100 * (now - was) / abs(was)


def reported(_: Outcome) -> tuple[tuple[str, ...], ...]:
    """Drawn when it is asked for, and not by every run."""
    return ()


def chart(outcome: Outcome, scope: str) -> alt.VConcatChart:
    """Draw the largest revisions in per cent of what they were."""
    data = frame(outcome, scope)
    many = words.count(data.height, "figure")
    bodies = words.count(data["organisation"].n_unique(), "body", "bodies")
    headline = f"{many} of {bodies} {'was' if data.height == 1 else 'were'} revised"
    shown = data.head(_MOST)
    subtitle = [
        f"Change in per cent of what the figure was; the {words.count(shown.height, 'largest')} "
        "by size of the figure." if data.height > _MOST else
        "Change in per cent of what the figure was; beside it both figures. No point: it was "
        "nought, or was not there, before.",
    ]  # fmt: skip
    said = "; ".join(_label(row) for row in shown.head(5).iter_rows(named=True))
    alt_text = f"Dot plot of revisions. {headline}. Largest: {said}."
    return theme.dress(_drawing(shown), outcome, headline, subtitle, alt_text)


def _label(row: dict[str, object]) -> str:
    was, now = row["was"], row["now"]
    figures = [words.figure(v if isinstance(v, float) else None, "count") for v in (was, now)]
    return f"{row['organisation']} {row['item']}, {words.month(str(row['period']))}: " + " → ".join(
        figures
    )


def _drawing(data: pl.DataFrame) -> theme.Panel:
    drawn = data.with_columns(
        pl.Series("row", [_label(row).partition(": ")[0] for row in data.iter_rows(named=True)]),
        pl.Series("label", [_label(row).rpartition(": ")[2] for row in data.iter_rows(named=True)]),
    )
    y = alt.Y("row:N", sort=drawn["row"].to_list(), title=None,
              axis=alt.Axis(labelLimit=420, labelPadding=8, domain=False, ticks=False))  # fmt: skip
    x = alt.X("change_percent:Q", title="Change, per cent")
    base = alt.Chart(drawn).encode(y=y)
    zero = (
        alt.Chart(pl.DataFrame({"change_percent": [0.0]})).mark_rule(color=theme.RULE).encode(x=x)
    )
    dots = base.transform_filter("isValid(datum.change_percent)")
    layers = [
        zero,
        dots.mark_rule(color=theme.NAVY, strokeWidth=2).encode(x=x, x2=alt.datum(0)),
        dots.mark_point(filled=True, size=110, color=theme.NAVY, opacity=1).encode(x=x),
        base.mark_text(align="left", dx=12, font=theme.FONT).encode(
            text=alt.Text("label:N"), x=alt.value(_PLOT)
        ),
    ]
    return alt.layer(*layers).properties(width=_PLOT, height=max(_PITCH * data.height, 60))
