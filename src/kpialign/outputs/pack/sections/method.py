"""By what rules, figures and definitions the pack was made."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.charts import theme, words
from kpialign.outputs.pack import Told
from kpialign.outputs.pack.content import Block, Bullets, Paragraph, Section, Terms


def section(told: Told) -> Section:
    """Source, rule set of the process charts, basis of the ties, plans declared before looking."""
    return Section("method", "Method and rule sets", tuple(_blocks(told)))


def _blocks(told: Told) -> Iterator[Block]:
    outcome = told.outcome
    yield Paragraph(theme.source_line(outcome))
    rules = sorted({v.process.rules for v in outcome.system_values if v.process})
    basis = ", ".join(f"{name} ({words.count(n, 'link')})" for name, n in outcome.tie_basis)
    plans = dict.fromkeys(f"{f.family} {f.plan_hash}" for f in told.findings)
    pairs = (
        ("Figures", outcome.basis_note),
        ("Process limits by", ", ".join(rules)),
        ("Which bodies are tied rests on", basis),
        ("Plans declared before looking", "; ".join(plans)),
        ("Made by", f"kpialign {outcome.version}"),
    )
    yield Terms(tuple((name, text) for name, text in pairs if text))
    yield Paragraph(
        "Findings are partial correlations of months after each side’s trend, season and peers "
        "are taken out, whitened, averaged within a tie and pooled over England, and set against "
        "unlinked pairs, relabelled links and control arrows that the mechanism cannot cause."
    )
    if outcome.notes:
        yield Bullets(tuple(words.sentence(note) for note in outcome.notes))
