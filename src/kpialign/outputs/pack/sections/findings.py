"""Each rule judged: verdict, evidence, both sides' charts, what people say, what to ask."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.charts import words
from kpialign.findings import ArrowResult, Finding
from kpialign.outputs.pack import Told, replies
from kpialign.outputs.pack.content import (
    Block,
    Bullets,
    Paragraph,
    Section,
    Table,
    Tags,
    Terms,
    Wanted,
)
from kpialign.outputs.wording import beside, phrases

_INTRODUCTION = (
    "Each rule says how one organisation’s indicator could be met at another’s cost. The verdict "
    "is about the incentive, not about any organisation. “Not supported” and “too little data” "
    "are answers too."
)


def section(told: Told) -> Section | None:
    """A part for each finding wanted."""
    if not told.findings:
        return None
    parts = tuple(
        Section(
            f"finding-{finding.rule}", finding.title, tuple(_blocks(told, finding)),
            tags=_tags(told, finding),
        )
        for finding in told.findings
    )  # fmt: skip
    from kpialign import charts

    matrix = () if told.choice.rules else charts.subjects(told.outcome, "ties")
    blocks: tuple[Block, ...] = (
        Paragraph(_INTRODUCTION), _short(told), *(Wanted("ties", s) for s in matrix),
    )  # fmt: skip
    return Section("findings", "Findings", blocks, parts)


def _tags(told: Told, finding: Finding) -> Tags:
    system = told.outcome.system_name or told.outcome.system or "England"
    here = tuple(sorted(set(replies.named(finding).values())))
    return Tags((system, "England"), here, finding.severity)


def _short(told: Told) -> Table:
    return Table(
        caption=f"Verdict on each rule, {phrases.scope_of(told.findings)}",
        heads=("Rule", "Verdict", "Harm if true", "Here"),
        rows=tuple(
            (f.title, words.sentence(f.verdict.words()), words.sentence(f.severity),
             words.sentence(f.here_words or "no tie here"))
            for f in told.findings
        ),
    )  # fmt: skip


def _blocks(told: Told, finding: Finding) -> Iterator[Block]:
    yield Paragraph(finding.sentence, "verdict", f"{words.sentence(finding.verdict.words())}.")
    yield Paragraph(phrases.meaning(finding.verdict))
    if phrases.caveat(finding):
        yield Paragraph(phrases.caveat(finding), "caveat")
    for one in finding.exemptions:
        yield Paragraph(f"{words.sentence(beside.exemption(one))}.", "aside", "Exception.")
    yield Paragraph(finding.mechanism, head="How it would work.")
    for arrow in finding.arrows:
        yield _evidence(arrow, finding)
    yield from _charts(told, finding)
    yield Paragraph(words.sentence(finding.here_words) or "No tie here was tested.", head="Here.")
    if finding.here:
        yield _here(finding)
    yield from _people(finding)
    if finding.other_explanations:
        yield Paragraph("", head="Other explanations")
        yield Bullets(tuple(words.sentence(text) for text in finding.other_explanations))
    yield Paragraph("", head="Who gains and who pays, if it is so")
    yield Terms(
        (
            ("People", phrases.effect(finding.people)),
            *((words.sentence(b), phrases.effect(effect)) for b, effect in finding.organisations),
            ("Public purse", phrases.effect(finding.public_purse)),
        )
    )
    yield Paragraph("", head="What to ask")
    yield Bullets(finding.ask)
    yield Paragraph(f"{', '.join(finding.involve)}.", head="Who to have in the room:")
    if finding.shared_measure:
        titles = {v.indicator: v.title for v in told.outcome.system_values}
        shared = titles.get(finding.shared_measure, finding.shared_measure)
        yield Paragraph(f"{words.sentence(shared)}.", head="A measure nobody can win alone:")
    yield Paragraph(
        f"{finding.rule}, version {finding.version}, {finding.status}; harm if true: "
        f"{finding.severity}. Declared before looking: plan {finding.plan_hash}, tested within the "
        f"family {finding.family}.",
        "aside",
    )


def _evidence(arrow: ArrowResult, finding: Finding) -> Table:
    return Table(
        caption=f"{words.sentence(words.arrow_title(arrow))}: {arrow.verdict.words()}, "
        f"{words.month(arrow.first_month)} to {words.month(arrow.last_month)}",
        heads=("What was looked at", "What was seen"),
        rows=tuple(_seen(arrow, finding)),
    )


def _seen(arrow: ArrowResult, finding: Finding) -> Iterator[tuple[str, str]]:
    if arrow.reasons:
        yield "Why this verdict", words.sentence(phrases.reasons(arrow))
    pooled = arrow.pooled
    if pooled is None:
        yield "Partial correlation", "Not estimated"
        return
    ties = words.count(pooled.ties, "tie")
    yield "Partial correlation over England", f"{words.correlation(pooled)}, {ties}"
    yield "In the indicators’ own units", words.slope(pooled, arrow.units)
    yield "Chance links at least as strong", words.sentence(words.share(arrow.relabel_p))
    if arrow.held_fixed:
        held = words.correlation(arrow.held) if arrow.held else "Not estimated"
        yield f"With {', '.join(arrow.held_fixed)} held fixed", held
    for what, one in phrases.allowed_for(arrow):
        yield words.sentence(what), words.correlation(one) if one else "Not estimated"
    yield "Other ways of looking", words.sentence(phrases.robustness(arrow))
    for control in finding.controls:
        ends = f"{control.from_title} → {control.to_title}"
        yield f"Control that the mechanism cannot cause: {ends}", phrases.control(control)


def _charts(told: Told, finding: Finding) -> Iterator[Wanted]:
    """Both sides at each tie here, then all ties."""
    from kpialign import charts

    for kind in ("pair", "forest", "evidence"):
        for subject in charts.subjects(told.outcome, kind):
            if subject[0] == finding.rule:
                yield Wanted(kind, subject)


def _here(finding: Finding) -> Table:
    rows = []
    for arrow, tie in phrases.here(finding):
        name = tie.name if len(finding.arrows) == 1 else f"{tie.name}: {words.arrow_title(arrow)}"
        word = words.sentence("; ".join(filter(None, (words.local_words(tie), beside.lead(tie)))))
        if tie.state == "estimated":
            alike = f"{tie.stronger:,} of {tie.unlinked:,}"
            rows.append((name, word, words.correlation(tie), f"{tie.months}", alike))
        else:
            rows.append((name, word, "Not estimated", "", ""))
    heads = ("Tie", "Reading", "Partial correlation", "Months", "Unlinked pairs as strong")
    caption = f"Each tie here beside England: {finding.title}"
    return Table(caption, heads, tuple(rows), frozenset({3, 4}))


def _people(finding: Finding) -> Iterator[Block]:
    """What the organisations, patients and staff say: no evidence, and printed beside it."""
    yield Paragraph("", head="What people say")
    said = tuple(replies.line(reply) for reply in replies.of(finding))
    if said:
        yield Bullets(said)
    else:
        yield Paragraph("Nobody has written to this finding yet.", "aside")
