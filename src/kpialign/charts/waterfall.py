"""What moved a figure: a step for each cause, from the earlier month to the later one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

import altair as alt
import polars as pl

from kpialign.charts import theme, words
from kpialign.errors import UsageError
from kpialign.findings import CompositeValue, Movement, Outcome

_PLOT = 340
_PITCH = 24
_REPORTED = 3  # drawn in the report; the screen has a line of every headline figure
_MOST = 12  # steps; the small ones are put together, so that it still adds up
_SCHEMA = {
    "row": pl.String, "kind": pl.String, "from": pl.Float64, "to": pl.Float64,
    "amount": pl.Float64, "label": pl.String,
}  # fmt: skip
_KINDS = {
    "month": theme.CHARCOAL, "revision": theme.LILAC, "boundaries": theme.LILAC,
    "came or went": theme.ORANGE, "rate": theme.NAVY, "mix": theme.TEAL, "part": theme.NAVY,
    "others": theme.RULE,
}  # fmt: skip
_WORDS = {
    "revision": "Earlier month revised",
    "boundaries": "Counted with today's places",
    "other_bodies": "Nobody is in both months",
}
_KEY = (
    "Blue: a body's own rate; green: its part of the whole (mix); orange: bodies in one of the two "
    "months alone; lilac: revised figures and other places. The steps add up."
)


def subjects(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """Every figure with its whole and the month it is compared with."""
    for move in outcome.movements:
        yield move.scope, move.indicator, move.since
    for value in outcome.composites:
        for since in value.moves:
            yield value.scope, value.id, since.since


def reported(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """For the report: the first headline figures of what stands in front, since last month."""
    headline = {v.indicator for v in outcome.system_values if v.headline}
    months = sorted({move.since for move in outcome.movements})
    own = [
        (scope, name, since)
        for scope, name, since in subjects(outcome)
        if scope == outcome.system and name in headline and since == months[-1]
    ]
    yield from own[:_REPORTED]


def frame(outcome: Outcome, scope: str, name: str, since: str) -> pl.DataFrame:
    """The two months and the steps between, each from where the last one ended."""
    found = _of(outcome, scope, name, since)
    before, after, steps = found
    shown = sorted(steps, key=lambda step: -abs(step[2]))[:_MOST]
    rest = sum(amount for *_, amount in steps) - sum(amount for *_, amount in shown)
    shown = [step for step in steps if step in shown]
    if len(steps) > len(shown):
        shown.append((f"{len(steps) - len(shown)} smaller steps", "others", rest))
    ends = [*accumulate([amount for *_, amount in shown], initial=before)]
    period = outcome.period
    rows = [(f"{words.month(since)}, first told", "month", before, before, 0.0, f"{before:.1f}")]
    rows += [
        (row, kind, start, end, amount, words.signed(amount))
        for (row, kind, amount), start, end in zip(shown, ends[:-1], ends[1:], strict=True)
    ]
    rows.append((words.month(period), "month", after, after, 0.0, f"{after:.1f}"))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def chart(outcome: Outcome, scope: str, name: str, since: str) -> alt.VConcatChart:
    """Draw the waterfall from the top down."""
    data = frame(outcome, scope, name, since)
    title, unit, where, reversal = _called(outcome, scope, name, since)
    before, after = data["to"][0], data["to"][-1]
    headline = (
        f"{words.sentence(title)}, {where}: {words.figure(before, unit)} to "
        f"{words.figure(after, unit)} since {words.month(since)}"
    )
    subtitle = [_KEY if "part" not in data["kind"] else "Each step is what one part moved it by."]
    if reversal:
        subtitle.append(f"Reversal: {reversal}.")
    told = "; ".join(
        f"{row['row']} {row['label']}"
        for row in data.filter(pl.col("kind") != "month").iter_rows(named=True)
    )
    alt_text = f"Waterfall chart. {headline}. Steps: {told or 'none'}." + (
        f" Reversal: {reversal}." if reversal else ""
    )
    return theme.dress(_drawing(data, unit), outcome, headline, subtitle, alt_text)


_Steps = list[tuple[str, str, float]]


def _of(outcome: Outcome, scope: str, name: str, since: str) -> tuple[float, float, _Steps]:
    move = _movement(outcome, scope, name, since)
    if move is not None:
        steps = [(_row(s.kind, s.name, s.organisation), _kind(s.kind), s.amount)
                 for s in move.steps]  # fmt: skip
        return move.before, move.after, steps
    for value in outcome.composites:
        for change in value.moves:
            if (value.scope, value.id, change.since) == (scope, name, since):
                parts = [(words.sentence(s.title), "part", s.amount) for s in change.steps]
                return change.before, change.after, parts
    raise UsageError(f"nothing moved {name!r} of {scope!r} since {since!r} in this run.")


def _movement(outcome: Outcome, scope: str, name: str, since: str) -> Movement | None:
    for move in outcome.movements:
        if (move.scope, move.indicator, move.since) == (scope, name, since):
            return move
    return None


def _called(outcome: Outcome, scope: str, name: str, since: str) -> tuple[str, str, str, str]:
    move = _movement(outcome, scope, name, since)
    if move is not None:
        return move.title, move.unit, move.scope_name, move.reversal
    value: CompositeValue = next(v for v in outcome.composites if (v.scope, v.id) == (scope, name))
    return value.title, "score", value.scope_name, ""


def _kind(kind: str) -> str:
    return "came or went" if kind in ("came", "went", "other_bodies") else kind


def _row(kind: str, name: str, organisation: str) -> str:
    if not organisation:
        return _WORDS.get(kind, kind)
    how = {"rate": "rate", "mix": "mix", "came": "now only", "went": "before only"}[kind]
    code = "" if organisation == "others" else f" ({organisation})"
    return f"{words.short_name(name)}{code}, {how}"


def _drawing(data: pl.DataFrame, unit: str) -> theme.Panel:
    axis = alt.Axis(title=None, domain=False, ticks=False, labelLimit=0)
    rows = alt.Chart(data).encode(y=alt.Y("row:N", sort=data["row"].to_list(), axis=axis))
    every = [*data["from"].to_list(), *data["to"].to_list()]
    low, high = min(every), max(every)
    room = 0.08 * ((high - low) or 1.0)
    scale = alt.Scale(domain=[low - room, high + room], zero=False, nice=False)
    colour = alt.Color(
        "kind:N", legend=None,
        scale=alt.Scale(domain=list(_KINDS), range=list(_KINDS.values())),
    )  # fmt: skip
    bars = rows.mark_bar(height=0.62 * _PITCH).encode(
        x=alt.X("from:Q", title=words.unit_name(unit), scale=scale), x2=alt.X2("to:Q"), color=colour
    )
    ends = rows.transform_filter("datum.kind == 'month'").mark_tick(
        thickness=4, size=0.9 * _PITCH
    ).encode(x=alt.X("to:Q"), color=colour)  # fmt: skip
    labels = rows.mark_text(align="left", font=theme.FONT).encode(
        x=alt.value(_PLOT + 12), text=alt.Text("label:N")
    )
    return alt.layer(bars, ends, labels).properties(width=_PLOT, height=_PITCH * data.height)
