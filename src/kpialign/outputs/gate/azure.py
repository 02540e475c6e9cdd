"""The gate as logging commands of Azure Pipelines, one a line.

The form is that of "Logging commands" in its documentation, the escapes those of its own task
library. The agent keeps ten errors and ten warnings of a step.
"""

from __future__ import annotations

from kpialign.charts import words
from kpialign.findings import CheckResult, Gated
from kpialign.outputs.wording import verdict
from kpialign.terms import GateOutcome

_DATA = str.maketrans({"%": "%AZP25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({"]": "%5D", ";": "%3B"})


def render(gated: Gated) -> str:
    """The worst answers, and in the last line the outcome and how many are not shown."""
    shown, more = verdict.shortest(verdict.to_mend(gated))
    lines = [_issue(result) for result in shown]
    if gated.outcome.rank >= GateOutcome.WARN.rank:
        # Never Failed: whether the step fails is for --fail-on, and its exit code says so.
        lines.append("##vso[task.complete result=SucceededWithIssues;]kpialign gate")
    lines.append(f"##[section]{_clean(f'kpialign gate: {verdict.headline(gated)}{more}', _DATA)}")
    return "\n".join(lines) + "\n"


def _issue(result: CheckResult) -> str:
    first = verdict.issues(result)[0]
    line = verdict.line(first)
    properties = {
        "type": "error" if result.outcome.holds_back else "warning",
        "sourcepath": verdict.relative(first.file),
        "linenumber": str(line) if line else "",
        "code": result.check,
    }
    told = "".join(f"{key}={_clean(text, _PROPERTY)};" for key, text in properties.items() if text)
    message = f"{result.title}: {verdict.annotation(result)}"
    return f"##vso[task.logissue {told}]{_clean(message, _DATA)}"


def _clean(text: str, escapes: dict[int, str]) -> str:
    return words.clean(text).translate(escapes)
