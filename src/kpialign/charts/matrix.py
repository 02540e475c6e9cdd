"""Every organisation here by every headline indicator: is it changing, will it meet its target?"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

import altair as alt
import polars as pl

from kpialign.charts import icons, judged, theme, words
from kpialign.findings import Outcome
from kpialign.terms import Period

_MOST = 30  # rows; more are no page
_ROW, _COLUMN = 44, 128  # pixels
_KEY = (
    "First sign, is it changing? ~ steady; H high or L low beyond chance, disc better, lozenge "
    "worse, square neither. Second, will it meet its target? P passes, F fails whatever the month, "
    "? may do either, – no target."
)
_LOOKS = {
    "better": ("#B8E6FA", "#005EB8", "circle"),
    "worse": ("#F7C9A3", "#8A3D00", "diamond"),
    "higher or lower": ("#E4D3F2", "#490092", "square"),
    "steady": ("#E6E6E6", "#5A5A5A", "circle"),
    "none": ("#FFFFFF", "#8A8A8A", "square"),
}


def subjects(outcome: Outcome) -> Iterator[tuple[str]]:
    """What is in front, where its organisations have figures."""
    if 0 < _rows(outcome)["organisation"].n_unique() <= _MOST:
        yield (outcome.system,)


def frame(outcome: Outcome, scope: str) -> pl.DataFrame:
    """A row an organisation and headline indicator: figure, both signs, as of which month."""
    rows = _rows(outcome)
    titles = {i: v.title for i, v in judged.told(outcome).items()}
    units = {i: v.unit for i, v in judged.told(outcome).items()}
    names = dict(judged.bodies(outcome).select("organisation", "name").unique().iter_rows())
    told = [
        (
            names[row["organisation"]], row["organisation"], titles[row["indicator"]],
            row["indicator"], words.figure(row["value"], units[row["indicator"]], "not_reported"),
            icons.variation(row["variation"]).words, icons.assurance(row["assurance"]).words,
            row["variation"], row["assurance"], row["told"] or "",
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    columns = ("name", "organisation", "title", "indicator", "figure", "changing", "will_it_meet",
               "variation", "assurance", "told")  # fmt: skip
    return pl.DataFrame(told, schema=dict.fromkeys(columns, pl.String), orient="row")


def _rows(outcome: Outcome) -> pl.DataFrame:
    bodies = judged.bodies(outcome)
    headline = [v.indicator for v in outcome.system_values if v.headline]
    if "here" not in bodies.columns or not outcome.system:
        return pl.DataFrame(schema=dict.fromkeys(judged.KEY, pl.String))
    here = bodies.filter(pl.col("here"), pl.col("indicator").is_in(headline))
    if here.is_empty():
        return here
    found = judged.with_key(judged.charts(outcome).series)
    keys = here.select(judged.KEY).unique()
    return found.join(keys, on=judged.KEY, how="semi").sort("role", "organisation", "indicator")


def reported(_: Outcome) -> tuple[tuple[str, ...], ...]:
    """Drawn when it is asked for, and not by every run."""
    return ()


def chart(outcome: Outcome, scope: str) -> alt.VConcatChart:
    """Draw the matrix; a cell without signs is an indicator the body does not report."""
    data = frame(outcome, scope)
    worse = data.filter(pl.col("variation").str.starts_with("concern")).height
    better = data.filter(pl.col("variation").str.starts_with("improvement")).height
    many = words.count(data.height, "figure")
    headline = (
        f"{outcome.system_name or scope}: {better or 'none'} of {many} getting better beyond "
        f"chance, {worse or 'none'} getting worse"
    )
    month = words.month(str(Period.parse(outcome.period)))
    late = data.filter(pl.col("told") != outcome.period).height
    subtitle = [f"Headline indicators of each organisation, {month}. {_KEY}"]
    if late:
        subtitle.append(f"{words.count(late, 'cell')} as of an earlier month: the latest reported.")
    said = "; ".join(
        f"{name}, {title}: {changing}"
        for name, title, changing, state in data.select(
            "name", "title", "changing", "variation"
        ).iter_rows()
        if state.startswith(("concern", "improvement"))
    )
    alt_text = (
        f"Matrix of {words.count(data['organisation'].n_unique(), 'organisation')} by "
        f"{words.count(data['indicator'].n_unique(), 'indicator')}, {month}. {headline}. {said}."
    )
    return theme.dress(_drawing(data), outcome, headline, subtitle, alt_text)


def _drawing(data: pl.DataFrame) -> theme.Panel:
    names = list(dict.fromkeys(f"{words.short_name(n)}" for n in data["name"]))
    heads = {t: words.sentence(t) for t in data["title"]}
    cells = pl.DataFrame(list(_signs(data)), orient="row",
                         schema=["row", "column", "part", "kind", "letter"])  # fmt: skip
    x = alt.X("column:N", sort=list(heads.values()), title=None, scale=alt.Scale(padding=0.15),
              axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False, labelPadding=22,
                            labelExpr=_broken(list(heads.values()))))  # fmt: skip
    y = alt.Y("row:N", sort=names, title=None,
              axis=alt.Axis(domain=False, ticks=False, grid=True, labelLimit=280))  # fmt: skip
    offset = alt.XOffset("part:N", sort=["variation", "assurance"])
    layers = []
    for kind, (fill, edge, shape) in _LOOKS.items():
        own = cells.filter(pl.col("kind") == kind)
        if own.is_empty():
            continue
        base = alt.Chart(own).encode(x=x, y=y, xOffset=offset)
        layers.append(
            base.mark_point(shape=shape, size=720, fill=fill, stroke=edge, strokeWidth=2, opacity=1)
        )
        letters = base.mark_text(fontWeight="bold", fontSize=13, color="#111111", baseline="middle")
        layers.append(letters.encode(text=alt.Text("letter:N")))
    return alt.layer(*layers).properties(width=_COLUMN * len(heads), height=_ROW * len(names))


def _broken(heads: list[str]) -> str:
    """Long heads on two lines, as Vega says it; names of indicators come from definitions."""
    pairs = {head: wrap(head, 17) for head in heads}
    cases = "".join(
        f"datum.label === {_quoted(h)} ? {_list(lines)} : " for h, lines in pairs.items()
    )
    return f"{cases}datum.label"


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)


def _list(lines: list[str]) -> str:
    return f"[{', '.join(_quoted(line) for line in lines)}]"


def _signs(data: pl.DataFrame) -> Iterator[tuple[str, str, str, str, str]]:
    for row in data.iter_rows(named=True):
        place = (words.short_name(row["name"]), words.sentence(row["title"]))
        first, second = icons.variation(row["variation"]), icons.assurance(row["assurance"])
        yield (*place, "variation", _kind(row["variation"]), first.letter)
        yield (*place, "assurance", _kind(row["assurance"]), second.letter)


def _kind(state: str) -> str:
    starts = {"improvement": "better", "pass": "better", "concern": "worse", "fail": "worse",
              "neither": "higher or lower", "common": "steady", "hit": "steady"}  # fmt: skip
    return next((kind for start, kind in starts.items() if state.startswith(start)), "none")
