"""Sentences one may paste into a paper, each true by itself and with its month."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.charts import words
from kpialign.findings import Finding, SystemValue
from kpialign.outputs.pack import Told
from kpialign.outputs.pack.content import Paragraph, Section
from kpialign.outputs.pack.sections.headline import headlines
from kpialign.outputs.wording import phrases


def section(told: Told) -> Section:
    """A sentence for each headline figure and each finding."""
    texts = (
        *(_measure(value) for value in headlines(told)),
        *(_finding(finding) for finding in told.findings),
    )
    blocks = (
        Paragraph("Each stands by itself. Keep its month, and what it says of how sure it is."),
        *(Paragraph(text, "paste") for text in texts),
    )
    return Section("sentences", "Sentences to paste", blocks)


def _measure(value: SystemValue) -> str:
    return " ".join(_parts(value))


def _parts(value: SystemValue) -> Iterator[str]:
    now, before = words.month(value.period), words.month(words.year_before(value.period))
    head = f"{words.sentence(value.title)}, {value.scope_name}, {now}"
    if not words.known(value.value):
        yield f"{head}: {words.state_words(value.state)}."
        return
    was = words.figure(value.year_before, value.unit, value.year_before_state)
    yield f"{head}: {words.figure(value.value, value.unit)} ({before}: {was})."
    if words.process(value):
        yield f"{words.sentence(words.process(value))}."
    for target in value.targets:
        yield f"{words.sentence(phrases.target(target, value.unit))}."


def _finding(finding: Finding) -> str:
    said = f"{finding.title}: {finding.verdict.words()}. {finding.sentence}"
    return f"{said} {phrases.caveat(finding)}".strip()
