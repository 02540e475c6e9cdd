"""How the whole did: every measure with who reported, its targets, and charts of the headlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpialign.charts import icons, words
from kpialign.findings import CompositeValue, SystemValue
from kpialign.outputs.pack import Told
from kpialign.outputs.pack.content import Block, Cell, Paragraph, Section, Table, Tags, Wanted
from kpialign.outputs.wording import phrases, whole


def section(told: Told) -> Section | None:
    """A part for each basis, one for the composites; charts stand with what is in front."""
    outcome = told.outcome
    if not outcome.system_values:
        return None
    parts = [
        Section(f"whole-{n}", whose, tuple(_blocks(values)), tags=Tags((values[0].scope_name,)))
        for n, (whose, _, values) in enumerate(phrases.by_basis(outcome.system_values), 1)
    ]
    pictured = tuple(_charts(told))
    if pictured:
        parts.insert(0, Section("whole-charts", "Headline figures over time", pictured))
    parts += _movement(told)
    parts += [
        Section(f"composite-{c.id}-{c.scope}", f"{c.title}, {c.scope_name}",
                tuple(_composite(c, told)), tags=Tags((c.scope_name,)))
        for c in outcome.composites
    ]  # fmt: skip
    words_of_it = (
        "Figures are added from their parts over all organisations of the basis named; targets "
        "are judged on their own basis."
    )
    blocks = (Paragraph(words_of_it), *_alarms(outcome.system_values))
    return Section("whole", "How the whole did", blocks, tuple(parts))


def _alarms(values: Sequence[SystemValue]) -> Iterator[Paragraph]:
    """How many signs of all would be special cause by accident."""
    chances = [
        v.process.false_alarm for v in values if v.process and v.process.false_alarm is not None
    ]
    if chances:
        yield Paragraph(
            f"Of {words.count(len(chances), 'sign')} of change about {sum(chances):.0f} would "
            "be special cause though nothing changed, since months follow on each other: a "
            "reason to look, and no finding.",
            "aside",
        )


def _charts(told: Told) -> Iterator[Wanted]:
    from kpialign import charts

    own = told.outcome.system or "ENGLAND"
    for kind in ("matrix", "process", "system"):
        yield from (Wanted(kind, s) for s in charts.subjects(told.outcome, kind) if s[0] == own)
    yield from (Wanted("funnel", s) for s in charts.subjects(told.outcome, "funnel"))


def _blocks(values: list[SystemValue]) -> Iterator[Block]:
    now = words.month(values[0].period)
    yield Table(
        caption=f"{values[0].scope_name}, {values[0].basis}, {now}",
        heads=("Indicator", "A year before", now, "Who reported", "Targets", "Changing?",
               "Will it meet its target?"),
        rows=tuple(_row(value) for value in values),
        numbers=frozenset({1, 2}),
    )  # fmt: skip
    for text in phrases.events(values):
        yield Paragraph(f"Between the two months: {text}.", "aside")


def _row(value: SystemValue) -> tuple[Cell, ...]:
    targets = "; ".join(phrases.target(t, value.unit) for t in value.targets)
    gave = "; ".join(p for p in (phrases.completeness(value), phrases.missing(value)) if p)
    return (
        words.sentence(value.title),
        words.figure(value.year_before, value.unit, value.year_before_state),
        words.figure(value.value, value.unit, value.state),
        words.sentence(gave),
        words.sentence(targets) or "None in force",
        *icons.of(value),
    )


def _movement(told: Told) -> Iterator[Section]:
    """What moved headline figures, and what each stage loses, of what stands in front."""
    moved, ways = whole.moved(told.outcome), whole.ways(told.outcome)
    for name, title, said, kind in (
        ("whole-moved", "What moved the headline figures", moved, "waterfall"),
        ("whole-ways", "What each stage loses", ways, "ledger"),
    ):
        if said:
            yield Section(name, title, (*map(Paragraph, said), *_reported(told, kind)))


def _reported(told: Told, kind: str) -> Iterator[Wanted]:
    from kpialign import charts

    for one, subject in charts.listed(told.outcome, report=True):
        if one == kind:
            yield Wanted(kind, subject)


def _composite(value: CompositeValue, told: Told) -> Iterator[Block]:
    yield Paragraph(f"{phrases.composite(value)}. The score is a way into the parts, no verdict.")
    yield Table(
        caption=f"Parts of {value.title}, {words.month(value.period)}",
        heads=("Part", "Figure", "Scores 0 at", "Scores 100 at", "Score", "Weight"),
        rows=tuple(
            (p.title, words.figure(p.value, "", p.state), words.figure(p.worst),
             words.figure(p.best), words.figure(p.score, "score", p.state), f"{p.weight:g}")
            for p in value.parts
        ),
        numbers=frozenset({1, 2, 3, 4, 5}),
    )  # fmt: skip
    for wanted in _reported(told, "composite"):
        if wanted.subject == (value.id, value.scope):
            yield wanted
    for text in value.rewards:
        yield Paragraph(f"{words.sentence(text)}.", "aside")
