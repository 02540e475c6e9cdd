"""Findings as a flat table that opens in Excel: a row per rule and arrow, controls too."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from kpialign.charts import words
from kpialign.findings import ArrowResult, Estimate, Finding, Outcome
from kpialign.outputs import atomic, beside

Cell = str | float | int | None
Row = dict[str, Cell]

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP: what a spreadsheet takes for a formula
_ESTIMATE = ("r", "low", "high", "slope", "slope_low", "slope_high", "p", "ties")


def render(outcome: Outcome) -> str:
    """The findings as CSV text."""
    return table(rows(outcome))


def rows(outcome: Outcome) -> list[Row]:
    """A row per rule and arrow, controls too."""
    run: Row = {
        "mark": outcome.mark, "system": outcome.system, "period": outcome.period,
        "kpialign": outcome.version,
    }  # fmt: skip
    return [run | row for finding in outcome.findings for row in _rows(finding)]


def table(rows: Sequence[Row], heads: Sequence[str] = ()) -> str:
    """Rows as CSV for Excel: a mark by which it knows UTF-8, no cell that it would run."""
    text = io.StringIO()
    writer = csv.DictWriter(text, heads or (rows[0] if rows else []), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: guarded(cell) for key, cell in row.items()} for row in rows)
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue()


def write(outcome: Outcome, folder: Path) -> Path:
    """Write ``findings.csv``."""
    return atomic.write_text(folder / "findings.csv", render(outcome))


def guarded(cell: Cell) -> Cell:
    """Keep a text from being run as a formula; numbers stay numbers.

    >>> guarded("=1+1"), guarded(-0.5), guarded(float("nan"))
    ("'=1+1", -0.5, '')
    """
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_STARTS) else cell
    if cell is None or not math.isfinite(cell):
        return ""
    return float(f"{cell:.6g}") if isinstance(cell, float) else cell


def _rows(finding: Finding) -> Iterator[Row]:
    for arrow in (*finding.arrows, *finding.controls):
        yield {
            "rule": finding.rule,
            "version": finding.version,
            "status": finding.status,
            "kind": finding.kind,
            "title": finding.title,
            "severity": finding.severity,
            "verdict": finding.verdict.words(),
            "sentence": finding.sentence,
            **_arrow(arrow),
            "here": finding.here_words,
            "diverging": " | ".join(
                beside.divergence(one) for one in finding.divergences if one.arrow == arrow.id
            ),
            "narratives": " | ".join(map(beside.narrative, finding.narratives)),
            "family": finding.family,
            "plan_hash": finding.plan_hash,
        }


def _arrow(arrow: ArrowResult) -> Row:
    return {
        "arrow": arrow.id,
        "control": "yes" if arrow.control else "no",
        "from_indicator": arrow.from_indicator,
        "from_moves": arrow.from_moves,
        "to_indicator": arrow.to_indicator,
        "to_moves": arrow.to_moves,
        "arrow_verdict": arrow.verdict.words(),
        "reasons": "; ".join(arrow.reasons),
        "first_month": words.month(arrow.first_month),
        "last_month": words.month(arrow.last_month),
        "months": arrow.months,
        **_estimate("", arrow.pooled),
        "units": arrow.units,
        "held_fixed": "; ".join(arrow.held_fixed),
        **_estimate("held_", arrow.held),
        "relabel_p": arrow.relabel_p,
        "family_p": arrow.family_p,
        "smallest_detectable_r": arrow.smallest_detectable_r,
    }


def _estimate(prefix: str, estimate: Estimate | None) -> Row:
    return {prefix + name: getattr(estimate, name, None) for name in _ESTIMATE}
