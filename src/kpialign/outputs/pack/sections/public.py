"""A page in plain words for public papers.

A finding that names one organisation names it here only beside that organisation's own words.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.charts import words
from kpialign.findings import Finding
from kpialign.outputs.pack import Told, replies
from kpialign.outputs.pack.content import Block, Bullets, Paragraph, Section
from kpialign.outputs.pack.sections.headline import headlines
from kpialign.terms import Verdict

_WHAT = (
    "Hospitals and ambulance services are each judged on their own figures. Sometimes a figure "
    "can look better at one place because people wait somewhere else. This page says where the "
    "published figures show that, where they do not, and what is being asked about it. It is "
    "about how services are measured. It is not about the work of any one team."
)
_SAYS = {
    Verdict.SUPPORTED: "The figures show this across England. It does not prove that anyone "
    "meant it.",
    Verdict.OPPOSITE: "The figures show the opposite across England.",
    Verdict.NOT_SEPARABLE: "The figures move together, but so does everything else when services "
    "are busy.",
    Verdict.NO_MEANINGFUL_LINK: "The figures show no link that would matter.",
    Verdict.NOT_SUPPORTED: "The figures do not show it.",
    Verdict.TOO_LITTLE_DATA: "There are not enough figures yet to say.",
}


def section(told: Told) -> Section:
    """Figures and findings in plain words; nothing here while a run is not for publication."""
    title = "A page for public papers"
    if told.outcome.mark:
        barred = "This run holds figures that are not for publication, so it has no public page."
        return Section("public", title, (Paragraph(barred, "caveat"),))
    return Section("public", title, tuple(_blocks(told)))


def _blocks(told: Told) -> Iterator[Block]:
    yield Paragraph(_WHAT)
    month = words.month(told.outcome.period)
    lines = [
        f"{words.sentence(v.title)}: {words.figure(v.value, v.unit, v.state)} in {month}, "
        f"{words.figure(v.year_before, v.unit, v.year_before_state)} a year before."
        for v in headlines(told)
        if words.known(v.value)
    ]
    if lines:
        whose = told.outcome.system_name or told.outcome.system or "England"
        yield Paragraph("", head=f"The figures for {whose}")
        yield Bullets(tuple(lines))
    for finding in told.findings:
        yield Paragraph(f"{_SAYS[finding.verdict]}{_asked(finding)}", head=f"{finding.title}.")
        yield from _here(finding)


def _asked(finding: Finding) -> str:
    return f" We are asking: {finding.ask[0]}" if finding.ask else ""


def _here(finding: Finding) -> Iterator[Block]:
    own = replies.answered(finding)
    ties = [tie for tie in finding.here if tie.tie in own]
    for tie in {tie.tie: tie for tie in ties}.values():
        said = next(r for r in replies.of(finding) if r.organisation == tie.tie)
        yield Paragraph(
            f"{words.sentence(words.local_words(tie))}. They say: {replies.line(said)}",
            head=f"{tie.name}.",
        )
    silent = len(set(replies.named(finding)) - own)
    if silent:
        yield Paragraph(
            f"{words.count(silent, 'local reading')} left out: "
            f"{'it is' if silent == 1 else 'they are'} published with the organisation’s reply.",
            "aside",
        )
