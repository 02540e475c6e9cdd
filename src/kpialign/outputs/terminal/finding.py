"""One finding step by step, from the figures as reported to the verdict, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from kpialign.charts import words
from kpialign.findings import ArrowResult, EvidenceStep, Finding, Outcome, TieEstimate
from kpialign.outputs.wording import beside, phrases
from kpialign.terms import Verdict

_WIDTH, _TITLE, _R = 100, 46, 26
_LADDER = ("as_reported", "less_season", "less_peers", "less_memory")


def render(outcome: Outcome, finding: Finding, tie: str = "") -> str:
    """Walk through a finding.

    Args:
        outcome: the run it is of.
        finding: the finding.
        tie: code of a tie to walk through as well; those here if empty.
    """
    lines = [outcome.mark] if outcome.mark else []
    lines += [
        f"{finding.rule} {finding.title}",
        f"{finding.verdict.words().upper()} · harm if true: {finding.severity} · "
        f"{phrases.header(outcome)}",
        f"Declared before looking: version {finding.version}, plan {finding.plan_hash}.",
        f"How it would work: {finding.mechanism}",
    ]
    lines += [f"Exception: {beside.exemption(one)}" for one in finding.exemptions]
    for arrow in finding.arrows:
        lines += ["", *_arrow(arrow, finding, tie)]
    lines += ["", "VERDICT", f"{finding.sentence} {phrases.caveat(finding)}".rstrip()]
    lines += [phrases.meaning(finding.verdict), "", *_goes_away(finding)]
    lines += ["", "OTHER EXPLANATIONS", *(f"  {text}" for text in finding.other_explanations)]
    lines += ["", "ASK", *(f"  {text}" for text in finding.ask)]
    if finding.narratives:
        lines += ["", "IN THEIR OWN WORDS (no evidence)"]
        lines += [f"  {beside.narrative(one)}" for one in finding.narratives]
    return "\n".join(part for line in lines for part in _wrapped(words.clean(line))) + "\n"


def _wrapped(line: str) -> list[str]:
    inner = " " * (len(line) - len(line.lstrip(" ")))
    return wrap(line, _WIDTH, subsequent_indent=f"{inner}  ") or [""]


def _arrow(arrow: ArrowResult, finding: Finding, tie: str) -> Iterator[str]:
    span = f"{words.month(arrow.first_month)} to {words.month(arrow.last_month)}"
    yield f"{words.arrow_title(arrow).upper()}"
    ties = arrow.pooled.ties if arrow.pooled else 0
    yield (
        f"England: {words.count(ties, 'tie')}, {words.count(arrow.months, 'month')} ({span}). "
        "A positive r is what the rule says."
    )
    if arrow.pooled is None:
        yield f"Not estimated: {phrases.reasons(arrow)}."
        return
    yield f"  {'step by step':<{_TITLE}}{'r, all ties together':<{_R}}unlinked that look linked"
    for at, step in enumerate((s for s in arrow.steps if s.step in _LADDER), start=1):
        yield _row(f"{at} {step.title}", step)
    yield "  Unlinked pairs cannot move each other: about 5% of them may look linked by accident."
    yield "tried against"
    for step in arrow.steps:
        if step.step not in _LADDER:
            yield _row(step.title, step)
    for what, part in (("first 24 months", arrow.first_24), ("last 24 months", arrow.last_24)):
        yield _row(what, EvidenceStep("part", what, part))
    yield f"  other ways of looking: {phrases.robustness(arrow)}"
    yield f"in their own units: {words.slope(arrow.pooled, arrow.units)}, same sign and p as r"
    yield (
        f"links drawn by lot that look as strong, as the rule says: "
        f"{words.share(arrow.relabel_p)}; within the {finding.family} family: "
        f"{words.share(arrow.family_p)}"
    )
    yield f"smallest link that would have been seen: {words.signed(arrow.smallest_detectable_r)}"
    if fewest := beside.peers(arrow):
        yield f"peers of a tie, at the fewest: {fewest[0]} and {fewest[1]}"
    yield f"false alarms here: {beside.calibration(arrow) or 'not measured (kpialign calibrate)'}"
    yield from _ties(arrow, finding, tie)


def _row(title: str, step: EvidenceStep) -> str:
    seen = words.correlation(step.estimate) if step.estimate else "not estimated"
    linked = "" if step.unlinked is None else words.figure(100 * step.unlinked, "percent")
    if len(title) > _TITLE - 1:  # a long title has a line of its own
        return f"  {title}: {seen} {linked}".rstrip()
    return f"  {title:<{_TITLE}}{seen:<{_R}}{linked}".rstrip()


def _ties(arrow: ArrowResult, finding: Finding, tie: str) -> Iterator[str]:
    own = {tie} if tie else {one.tie for one in finding.here}
    shown = [one for one in arrow.ties if one.tie in own]
    if shown:
        yield "one tie at a time"
    for one in shown:
        yield from _tie(one, arrow)


def _tie(tie: TieEstimate, arrow: ArrowResult) -> Iterator[str]:
    yield f"  {tie.name}: {words.local_words(tie)}"
    if tie.state != "estimated":
        return
    yield (
        f"    r {words.correlation(tie)}, {words.slope(tie, arrow.units)}; "
        f"{words.count(tie.months, 'month')}, peers {tie.peers_from} and {tie.peers_to}"
    )
    yield (
        f"    {tie.stronger:,} of {tie.unlinked:,} unlinked pairs look as strong; "
        f"p {words.share(tie.p)}; drawn towards England "
        f"{words.signed(tie.shrunk_r)} ({words.interval(tie.shrunk_low, tie.shrunk_high)})"
    )
    if tie.lead is not None:
        yield f"    {beside.lead(tie)}"


def _goes_away(finding: Finding) -> Iterator[str]:
    """The guards a verdict passed, each with how far it is from failing; or what would earn one."""
    if finding.verdict in (Verdict.SUPPORTED, Verdict.OPPOSITE):
        yield "WHAT WOULD MAKE IT GO AWAY"
        for arrow in finding.arrows:
            yield from (f"  {text}" for text in _guards(arrow))
        return
    yield "WHAT STANDS AGAINST MORE"
    for arrow in finding.arrows:
        yield f"  {words.arrow_title(arrow)}: {phrases.reasons(arrow)}"


def _guards(arrow: ArrowResult) -> Iterator[str]:
    if arrow.pooled is None:
        return
    yield f"an interval that reaches 0 (now {words.interval(arrow.pooled.low, arrow.pooled.high)})"
    # The p told is of the declared direction, so of an opposite finding it says nothing.
    now = f" (now {words.share(arrow.family_p)})" if arrow.pooled.r > 0 else ""
    yield f"links drawn by lot as strong in more than 1 of 10{now}"
    for step in arrow.steps:
        if step.estimate is None or step.step in _LADDER:
            continue
        now = words.interval(step.estimate.low, step.estimate.high)
        if step.step == "control":
            yield f"{step.title}: an interval that leaves 0 out (now {now})"
        else:
            yield f"{step.title}: an interval that reaches 0 (now {now})"
    for what, part in (("first", arrow.first_24), ("last", arrow.last_24)):
        if part is not None:
            yield f"another sign in the {what} 24 months (now {words.signed(part.r)})"
