"""PDF that declares PDF/UA-1: tagged, titled, every picture with its text; through typst."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kpialign.charts import words
from kpialign.charts.icons import Icon
from kpialign.outputs.pack.content import (
    Block,
    Bullets,
    Cell,
    Figure,
    Pack,
    Paragraph,
    Section,
    Table,
    Terms,
    excerpt,
    told,
    widths,
)

NEEDS = ("typst",)
ENDING = ".pdf"
_ACROSS, _DOWN = 16, 24  # cm at most of a picture: two usual ones fit a page, a tall one its page
_SETUP = """
#set document(title: "{title}", author: "kpialign", date: none)
#set page(paper: "a4", margin: (x: 2cm, top: 2cm, bottom: 2.2cm), numbering: "1",
  header: [{mark}], footer: context [#set text(8pt)
  #grid(columns: (1fr, auto), [{footer}], counter(page).display())])
#set text(font: ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans"), size: 10.5pt,
  lang: "en", region: "GB", fill: rgb("#111111"))
#set par(leading: 0.65em, spacing: 1em)
#show heading: set text(fill: rgb("#12436D"))
#show heading: set block(above: 1.4em, below: 0.7em, sticky: true)
#show heading.where(level: 1): set text(18pt)
#show heading.where(level: 2): set text(14pt)
#show heading.where(level: 3): set text(11pt)
#show heading.where(level: 4): set text(10.5pt)
#set table(stroke: (x: none, y: 0.5pt + rgb("#8A8A8A")), inset: (x: 4pt, y: 5pt))
#show table.cell.where(y: 0): strong
#show table: set text(9pt)
#show table: set par(leading: 0.5em)
#let caption(body) = block(above: 1.2em, below: 0.6em, sticky: true, strong(body))
#block(text(24pt, weight: "bold", fill: rgb("#12436D"))[{shown}])
#text(11pt)[{subtitle}]
"""


def render(pack: Pack, template: Path | None = None) -> bytes:
    """The pack as PDF."""
    import typst

    with TemporaryDirectory(prefix="kpialign-") as folder:
        place = Path(folder)
        source = place / "pack.typ"
        source.write_text("\n".join(_lines(pack, place)), "utf-8")
        pdf: bytes = typst.compile(str(source), root=folder, pdf_standards=["ua-1"])
    return pdf


def _lines(pack: Pack, place: Path) -> Iterator[str]:
    yield _SETUP.format(
        title=_string(pack.title), shown=_text(pack.title), subtitle=_text(pack.subtitle),
        footer=_text(pack.footer), mark=f"#strong[{_text(pack.mark)}]" if pack.mark else "",
    )  # fmt: skip
    for n, section in enumerate(pack.sections):
        if n and not section.brief:
            yield "#pagebreak(weak: true)"
        yield from _section(section, 1, place)
    figures = list(pack.figures())
    if figures:
        yield "#pagebreak(weak: true)\n= Tables behind the charts"
    for figure in figures:
        table, left = excerpt(figure.table)
        yield from _table(table, place)
        if left:
            yield f"#text(8.5pt)[and {words.count(left, 'row')} more, in the workbook]\n"


def _section(section: Section, level: int, place: Path) -> Iterator[str]:
    yield f"{'=' * level} {_text(section.title)}"
    for block in section.blocks:
        yield from _block(block, level + 1, place)
    for part in section.parts:
        yield from _section(part, level + 1, place)


def _block(block: Block, level: int, place: Path) -> Iterator[str]:
    match block:
        case Paragraph(text="", head=head):
            yield f"{'=' * level} {_text(head)}"
        case Paragraph():
            yield _paragraph(block)
        case Bullets():
            yield "#list(" + ", ".join(f"[{_text(item)}]" for item in block.items) + ",)"
        case Terms():
            pairs = (f"terms.item([{_text(w)}], [{_text(m)}])" for w, m in block.pairs)
            yield f"#terms(separator: [: ], {', '.join(pairs)},)"
        case Table():
            yield from _table(block, place)
        case Figure():
            yield _figure(block, place)


def _paragraph(block: Paragraph) -> str:
    head = f"#strong[{_text(block.head)}] " if block.head else ""
    body = f"{head}{_text(block.text)}"
    wrapped = {
        "lead": f"#text(15pt)[{body}]",
        "aside": f'#text(8.5pt, fill: rgb("#3D3D3D"))[{body}]',
        "caveat": f"#strong[{body}]",
        "paste": f'#block(inset: (left: 8pt), stroke: (left: 2pt + rgb("#767676")))[{body}]',
        "verdict": f'#block(inset: (left: 8pt, y: 2pt), stroke: (left: 4pt + rgb("#12436D")))'
        f"[#text(12pt)[{body}]]",
    }
    return wrapped.get(block.role, body) + "\n"


def _table(table: Table, place: Path) -> Iterator[str]:
    many = len(table.heads)
    sides = ", ".join("right" if n in table.numbers else "left" for n in range(many))
    shares = ", ".join(f"{share}fr" for share in widths(table))
    size = "7pt" if many > 8 else "9pt"
    yield f"#caption[{_text(table.caption)}]"
    yield f"#[#show table: set text({size})\n#table(columns: ({shares},), align: ({sides},),"
    yield f"table.header({', '.join(f'[{_text(head)}]' for head in table.heads)}),"
    for row in table.rows:
        yield ", ".join(f"[{_cell(value, place)}]" for value in row) + ","
    yield ")]"


def _cell(value: Cell, place: Path) -> str:
    if not isinstance(value, Icon):
        return _text(told(value))
    path = place / f"{value.name}.svg"
    path.write_text(value.svg, "utf-8")
    words_of_it = _text(words.sentence(value.words))
    alt = _string(words.sentence(value.words))
    picture = f'image("{path.name}", width: 15pt, alt: "{alt}")'
    return f"#grid(columns: (15pt, 1fr), column-gutter: 4pt, {picture}, [{words_of_it}])"


def _figure(block: Figure, place: Path) -> str:
    path = place / f"{block.stem}.png"
    path.write_bytes(block.png)
    wide, tall = block.size
    across = min(_ACROSS, _DOWN * wide / tall)
    return f'#image("{path.name}", width: {across:.2f}cm, alt: "{_string(block.alt)}")\n'


def _text(text: str) -> str:
    """Words that typst reads as words: names come from extracts."""
    return re.sub(r"([\\#$*_`<>@=\-+/\[\]~\"':.&(){}])", r"\\\1", words.clean(text))


def _string(text: str) -> str:
    return words.clean(text).replace("\\", "\\\\").replace('"', '\\"')
