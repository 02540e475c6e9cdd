"""Looks at the shape of figures as a flat table that opens in Excel: a row a look."""

from __future__ import annotations

from pathlib import Path

from kpialign.charts import words
from kpialign.findings import Look, Outcome, Shape
from kpialign.outputs import atomic
from kpialign.outputs.spreadsheet import Row, table


def render(outcome: Outcome) -> str:
    """The looks as CSV text."""
    run: Row = {
        "mark": outcome.mark, "system": outcome.system, "period": outcome.period,
        "kpialign": outcome.version,
    }  # fmt: skip
    return table([run | _row(s, look) for s in outcome.shapes for look in s.looks])


def write(outcome: Outcome, folder: Path) -> Path:
    """Write ``shapes.csv``."""
    return atomic.write_text(folder / "shapes.csv", render(outcome))


def _row(shape: Shape, look: Look) -> Row:
    return {
        "rule": shape.rule,
        "version": shape.version,
        "kind": shape.kind,
        "method": shape.method,
        "rule_title": shape.title,
        "severity": shape.severity,
        "confidence": shape.confidence,
        "look": look.id,
        "indicator": look.indicator,
        "title": look.title,
        "about": look.about,
        "scope": look.scope,
        "scope_name": look.scope_name,
        "names_one_organisation": look.body,
        "seen": look.seen.words(),
        "question": look.question,
        "said": look.said,
        "first_month": words.month(look.first_month) if look.first_month else "",
        "last_month": words.month(look.last_month) if look.last_month else "",
        "figures": look.figures,
        "estimate": look.estimate,
        "low": look.low,
        "high": look.high,
        "unit": look.unit,
        "p": look.p,
        "family_p": look.family_p,
        "low_power": "yes" if look.low_power else "no",
        "family": shape.family,
        "plan_hash": shape.plan_hash,
    }
