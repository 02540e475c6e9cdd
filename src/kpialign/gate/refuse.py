"""Thresholds, tolerances and exceptions that the gate cannot follow: told with file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from kpialign.definitions.thresholds import Excepted, Threshold
from kpialign.definitions.tolerances import Tolerance
from kpialign.errors import DefinitionError, Fault, did_you_mean
from kpialign.gate.asked import BY_FILE
from kpialign.gate.checks import CHECKS, Check, Reach
from kpialign.library import Library

_LIST = "`kpialign list checks` shows them."
_SHARE = "Ask for a count, or leave the scope to layouts."


def refuse(library: Library, sql_checks: Collection[str]) -> None:
    """Stop where one names no check, or no number of it, or one that nothing may make milder.

    ``sql_checks`` are the names of all SQL checks, also of those that came as files of their own.

    Raises:
        DefinitionError: every such fault.
    """
    own = sorted(set(sql_checks) - BY_FILE.keys())
    faults = list(_faults(library, own))
    if faults:
        raise DefinitionError(faults)


def _faults(library: Library, own: Collection[str]) -> Iterator[Fault]:
    named: Mapping[str, Threshold | Excepted] = {**library.thresholds, **library.exceptions}
    for name, one in named.items():
        file, _, line = library.sources[name].rpartition(":")
        for what, todo in _wrong(one, own):
            yield Fault(file, int(line), what, todo)
    for name, tolerance in library.tolerances.items():
        file, _, line = library.sources[name].rpartition(":")
        for what, todo in _unasked(tolerance):
            yield Fault(file, int(line), what, todo)


def _unasked(tolerance: Tolerance) -> Iterator[tuple[str, str]]:
    """A number that no check asks for would change nothing, and nobody would know."""
    check = CHECKS.get(tolerance.check)
    if check is None:
        yield f"No check is called {tolerance.check}.", _LIST
    elif tolerance.name not in check.numbers:
        known = ", ".join(check.numbers) or "none"
        hint = did_you_mean(tolerance.name, check.numbers)
        yield f"{check.code} has no number {tolerance.name}.", hint or f"Its numbers: {known}."


def _wrong(one: Threshold | Excepted, own: Collection[str]) -> Iterator[tuple[str, str]]:
    check = CHECKS.get(one.check)
    if check is None:
        if one.check not in own:
            known = [*CHECKS, *own]
            hint = did_you_mean(one.check, known) or _LIST
            yield f"No check is called {one.check}.", hint
        return
    if check.reach is Reach.FILE and check.severity.holds_back:
        yield (
            f"{one.check} speaks of whole files, and nothing can make it milder.",
            "Take this away; the file has to be mended.",
        )
    if isinstance(one, Threshold):
        yield from _uncounted(one, check)


def _uncounted(threshold: Threshold, check: Check) -> Iterator[tuple[str, str]]:
    """A share of what the check does not count by itself would be too small."""
    levels = (threshold.warn_from, threshold.fail_from)
    if not any(level and level.share is not None for level in levels):
        return
    if check.sql and (threshold.items or threshold.indicators):
        yield f"{check.code} does not count its figures by item, so they have no share.", _SHARE
    if check.reach is not Reach.ROW and (threshold.organisations or threshold.types):
        yield f"{check.code} counts its figures by file, so a body has no share.", _SHARE
