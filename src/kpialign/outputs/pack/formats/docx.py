"""Word: real headings, alt text on every picture, header rows that repeat; also in a template."""

from __future__ import annotations

import io
from functools import singledispatch
from pathlib import Path
from typing import Any

from kpialign.charts import words
from kpialign.charts.icons import Icon
from kpialign.errors import UsageError
from kpialign.outputs.pack import zipped
from kpialign.outputs.pack.content import (
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

NEEDS = ("docx",)
ENDING = ".docx"
_INK, _NAVY, _SOFT = "111111", "12436D", "3D3D3D"
_LINE = "9A9A9A"
_TABLE = "kpialign table"  # a template that has a style of this name dresses the tables
_PICTURE, _SIGN = 16.5, 0.65  # cm


def render(pack: Pack, template: Path | None) -> bytes:
    """The pack as a Word document; with a template its styles, margins and first pages stand."""
    document = _opened(template)
    if template is None:
        _dress(document)
    zipped.introduce(document.core_properties, pack)
    document.core_properties.comments = ""  # python-docx names itself there
    document.core_properties.subject = words.clean(pack.subtitle)
    document.add_paragraph(words.clean(pack.title), style=_style(document, "Title"))
    document.add_paragraph(words.clean(pack.subtitle), style=_style(document, "Subtitle"))
    for n, section in enumerate(pack.sections):
        _section(document, section, 1, page=bool(n) and not section.brief)
    _annex(document, pack)
    for page in document.sections:
        _margin_note(page.footer, pack.footer)
        if pack.mark:
            _margin_note(page.header, pack.mark, bold=True)
    out = io.BytesIO()
    document.save(out)
    return zipped.steady(out.getvalue())


def _opened(template: Path | None) -> Any:
    import docx

    try:
        return docx.Document(None if template is None else str(template))
    except Exception as error:  # python-docx raises whatever zip and XML raise
        raise UsageError(f"{template}: cannot be opened as a Word document ({error}).") from error


def _style(document: Any, name: str) -> str | None:
    """A style by its name, if the template has it."""
    return name if name in [style.name for style in document.styles] else None


def _dress(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    sizes = {"Normal": 11, "Title": 24, "Subtitle": 12, "Heading 1": 18, "Heading 2": 14,
             "Heading 3": 12, "Heading 4": 11, "List Bullet": 11, "Caption": 10}  # fmt: skip
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), "Arial")
        heading = name.startswith(("Heading", "Title"))
        style.font.color.rgb = RGBColor.from_string(_NAVY if heading else _INK)
        style.font.bold = heading or name == "Caption"
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)


def _margin_note(place: Any, text: str, *, bold: bool = False) -> None:
    from docx.shared import Pt

    line = place.paragraphs[0] if place.paragraphs else place.add_paragraph()
    run = line.add_run(words.clean(text))
    run.font.size, run.bold = Pt(8), bold


def _section(document: Any, section: Section, level: int, *, page: bool = False) -> None:
    _heading(document, section.title, level, page=page)
    for block in section.blocks:
        _set(block, document, level + 1)
    for part in section.parts:
        _section(document, part, level + 1)


def _heading(document: Any, text: str, level: int, *, page: bool = False) -> None:
    style = _style(document, f"Heading {min(level, 4)}")
    line = document.add_paragraph(words.clean(text), style=style)
    line.paragraph_format.page_break_before = page or None


@singledispatch
def _set(block: object, document: Any, level: int) -> None:
    raise TypeError(f"no way to set {type(block).__name__}")


@_set.register
def _(block: Paragraph, document: Any, level: int) -> None:
    from docx.shared import Cm, Pt, RGBColor

    if not block.text:
        _heading(document, block.head, level)
        return
    line = document.add_paragraph()
    if block.head:
        line.add_run(f"{words.clean(block.head)} ").bold = True
    run = line.add_run(words.clean(block.text))
    run.bold = block.role == "caveat" or None
    if block.role == "lead":
        run.font.size = Pt(15)
    if block.role == "aside":
        run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(_SOFT)
    if block.role in ("paste", "verdict"):
        line.paragraph_format.left_indent = Cm(0.6)


@_set.register
def _(block: Bullets, document: Any, level: int) -> None:
    for item in block.items:
        document.add_paragraph(words.clean(item), style=_style(document, "List Bullet"))


@_set.register
def _(block: Terms, document: Any, level: int) -> None:
    for word, means in block.pairs:
        line = document.add_paragraph()
        line.add_run(f"{words.clean(word)}: ").bold = True
        line.add_run(words.clean(means))


@_set.register
def _(block: Table, document: Any, level: int) -> None:
    from docx.shared import Pt

    document.add_paragraph(words.clean(block.caption), style=_style(document, "Caption"))
    style = _style(document, _TABLE)
    table = document.add_table(rows=len(block.rows) + 1, cols=len(block.heads), style=style)
    if style is None:
        _rule(table)
    small = block.folded or len(block.heads) > 5
    cells = iter(table._cells)  # each look-up of a cell walks the whole table
    for line, row in enumerate((block.heads, *block.rows)):
        for at, value in enumerate(row):
            _cell(next(cells), value, small=small, bold=not line, right=at in block.numbers)
    page = document.sections[-1]
    room = page.page_width - page.left_margin - page.right_margin
    for grid, share in zip(table._tbl.tblGrid.gridCol_lst, widths(block), strict=True):
        grid.w = int(room * share)
    for row_of_table in table.rows:
        _keep_whole(row_of_table)
    _mark_header(table)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _rule(table: Any) -> None:
    """Lines between rows and none between columns."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = table._tbl.tblPr
    layout = properties.find(qn("w:tblLayout"))
    if layout is None:
        properties.append(borders)
    else:
        layout.addprevious(borders)


def _annex(document: Any, pack: Pack) -> None:
    """The tables behind the charts, after everything that is read."""
    figures = list(pack.figures())
    if not figures:
        return
    _heading(document, "Tables behind the charts", 1, page=True)
    for figure in figures:
        table, left = excerpt(figure.table)
        _set(table, document, 2)
        if left:
            document.add_paragraph(f"and {words.count(left, 'row')} more, in the workbook")


def _cell(cell: Any, value: Cell, *, small: bool, bold: bool = False, right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(2)
    if right:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if isinstance(value, Icon):
        # The words stand beside it, so the picture's own text is only its letter.
        shape = line.add_run().add_picture(io.BytesIO(value.png), height=Cm(_SIGN))
        shape._inline.docPr.set("descr", words.sentence(value.words))
        line.add_run(" ")
    run = line.add_run(told(value))
    run.bold, run.font.size = bold, Pt(8 if small else 10)


def _mark_header(table: Any) -> None:
    """The first row heads every page that the table runs on to."""
    from docx.oxml import OxmlElement

    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


@_set.register
def _(block: Figure, document: Any, level: int) -> None:
    from docx.shared import Cm

    shape = document.add_picture(io.BytesIO(block.png), width=Cm(_PICTURE))
    shape._inline.docPr.set("descr", words.clean(block.alt))
    most = Cm(22)
    if shape.height > most:
        shape.width, shape.height = int(shape.width * most / shape.height), most
