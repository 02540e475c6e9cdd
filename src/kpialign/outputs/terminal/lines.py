"""Plain text under headings, as screens print it: wrapped, bounded, clean of control characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from kpialign.charts import words

_GUTTER = 11  # the longest heading and two spaces


def section(heading: str, body: Iterable[str], width: int, bold: bool = False) -> Iterator[str]:
    """Lines under a heading that stands beside the first of them."""
    start = f"{heading:<{_GUTTER}}"
    if bold:
        start = f"\x1b[1m{start}\x1b[0m"
    for line in body:
        # Leading spaces are the line's own indent, kept by what it wraps into.
        inner = " " * (len(line) - len(line.lstrip(" ")))
        room = width - _GUTTER
        for text in wrap(words.clean(line), room, subsequent_indent=inner + "  "):
            yield (start + text).rstrip()
            start = " " * _GUTTER


def bounded(lines: list[str], most: int, noun: str) -> list[str]:
    """The first lines, and how many more there are."""
    left = len(lines) - most
    return lines[:most] + ([f"and {left:,} more {noun}"] if left > 0 else [])
