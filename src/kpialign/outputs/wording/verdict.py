"""What the gate found, in order and in words; every format of the gate tells the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from kpialign.charts import words
from kpialign.findings import CheckResult, DataIssue, FileReading, Gated
from kpialign.gate.checks import CHECKS, Check
from kpialign.outputs.wording import phrases
from kpialign.terms import PUBLISHED, GateOutcome

REFUSED = Check(
    "refused",
    "Every file can be read",
    "A file that cannot be read, or that no layout recognises, says nothing to any check.",
    "Read the reason; send the file as it was published, or draft a layout for it.",
    GateOutcome.ERROR,
)
TO_MEND = (GateOutcome.ERROR, GateOutcome.FAIL, GateOutcome.WARN)
ANNOTATIONS = 10  # of each kind a step: what GitHub shows, and what the Azure agent keeps

_LINES = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"})


def results(gated: Gated) -> list[CheckResult]:
    """Every answer, worst first; a file that could not be read is one of them."""
    told = [*map(_refused, refused(gated)), *gated.verdict.results]
    return sorted(told, key=lambda r: (-r.outcome.rank, r.check, r.layout, r.file, r.organisation))


def to_mend(gated: Gated) -> list[CheckResult]:
    """The answers that erred, failed or warned, worst first."""
    return [result for result in results(gated) if result.outcome in TO_MEND]


def by_check(found: Iterable[CheckResult]) -> Iterator[tuple[GateOutcome, list[CheckResult]]]:
    """Answers of one outcome and check together, in the order they come."""
    for (outcome, _), group in groupby(found, key=lambda r: (r.outcome, r.check)):
        yield outcome, list(group)


def unpublished(gated: Gated) -> list[str]:
    """Files whose figures are not for everyone, and why."""
    held = [r for r in gated.readings if r.release != PUBLISHED]
    return [f"not for publication: {r.file}: {r.release.words()}" for r in held]


def kept_out(gated: Gated) -> list[tuple[str, str, str]]:
    """Files that were refused or held back, or do not add up: name, state, why."""
    return [
        (reading.file, words.state_words(reading.state), _why(reading))
        for reading in gated.readings
        if reading.state in ("held_back", "refused") or not phrases.adds_up(reading)
    ]


def refused(gated: Gated) -> list[FileReading]:
    """Files that could not be read."""
    return [reading for reading in gated.readings if reading.state == "refused"]


def tally(found: Iterable[CheckResult]) -> Mapping[GateOutcome, int]:
    """How many answers ended how, mildest first; an outcome that nothing had is 0."""
    count = Counter(result.outcome for result in found)
    return {outcome: count[outcome] for outcome in GateOutcome}


def counted(found: Sequence[CheckResult], noun: str = "check") -> str:
    """How many answers there are, and how many ended how."""
    parts = [f"{n:,} {outcome}" for outcome, n in tally(found).items() if n]
    return words.count(len(found), noun) + (f": {', '.join(parts)}" if parts else "")


def headline(gated: Gated) -> str:
    """The outcome of the gate, and of how many answers it was made."""
    return f"{gated.outcome} · {counted(results(gated))}"


def catalogue(code: str, title: str = "") -> Check:
    """What is known of a check; one that came as a file of its own has its title alone."""
    return {REFUSED.code: REFUSED, **CHECKS}.get(code) or Check(code, title or code, "", "")


def issues(result: CheckResult) -> tuple[DataIssue, ...]:
    """The failing rows that are known; an answer without any is told by itself."""
    if result.rows:
        return result.rows
    said = f"{result.title}: {result.observed or 'nothing was told'}"
    return (
        DataIssue(
            result.check,
            result.outcome,
            said,
            file=result.file,
            organisation=result.organisation,
            todo=catalogue(result.check).todo,
        ),
    )


def left(result: CheckResult, shown: int | None = None) -> int:
    """How many failing rows are not told."""
    return max(0, result.failed - (len(result.rows) if shown is None else shown))


def whose(result: CheckResult) -> str:
    """The organisation, or that the answer is of the file as a whole."""
    return result.organisation or ("the file as a whole" if result.file else "all files")


def name(result: CheckResult) -> str:
    """The check by its code and title; a check of one's own is called by its code."""
    own = result.title == result.check.replace("_", " ")
    return result.check if own else f"{result.check} {result.title}"


