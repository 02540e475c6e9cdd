"""Who gave their part, month by month: whole, short of somebody, or nobody."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import axes, judged, theme, words
from kpialign.findings import Outcome

_MONTHS = 36
_PITCH = 26
_LOOKS = {
    "all reported": ("square", theme.NAVY, theme.NAVY),
    "short of somebody": ("triangle-up", theme.ORANGE, "#111111"),
    "nobody": ("cross", "#FFFFFF", theme.CHARCOAL),
}


def subjects(outcome: Outcome) -> Iterator[tuple[str]]:
    """Each whole with months behind it."""
    scopes = dict.fromkeys(outcome.tables.values["scope"].to_list())
    yield from ((scope,) for scope in scopes)


def frame(outcome: Outcome, scope: str) -> pl.DataFrame:
    """A row an indicator and month: how many reported of how many expected, and the state."""
    titles = {i: v.title for i, v in judged.told(outcome).items()}
    own = outcome.tables.values.filter(
        (pl.col("scope") == scope) & pl.col("indicator").is_in(list(titles))
    )
    months = own["period"].to_list()
    parts = [
        axes.on_spine(
            own.filter(pl.col("indicator") == one).select("period", "value", "reported", "expected")
            .unique("period", keep="first", maintain_order=True),
            months,
        ).tail(_MONTHS).with_columns(pl.lit(one).alias("indicator"),
                                     pl.lit(titles[one]).alias("title"))
        for one in dict.fromkeys(own["indicator"])
    ]  # fmt: skip
    state = (
        pl.when(pl.col("reported").fill_null(0) == 0).then(pl.lit("nobody"))
        .when(pl.col("reported") < pl.col("expected")).then(pl.lit("short of somebody"))
        .otherwise(pl.lit("all reported"))
    )  # fmt: skip
    return pl.concat(parts).with_columns(state.alias("state")).drop("value")


def reported(_: Outcome) -> tuple[tuple[str, ...], ...]:
    """Drawn when it is asked for, and not by every run."""
    return ()


def chart(outcome: Outcome, scope: str) -> alt.VConcatChart:
    """Draw the months; each state has its shape."""
    data = frame(outcome, scope)
    name = next((v.scope_name for v in outcome.system_values if v.scope == scope), scope)
    many = data.height
    whole = data.filter(pl.col("state") == "all reported").height
    headline = f"{name}: {whole:,} of {many:,} months of figures have everybody's part"
    first, last = str(data["period"].min()), str(data["period"].max())
    lacking = data.filter(pl.col("state") == "nobody")["period"].unique().to_list()
    subtitle = [
        f"Each indicator by month, {words.month(first)} to {words.month(last)}. Square: all "
        "expected reported. Triangle: somebody did not. Open cross: nobody did."
    ]
    gaps = (
        f" Months in which nobody reported something: {words.months(lacking)}." if lacking else ""
    )
    alt_text = (
        f"Grid of {words.count(data['indicator'].n_unique(), 'indicator')} by month, "
        f"{words.month(first)} to {words.month(last)}. {headline}.{gaps}"
    )
    return theme.dress(_drawing(data), outcome, headline, subtitle, alt_text)


def _drawing(data: pl.DataFrame) -> theme.Panel:
    rows = list(dict.fromkeys(words.sentence(t) for t in data["title"]))
    drawn = data.with_columns(
        pl.col("title").map_elements(words.sentence, return_dtype=pl.String).alias("row")
    )
    x = axes.month_axis(data["month"].min(), data["month"].max(), most=12)  # type: ignore[arg-type]
    y = alt.Y("row:N", sort=rows, title=None,
              axis=alt.Axis(labelLimit=300, labelPadding=12, domain=False,
                            ticks=False))  # fmt: skip
    layers = []
    for state, (shape, fill, edge) in _LOOKS.items():
        own = alt.Chart(drawn.filter(pl.col("state") == state)).encode(x=x, y=y)
        layers.append(own.mark_point(shape=shape, fill=fill, stroke=edge, strokeWidth=1.2, size=90,
                                     opacity=1))  # fmt: skip
    return alt.layer(*layers).properties(width=theme.WIDTH - 60, height=_PITCH * len(rows))
