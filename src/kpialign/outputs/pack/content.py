"""What a pack says, in no format: sections of headings, words, tables and pictures."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kpialign.charts import words
from kpialign.charts.icons import Icon

_FEW = 3  # blocks
Cell = str | float | int | None | Icon
Role = Literal["plain", "lead", "aside", "caveat", "verdict", "paste"]


@dataclass(frozen=True)
class Paragraph:
    """Words; ``role`` says how they are meant, ``head`` is set in bold before them."""

    text: str
    role: Role = "plain"
    head: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """Words and what they mean."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table; its first column heads the rows.

    Attributes:
        numbers: columns, from 0, that are set flush right.
        folded: it stands behind a chart and may be folded away where a format can.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: frozenset[int] = frozenset()
    folded: bool = False


@dataclass(frozen=True)
class Figure:
    """A picture, what it says, and the table behind it."""

    stem: str
    title: str
    alt: str
    svg: str
    png: bytes
    table: Table

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the PNG in pixels, as its head says."""
        wide, tall = struct.unpack(">II", self.png[16:24])
        return wide, tall


@dataclass(frozen=True)
class Wanted:
    """A chart to be drawn: all of a pack are drawn together and become figures."""

    kind: str
    subject: tuple[str, ...]


Block = Paragraph | Bullets | Terms | Table | Figure | Wanted


@dataclass(frozen=True)
class Tags:
    """What a part is about, for readers who look for their own."""

    systems: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    severity: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; ``id`` is unique in the pack."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()
    tags: Tags | None = None

    @property
    def brief(self) -> bool:
        """Whether it is a few words, for which no page need be turned."""
        plain = all(isinstance(block, Paragraph | Bullets) for block in self.blocks)
        return plain and not self.parts and len(self.blocks) <= _FEW

    def walk(self) -> Iterator[Section]:
        """The section and all parts below it, as they are read."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Pack:
    """A whole pack.

    Attributes:
        period: the month told, ``2026-03``.
        mark: NOT FOR PUBLICATION and why; on every page, or empty.
        footer: by what the figures were made; on every page.
        annex: tables with plain numbers, for spreadsheets.
    """

    title: str
    subtitle: str
    period: str
    mark: str
    footer: str
    sections: tuple[Section, ...]
    annex: tuple[Table, ...] = ()

    def walk(self) -> Iterator[Section]:
        """Every section and part, as they are read."""
        for section in self.sections:
            yield from section.walk()

    def figures(self) -> Iterator[Figure]:
        """Every picture."""
        for section in self.walk():
            yield from (block for block in section.blocks if isinstance(block, Figure))


def told(cell: Cell) -> str:
    """A cell as text.

    >>> told(None), told(0.123456), told(1234.5678)
    ('no figure', '0.12', '1,234.6')
    """
    if cell is None:
        return "no figure"
    if isinstance(cell, Icon):
        return words.sentence(cell.words)
    if isinstance(cell, float):
        return words.rounded(cell, 1 if abs(cell) >= _LARGE else 2)
    return words.clean(str(cell))


def widths(table: Table) -> tuple[float, ...]:
    """Shares of a page's width that suit the words of each column.

    >>> widths(Table("", ("A", "B"), (("one", "a sentence of some length"),)))
    (0.25, 0.75)
    """
    wide = []
    for at, head in enumerate(table.heads):
        lengths = sorted(_long(row[at]) for row in table.rows) or [0]
        # A word in a head, a number with its unit and a sign's words must not break; a sentence in
        # one row widens the rest only so far that it is no column of single words.
        longest = max((len(word) for word in head.split()), default=0)
        often = max(lengths[len(lengths) * 3 // 4], lengths[-1] // _LINES)
        whole = at in table.numbers or any(isinstance(row[at], Icon) for row in table.rows)
        usual = lengths[-1] + 2 if whole else often
        wide.append(min(max(usual, longest + 1, _NARROW), _WIDE))
    return tuple(round(one / sum(wide), 3) for one in wide)


def excerpt(table: Table, most: int = 24) -> tuple[Table, int]:
    """A table of at most so many rows, and how many were left out: the latest months are kept.

    >>> excerpt(Table("", ("period",), (("2026-01",), ("2026-02",))), most=1)[0].rows
    (('2026-02',),)
    """
    left = max(len(table.rows) - most, 0)
    kept = table.rows[left:] if "period" in table.heads else table.rows[:most]
    return replace(table, rows=kept), left


def _long(cell: Cell) -> int:
    return len(told(cell)) + (_SIGN if isinstance(cell, Icon) else 0)


_NARROW, _WIDE = 8, 24  # characters a column counts for at least, and at most
_LINES = 4  # a cell's words should not be broken into more
_SIGN = 5  # characters as wide as a sign
_LARGE = 100  # from here on one decimal is enough in a table


def said(section: Section) -> Iterator[str]:
    """Every text of a section, pictures' alt text too."""
    for part in section.walk():
        yield part.title
        for block in part.blocks:
            yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from (block.head, block.text)
        case Bullets():
            yield from block.items
        case Terms():
            yield from (text for pair in block.pairs for text in pair)
        case Table():
            yield from (block.caption, *block.heads)
            yield from (told(cell) for row in block.rows for cell in row)
        case Figure():
            yield from (block.title, block.alt)
            yield from _texts(block.table)
        case Wanted():
            yield from block.subject


def with_blocks(section: Section, blocks: tuple[Block, ...]) -> Section:
    """The section with other blocks."""
    return replace(section, blocks=blocks)
