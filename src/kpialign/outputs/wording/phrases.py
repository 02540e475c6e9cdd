"""What is said of a run in words; one wording for the screen and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from itertools import groupby

from kpialign.charts import words
from kpialign.findings import (
    ArrowResult,
    CellCount,
    Change,
    CheckResult,
    CompositePart,
    CompositeValue,
    DataIssue,
    Estimate,
    FileReading,
    Finding,
    GateVerdict,
    Outcome,
    Revision,
    StepSeen,
    SystemValue,
    TargetState,
    TieEstimate,
)
from kpialign.findings.learned import Rank
from kpialign.terms import GateOutcome, Verdict

_REWARDS = "this composite rewards"  # by a supported rule; see composites.pulling
_MOST_NAMES = 4  # bodies named in a line; findings.json names them all

_MEANING = {
    Verdict.SUPPORTED: "The figures of all England move as the rule says, beyond trend, season, "
    "what everyone saw in the same months, and chance links.",
    Verdict.OPPOSITE: "The figures move the other way from what the rule says.",
    Verdict.NOT_SEPARABLE: "The figures move together, and so do figures that the mechanism "
    "cannot touch: pressure that all share explains it as well.",
    Verdict.NO_MEANINGFUL_LINK: "Whatever link there is, it is too small to matter. "
    "This is a firm answer.",
    Verdict.NOT_SUPPORTED: "The figures do not show it. This is an answer: the table below says "
    "how strong a link would have been seen.",
    Verdict.TOO_LITTLE_DATA: "There is not enough data to say, and nothing is said.",
}


def meaning(verdict: Verdict) -> str:
    """What a verdict allows to be said."""
    return _MEANING[verdict]


def header(outcome: Outcome) -> str:
    """System, month and the basis of every figure that follows."""
    parts = [
        outcome.system_name or outcome.system or "England",
        words.month(outcome.period),
        outcome.basis_note,
    ]
    return " · ".join(part for part in parts if part)


def adds_up(reading: FileReading) -> bool:
    """Whether every row is accounted for and the second reader counted as many."""
    kept = reading.loaded + reading.set_aside + reading.rejected
    return reading.read == kept == reading.counted


def row_arithmetic(readings: Sequence[FileReading]) -> str:
    """The rows of all files: read, and where they went."""
    read, loaded, aside, rejected = (
        sum(getattr(r, name) for r in readings)
        for name in ("read", "loaded", "set_aside", "rejected")
    )
    wrong = [r.file for r in readings if not adds_up(r)]
    count = f"does not agree for {', '.join(wrong)}" if wrong else "agrees"
    return (
        f"{words.count(read, 'row')} read: {loaded:,} loaded, {aside:,} set aside, "
        f"{rejected:,} rejected; second count {count}"
    )


def cell_arithmetic(readings: Sequence[FileReading]) -> str:
    """The cells of all files that were counted, and what became of them; empty if none were."""
    counts = [r.cells for r in readings if r.cells is not None]
    if not counts:
        return ""
    read, figures, missing, rejected, repeated = (
        sum(getattr(count, field.name) for count in counts) for field in fields(CellCount)
    )
    told = f"{words.count(read, 'cell')}: {figures:,} figures, {missing:,} missing"
    told += f", {rejected:,} rejected" + (f", {repeated:,} repeated" if repeated else "")
    adds = read == figures + missing + rejected + repeated
    return told + ("" if adds else "; they do not add up")


def extracts(readings: Sequence[FileReading]) -> list[str]:
    """Each layout with its files and months; files held back or refused are told apart."""
    lines = []
    for layout in dict.fromkeys(r.layout for r in readings if r.layout):
        own = [r for r in readings if r.layout == layout]
        states = Counter(words.state_words(r.state) for r in own)
        months = {p for r in own for p in r.periods if r.state not in ("held_back", "refused")}
        tally = ", ".join(f"{n:,} {state}" for state, n in sorted(states.items()))
        span = words.months(months) or "no months published"
        lines.append(f"{layout}: {words.count(len(own), 'file')} ({tally}); {span}")
    return lines


def not_for_publication(outcome: Outcome) -> list[str]:
    """Files whose figures are not for publication, and whether they are in this run."""
    what = "left out" if outcome.audience == "public" else "not for publication"
    return [
        f"{what}: {one.file} ({one.layout}, {words.months(one.periods)}): {one.release.words()}"
        for one in outcome.unpublished
    ]


def expected(outcome: Outcome) -> list[str]:
    """What was due and has not come, a line for each calendar."""
    lines = []
    for title, group in groupby(outcome.expected, key=lambda one: one.title):
        late = list(group)
        day = words.day(max(one.due for one in late))
        about = "" if late[-1].checked else "about "
        due = f"due {about}{day}" if len(late) == 1 else f"the last due {about}{day}"
        months = words.months(one.period for one in late)
        lines.append(f"expected, not in the folder: {title} for {months} ({due})")
    return lines


def hole(source: str, periods: Sequence[str]) -> str:
    """Months that are not there."""
    return f"no {source} for {words.months(periods)}"


def revision(change: Revision) -> str:
    """A figure that a later submission changed."""
    was, now = words.figure(change.was), words.figure(change.now)
    return (
        f"{change.organisation} {change.item}, {words.month(change.period)}: {was} → {now} "
        f"(published {words.day(change.published_on)})"
    )


def gate_line(gate: GateVerdict) -> str:
    """The outcome of the gate and how many checks ended how."""
    tally = Counter(r.outcome for r in gate.results)
    parts = [f"{tally[o]:,} {o}" for o in GateOutcome if tally[o]]
    checks = words.count(len(gate.results), "check")
    return f"{gate.outcome} · {checks}" + (f": {', '.join(parts)}" if parts else "")


def check_lines(gate: GateVerdict) -> list[str]:
    """Checks that did not pass, worst first; organisations with the same fault in one line."""
    groups: dict[tuple[str, ...], list[CheckResult]] = {}
    for result in worst_first(gate):
        key = (result.outcome, result.check, result.file, _fault(result), result.threshold)
        groups.setdefault(key, []).append(result)
    return [_check_line(results) for results in groups.values()]


def _fault(result: CheckResult) -> str:
    """What is wrong, without the figure found: that differs from one organisation to the next."""
    return result.rows[0].message.partition(": found ")[0] if result.rows else result.title


def _check_line(results: Sequence[CheckResult]) -> str:
    first = results[0]
    asked = f", asked {first.threshold}" if first.threshold else ""
    who = ", ".join(
        f"{r.organisation} {r.failed:,} of {r.total:,}" for r in results if r.organisation
    )
    where = " · ".join(part for part in (who, first.file or first.layout) if part)
    return f"{first.outcome}: {_fault(first)}{asked} ({first.check}): {where}"


def issue_line(issue: DataIssue) -> str:
    """One thing to mend: where, what, what to do."""
    said = f"{issue.place}: {issue.message}" if issue.place else issue.message
    return f"{said.rstrip('.')}. {issue.todo}".rstrip()


def worst_first(gate: GateVerdict) -> list[CheckResult]:
    """The checks that erred, failed or warned."""
    told = (GateOutcome.ERROR, GateOutcome.FAIL, GateOutcome.WARN)
    return [result for outcome in told for result in gate.at(outcome)]


def target(state: TargetState, unit: str) -> str:
    """A target, judged on its own basis, with the figure where the month's row does not say it."""
    side = "at least" if state.at_least else "at most"
    word = {True: "met", False: "not met", None: "cannot be judged"}[state.met]
    if state.partial and state.met is not None:
        word += " by those that reported"
    asked = f"{state.name}, {side} {words.figure(state.level, unit)}: {word}"
    seen = "no figure"
    if state.value is not None and words.known(state.value):
        seen = words.beside(state.value, state.level, unit)
    if state.basis != "month":
        return f"{asked} over the {words.state_words(state.basis)} ({seen})"
    # Rounded, the row would read as the level itself, met or not.
    close = words.figure(state.value, unit) == words.figure(state.level, unit)
    return f"{asked} ({seen})" if close and state.value != state.level else asked


