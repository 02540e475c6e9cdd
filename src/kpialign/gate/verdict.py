"""One verdict from both kinds of check, and what it holds back from publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpialign.findings import CheckResult, DataIssue, GateVerdict
from kpialign.gate.checks import CHECKS, Check, Reach
from kpialign.gate.results import in_order, result
from kpialign.terms import GateOutcome

BY_FILE = {check.sql: check for check in CHECKS.values() if check.sql}


@dataclass(frozen=True)
class HeldBack:
    """What must not be published.

    Attributes:
        files: files held back as a whole.
        rows: ``(file, organisation, period)`` held back; a missing key is an empty text.
        everything: a check of all files at once crashed, so that nothing is known to be right.
    """

    files: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]
    everything: bool = False


def judge(gx_results: Iterable[CheckResult], sql_rows: pl.DataFrame) -> GateVerdict:
    """Bring the results of all layouts and the rows the SQL checks returned to one verdict.

    ``sql_rows`` has the columns check, file, sheet, row, column, value, organisation, period and
    message; ``check`` is the name of the check's file, or a code. ``outcome`` and ``total`` may
    be missing: a row is then as severe as its check. A row whose outcome is ``pass`` says that
    its check found nothing in the file, one that is ``skipped`` why it could not be asked.
    """
    groups: dict[tuple[Check, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in sql_rows.iter_rows(named=True):
        check = CHECKS.get(row["check"]) or BY_FILE.get(row["check"]) or _own(row)
        whose = row["organisation"] or "" if check.reach is Reach.ROW else ""
        groups[check, row["file"] or "", whose].append(row)
    return GateVerdict(in_order([*gx_results, *_told(groups)]))


def held_back(verdict: GateVerdict) -> HeldBack:
    """Files with a structural failure or a crashed check, and months of organisations."""
    files: set[str] = set()
    rows: set[tuple[str, str, str]] = set()
    everything = False
    for found in verdict.results:
        reach = _reach(found)
        if reach is Reach.FILE and found.file:
            files.add(found.file)
        elif reach is Reach.FILE and not found.layout:
            everything = True
        elif reach is Reach.ROW:
            rows |= {
                (found.file, issue.organisation, issue.period)
                for issue in found.rows
                if issue.outcome.holds_back
            }
    return HeldBack(tuple(sorted(files)), tuple(sorted(rows)), everything)


def _reach(found: CheckResult) -> Reach:
    """What a result holds back.

    A crashed check holds back its file, and so does a failure that names neither an
    organisation nor a month, because nothing smaller can be told apart.
    """
    if not found.outcome.holds_back:
        return Reach.NOTHING
    if found.outcome is GateOutcome.ERROR:
        return Reach.FILE
    if found.check in CHECKS and CHECKS[found.check].reach is not Reach.ROW:
        return CHECKS[found.check].reach
    named = all(issue.organisation or issue.period for issue in found.rows)
    return Reach.ROW if named else Reach.FILE


def _own(row: Mapping[str, Any]) -> Check:
    """A check that came as a file of its own: it reaches as far as its row names."""
    reach = Reach.ROW if row["organisation"] else Reach.FILE
    return Check(row["check"], row["check"].replace("_", " "), "", "", reach=reach)


def _told(
    groups: Mapping[tuple[Check, str, str], list[Mapping[str, Any]]],
) -> Iterator[CheckResult]:
    for (check, file, organisation), rows in groups.items():
        wrong = [row for row in rows if _outcome(check, row).rank >= GateOutcome.WARN.rank]
        skipped = [row for row in rows if _outcome(check, row) is GateOutcome.SKIPPED]
        yield result(
            check,
            [_issue(check, row) for row in wrong],
            layout="",
            file=file,
            organisation=organisation,
            threshold=skipped[0]["message"] if skipped else "",
            total=0 if skipped else max(row.get("total") or len(rows) for row in rows),
        )


def _outcome(check: Check, row: Mapping[str, Any]) -> GateOutcome:
    return GateOutcome(row.get("outcome") or check.severity)


def _issue(check: Check, row: Mapping[str, Any]) -> DataIssue:
    texts = ("message", "file", "sheet", "column", "value", "organisation", "period")
    return DataIssue(
        code=check.code,
        outcome=_outcome(check, row),
        row=row["row"],
        todo=check.todo,
        **{name: row[name] or "" for name in texts},
    )
