"""Look up a finding or an arrow by its name, with a hint when it is not there."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.errors import UsageError, did_you_mean
from kpialign.findings import ArrowResult, Finding, Look, Outcome


def finding_of(outcome: Outcome, rule: str) -> Finding:
    """The finding of a rule.

    Raises:
        UsageError: the run has no such rule.
    """
    found = {finding.rule: finding for finding in outcome.findings}
    if rule not in found:
        raise UsageError(f"no finding {rule} in this run. {did_you_mean(rule, found)}".strip())
    return found[rule]


def arrow_of(outcome: Outcome, rule: str, arrow: str) -> ArrowResult:
    """The arrow, or negative control, of a rule.

    Raises:
        UsageError: the rule has no such arrow.
    """
    finding = finding_of(outcome, rule)
    found = {a.id: a for a in (*finding.controls, *finding.arrows)}
    if arrow not in found:
        hint = did_you_mean(arrow, found)
        raise UsageError(f"{rule} has no arrow {arrow!r}. {hint}".strip())
    return found[arrow]


def look_of(outcome: Outcome, rule: str, look: str) -> Look:
    """A look at the shape of a figure.

    Raises:
        UsageError: the run has no such look.
    """
    found = {one.id: one for shape in outcome.shapes if shape.rule == rule for one in shape.looks}
    if look not in found:
        raise UsageError(f"{rule} has no look {look!r}. {did_you_mean(look, found)}".strip())
    return found[look]


def looks_with(outcome: Outcome, kind: str) -> Iterator[tuple[str, Look]]:
    """The looks that have points of a kind to draw."""
    points = outcome.tables.shapes.filter(kind=kind)
    have = set(points.select("rule", "look").unique().iter_rows())
    for shape in outcome.shapes:
        yield from ((shape.rule, one) for one in shape.looks if (shape.rule, one.id) in have)