def completeness(value: SystemValue) -> str:
    """How many gave their part, of how many; trusts and other providers apart."""
    others = (value.reported - value.trusts_reported, value.expected - value.trusts_expected)
    if not value.trusts_expected:
        return f"{value.reported:,} of {value.expected:,} reported"
    trusts = f"{value.trusts_reported:,} of {words.count(value.trusts_expected, 'trust')} reported"
    if not others[1]:
        return trusts
    many = f"{others[0]:,} of " if others[0] < others[1] else ""
    return f"{trusts}; {many}{words.count(others[1], 'other provider')}"


def missing(value: SystemValue) -> str:
    """Who is missing where the value is of fewer than expected; else nothing."""
    if value.state != "incomplete" or not value.missing:
        return ""
    return f"incomplete, without {_few(value.missing)}"


def comparison(value: SystemValue) -> str:
    """The year over those that gave their part in both months, where the whole cannot be."""
    alike = value.like_for_like
    if value.year_before_state != "not_like_for_like":
        return ""
    if alike is None:
        return "not compared with the year before: nobody gave their part in both months"
    was, now = (words.figure(v, value.unit) for v in (alike.year_before, alike.value))
    who = words.count(alike.members, "body", "bodies")
    return f"the {who} in both months: {was} → {now}; left out: {_few(alike.apart)}"


