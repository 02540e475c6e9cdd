"""Narrate: the words of ``narrative.csv`` put beside the findings they answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kpialign.errors import DefinitionError, Fault, did_you_mean
from kpialign.extracts.workspace import NARRATIVE_FILE, Workspace
from kpialign.findings import Finding, Narrative
from kpialign.library import Library
from kpialign.pipeline.trajectories import unknown_body, unknown_indicator


@dataclass(frozen=True)
class Narrated:
    """The findings with the words that answer them, and notes on words that answer none."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def narrated(
    findings: Sequence[Finding],
    workspace: Workspace,
    library: Library,
    names: Mapping[tuple[str, str], str],
    bodies: Collection[str],
    *,
    looked: Collection[str] = (),
) -> Narrated:
    """Give each finding the narratives that name its rule, or an indicator at an end of an arrow.

    Args:
        findings: of this run.
        workspace: its narratives, and what was wrong with them when they were read.
        library: rules and indicators by id.
        names: (role, code) → name.
        bodies: every code the data know.
        looked: rules and indicators at whose shape the run looked.

    Raises:
        DefinitionError: every refused row at once: columns, months, kinds, empty cells, ids and
            organisations nobody knows, words that hold data of a person.
    """
    faults = [*workspace.narrative_faults]
    faults += [
        Fault(str(workspace.folder / NARRATIVE_FILE), one.line, what, todo)
        for one in workspace.narratives
        for what, todo in _wrong(one, library, bodies)
    ]
    if faults:
        raise DefinitionError(faults)
    by_code = {code: name for (_, code), name in sorted(names.items(), reverse=True)}
    told = [_titled(one, library, by_code) for one in workspace.narratives]
    told.sort(key=lambda one: (one.period, one.line), reverse=True)
    answered = tuple(
        replace(finding, narratives=tuple(n for n in told if answers(n, finding)))
        for finding in findings
    )
    notes = tuple(
        f"{NARRATIVE_FILE}, line {one.line}: no finding of this run looks at "
        f"{one.rule or one.indicator}"
        for one in sorted(told, key=lambda n: n.line)
        if not any(one in finding.narratives for finding in answered)
        and (one.rule or one.indicator) not in looked
    )
    return Narrated(answered, notes)


def answers(narrative: Narrative, finding: Finding) -> bool:
    """Whether a narrative speaks of a finding; where it names a rule, of that rule alone."""
    if narrative.rule:
        return narrative.rule == finding.rule
    ends = {end for a in finding.arrows for end in (a.from_indicator, a.to_indicator)}
    return narrative.indicator in ends


def _titled(one: Narrative, library: Library, by_code: Mapping[str, str]) -> Narrative:
    indicator = library.indicators.get(one.indicator)
    return replace(
        one,
        name=by_code.get(one.organisation, one.organisation),
        title=indicator.short if indicator else "",
    )


def _wrong(one: Narrative, library: Library, bodies: Collection[str]) -> Iterator[tuple[str, str]]:
    if one.organisation:  # an empty one was told when the file was read
        yield from unknown_body(one.organisation, bodies)
    if one.indicator:
        yield from unknown_indicator(one.indicator, library.indicators)
    rules = {*library.conflicts, *library.shapes}
    if one.rule and one.rule not in rules:
        hint = did_you_mean(one.rule, rules) or "`kpialign list` names them."
        yield f"No rule is called {one.rule}.", hint
