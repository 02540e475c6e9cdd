"""The pack: one content, built once of a run, and one module a format that only sets it.

A section module has ``section(told)``, which returns what it has to say or nothing; a format
module has ``render(pack, template)``, which returns bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from kpialign.charts import words
from kpialign.errors import NotInstalled, UsageError, did_you_mean
from kpialign.findings import Finding, Outcome
from kpialign.findings.compared import Difference
from kpialign.outputs.pack import formats, sections
from kpialign.outputs.pack.choice import Choice
from kpialign.outputs.pack.content import Block, Figure, Pack, Section, Table, Wanted, with_blocks

if TYPE_CHECKING:
    from kpialign.charts import Picture, Progress

ORDER = (
    "headline", "findings", "whole", "learned", "changed", "quality", "public", "sentences",
    "glossary", "method",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Told:
    """What a pack is made of.

    Attributes:
        difference: the last run beside the one before it; ``None`` where there is none.
        before: sections that stand already, for those that explain their words.
    """

    outcome: Outcome
    difference: Difference | None = None
    choice: Choice = field(default_factory=Choice)
    before: tuple[Section, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings wanted."""
        wanted = self.choice.rules
        return tuple(f for f in self.outcome.findings if not wanted or f.rule in wanted)


class _SectionModule(Protocol):
    def section(self, told: Told) -> Section | None: ...


class _FormatModule(Protocol):
    NEEDS: tuple[str, ...]

    def render(self, pack: Pack, template: Path | None) -> bytes: ...


def names() -> tuple[str, ...]:
    """The sections there are, in the order they have if none is chosen."""
    there = [m.name for m in iter_modules(sections.__path__)]
    return (*(n for n in ORDER if n in there), *(n for n in there if n not in ORDER))


def kinds() -> tuple[str, ...]:
    """The formats there are."""
    return tuple(m.name for m in iter_modules(formats.__path__))


def build(
    outcome: Outcome,
    difference: Difference | None = None,
    choice: Choice | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Pack:
    """Put a pack together and draw its charts; those that ``cache`` holds are not drawn again.

    Raises:
        UsageError: a section or rule that is wanted does not exist.
    """
    told = Told(outcome, difference, choice or Choice())
    _known(told)
    for name in told.choice.sections or names():
        module = cast(_SectionModule, import_module(f"{sections.__name__}.{name}"))
        found = module.section(told)
        if found is not None:
            told = replace(told, before=(*told.before, found))
    drawn = tuple(_drawn(told.before, outcome, cache, progress))
    whose = outcome.system_name or outcome.system or "England"
    return Pack(
        title=told.choice.title or f"{whose}: alignment of indicators",
        subtitle=" · ".join(p for p in (words.month(outcome.period), outcome.basis_note) if p),
        period=outcome.period,
        mark=outcome.mark,
        footer=f"kpialign {outcome.version}. Association, not proof of intent. The incentive is "
        "named, not a culprit.",
        sections=drawn,
        annex=tuple(_annex(outcome)),
    )


def render(kind: str, pack: Pack, template: Path | None = None) -> bytes:
    """A pack in one format.

    Raises:
        UsageError: there is no such format, or the template cannot be used.
        NotInstalled: a library of the format is not there.
    """
    if kind not in kinds():
        raise UsageError(f"no format {kind!r}. {did_you_mean(kind, kinds())}".strip())
    for library in lacking(kind):
        raise NotInstalled(
            f"--format {kind} needs {library}, which is not installed. "
            'Run: python -m pip install "kpialign[report]"'
        )
    return _format(kind).render(pack, template)


def lacking(kind: str) -> Iterator[str]:
    """The libraries that a format needs and that are not installed."""
    for library in _format(kind).NEEDS:
        try:
            import_module(library)
        except ImportError:
            yield library


def _format(kind: str) -> _FormatModule:
    return cast(_FormatModule, import_module(f"{formats.__name__}.{kind}"))


def _known(told: Told) -> None:
    for name in told.choice.sections:
        if name not in names():
            hint = did_you_mean(name, names()) or f"There are {', '.join(names())}."
            raise UsageError(f"no section {name!r}. {hint}")
    rules = [finding.rule for finding in told.outcome.findings]
    for rule in told.choice.rules:
        if rule not in rules:
            hint = did_you_mean(rule, (*rules, *names()))
            raise UsageError(f"no finding and no section {rule!r} in this run. {hint}".strip())


def _drawn(
    found: Iterable[Section], outcome: Outcome, cache: Path | None, progress: Progress | None
) -> Iterator[Section]:
    """The sections with their charts, all drawn together on every processor."""
    from kpialign import charts

    whole = tuple(found)
    wanted = dict.fromkeys(
        (block.kind, block.subject)
        for section in whole
        for part in section.walk()
        for block in part.blocks
        if isinstance(block, Wanted)
    )
    pictures = charts.draw(outcome, list(wanted), cache, progress)
    figures = {(p.kind, p.subject): _figure(p) for p in pictures}
    yield from (_filled(section, figures) for section in whole)


def _filled(section: Section, figures: dict[tuple[str, tuple[str, ...]], Figure]) -> Section:
    blocks: tuple[Block, ...] = tuple(
        figures[block.kind, block.subject] if isinstance(block, Wanted) else block
        for block in section.blocks
    )
    parts = tuple(_filled(part, figures) for part in section.parts)
    return replace(with_blocks(section, blocks), parts=parts)


def _figure(picture: Picture) -> Figure:
    import polars as pl

    from kpialign.charts import render as drawing

    frame = picture.frame.drop("month", strict=False)
    title = drawing.headline(picture.spec)
    # What every row says alike is said once.
    alike = [
        c for c in frame.columns
        if frame.height > 1 and frame[c].dtype == pl.String and frame[c].n_unique() == 1
    ]  # fmt: skip
    once = "; ".join(str(frame[c][0]) for c in alike if frame[c][0])
    frame = frame.drop(alike)
    numbers = {n for n, dtype in enumerate(frame.dtypes) if dtype.is_numeric()}
    behind = Table(
        caption=f"Data behind the chart: {title}" + (f" ({once})" if once else ""),
        heads=tuple(name.replace("_", " ") for name in frame.columns),
        rows=tuple(frame.iter_rows()),
        numbers=frozenset(numbers),
        folded=True,
    )
    return Figure(picture.stem, title, picture.alt_text, picture.svg, picture.png, behind)


def _annex(outcome: Outcome) -> Iterator[Table]:
    from kpialign.outputs.run import findings_csv, values_csv

    for caption, rows in (
        ("Measures of the whole", values_csv.rows(outcome)),
        ("Findings, a row a rule and arrow", findings_csv.rows(outcome)),
    ):
        if rows:
            heads = tuple(rows[0])
            yield Table(caption, heads, tuple(tuple(row[h] for h in heads) for row in rows))
