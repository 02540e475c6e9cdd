"""Records: breaks of definition, bodies that cease to send, months that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kpialign.conflicts.sight import ENGLAND, FACTS, Break, Sight
from kpialign.definitions.shapes import RecordsPlan, ShapeRule, ShapeTest
from kpialign.findings.facts import few
from kpialign.findings.shapes import Look, Seen
from kpialign.terms import Period

_MOST = 6  # bodies named in a line; shapes.csv has a row for no more


def look(rule: ShapeRule, sight: Sight) -> Iterator[Look]:
    """Tell every break that lies within the figures, then the facts of who sent what."""
    plan = rule.evidence
    assert isinstance(plan, RecordsPlan)
    if plan.what == "breaks":
        yield from (_break(one, sight) for one in sight.breaks)
        return
    kinds = {"completeness": ("stopped", "silent"), "mergers": ("merger",)}[plan.what]
    facts = sight.facts.filter(pl.col("kind").is_in(kinds))
    for (kind, area), rows in facts.group_by("kind", "area", maintain_order=True):
        yield _fact(str(kind), str(area), rows.sort("organisation"), sight.names)
    if facts.is_empty() and not sight.figures.is_empty():
        yield _told(plan.what, "all areas", Seen.NOTHING, said="nothing of the kind in the record")


def _break(one: Break, sight: Sight) -> Look:
    """A break and how many indicators it touches; it is told whether or not it is confirmed."""
    titles = [sight.indicators[name].short for name in one.indicators]
    sure = "confirmed" if one.confirmed else "unconfirmed"
    at = Period.parse(one.since).words()
    whom = f" at {one.whom}" if one.whom else ""
    touched = few(titles) if len(titles) <= 3 else f"{len(titles)} indicators"  # few says bodies
    return _told(
        one.title,
        f"break from {at}{whom}",
        Seen.UNUSUAL,
        said=f"{one.effect.replace('_', ' ')}, {sure}; touches {touched}",
        question=f"Does anything here compare {at} with the months before as if it were one?",
        id_=one.id,
        month=one.since,
        unconfirmed=not one.confirmed,
    )


def _fact(kind: str, area: str, rows: pl.DataFrame, names: Mapping[tuple[str, str], str]) -> Look:
    bodies = [
        names.get((role, code), code) for role, code in rows.select("role", "organisation").rows()
    ]
    many = f"{len(bodies)} bod{'y' if len(bodies) == 1 else 'ies'}"
    more = f"; and {len(bodies) - _MOST} more" if len(bodies) > _MOST else ""
    listed = "; ".join(bodies[:_MOST]) + more
    if kind == "stopped":
        last = Period.parse(str(rows["period"].max())).words()
        said = f"{many} sent no more, the latest after {last}: {listed}"
        question = "Did they close, merge or only cease to send, and does a total fall by it?"
    elif kind == "silent":
        said = (
            f"{many} left out {rows['months'].sum()} months between their first and last: {listed}"
        )
        question = "Were those months never sent, or held back, and what do totals say of them?"
    else:
        said = f"{many} whose last month sent is not the one before the legal merger: {listed}"
        question = "From which month do the successor's figures hold the predecessor's?"
    return _told(
        {"stopped": "ceased to send", "silent": "months not sent", "merger": "merger dates"}[kind],
        area, Seen.UNUSUAL, said=said, question=question, id_=f"{kind} {area}",
        month=str(rows["period"].min()), figures=rows.height,
    )  # fmt: skip


def _told(
    title: str,
    about: str,
    seen: Seen,
    *,
    said: str,
    question: str = "",
    id_: str = "",
    month: str = "",
    figures: int = 0,
    unconfirmed: bool = False,
) -> Look:
    return Look(
        id=id_ or title,
        indicator="",
        title=title,
        about=about,
        scope=ENGLAND,
        scope_name="England",
        seen=seen,
        said=said,
        question=question,
        first_month=month,
        last_month=month,
        figures=figures,
        tested=False,
        unconfirmed=unconfirmed,
    )


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """A record with a break or facts where something is planted, and without them elsewhere."""
    plan = rule.evidence
    assert isinstance(plan, RecordsPlan)
    name = next(iter(sight.indicators))
    figures = pl.DataFrame(
        {"indicator": [name], "organisation": ["U000"], "period": ["2025-01"],
         "numerator": [1.0], "denominator": [1.0], "value": [1.0]}
    )  # fmt: skip
    if not test.planted:
        return Sight(figures, sight.indicators)
    if plan.what == "breaks":
        made = Break("ev", "another source", "step", "2025-11", "", (name,), confirmed=False)
        return Sight(figures, sight.indicators, breaks=(made,))
    kind = "merger" if plan.what == "mergers" else ("stopped", "silent")[seed % 2]
    row = (kind, "ae", "hospital", "U000", "2025-03", "2025-01", 3)
    facts = pl.DataFrame([row], schema=FACTS, orient="row")
    return Sight(figures, sight.indicators, facts=facts)
