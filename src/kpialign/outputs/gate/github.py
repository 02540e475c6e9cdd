"""The gate as annotations of GitHub Actions, a workflow command a line.

The form and its escapes are those of "Workflow commands for GitHub Actions" and of the
command module of its own toolkit. A step shows ten errors and ten warnings.
"""

from __future__ import annotations

from kpialign.charts import words
from kpialign.findings import CheckResult, Gated
from kpialign.outputs.wording import verdict

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(gated: Gated) -> str:
    """The worst answers, and in the last line the outcome and how many are not shown."""
    shown, more = verdict.shortest(verdict.to_mend(gated))
    lines = [_annotation(result) for result in shown]
    lines.append(_command("notice", verdict.headline(gated) + more, title="kpialign gate"))
    return "\n".join(lines) + "\n"


def _annotation(result: CheckResult) -> str:
    first = verdict.issues(result)[0]
    line = verdict.line(first)
    return _command(
        "error" if result.outcome.holds_back else "warning",
        verdict.annotation(result),
        file=verdict.relative(first.file),
        line=str(line) if line else "",
        title=verdict.name(result),
    )


def _command(name: str, message: str, **properties: str) -> str:
    told = [f"{key}={_clean(text, _PROPERTY)}" for key, text in properties.items() if text]
    return f"::{name} {','.join(told)}::{_clean(message, _DATA)}"


def _clean(text: str, escapes: dict[int, str]) -> str:
    return words.clean(text).translate(escapes)
