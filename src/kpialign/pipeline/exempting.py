"""Exempt: exceptions of the workspace put beside the findings they speak of, until their day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpialign.definitions.exemptions import Exempted
from kpialign.errors import DefinitionError, Fault
from kpialign.findings import Exemption, Finding
from kpialign.library import Library
from kpialign.pipeline.trajectories import unknown_body

_LOWER = {"high": "medium", "medium": "low", "low": "low"}


@dataclass(frozen=True)
class Exempt:
    """The findings with what is agreed beside them, and what a run says of each exception."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def exempted(
    findings: Sequence[Finding],
    library: Library,
    names: Mapping[tuple[str, str], str],
    bodies: Collection[str],
    today: date,
) -> Exempt:
    """Give each finding the exceptions that name its rule; the evidence stays as it is.

    Args:
        findings: of this run.
        library: its exceptions of findings, with where they are written.
        names: (role, code) → name.
        bodies: every code the data know.
        today: the day on which they have to hold.

    Raises:
        DefinitionError: every organisation that nobody knows.
    """
    known = [one for _, one in sorted(library.exempted.items())]
    faults = [fault for one in known for fault in _unknown(one, library, bodies)]
    if faults:
        raise DefinitionError(faults)
    by_code = {code: name for (_, code), name in sorted(names.items(), reverse=True)}
    holding = [one for one in known if one.holds(today)]
    told = tuple(_beside(finding, holding, by_code) for finding in findings)
    return Exempt(told, tuple(_notes(known, {f.rule for f in findings}, today)))


def _beside(finding: Finding, holding: Sequence[Exempted], names: Mapping[str, str]) -> Finding:
    for one in holding:
        if finding.rule in one.rules:
            finding = _with(finding, one, names)
    return finding


def _with(finding: Finding, one: Exempted, names: Mapping[str, str]) -> Finding:
    was = finding.severity if one.action == "lower_severity" else ""
    bodies = tuple(names.get(code, code) for code in one.organisations)
    exemption = Exemption(one.id, one.action, bodies, one.why, one.by, str(one.until), was)
    asked = finding.divergences
    if one.action == "mute":
        asked = tuple(d for d in asked if one.organisations and d.tie not in one.organisations)
    return replace(
        finding,
        exemptions=(*finding.exemptions, exemption),
        severity=_LOWER.get(was, finding.severity),
        divergences=asked,
    )


def _notes(known: Sequence[Exempted], judged: Collection[str], today: date) -> Iterator[str]:
    """What has run out, is about to, or is about no rule that was judged."""
    for one in known:
        if not one.holds(today):
            rules = ", ".join(one.rules)
            yield f"exception {one.id} ran out on {one.until}: {rules} is told as before"
        elif not set(judged) & set(one.rules):
            yield f"exception {one.id} changed nothing; is it still needed?"
        if one.runs_out(today):
            yield f"exception {one.id} runs out on {one.until}"


def _unknown(one: Exempted, library: Library, bodies: Collection[str]) -> Iterator[Fault]:
    file, _, line = library.sources[f"exception {one.id}"].rpartition(":")
    for code in one.organisations:
        for what, todo in unknown_body(code, bodies):
            yield Fault(file, int(line), what, todo)