def where(result: CheckResult) -> str:
    """The file, else the layout."""
    return result.file or result.layout or "all files"


def summary(result: CheckResult) -> str:
    """How many failed of how many, what was found and what was asked."""
    asked = f"; asked {result.threshold}" if result.threshold else ""
    found = f"; found {result.observed}" if result.observed else ""
    return f"{result.failed:,} of {result.total:,}{found}{asked}"


def todos(found: Iterable[CheckResult]) -> list[str]:
    """What to do about some answers, each once."""
    told = [issue.todo for result in found for issue in issues(result)]
    return [todo for todo in dict.fromkeys(told) if todo]


def row_line(issue: DataIssue) -> str:
    """One failing row: its place, its month, what is wrong."""
    month = f", {words.month(issue.period)}" if issue.period else ""
    where = f"{issue.place}{month}"
    return f"{where}: {issue.message}" if where else issue.message


def line(issue: DataIssue) -> int | None:
    """The line of a text file in which a row stands; a row of a workbook is no line.

    >>> line(DataIssue("KG-001", GateOutcome.FAIL, "", file="a.csv", row=3))
    3
    >>> line(DataIssue("KG-001", GateOutcome.FAIL, "", file="a.xlsx", sheet="April", row=3))
    """
    text = PurePosixPath(issue.file).suffix.lower() in _LINES and not issue.sheet
    return issue.row if text and issue.row is not None and issue.row > 0 else None


def relative(file: str) -> str:
    r"""A file as jobs name it: below where they run, with slashes, never from the root.

    >>> relative(r"C:\in\a.csv"), relative("/in/a.csv"), relative("a.zip/b.csv")
    ('in/a.csv', 'in/a.csv', 'a.zip/b.csv')
    """
    path = re.sub(r"^[A-Za-z]:(?=/)", "", words.clean(file).replace("\\", "/"))
    return "/".join(part for part in path.split("/") if part not in ("", ".", ".."))


def annotation(result: CheckResult) -> str:
    """An answer in one line, for a job that shows a line of each."""
    first = issues(result)[0]
    which = "The first: " if result.failed > 1 else ""
    said = f"{result.outcome}, {whose(result)}, {summary(result)}. {which}{row_line(first)}"
    return f"{said.rstrip('.')}. {first.todo}".rstrip()


def shortest(found: Sequence[CheckResult]) -> tuple[list[CheckResult], str]:
    """The answers a step can show, worst first, and in words how many it cannot."""
    errors = [result for result in found if result.outcome.holds_back]
    warnings = [result for result in found if result.outcome is GateOutcome.WARN]
    more = [
        f"{len(group) - ANNOTATIONS:,} more {noun}"
        for group, noun in ((errors, "errors"), (warnings, "warnings"))
        if len(group) > ANNOTATIONS
    ]
    said = f"; {' and '.join(more)} not shown here" if more else ""
    return [*errors[:ANNOTATIONS], *warnings[:ANNOTATIONS]], said


def _why(reading: FileReading) -> str:
    odd = "" if phrases.adds_up(reading) else "its rows do not add up; "
    return odd + (reading.why.removeprefix(f"{reading.file}: ") or "no reason given")


def _refused(reading: FileReading) -> CheckResult:
    why = _why(reading)
    issue = DataIssue(REFUSED.code, GateOutcome.ERROR, why, file=reading.file, todo=REFUSED.todo)
    return CheckResult(
        check=REFUSED.code,
        title=REFUSED.title,
        layout=reading.layout,
        file=reading.file,
        organisation="",
        outcome=GateOutcome.ERROR,
        observed="",
        threshold="",
        failed=1,
        total=1,
        rows=(issue,),
        severity=GateOutcome.ERROR,
    )
