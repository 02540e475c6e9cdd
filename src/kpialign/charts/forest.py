"""One arrow over all ties: each tie's estimate, shrunk and own, and the national one."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.charts.find import arrow_of, finding_of
from kpialign.findings import ArrowResult, Outcome, TieEstimate

_PLOT = 340  # pixels; names stand left and figures right of it
_ROW = 30  # pixels from one named tie to the next
_FEW = 20  # ties; beyond it only those here are named, so that the chart fits a page or slide
_CROWD = 400  # pixels for all that are not named, at most
_NATIONAL = "England, all ties together"
_X_TITLE = "Partial correlation. Right of 0: as the rule says; left of 0: the opposite"
_FIGURES = ("r", "low", "high", "shrunk_r", "shrunk_low", "shrunk_high")
_SCHEMA: dict[str, type[pl.DataType]] = {
    "name": pl.String,
    "row": pl.String,
    "kind": pl.String,
    "state": pl.String,
    "months": pl.Int64,
    **dict.fromkeys(_FIGURES, pl.Float64),
    "label": pl.String,
}


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Every arrow that was estimated at a tie at least."""
    for finding in outcome.findings:
        for arrow in finding.arrows:
            if any(tie.state == "estimated" for tie in arrow.ties):
                yield finding.rule, arrow.id


def frame(outcome: Outcome, rule: str, arrow: str) -> pl.DataFrame:
    """A row per tie, strongest first, those without an estimate after them, England last."""
    result = arrow_of(outcome, rule, arrow)
    here = {tie.tie for tie in finding_of(outcome, rule).here}
    ties = sorted(result.ties, key=lambda t: (t.state != "estimated", -t.r, t.name, t.tie))
    rows = [_row(tie, tie.tie in here) for tie in ties]
    return pl.DataFrame([*rows, *_national(result)], schema=_SCHEMA)


def chart(outcome: Outcome, rule: str, arrow: str) -> alt.VConcatChart:
    """Draw the forest; ties here are squares with a bold name, England is a diamond."""
    result = arrow_of(outcome, rule, arrow)
    data = frame(outcome, rule, arrow)
    verdict = result.verdict.words()
    headline = f"{words.sentence(words.arrow_title(result))}: {verdict} across England"
    pooled = words.correlation(result.pooled) if result.pooled else "not estimated"
    subtitle = [
        f"Partial correlation after trend, season and peers, {_span(result)}. "
        f"National estimate {pooled}.",
        _key(data, result),
        "Association, not proof of intent.",
    ]
    alt_text = (
        f"Forest plot of {result.from_title} against {result.to_title}, "
        f"{words.count(len(result.ties), 'tie')}, {_span(result)}. {headline}. "
        f"National estimate {pooled}.{_here(data)}"
    )
    return theme.dress(_drawing(data, result), outcome, headline, subtitle, alt_text)


def _row(tie: TieEstimate, here: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "name": tie.name,
        # The code keeps two bodies of one name apart.
        "row": f"{words.short_name(tie.name)} ({tie.tie})",
        "kind": "here" if here else "tie",
        "state": words.state_words(tie.state),
        "months": tie.months,
    }
    if tie.state != "estimated":
        return row | {"label": words.state_words(tie.state)}
    return row | {f: getattr(tie, f) for f in _FIGURES} | {"label": words.correlation(tie)}


def _national(result: ArrowResult) -> list[dict[str, object]]:
    if result.pooled is None:
        return []
    pooled = result.pooled
    return [
        {
            "name": _NATIONAL,
            "row": _NATIONAL,
            "kind": "England",
            "state": "pooled",
            "months": result.months,
            "r": pooled.r,
            "low": pooled.low,
            "high": pooled.high,
            "label": words.correlation(pooled),
        }
    ]


def _drawing(data: pl.DataFrame, result: ArrowResult) -> theme.Drawing:
    ends = _limits(data, result.smallest_effect or 0.0)
    named = data.filter(pl.col("kind") != "tie")
    others = data.filter(pl.col("kind") == "tie")
    if data.height <= _FEW or not (named.height and others.height):
        return _named(data, result, ends)
    both = alt.vconcat(_named(named, result, ends, None), _crowd(others, result, ends))
    drawing: alt.VConcatChart = both.resolve_scale(x="shared")
    return drawing


