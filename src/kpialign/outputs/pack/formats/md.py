"""Markdown, for wikis and repositories: words, tables and what each chart says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kpialign.charts import words
from kpialign.outputs.pack.content import (
    Block,
    Bullets,
    Figure,
    Pack,
    Paragraph,
    Section,
    Table,
    Terms,
    told,
)

NEEDS: tuple[str, ...] = ()
ENDING = ".md"


def render(pack: Pack, template: Path | None = None) -> bytes:
    """The pack as one text; charts stand in it as their words and tables."""
    lines = [f"# {_plain(pack.title)}", _plain(pack.subtitle)]
    if pack.mark:
        lines.insert(0, f"**{_plain(pack.mark)}**")
    for section in pack.sections:
        lines += _section(section, 2)
    lines.append(f"*{_plain(pack.footer)}*")
    return ("\n\n".join(lines) + "\n").encode()


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * min(level, 6)} {_plain(section.title)}"
    for block in section.blocks:
        yield from _block(block, level + 1)
    for part in section.parts:
        yield from _section(part, level + 1)


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case Paragraph(text="", head=head):
            yield f"{'#' * min(level, 6)} {_plain(head)}"
        case Paragraph():
            head = f"**{_plain(block.head)}** " if block.head else ""
            start = "> " if block.role in ("paste", "verdict") else ""
            yield f"{start}{head}{_plain(block.text)}"
        case Bullets():
            yield "\n".join(f"- {_plain(item)}" for item in block.items)
        case Terms():
            yield "\n".join(f"- **{_plain(word)}**: {_plain(means)}" for word, means in block.pairs)
        case Table():
            yield _table(block)
        case Figure():
            yield f"**Chart: {_plain(block.title)}** {_plain(block.alt)}"
            yield _table(block.table)


def _table(table: Table) -> str:
    rule = " | ".join("---:" if n in table.numbers else "---" for n in range(len(table.heads)))
    rows = [
        " | ".join(_plain(head) for head in table.heads),
        rule,
        *(" | ".join(_plain(told(cell)) for cell in row) for row in table.rows),
    ]
    return f"**{_plain(table.caption)}**\n\n" + "\n".join(f"| {row} |" for row in rows)


def _plain(text: str) -> str:
    """Words that no Markdown reads as marks: names come from extracts."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", words.clean(text))
