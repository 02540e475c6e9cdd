"""What changed since the run before: findings new, gone or judged otherwise, figures revised."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.charts import words
from kpialign.findings.compared import Difference, FindingChange
from kpialign.outputs.pack import Told
from kpialign.outputs.pack.content import Block, Bullets, Paragraph, Section
from kpialign.outputs.wording import phrases

_MOST = 20


def section(told: Told) -> Section:
    """What `kpialign diff` says of the last run and the one before it that differs."""
    found = told.difference
    blocks: tuple[Block, ...] = (
        (Paragraph("There is no earlier run to compare with."),)
        if found is None
        else tuple(_blocks(told, found))
    )
    return Section("changed", "What changed since last time", blocks)


def _blocks(told: Told, found: Difference) -> Iterator[Block]:
    titles = {finding.rule: finding.title for finding in told.outcome.findings}
    counts = dict(found.figures)
    yield Paragraph(
        f"Run {found.now.run_id} ({found.now.recorded_at:%d %b %Y}) beside run "
        f"{found.was.run_id} ({found.was.recorded_at:%d %b %Y}): {counts.get('new', 0):,} figures "
        f"are new, {counts.get('revised', 0):,} were revised and {counts.get('gone', 0):,} are "
        "gone."
    )
    changed = [f for f in found.findings if f.became != "still there"]
    yield Paragraph("", head="Findings")
    lines = [f"{titles.get(f.rule, f.rule)}: {_said(f)}." for f in changed]
    same = len(found.findings) - len(changed)
    told_same = f"{words.count(same, 'arrow')} judged as before." if same else ""
    yield Bullets(tuple(line for line in (*lines, told_same) if line) or ("None.",))
    if found.revised:
        yield Paragraph("", head="Largest revisions")
        yield Bullets(tuple(f"{phrases.revision(r)}." for r in found.revised[:_MOST]))
    if found.definitions:
        yield Paragraph("", head="Definitions that differ")
        yield Bullets(tuple(f"{became}: {name}" for name, became in found.definitions[:_MOST]))


def _said(change: FindingChange) -> str:
    was, now = (words.state_words(v) for v in (change.was_verdict, change.now_verdict))
    return {"new": f"new, {now}", "gone": f"no longer tested, was {was}"}.get(
        change.became, f"{was}, now {now}"
    )
