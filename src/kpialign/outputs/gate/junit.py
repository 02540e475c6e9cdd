"""The gate as JUnit XML: a suite a file, a case for each check and organisation.

A failed check is a failure and a crashed one an error. A warning passed, since JUnit knows no
warnings and a job would stop at a failure; what it said stands in the case's output.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree

from kpialign.charts import words
from kpialign.findings import CheckResult, Gated
from kpialign.outputs.wording import verdict
from kpialign.terms import GateOutcome

_WORD = {GateOutcome.FAIL: "failure", GateOutcome.ERROR: "error", GateOutcome.SKIPPED: "skipped"}


def render(gated: Gated) -> str:
    """The verdict as XML, every answer a case."""
    found = sorted(verdict.results(gated), key=lambda r: (verdict.where(r), r.check))
    root = ElementTree.Element("testsuites", {"name": "kpialign gate", **_counts(found)})
    for where, group in groupby(found, key=verdict.where):
        cases = list(group)
        attributes = {"name": words.clean(where), **_counts(cases)}
        attributes["skipped"] = str(verdict.tally(cases)[GateOutcome.SKIPPED])
        suite = ElementTree.SubElement(root, "testsuite", attributes)
        for result in cases:
            _case(suite, result)
    ElementTree.indent(root, " ")
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _counts(cases: Sequence[CheckResult]) -> dict[str, str]:
    tally = verdict.tally(cases)
    failed, erred = tally[GateOutcome.FAIL], tally[GateOutcome.ERROR]
    return {"tests": str(len(cases)), "failures": str(failed), "errors": str(erred)}


def _case(suite: ElementTree.Element, result: CheckResult) -> None:
    name = f"{verdict.name(result)}: {verdict.whose(result)}, {verdict.where(result)}"
    attributes = {"name": words.clean(name), "classname": f"kpialign.{words.clean(result.check)}"}
    case = ElementTree.SubElement(suite, "testcase", attributes)
    if word := _WORD.get(result.outcome):
        said = {"message": words.clean(verdict.summary(result))}
        if result.outcome.holds_back:
            said["type"] = words.clean(result.check)
        part = ElementTree.SubElement(case, word, said)
        if result.outcome.holds_back:
            part.text = "\n".join(_lines(result))
    elif result.outcome is GateOutcome.WARN:
        lines = [f"warning: {verdict.summary(result)}", *_lines(result)]
        ElementTree.SubElement(case, "system-out").text = "\n".join(map(words.clean, lines))


def _lines(result: CheckResult) -> Iterator[str]:
    rows = [verdict.row_line(issue) for issue in verdict.issues(result)]
    if left := verdict.left(result, len(rows)):
        rows.append(f"and {words.count(left, 'more row or figure', 'more rows or figures')}")
    todos = [f"To do: {todo}" for todo in verdict.todos([result])]
    return (words.clean(line) for line in (*rows, *todos))