def _named(
    data: pl.DataFrame, result: ArrowResult, ends: tuple[float, float],
    x_title: str | None = _X_TITLE,
) -> theme.Panel:  # fmt: skip
    x_axis = _x("r:Q", ends, x_title)
    rows = alt.Chart(data).encode(y=_rows(data))
    intervals = rows.mark_rule(strokeWidth=2, color=theme.CHARCOAL)
    shrunk = rows.mark_point(
        shape="triangle-up",
        filled=True,
        size=50,
        opacity=1,
        color=theme.ORANGE,
        yOffset=0.3 * _ROW,
    )
    labels = rows.mark_text(align="left", font=theme.FONT).encode(
        x=alt.value(_PLOT + 12), text=alt.Text("label:N")
    )
    return alt.layer(
        *_too_small(result.smallest_effect),
        alt.Chart(pl.DataFrame({"r": [0.0]})).mark_rule(color=theme.RULE).encode(x=x_axis),
        intervals.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        shrunk.encode(x=alt.X("shrunk_r:Q")),
        _own(rows),
        labels,
    ).properties(width=_PLOT, height=_ROW * data.height)


def _crowd(data: pl.DataFrame, result: ArrowResult, ends: tuple[float, float]) -> theme.Panel:
    """Everybody else without names: how far ties spread is the message, not who is where."""
    seen = data.drop_nulls("r").with_row_index("place")
    missing = data.height - seen.height
    without = f", {missing} of them without an estimate" if missing else ""
    title = f"The {words.count(data.height, 'other tie')}, largest first{without}"
    rows = alt.Chart(seen).encode(y=alt.Y("place:Q", axis=None, scale=alt.Scale(reverse=True)))
    x_axis = _x("low:Q", ends, _X_TITLE)
    return alt.layer(
        *_too_small(result.smallest_effect),
        alt.Chart(pl.DataFrame({"r": [0.0]})).mark_rule(color=theme.RULE).encode(x=alt.X("r:Q")),
        rows.mark_rule(strokeWidth=1, color=theme.RULE).encode(x=x_axis, x2=alt.X2("high:Q")),
        rows.mark_point(filled=True, opacity=1, size=18, color=theme.NAVY).encode(x=alt.X("r:Q")),
    ).properties(width=_PLOT, height=min(_CROWD, 8 * seen.height), title=title)


def _x(column: str, ends: tuple[float, float], title: str | None) -> alt.X:
    scale = alt.Scale(domain=list(ends), nice=False)
    return alt.X(column, title=title, scale=scale, axis=alt.Axis(tickCount=7))


def _rows(data: pl.DataFrame) -> alt.Y:
    heavy = [row for row, kind in data.select("row", "kind").iter_rows() if kind != "tie"]
    # The names go into an expression: as JSON they are string literals there, whatever they hold.
    test = f"indexof({json.dumps(heavy)}, datum.value) >= 0"
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelLimit=0,  # names are cut already; measuring them for a cut takes seconds
        labelFontWeight={"condition": {"test": test, "value": "bold"}, "value": "normal"},
    )
    return alt.Y("row:N", sort=None, axis=axis)


def _own(rows: alt.Chart) -> alt.Chart:
    kinds, shapes = ["tie", "here", "England"], ["circle", "square", "diamond"]
    colours = [theme.NAVY, theme.PLUM, theme.CHARCOAL]
    sizes = [70, 110, 190]
    marks: alt.Chart = rows.mark_point(filled=True, opacity=1).encode(
        x=alt.X("r:Q"),
        shape=alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=shapes)),
        color=alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=colours)),
        size=alt.Size("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=sizes)),
    )
    return marks


def _too_small(effect: float | None) -> list[alt.Chart]:
    if effect is None:
        return []
    band = pl.DataFrame({"low": [-effect], "high": [effect]})
    return [
        alt.Chart(band).mark_rect(color=theme.BAND).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    ]


def _limits(data: pl.DataFrame, effect: float) -> tuple[float, float]:
    """The interval ends and 0, out to the next tenth: a forest shows every interval whole."""
    every = [v for c in ("low", "high") for v in data[c].drop_nulls()] + [0.0, effect, -effect]
    return math.floor(min(every) * 10) / 10, math.ceil(max(every) * 10) / 10


def _key(data: pl.DataFrame, result: ArrowResult) -> str:
    kinds = set(data["kind"])
    crowd = data.height > _FEW
    small = result.smallest_effect
    parts = [
        "Circle: a tie with its 95% interval.",
        "Square, bold: here." if "here" in kinds else "",
        "" if crowd and "here" not in kinds else "Triangle: the tie drawn towards England.",
        "Diamond: England." if "England" in kinds else "",
        f"Grey: too small to matter (within ±{small:.2f})." if small is not None else "",
        "Every tie by name is in the table behind." if crowd else "",
    ]
    return " ".join(part for part in parts if part)


def _here(data: pl.DataFrame) -> str:
    here = data.filter(pl.col("kind") == "here").select("name", "label").iter_rows()
    return "".join(f" {name}: {label}." for name, label in here)


def _span(result: ArrowResult) -> str:
    first, last = words.month(result.first_month), words.month(result.last_month)
    return f"{first} to {last} ({words.count(result.months, 'month')})"
