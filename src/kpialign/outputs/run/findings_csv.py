"""Findings as a flat table that opens in Excel: a row per rule and arrow, controls too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kpialign.charts import words
from kpialign.findings import ArrowResult, Estimate, Finding, Outcome
from kpialign.outputs import atomic
from kpialign.outputs.spreadsheet import Row, table
from kpialign.outputs.wording import beside

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


def write(outcome: Outcome, folder: Path) -> Path:
    """Write ``findings.csv``."""
    return atomic.write_text(folder / "findings.csv", render(outcome))


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
            "exceptions": " | ".join(map(beside.exemption, finding.exemptions)),
            "family": finding.family,
            "plan_hash": finding.plan_hash,
        }


def _arrow(arrow: ArrowResult) -> Row:
    fewest = beside.peers(arrow) or (None, None)
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
        "peers_from": fewest[0],
        "peers_to": fewest[1],
        "false_alarms": beside.calibration(arrow),
    }


def _estimate(prefix: str, estimate: Estimate | None) -> Row:
    return {prefix + name: getattr(estimate, name, None) for name in _ESTIMATE}
