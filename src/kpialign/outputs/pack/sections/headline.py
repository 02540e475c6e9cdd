"""The page a chair reads in a minute."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.charts import icons, words
from kpialign.findings import SystemValue
from kpialign.outputs.pack import Told
from kpialign.outputs.pack.content import Block, Bullets, Paragraph, Section, Table
from kpialign.outputs.wording import phrases
from kpialign.terms import GateOutcome, Verdict

_SHOWN = {
    Verdict.SUPPORTED: "supported by the figures of all England",
    Verdict.OPPOSITE: "the figures show the opposite",
}
_QUESTIONS = 3


def section(told: Told) -> Section:
    """The figures in front, what the evidence supports, what to ask, how sure the data are."""
    return Section("headline", "In a minute", tuple(_blocks(told)))


def headlines(told: Told) -> tuple[SystemValue, ...]:
    """The headline figures of what is in front."""
    outcome = told.outcome
    return tuple(
        v
        for v in outcome.system_values
        if v.headline and v.scope == (outcome.system or v.scope)
    )  # fmt: skip


def _blocks(told: Told) -> Iterator[Block]:
    values = headlines(told)
    yield Paragraph(_lead(told, values), "lead")
    if values:
        yield _figures(told, values)
    supported = [f for f in told.findings if f.verdict in _SHOWN]
    if supported:
        yield Paragraph("", head="What the evidence shows of incentives that pull apart")
        yield Bullets(tuple(f"{f.title}: {_SHOWN[f.verdict]}." for f in supported))
        yield Paragraph("Association, not proof of intent.", "caveat")
        yield Paragraph("", head="Questions for the meeting")
        asked = dict.fromkeys(f.ask[0] for f in supported if f.ask)
        yield Bullets(tuple(asked)[:_QUESTIONS])
    yield Paragraph(_sure(told), head="How far to trust the figures.")


def _lead(told: Told, values: tuple[SystemValue, ...]) -> str:
    states = [v.process.variation for v in values if v.process]
    better = sum(s.startswith("improvement") for s in states)
    worse = sum(s.startswith("concern") for s in states)
    judged = [t.met for v in values for t in v.targets if t.met is not None]
    supported = sum(f.verdict is Verdict.SUPPORTED for f in told.findings)
    parts = [
        f"Of {words.count(len(values), 'headline figure')} {better or 'none'} "
        f"{'is' if better == 1 else 'are'} getting better beyond chance and {worse or 'none'} "
        "worse.",
        f"{sum(judged)} of {words.count(len(judged), 'target')} judged "
        f"{'is' if sum(judged) == 1 else 'are'} met.",
        f"The data support {supported} of {words.count(len(told.findings), 'rule')} on indicators "
        "that may be met at another body’s cost.",
    ]
    return " ".join(p for p, there in zip(parts, (values, judged, told.findings), strict=True)
                    if there) or "There are no figures to tell."  # fmt: skip


def _figures(told: Told, values: tuple[SystemValue, ...]) -> Table:
    now = words.month(told.outcome.period)
    return Table(
        caption=f"Headline figures, {now}",
        heads=("Indicator", "A year before", now, "Changing?", "Will it meet its target?"),
        rows=tuple(
            (
                words.sentence(v.title),
                words.figure(v.year_before, v.unit, v.year_before_state),
                words.figure(v.value, v.unit, v.state),
                *icons.of(v),
            )
            for v in values
        ),
        numbers=frozenset({1, 2}),
    )


def _sure(told: Told) -> str:
    outcome = told.outcome
    held = [r for r in outcome.readings if r.state in ("held_back", "refused")]
    worst = outcome.gate.outcome
    checks = (
        "The checks found nothing wrong."
        if worst in (GateOutcome.PASS, GateOutcome.SKIPPED)
        else f"The worst outcome of the checks is {worst}; what failed stands in no figure here."
    )
    files = f" {words.count(len(held), 'file')} could not be used." if held else ""
    gaps = "".join(f" There is {phrases.hole(*one)}." for one in outcome.holes)
    return checks + files + gaps
