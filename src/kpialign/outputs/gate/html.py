"""The gate as one page for people: by organisation and by check, with the rows; no network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kpialign.findings import CheckResult, Gated
from kpialign.gate.checks import Check
from kpialign.outputs import page
from kpialign.outputs.wording import verdict
from kpialign.terms import GateOutcome

_MOST = 500  # answers to mend with their rows; the tables count the rest
_FEW = 12  # files; the table of more is folded up


@dataclass(frozen=True)
class Body:
    """What an organisation has to mend; of files as a whole, where ``code`` is empty."""

    code: str
    found: tuple[CheckResult, ...]
    more: int

    @property
    def tally(self) -> str:
        """How many of its answers ended how."""
        return verdict.counted(self.found)


@dataclass(frozen=True)
class Row:
    """A check with how often it ended how."""

    check: Check
    worst: GateOutcome
    answers: tuple[int, ...]


def render(gated: Gated) -> str:
    """The page as HTML."""
    checks = _checks(verdict.results(gated))
    text = page.template("gate.html.j2").render(
        gated=gated,
        bodies=bodies(verdict.to_mend(gated)),
        checks=checks,
        anchors={row.check.code: f"check-{n}" for n, row in enumerate(checks, 1)},
        outcomes=list(GateOutcome),
        few=_FEW,
    )
    return f"{text}\n"


def bodies(told: list[CheckResult]) -> list[Body]:
    """Files as a whole, then organisations by code; the worst answers get the room there is."""
    everything, shown = _groups(told, "organisation"), _groups(told[:_MOST], "organisation")
    return [
        Body(code, tuple(shown.get(code, ())), len(found) - len(shown.get(code, ())))
        for code, found in everything.items()
    ]


def _groups(found: Iterable[CheckResult], field: str) -> dict[str, list[CheckResult]]:
    groups: dict[str, list[CheckResult]] = defaultdict(list)
    for result in found:
        groups[getattr(result, field)].append(result)
    return dict(sorted(groups.items()))


def _checks(found: list[CheckResult]) -> list[Row]:
    rows = []
    for code, group in _groups(found, "check").items():
        worst = max((result.outcome for result in group), key=lambda o: o.rank)
        answers = tuple(verdict.tally(group).values())
        rows.append(Row(verdict.catalogue(code, group[0].title), worst, answers))
    return sorted(rows, key=lambda row: -row.worst.rank)
