"""The gate on a screen: outcome, files, what to mend with its place, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from kpialign.charts import words
from kpialign.findings import CheckResult, Gated
from kpialign.outputs.terminal.lines import bounded, section
from kpialign.outputs.wording import phrases, verdict

_WIDTH = 100
_MOST_FILES, _MOST_CHECKS, _MOST_BODIES, _MOST_ROWS, _MOST_NOTES = 10, 15, 12, 3, 10


def render(gated: Gated) -> str:
    """The verdict as plain text, at most 100 columns."""
    told = verdict.to_mend(gated)
    sections = [("FILES", _files(gated))]
    checks = list(verdict.by_check(told))
    sections += [(outcome.upper(), list(_check(found))) for outcome, found in checks[:_MOST_CHECKS]]
    if left := checks[_MOST_CHECKS:]:
        answers = words.count(sum(len(found) for _, found in left), "answer")
        sections.append(("MORE", [f"and {words.count(len(left), 'more check')} with {answers}"]))
    sections += [("NOTES", bounded(list(gated.notes), _MOST_NOTES, "notes")), ("NEXT", _next(told))]
    lines = wrap(f"{gated.outcome.upper()} · {verdict.counted(verdict.results(gated))}", _WIDTH)
    for heading, body in sections:
        lines += section(heading, body, _WIDTH)
    return "\n".join(lines) + "\n"


def _files(gated: Gated) -> list[str]:
    if not gated.readings:
        return ["no files"]
    out = [f"{state}: {file}" for file, state, _ in verdict.kept_out(gated)]  # why stands below
    return [
        *phrases.extracts(gated.readings),
        phrases.row_arithmetic(gated.readings),
        *filter(None, [phrases.cell_arithmetic(gated.readings)]),
        *bounded(out, _MOST_FILES, "files kept out"),
        *bounded(verdict.unpublished(gated), _MOST_FILES, "files not for publication"),
    ]


def _check(found: Sequence[CheckResult]) -> Iterator[str]:
    yield verdict.name(found[0])
    for result in found[:_MOST_BODIES]:
        yield f"  {verdict.whose(result)}, {verdict.where(result)}: {verdict.summary(result)}"
        shown = verdict.issues(result)[:_MOST_ROWS]
        yield from (f"    {verdict.row_line(issue)}" for issue in shown)
        if more := verdict.left(result, len(shown)):
            yield f"    and {words.count(more, 'more row or figure', 'more rows or figures')}"
    if left := found[_MOST_BODIES:]:
        yield f"  and {words.count(len(left), 'more answer')} of this check"
    yield from (f"  To do: {todo}" for todo in verdict.todos(found))


def _next(told: Sequence[CheckResult]) -> list[str]:
    codes = [code for code in dict.fromkeys(r.check for r in told) if code != verdict.REFUSED.code]
    if not told:
        return ["nothing to mend"]
    explain = [f"kpialign explain {codes[0]}: what the check means"] if codes else []
    return [*explain, "--output html=gate.html: every organisation with its rows, on one page"]
