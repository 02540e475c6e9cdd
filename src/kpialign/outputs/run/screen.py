"""The first screen: a month on one page of a terminal, plain text, at most 100 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import wrap

from kpialign.charts import words
from kpialign.findings import (
    ArrowResult,
    Divergence,
    Estimate,
    Finding,
    Learned,
    Outcome,
    SystemValue,
    TieEstimate,
)
from kpialign.outputs import atomic
from kpialign.outputs.run import return_to_sender
from kpialign.outputs.terminal.lines import bounded, section
from kpialign.outputs.wording import beside, phrases, unusual, whole
from kpialign.terms import Period, Verdict

_LEAST = 84  # below this the table of figures does not fit
_MOST_FILES, _MOST_REVISIONS, _MOST_CHECKS, _MOST_TIES, _MOST_WORDS = 5, 3, 6, 4, 3
_TITLE, _FIGURE = 40, 13
_BEFORE = {
    "not_like_for_like": "not alike",
    "incomparable": "incomparable",
}  # the line below says who is in both


def render(outcome: Outcome, width: int = 100, *, bold: bool = False) -> str:
    """Lay out the run as text.

    Args:
        outcome: what a run returned.
        width: columns, at least 84.
        bold: mark headings for a terminal; no colour is used.
    """
    width = max(width, _LEAST)
    sections = [
        ("READ", _read(outcome)),
        ("GATE", _gate(outcome)),
        ("NOW", _now(outcome)),
        ("CONFLICTS", _conflicts(outcome.findings)),
        ("UNUSUAL", unusual.lines(outcome.shapes, outcome.stakes)),
        ("LEARNED", _learned(outcome.learned)),
        ("MOVED", whole.moved(outcome)),
        ("WHOLE", [*whole.ways(outcome), *whole.composites(outcome)]),
        ("NEXT", _next(outcome)),
    ]
    lines = wrap(words.clean(outcome.mark), width)
    lines += wrap(words.clean(phrases.header(outcome)), width)
    for heading, body in sections:
        lines += section(heading, body, width, bold)
    return "\n".join(lines) + "\n"


def write(outcome: Outcome, folder: Path) -> Path:
    """Write the screen as ``screen.txt``, to send or keep."""
    return atomic.write_text(folder / "screen.txt", render(outcome))


def _read(outcome: Outcome) -> list[str]:
    readings = outcome.readings
    if not readings:
        return ["no files"]
    kept_out = [r for r in readings if r.state in ("held_back", "refused")]
    why = [
        f"{words.state_words(r.state)}: {r.file}: {r.why or 'no reason given'}" for r in kept_out
    ]
    revised = [f"revised: {phrases.revision(r)}" for r in outcome.revisions]
    return [
        *phrases.extracts(readings),
        phrases.row_arithmetic(readings),
        *filter(None, [phrases.cell_arithmetic(readings)]),
        *(phrases.hole(source, periods) for source, periods in outcome.holes),
        *phrases.expected(outcome),
        *bounded(why, _MOST_FILES, "files kept out"),
        *bounded(revised, _MOST_REVISIONS, "revised figures"),
        *bounded(phrases.not_for_publication(outcome), _MOST_FILES, "files not for publication"),
    ]


def _gate(outcome: Outcome) -> list[str]:
    lines = phrases.check_lines(outcome.gate)
    return [phrases.gate_line(outcome.gate), *bounded(lines, _MOST_CHECKS, "checks")]


def _now(outcome: Outcome) -> list[str]:
    """Headline indicators of what is in front, England beside them."""
    chosen = [v for v in outcome.system_values if v.scope == outcome.system and v.headline]
    england = {v.indicator: v for v in outcome.system_values if v.scope != outcome.system}
    lines = []
    for whose, period, group in phrases.by_basis(chosen):
        heads = [_year_before(period), words.month(period)] + (["England"] if england else [])
        lines.append(whose)
        lines.append(f"  {'':<{_TITLE}}" + " ".join(f"{head:>{_FIGURE}}" for head in heads))
        lines += [line for value in group for line in _value(value, england.get(value.indicator))]
        lines += [f"  {text}" for text in phrases.events(group)]
    more = sum(v.scope == outcome.system for v in outcome.system_values) - len(chosen)
    if more > 0:
        lines.append(f"and {words.count(more, 'indicator')} more in the report")
    return lines or ["no figures of the whole"]


def _year_before(period: str) -> str:
    try:
        return (Period.parse(period) + -12).words()
    except ValueError:
        return "year before"


def _value(value: SystemValue, england: SystemValue | None) -> Iterator[str]:
    figures = [
        words.figure(value.year_before, value.unit, _BEFORE.get(value.year_before_state, "")),
        words.figure(value.value, value.unit, value.state),
    ]
    if england is not None:
        figures.append(words.figure(england.value, england.unit, england.state))
    title = value.title if len(value.title) < _TITLE else f"{value.title[: _TITLE - 2]}…"
    yield f"  {title:<{_TITLE}}" + " ".join(f"{figure:>{_FIGURE}}" for figure in figures)
    who = (phrases.completeness(value), phrases.missing(value), phrases.comparison(value))
    told = [*who, *(phrases.target(t, value.unit) for t in value.targets), words.process(value)]
    yield from (f"    {text}" for text in told if text)


def _conflicts(findings: tuple[Finding, ...]) -> list[str]:
    lines = [phrases.scope_of(findings)]
    return lines + [line for finding in findings for line in _finding(finding)]


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.verdict.words().upper()} · {finding.rule} {finding.title}"
    yield f"  {finding.sentence} {phrases.caveat(finding)}".rstrip()
    yield from (f"  {beside.exemption(one)}" for one in finding.exemptions)
    if any(one.mutes_all for one in finding.exemptions):
        return
    if any(arrow.pooled for arrow in finding.arrows):
        yield from _evidence(finding)
    said = [beside.narrative(one) for one in finding.narratives]
    yield from (f"  {line}" for line in bounded(said, _MOST_WORDS, "narratives"))


def _evidence(finding: Finding) -> Iterator[str]:
    for arrow in finding.arrows:
        yield f"  {words.arrow_title(arrow)}: {_arrow(arrow)}"
        if arrow.held is not None and arrow.held_fixed:
            yield f"    with {', '.join(arrow.held_fixed)} held fixed: r {_short(arrow.held)}"
        for what, seen in phrases.allowed_for(arrow):
            yield f"    {what}: " + (f"r {_short(seen)}" if seen else "not estimated")
        if alarms := beside.calibration(arrow):
            yield f"    false alarms here: {alarms}"
    yield f"    {beside.sureness(finding)}"
    for control in finding.controls:
        ends = f"{control.from_title} → {control.to_title}"
        yield f"    control, {ends}: {phrases.control(control)}"
    yield from (f"  here: {line}" for line in _here(finding))
    apart = [beside.divergence(one) for one in _of_interest(finding)]
    yield from (f"  {line}" for line in bounded(apart, _MOST_TIES, "ties to ask about"))


def _of_interest(finding: Finding) -> list[Divergence]:
    """Divergences here; of all England where nothing stands in front."""
    here = {tie.tie for tie in finding.here}
    return [one for one in finding.divergences if not here or one.tie in here]


def _learned(learned: Iterable[Learned]) -> Iterator[str]:
    for one in learned:
        yield phrases.learned(one.change, one.name)
        yield from (f"  {phrases.step(seen)}" for seen in one.steps)
        if one.change.learned:
            yield f"  learned: {one.change.learned}"


def _here(finding: Finding) -> list[str]:
    here = phrases.here(finding)
    if not here or len(here) > _MOST_TIES:
        return [finding.here_words or "no tie here"]
    return ["; ".join(filter(None, (_tie(tie), beside.lead(tie)))) for _, tie in here]


def _tie(tie: TieEstimate) -> str:
    said = f"{tie.name}, {words.local_words(tie)}"
    if tie.state != "estimated":
        return said
    unlinked = f"{tie.stronger:,} of {tie.unlinked:,} unlinked pairs look as strong"
    return f"{said}; r {_short(tie)}; {unlinked}"


def _short(estimate: Estimate | TieEstimate) -> str:
    low, high = words.signed(estimate.low), words.signed(estimate.high)
    return f"{words.signed(estimate.r)} [{low} {high}]"


def _arrow(arrow: ArrowResult) -> str:
    if arrow.pooled is None:
        return phrases.reasons(arrow)
    return f"r {_short(arrow.pooled)}; {words.slope(arrow.pooled, arrow.units)}"


def _next(outcome: Outcome) -> list[str]:
    kept_out = sum(r.state in ("held_back", "refused") for r in outcome.readings)
    supported = [
        f for f in outcome.findings
        if f.verdict is Verdict.SUPPORTED and not any(one.mutes_all for one in f.exemptions)
    ]  # fmt: skip
    lines = ["report.html: the charts, how sure, other explanations, references"]
    if kept_out:
        lines.append(f"{words.count(kept_out, 'file')} to send back or mend, then run again")
    if letters := return_to_sender.letters(outcome):
        rows = words.count(sum(map(len, letters.values())), "row or cell", "rows or cells")
        lines.append(f"return-to-sender/: {words.count(len(letters), 'file')}, {rows}")
    lines += [f"ask ({f.rule}): {f.ask[0]}" for f in supported if f.ask]
    return lines
