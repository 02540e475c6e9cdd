"""What stands beside a finding and is no part of its verdict, in words."""

from __future__ import annotations

from kpialign.charts import words
from kpialign.findings import ArrowResult, Divergence, Narrative


def calibration(arrow: ArrowResult) -> str:
    """How often this arrow cries wolf on the figures at hand; empty if nobody measured it."""
    seen = arrow.calibration
    if seen is None:
        return ""
    parts = []
    if seen.deciding_declared is not None and seen.deciding_other is not None:
        rates = (seen.deciding_declared, seen.deciding_other)
        as_said, other = (words.figure(100 * rate, "percent") for rate in rates)
        pairs = words.count(seen.unlinked, "unlinked pair")
        parts.append(f"of {pairs} {as_said} flagged as the rule says, {other} the other way")
    if seen.once is not None and seen.ever is not None:
        once, ever = (words.figure(100 * rate, "percent") for rate in (seen.once, seen.ever))
        parts.append(
            f"of {seen.draws:,} links drawn by lot at most {once} called supported at one look, "
            f"{ever} at any of {seen.looks} monthly looks"
        )
    return "; ".join(parts) or f"too few ties to measure ({seen.ties})"


def divergence(one: Divergence) -> str:
    """A month to ask about: both gaps to the peers, what is usual, and the question."""
    sides = [
        f"{title} {words.change(gap, unit)} (usually within {words.figure(usual, _plain(unit))})"
        for title, gap, usual, unit in (
            (one.from_title, one.from_gap, one.from_usual, one.from_unit),
            (one.to_title, one.to_gap, one.to_usual, one.to_unit),
        )
    ]
    return (
        f"ask about {one.name} in {words.month(one.period)}: against its peers and its own months "
        f"before, {' and '.join(sides)}. What happened there? A prompt, no evidence."
    )


def _plain(unit: str) -> str:
    """The unit of a difference: points, where the figure is a percentage."""
    return "points" if unit == "percent" else unit


def narrative(one: Narrative) -> str:
    """Words that answer a finding: whose, of which month, about what; in quotation marks."""
    head = f"{words.state_words(one.kind)}, {one.name}, {words.month(one.period)}"
    about = f" ({one.title})" if one.title else ""
    by = f" ({one.by})" if one.by else ""
    return f"{head}{about}: \u201c{one.text}\u201d{by}"
