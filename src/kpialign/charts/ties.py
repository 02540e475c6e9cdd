"""Rules by ties: where a link is in line with England, stands out, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.findings import Finding, Outcome
from kpialign.terms import LocalWord

_MOST = 30
_ROW, _COLUMN = 36, 150
_LOOKS = {
    LocalWord.IN_LINE: ("circle", "#FFFFFF", theme.NAVY),
    LocalWord.STANDS_OUT: ("diamond", theme.ORANGE, "#111111"),
    LocalWord.CANNOT_TELL: ("square", theme.BAND, theme.RULE),
}
_KEY = (
    "Disc: in line with England. Lozenge: stands out. Square: cannot tell. Beside it the partial "
    "correlation drawn towards England's; plus as the rule says. An empty cell: no such tie."
)


def subjects(outcome: Outcome) -> Iterator[tuple[str]]:
    """What is in front, or England, where a rule was looked at by tie."""
    if frame(outcome, "").height:
        yield (outcome.system or "ENGLAND",)


def frame(outcome: Outcome, scope: str) -> pl.DataFrame:
    """A row a rule, arrow and tie: those here, or ambulance services where England is in front."""
    rows = [row for finding in outcome.findings for row in _of(finding, outcome)]
    schema = dict.fromkeys(("rule", "title", "arrow", "tie", "name", "word", "state"), pl.String)
    return pl.DataFrame(
        rows, schema={**schema, "r": pl.Float64, "shrunk_r": pl.Float64}, orient="row"
    )


def _of(finding: Finding, outcome: Outcome) -> Iterator[tuple[object, ...]]:
    here = {tie.tie for tie in finding.here}
    for arrow in finding.arrows:
        few = len(arrow.ties) <= _MOST and not outcome.system
        for tie in arrow.ties:
            if tie.tie in here or few:
                known = tie.state == "estimated"
                yield (
                    finding.rule, finding.title, arrow.id, tie.tie, tie.name, tie.word.value,
                    tie.state, tie.r if known else None, tie.shrunk_r if known else None,
                )  # fmt: skip


def reported(_: Outcome) -> tuple[tuple[str, ...], ...]:
    """Drawn when it is asked for, and not by every run."""
    return ()


def chart(outcome: Outcome, scope: str) -> alt.VConcatChart:
    """Draw the matrix, a column a rule and arrow."""
    data = frame(outcome, scope)
    out = data.filter(pl.col("word") == LocalWord.STANDS_OUT.value)
    many = words.count(data.height, "tie", "ties")
    headline = (
        f"{outcome.system_name or outcome.system or 'England'}: {out.height or 'none'} of {many} "
        f"looked at {'stands' if out.height == 1 else 'stand'} out from England"
    )
    which = "; ".join(f"{n}, {t}" for n, t in out.select("name", "title").iter_rows())
    alt_text = (
        f"Matrix of {words.count(data['rule'].n_unique(), 'rule')} by "
        f"{words.count(data['tie'].n_unique(), 'tie')}. {headline}."
        + (f" {which}." if which else "")
    )
    subtitle = [_KEY, "Association, not proof of intent."]
    return theme.dress(_drawing(data), outcome, headline, subtitle, alt_text)


def _drawing(data: pl.DataFrame) -> theme.Panel:
    drawn = data.with_columns(
        pl.Series("row", [f"{words.short_name(name)} ({tie})" for name, tie in
                          data.select("name", "tie").iter_rows()], dtype=pl.String),
        pl.concat_str("rule", "arrow", separator=" ").alias("column"),
        pl.col("shrunk_r").map_elements(words.signed, return_dtype=pl.String).fill_null("")
        .alias("label"),
    )  # fmt: skip
    x = alt.X("column:N", title=None, sort=None,
              axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, labelPadding=52,
                            labelExpr=_titles(data)))  # fmt: skip
    y = alt.Y("row:N", sort=None, title=None,
              axis=alt.Axis(domain=False, ticks=False, grid=True, labelLimit=280))  # fmt: skip
    layers = []
    for word, (shape, fill, edge) in _LOOKS.items():
        own = alt.Chart(drawn.filter(pl.col("word") == word.value)).encode(x=x, y=y)
        layers.append(own.mark_point(shape=shape, fill=fill, stroke=edge, size=260, strokeWidth=2.5,
                                     opacity=1, xOffset=-22))  # fmt: skip
        layers.append(
            own.mark_text(align="left", dx=-4, font=theme.FONT).encode(text=alt.Text("label:N"))
        )
    wide = _COLUMN * drawn["column"].n_unique()
    return alt.layer(*layers).properties(width=wide, height=_ROW * drawn["row"].n_unique())


def _titles(data: pl.DataFrame) -> str:
    """Each column's head: the rule's id and title over three lines, as Vega says it."""
    import json

    heads = data.select("rule", "arrow", "title").unique(maintain_order=True).iter_rows()
    cases = (
        f"datum.label === {json.dumps(f'{rule} {arrow}')} ? "
        f"{json.dumps([rule, *wrap(title, 22, max_lines=3, placeholder='…')])} : "
        for rule, arrow, title in heads
    )
    return "".join(cases) + "datum.label"
