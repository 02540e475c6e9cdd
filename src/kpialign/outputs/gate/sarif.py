"""The gate as SARIF 2.1.0: the checks as rules, a result for every failing row that is told.

A row of a text file is a line of it. A row of a workbook is not: its sheet, row and column are
a logical location.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

from kpialign.charts import words
from kpialign.findings import CheckResult, DataIssue, Gated
from kpialign.gate.checks import CHECKS, Check
from kpialign.outputs.structure import dump
from kpialign.outputs.wording import verdict
from kpialign.terms import GateOutcome

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MOST = 25_000  # results of a run that code scanning takes; it refuses a file with more
_LEVEL = {GateOutcome.ERROR: "error", GateOutcome.FAIL: "error", GateOutcome.WARN: "warning"}

Json = dict[str, Any]


def render(gated: Gated) -> str:
    """The verdict as a log of one run."""
    told = verdict.to_mend(gated)
    rules = _rules(told)
    rows = [(result, issue) for result in told for issue in verdict.issues(result)]
    index = {rule["id"]: n for n, rule in enumerate(rules)}
    driver = {"name": "kpialign", "version": gated.version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(gated, told, len(rows) - MOST)],
        "results": list(islice(_results(rows, index), MOST)),
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(told: list[CheckResult]) -> list[Json]:
    known = {code: CHECKS[code] for code in sorted(CHECKS)} | {"refused": verdict.REFUSED}
    own = {r.check: verdict.catalogue(r.check, r.title) for r in told if r.check not in known}
    return [_rule(check) for check in (known | dict(sorted(own.items()))).values()]


def _rule(check: Check) -> Json:
    return {
        "id": check.code,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.means or check.title},
        "help": {"text": check.todo or check.title},
        "defaultConfiguration": {"level": _LEVEL[check.severity]},
    }


def _invocation(gated: Gated, told: list[CheckResult], more: int) -> Json:
    """Whether every check could be asked, and what of the answers does not stand below."""
    said = [verdict.headline(gated)]
    unlisted = sum(verdict.left(result, len(verdict.issues(result))) for result in told)
    if unlisted:
        said.append(f"{words.count(unlisted, 'failing row or figure', 'failing rows or figures')}")
        said[-1] += " more than are listed below"
    if more > 0:
        said.append(f"{words.count(more, 'result')} more than are listed below")
    notes = [{"level": "note", "message": {"text": text}} for text in said]
    done = gated.outcome is not GateOutcome.ERROR
    return {"executionSuccessful": done, "toolExecutionNotifications": notes}


def _results(rows: list[tuple[CheckResult, DataIssue]], index: dict[str, int]) -> Iterator[Json]:
    seen: Counter[str] = Counter()
    for result, issue in rows:
        mark = _fingerprint(issue, result)
        seen[mark] += 1
        yield {
            "ruleId": result.check,
            "ruleIndex": index[result.check],
            "level": _LEVEL.get(issue.outcome, _LEVEL[result.outcome]),
            "message": {"text": words.clean(_message(result, issue))},
            "locations": [_location(issue)],
            # The key is the one that code scanning reads.
            "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{seen[mark]}"},
            "properties": _properties(result, issue),
        }


def _message(result: CheckResult, issue: DataIssue) -> str:
    said = f"{verdict.whose(result)}: {verdict.row_line(issue)}".rstrip(".")
    count = f" ({result.failed:,} of {result.total:,} failed)" if result.failed > 1 else ""
    return f"{said}{count}. {issue.todo}".rstrip()


def _location(issue: DataIssue) -> Json:
    place = [("sheet", issue.sheet), ("row", issue.row), ("column", issue.column)]
    told = [f"{kind} {words.clean(str(text))}" for kind, text in place if text not in ("", None)]
    location: Json = {}
    if uri := quote(verdict.relative(issue.file), safe="/", errors="replace"):
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}}
        if line := verdict.line(issue):
            location["physicalLocation"]["region"] = {"startLine": line}
    if told:
        location["logicalLocations"] = [{"fullyQualifiedName": ", ".join(told), "kind": "cell"}]
    return location


def _fingerprint(issue: DataIssue, result: CheckResult) -> str:
    """The same next time, also when rows have moved and figures changed."""
    key = (result.check, issue.file, issue.sheet, issue.column, issue.organisation, issue.period)
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]


def _properties(result: CheckResult, issue: DataIssue) -> Json:
    told = {
        "organisation": issue.organisation or result.organisation,
        "period": issue.period,
        "value": issue.value,
        "threshold": result.threshold,
        "outcome": result.outcome.value,
    }
    return {key: text for key, text in told.items() if text}
