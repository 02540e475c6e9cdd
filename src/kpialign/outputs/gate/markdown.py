"""The gate as Markdown, for the summary of a job (``GITHUB_STEP_SUMMARY``)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kpialign.charts import words
from kpialign.findings import CheckResult, Gated
from kpialign.outputs.terminal.lines import bounded
from kpialign.outputs.wording import phrases, verdict

MOST_BYTES = 1_000_000  # GitHub takes 1 MiB of one step and shows nothing of more
_MOST_FILES_BYTES = 200_000
_MOST_CELL = 300  # characters of one cell
_MOST_NOTES = 20
_ACTIVE = re.compile(r"[\\`*_\[\]<>&|~:@#$!\"']|(?<=www)\.", re.IGNORECASE)


def render(gated: Gated) -> str:
    """The verdict as headings and tables; what does not fit is counted."""
    told = verdict.to_mend(gated)
    parts = [
        f"## Gate: {gated.outcome.upper()}",
        escaped(verdict.headline(gated)),
        f"{escaped(phrases.row_arithmetic(gated.readings))}.",
        *_table(
            "Files kept out", ("File", "State", "Why"), verdict.kept_out(gated), _MOST_FILES_BYTES
        ),
    ]
    room = MOST_BYTES - sum(len(part.encode()) + 2 for part in parts) - _MOST_FILES_BYTES
    heads = ("Outcome", "Check", "Organisation", "Failed", "First place", "What", "To do")
    parts += _table("To mend", heads, map(_row, told), room)
    notes = [*verdict.unpublished(gated), *gated.notes]
    parts += [f"- {line}" for line in map(escaped, bounded(notes, _MOST_NOTES, "notes"))]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text that means nothing to Markdown, HTML, links, mentions or a table.

    >>> escaped("a|b <b>`c`")
    'a&#124;b &#60;b&#62;&#96;c&#96;'
    """
    text = words.clean(text)
    short = text if len(text) <= _MOST_CELL else f"{text[: _MOST_CELL - 1]}…"
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", short)


def _row(result: CheckResult) -> tuple[str, ...]:
    first = verdict.issues(result)[0]
    return (
        result.outcome.upper(),
        verdict.name(result),
        verdict.whose(result),
        f"{result.failed:,} of {result.total:,}",
        first.place or verdict.where(result),
        first.message,
        first.todo,
    )


def _table(
    title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], room: int
) -> list[str]:
    """A heading and a table of the rows that fit in so many bytes, and how many more there are."""
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    more = 0
    for row in rows:
        line = f"| {' | '.join(map(escaped, row))} |"
        room -= len(line.encode()) + 1
        if room < 0:
            more += 1
        else:
            lines.append(line)
    if len(lines) == 2 and not more:
        return []
    rest = [f"and {more:,} more"] if more else []
    return [f"### {title}", "\n".join(lines), *rest]