def _few(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return "; ".join(names[:_MOST_NAMES]) + (f"; and {more:,} more" if more > 0 else "")


def events(values: Sequence[SystemValue]) -> list[str]:
    """What stands between these figures and those of the year before, each once."""
    told = [
        words.event(mark)
        for value in values
        for mark in value.events
        if mark.between(words.year_before(value.period), value.period)
    ]
    return list(dict.fromkeys(told))


def allowed_for(arrow: ArrowResult) -> list[tuple[str, Estimate | None]]:
    """Each unconfirmed event, and the estimate with it allowed for."""
    return [(f"event allowed for, {words.event(mark)}", one) for mark, one in arrow.events]


def composite(value: CompositeValue) -> str:
    """A composite and, in the same breath, the parts it is made of."""
    parts = "; ".join(_part(p) for p in value.parts)
    other = {"arithmetic": "geometric", "geometric": "arithmetic"}.get(value.aggregate, "other")
    beside = f", {other} mean {words.figure(value.other_aggregate, 'score')}"
    before = f", a year before {words.figure(value.year_before, 'score', _before(value))}"
    score = words.figure(value.value, "score", value.state)
    known = words.known(value.value)
    of = " of 100" + _doubt(value) + beside + before if known else ""
    if known and value.state != "reported":
        of += f", {words.state_words(value.state)}"
    rewarded = "".join(f"; {text}" for text in value.rewards if text.startswith(_REWARDS))
    return f"{value.title}, {value.scope_name}: {score}{of} = {parts}{rewarded}"


def _before(value: CompositeValue) -> str:
    """Why there is no figure of the year before beside this one."""
    there = all(part.year_before is not None for part in value.parts)
    return "not_comparable" if there else "not_reported"


def _doubt(value: CompositeValue) -> str:
    """The interval and, in words, whether the change since last month is more than chance."""
    if value.doubt is None:
        return ""
    band = f", {value.band}" if value.band else ""
    ends = f"{words.rounded(value.doubt.low, 1)} to {words.rounded(value.doubt.high, 1)}"
    return f"{band} (95% {ends}; since last month: {value.doubt.words})"


def _part(part: CompositePart) -> str:
    score = words.figure(part.score, "score", part.state)
    return f"{part.title} {score} × {part.weight:g}"


def effect(word: str) -> str:
    """What a party gets when the mechanism works."""
    return "neither better nor worse" if word == "neither" else word


def reasons(arrow: ArrowResult) -> str:
    """Why an arrow got its verdict."""
    return "; ".join(arrow.reasons) or arrow.verdict.words()


def control(arrow: ArrowResult) -> str:
    """A control in words: it ought to be nil, for the mechanism cannot cause it."""
    if arrow.pooled is None:
        return f"not estimated: {reasons(arrow)}"
    nil = arrow.pooled.low <= 0 <= arrow.pooled.high
    word = "nil, as it should be" if nil else "not nil: shared pressure may be at work"
    return f"{words.correlation(arrow.pooled)}, {word}"


def caveat(finding: Finding) -> str:
    """What stands on every finding that says two things move together."""
    told = finding.verdict in (Verdict.SUPPORTED, Verdict.OPPOSITE)
    said = "not proof of intent" in finding.sentence
    return "Association, not proof of intent." if told and not said else ""


def here(finding: Finding) -> list[tuple[ArrowResult, TieEstimate]]:
    """The ties here, each with the arrow it is an estimate of."""
    own = {tie.tie for tie in finding.here}
    return [(arrow, tie) for arrow in finding.arrows for tie in arrow.ties if tie.tie in own]


def scope_of(findings: Sequence[Finding]) -> str:
    """Over how many ties and months the national estimates stand."""
    arrows = [a for f in findings for a in f.arrows]
    if not arrows:
        return "no rule was tested"
    ties = {a.pooled.ties for a in arrows if a.pooled} or {0}
    first = min(a.first_month for a in arrows)
    last = max(a.last_month for a in arrows)
    many = words.count(max(a.months for a in arrows), "month")
    fewest = f"{min(ties)} to " if len(ties) > 1 else ""
    span = f"{words.month(first)} to {words.month(last)}"
    return f"England, {fewest}{words.count(max(ties), 'tie')}, {many} ({span})"


def learned(change: Change, name: str) -> str:
    """Who tried what, and when."""
    by = f", by {change.by}" if change.by else ""
    source = f" ({change.source})" if change.source else ""
    return f"{name}, {change.date}{by}: {change.tried}{source}"


def step(seen: StepSeen) -> str:
    """What moved on one indicator, by its rank among places and dates where nothing was tried."""
    hope = seen.hope.replace("_", " ")
    head = f"{hope}, {seen.title} ({seen.whose}): "
    if seen.effect is None or seen.share is None:
        months = f"{words.count(seen.months_before, 'month')} before, {seen.months_after} from then"
        return f"{head}{words.state_words(seen.state)}, {months}"
    moved = words.change(seen.effect, seen.unit)
    around = f"{words.change(seen.low, seen.unit)} to {words.change(seen.high, seen.unit)}"
    rank = (
        f"{_ordinal(seen.place or 0)} of {seen.places} bodies that month, and "
        f"{words.figure(100 * seen.share, 'percent')} of {seen.placebos:,} other places and "
        "months look as strong"
    )
    return f"{head}{moved} against the others ({around}); {_STEP[seen.word]}: {rank}"


_STEP = {
    Rank.STANDS_OUT: "stands out",
    Rank.DOES_NOT_STAND_OUT: "does not stand out",
    Rank.CANNOT_TELL: "cannot tell, too few to compare with",
}


def _ordinal(place: int) -> str:
    """A rank in words.

    >>> [_ordinal(n) for n in (1, 2, 3, 11, 22)]
    ['1st', '2nd', '3rd', '11th', '22nd']
    """
    tail = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if place % 100 in (11, 12, 13) else tail}"


def by_basis(values: Sequence[SystemValue]) -> list[tuple[str, str, list[SystemValue]]]:
    """Figures under the heading they share: whose, and the month."""
    groups = groupby(values, key=lambda v: (f"{v.scope_name}, {v.basis}", v.period))
    return [(whose, period, list(group)) for (whose, period), group in groups]


def robustness(arrow: ArrowResult) -> str:
    """In how many other ways of looking the sign stays the same."""
    if not arrow.robust:
        return "no further checks were declared"
    same = sum(held for _, held in arrow.robust)
    differ = [name for name, held in arrow.robust if not held]
    but = f"; not in: {', '.join(differ)}" if differ else ""
    return f"same sign in {same} of {len(arrow.robust)} checks{but}"
