"""What stands beside a finding and is no part of its verdict, in words."""

from __future__ import annotations

from kpialign.charts import words
from kpialign.findings import ArrowResult, Divergence, Exemption, Finding, Narrative, TieEstimate


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


def lead(tie: TieEstimate) -> str:
    """What a tie that stands out is, and what would make it go away; empty for any other."""
    if tie.lead is None:
        return ""
    seen = f"{words.signed(tie.lead.r)} ({words.interval(tie.lead.low, tie.lead.high)})"
    return (
        "a lead, no verdict, as about 1 tie in 20 is by accident: with a change of level from "
        f"{words.month(tie.lead.since)} allowed for r is {seen}; ask first whether recording "
        "changed about then"
    )


def exemption(one: Exemption) -> str:
    """What is agreed beside a finding: why, by whom, until when, and what it changes.

    >>> exemption(Exemption("ex.a", "lower_severity", (), "a trial", "the board", "2026-12-31",
    ...                     "high"))
    'agreed by the board until 31 Dec 2026: a trial (harm high without it; ex.a)'
    """
    whom = ", ".join(one.bodies)
    what = {
        "annotate": whom,
        "lower_severity": f"harm {one.was} without it",
        "mute": f"no question asked of {whom}" if whom else "told in short; the report has it all",
    }[one.action]
    about = "; ".join(filter(None, (what, one.id)))
    return f"agreed by {one.by} until {words.day(one.until)}: {one.why} ({about})"


def sureness(finding: Finding) -> str:
    """Harm if true, apart from how sure: chance links, peers, what would have been seen, plan."""
    parts = [f"harm if true: {finding.severity}"]
    arrows = [arrow for arrow in finding.arrows if arrow.pooled is not None]
    if arrows:
        p = max((arrow.family_p for arrow in arrows if arrow.family_p is not None), default=None)
        seen = max((arrow.smallest_detectable_r or 0.0 for arrow in arrows), default=0.0)
        parts.append(f"links drawn by lot as strong the rule’s way: {words.share(p)} (family)")
        if fewest := peers(arrows[0]):
            parts.append(f"peers {fewest[0]} and {fewest[1]}")
        parts.append(f"smallest link that would be seen: {words.signed(seen)}")
    return "; ".join([*parts, f"plan {finding.plan_hash}"])


def peers(arrow: ArrowResult) -> tuple[int, int] | None:
    """The fewest peers that any tie with an estimate has, on both sides."""
    ties = [tie for tie in arrow.ties if tie.state == "estimated"]
    return (min(t.peers_from for t in ties), min(t.peers_to for t in ties)) if ties else None
