"""A pathway as a ledger: a row a stage, what it shows, what it loses, who answers."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.errors import UsageError
from kpialign.findings import Ledger, LedgerStage, Outcome

_PITCH = 19  # pixels a line of text
# name, pixels from the left, characters of a line, heading
_COLUMNS = (("stage", 0, 30, "Stage"), ("shows", 236, 44, "In the month, and a year before"),
            ("loses", 560, 40, "Lost, per 1,000 of its own"),
            ("answers", 850, 28, "Answers"))  # fmt: skip
_WIDE = 1060
_SCHEMA = {
    "id": pl.String, "stage": pl.String, "shows": pl.String, "loses": pl.String,
    "answers": pl.String, "overlaps": pl.String, "gap": pl.Boolean,
}  # fmt: skip


def subjects(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each pathway of each whole that has a figure of one of its stages."""
    yield from ((ledger.id, ledger.scope) for ledger in outcome.ledgers)


def reported(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """For the report: pathways of what stands in front with figures of a third of the stages."""
    for ledger in outcome.ledgers:
        measured = len(ledger.stages) - len(ledger.gaps)
        if ledger.scope == outcome.system and measured * 3 >= len(ledger.stages):
            yield ledger.id, ledger.scope


def frame(outcome: Outcome, pathway: str, scope: str) -> pl.DataFrame:
    """A row a stage, every cell as words."""
    ledger = _of(outcome, pathway, scope)
    titles = {stage.id: stage.title for stage in ledger.stages}
    rows = [
        (
            stage.id, stage.title, _shows(stage), _loses(stage),
            ", ".join(body.replace("_", " ") for body in stage.answers) or "nobody is named",
            "; ".join(f"{titles[other]}: {why}" for other, why in stage.overlaps),
            bool(stage.gap),
        )
        for stage in ledger.stages
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def chart(outcome: Outcome, pathway: str, scope: str) -> alt.VConcatChart:
    """Draw the ledger as rows of words; stages without a figure are shaded."""
    ledger = _of(outcome, pathway, scope)
    data = frame(outcome, pathway, scope)
    what = "column" if ledger.shown_as == "columns" else "stage"
    headline = (
        f"{ledger.title}, {ledger.scope_name}: {len(ledger.gaps)} of "
        f"{words.count(len(ledger.stages), what)} without a figure"
    )
    subtitle = [
        f"{words.month(ledger.period)}. {ledger.why}",
        f"Losses are of unlike people and are not added up; {ledger.end_to_end}.",
        *(f"Counted twice: {words.sentence(row['stage'])} with {row['overlaps']}."
          for row in data.iter_rows(named=True) if row["overlaps"]),
    ]  # fmt: skip
    told = " ".join(
        f"{row['stage']}: {row['shows']}" + (f"; lost {row['loses']}." if row["loses"] else ".")
        for row in data.iter_rows(named=True)
    )
    alt_text = f"Ledger of {words.count(data.height, what)}. {headline}. {told}"
    return theme.dress(_drawing(data), outcome, headline, subtitle, alt_text)


def _shows(stage: LedgerStage) -> str:
    if stage.gap:
        return f"– {stage.gap}"
    return "; ".join(
        f"{m.title} {words.figure(m.value, m.unit, m.state)}"
        + (f" ({words.figure(m.year_before, m.unit)})" if m.year_before is not None else "")
        for m in stage.measures
    )


def _loses(stage: LedgerStage) -> str:
    return "; ".join(
        f"{words.rounded(loss.amount, 0)} {loss.unit} = {words.rounded(loss.per_1000, 1)} per "
        f"1,000 {loss.each}" + (f" ({loss.note})" if loss.note else "")
        for loss in stage.losses
        if loss.amount is not None and loss.per_1000 is not None
    )


def _drawing(data: pl.DataFrame) -> theme.Panel:
    cells, shades, top = [], [], 0.0
    for row in data.iter_rows(named=True):
        columns = {name: wrap(row[name], most) or [""] for name, _, most, _ in _COLUMNS}
        height = max(len(lines) for lines in columns.values())
        for name, left, *_ in _COLUMNS:
            for i, line in enumerate(columns[name]):
                cells.append((left, (top + i + 0.5) * _PITCH, line, name == "stage"))
        shades.append((top * _PITCH, (top + height) * _PITCH + 4, row["gap"]))
        top += height + 0.4
    heads = [(left, -0.7 * _PITCH, title, True) for _, left, _, title in _COLUMNS]
    schema = ["x", "y", "text", "bold"]
    table = alt.Chart(pl.DataFrame([*heads, *cells], schema=schema, orient="row", strict=False))
    height = int(top * _PITCH) + 8
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, _WIDE], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1.4 * _PITCH, height], nice=False,
                                                 reverse=True))  # fmt: skip
    shade = alt.Chart(
        pl.DataFrame(shades, schema=["y", "y2", "gap"], orient="row", strict=False)
    ).transform_filter("datum.gap").mark_rect(color=theme.BAND)  # fmt: skip
    text = table.mark_text(align="left", baseline="middle", font=theme.FONT).encode(
        x=x, y=y, text=alt.Text("text:N")
    )
    light, heavy = (text.transform_filter(test) for test in ("!datum.bold", "datum.bold"))
    return alt.layer(
        shade.encode(x=alt.value(0), x2=alt.value(_WIDE), y=y, y2=alt.Y2("y2:Q")),
        light,
        heavy.mark_text(align="left", baseline="middle", font=theme.FONT, fontWeight="bold"),
    ).properties(width=_WIDE, height=height)


def _of(outcome: Outcome, pathway: str, scope: str) -> Ledger:
    for ledger in outcome.ledgers:
        if (ledger.id, ledger.scope) == (pathway, scope):
            return ledger
    raise UsageError(f"no pathway {pathway!r} of {scope!r} in this run.")
