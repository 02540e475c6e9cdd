"""The month as one self-contained page: no network, no script, accessible, printable."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpialign import charts
from kpialign.charts import render as drawing
from kpialign.charts import words
from kpialign.findings import Finding, Outcome, Seen
from kpialign.outputs import atomic, page
from kpialign.outputs.wording import phrases
from kpialign.terms import Verdict

if TYPE_CHECKING:
    import polars as pl

_MOST = 50  # rows of a list of faults; the counts above it are whole
_FEW = 12  # files; the table of more is folded up
_LARGE = 100  # from here on one decimal is enough in a table


@dataclass(frozen=True)
class Figure:
    """A chart on the page with its data."""

    stem: str
    title: str
    svg: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def render(outcome: Outcome) -> str:
    """The page as HTML."""
    by_subject: dict[str, list[Figure]] = defaultdict(list)
    for picture in charts.pictures(outcome):
        by_subject[picture.subject[0]].append(_figure(picture))
    rules = {f.rule for f in outcome.findings} | {s.rule for s in outcome.shapes}
    whole = [f for about, figures in by_subject.items() if about not in rules for f in figures]
    return page.template("report.html.j2").render(
        outcome=outcome,
        figures=by_subject,
        whole=whole,
        untested=untested(outcome),
        verdicts=list(Verdict),
        seen=list(Seen),
        most=_MOST,
        few=_FEW,
    )


def write(outcome: Outcome, folder: Path) -> Path:
    """Write ``report.html``."""
    return atomic.write_text(folder / "report.html", render(outcome))


def untested(outcome: Outcome) -> list[str]:
    """What could not be looked at, and why."""
    lines = [phrases.hole(source, periods) for source, periods in outcome.holes]
    for finding in outcome.findings:
        lines += [f"{finding.rule}, {reason}" for reason in _untested(finding)]
    return list(dict.fromkeys(lines))


def _untested(finding: Finding) -> list[str]:
    lines = []
    for arrow in (*finding.arrows, *finding.controls):
        between = words.arrow_title(arrow)
        if arrow.verdict is Verdict.TOO_LITTLE_DATA:
            lines.append(f"{between}: {phrases.reasons(arrow)}")
        lines += [f"{between}: left out {body}" for body in arrow.left_out]
        lines += [
            f"{between}: {tie.name}, {words.state_words(tie.state)}"
            for tie in arrow.ties
            if tie.state != "estimated"
        ]
    return lines


def _figure(picture: charts.Picture) -> Figure:
    frame = picture.frame.drop("month", strict=False)
    return Figure(
        stem=picture.stem,
        title=drawing.headline(picture.spec),
        svg=picture.svg,
        heads=tuple(name.replace("_", " ") for name in frame.columns),
        rows=_rows(frame),
    )


def _rows(frame: pl.DataFrame) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_cell(value) for value in row) for row in frame.iter_rows())


def _cell(value: object) -> str:
    if value is None:
        return "no figure"
    if isinstance(value, float):
        return words.rounded(value, 1 if abs(value) >= _LARGE else 2)
    return str(value)
