"""Parts that pull against each other by the verdicts of rules: what a composite then rewards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kpialign.findings import ArrowResult, CompositeValue, Finding
from kpialign.terms import Verdict


def rewards(
    value: CompositeValue, findings: Iterable[Finding], answers: Mapping[str, str]
) -> Iterator[str]:
    """Every pair of parts of which a rule says that one gets better as the other gets worse.

    Args:
        value: the composite.
        findings: what the rules found.
        answers: indicator → who answers for it.
    """
    for finding in findings:
        for arrow in finding.arrows:
            ends = _ends(arrow, [part.indicator for part in value.parts])
            if ends is None or arrow.from_moves == arrow.to_moves:
                continue
            gains, pays = ends if arrow.from_moves == "better" else ends[::-1]
            titles = {part.indicator: part.title for part in value.parts}
            who = f"{titles[gains]} ({answers[gains]}) to {titles[pays]} ({answers[pays]})"
            if arrow.verdict is Verdict.SUPPORTED:
                yield f"this composite rewards shifting harm from {who}: {finding.rule}, supported"
            else:
                yield (
                    f"this composite would reward shifting harm from {who}; "
                    f"{finding.rule} declares it: {arrow.verdict.words()}"
                )


def _ends(arrow: ArrowResult, parts: list[str]) -> tuple[str, str] | None:
    """The parts an arrow runs between; a part stands for its own narrower form, such as type 1."""
    found = [_part(name, parts) for name in (arrow.from_indicator, arrow.to_indicator)]
    if found[0] is None or found[1] is None or found[0] == found[1]:
        return None
    return found[0], found[1]


def _part(name: str, parts: list[str]) -> str | None:
    return next(
        (p for p in parts if p == name or name.startswith(f"{p}.") or p.startswith(f"{name}.")),
        None,
    )
