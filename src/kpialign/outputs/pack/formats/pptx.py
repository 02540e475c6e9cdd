"""PowerPoint: a slide a message, real titles, native tables, the whole text in the notes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import shorten, wrap
from typing import Any

from kpialign.charts import words
from kpialign.errors import UsageError
from kpialign.outputs.pack import zipped
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
    widths,
)

NEEDS = ("pptx",)
ENDING = ".pptx"
_WIDTH, _HEIGHT = 33.867, 19.05  # cm, 16 : 9
_EDGE, _TOP, _FOOT = 1.5, 3.3, 1.5  # cm
_SIZES = {"lead": 24, "head": 18, "aside": 13}  # points; other words have _SIZE
_SIZE, _GAP = 16, 6  # points; the gap stands after each paragraph
_POINT = 2.54 / 72  # cm
_LEADING, _LETTER = 1.2, 0.53  # of a line and of a letter, in its size
_ROWS = 8  # of a table on a slide
_INK, _NAVY, _PALE = "111111", "12436D", "F3F3F3"

# What a slide says: lines, each with its style.
Line = tuple[str, str]


def render(pack: Pack, template: Path | None) -> bytes:
    """The pack as slides; with a template its master, size and first slides stand."""
    from pptx.util import Cm

    slides = _opened(template)
    if template is None:
        slides.slide_width, slides.slide_height = Cm(_WIDTH), Cm(_HEIGHT)
    zipped.introduce(slides.core_properties, pack)
    _slide(slides, pack, pack.title, lines=[(pack.subtitle, "lead"), (pack.footer, "plain")])
    for section in pack.sections:
        for part in section.walk():
            _part(slides, pack, part, section)
    out = io.BytesIO()
    slides.save(out)
    return zipped.steady(out.getvalue())


def _opened(template: Path | None) -> Any:
    import pptx

    try:
        return pptx.Presentation(None if template is None else str(template))
    except Exception as error:  # python-pptx raises whatever zip and XML raise
        raise UsageError(f"{template}: cannot be opened as a presentation ({error}).") from error


def _part(slides: Any, pack: Pack, part: Section, section: Section) -> None:
    """Words together, then a slide for each table and picture."""
    title = part.title if part is section else f"{section.title}: {part.title}"
    texts = [line for block in part.blocks for line in _lines(block)]
    for n, lines in enumerate(_fitting(texts)):
        _slide(slides, pack, title if not n else f"{title} (continued)", lines=lines)
    for block in part.blocks:
        if isinstance(block, Table):
            _tables(slides, pack, block)
        if isinstance(block, Figure):
            _picture(slides, pack, block)


def _lines(block: Block) -> Iterator[Line]:
    match block:
        case Paragraph():
            text = " ".join(p for p in (block.head, block.text) if p)
            yield text, block.role if block.text else "head"
        case Bullets():
            yield from ((item, "bullet") for item in block.items)
        case Terms():
            yield from ((f"{word}: {means}", "bullet") for word, means in block.pairs)


def _fitting(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines slide by slide; a heading goes with what follows it."""
    held: list[Line] = []
    used, room = 0.0, _HEIGHT - _TOP - _FOOT
    for n, line in enumerate(lines):
        tall = _tall(line)
        after = _tall(lines[n + 1]) if line[1] == "head" and n + 1 < len(lines) else 0
        if held and used + tall + after > room:
            yield held
            held, used = [], 0.0
        held.append(line)
        used += tall
    if held:
        yield held


def _tall(line: Line) -> float:
    """Height of a paragraph in cm, as wide as the slide leaves it."""
    point = _SIZES.get(line[1], _SIZE) * _POINT
    across = int((_WIDTH - 2 * _EDGE) / (_LETTER * point))
    return len(wrap(line[0], across)) * point * _LEADING + _GAP * _POINT


def _slide(
    slides: Any, pack: Pack, title: str, *, lines: Sequence[Line] = (), notes: str = ""
) -> Any:
    """A slide with its title, which every reader of slides goes by."""
    layouts = slides.slide_layouts
    layout = next((x for x in layouts if x.name == "Title Only"), layouts[0])
    slide = slides.slides.add_slide(layout)
    for place in list(slide.placeholders):
        if place != slide.shapes.title:
            place._element.getparent().remove(place._element)
    whole = words.clean(title)
    _title(slides, slide, shorten(whole, 110, placeholder="…"))
    if lines:
        _texts(slides, slide, lines)
    if pack.mark:
        _box(slides, slide, pack.mark, top=0.1, bold=True)
    said = notes or "\n".join(text for text, _ in lines) or whole
    slide.notes_slide.notes_text_frame.text = words.clean(said)
    return slide


def _title(slides: Any, slide: Any, text: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Cm, Pt

    title = slide.shapes.title
    if title is None:
        return
    title.left, title.top = Cm(_EDGE), Cm(0.9)
    title.width, title.height = slides.slide_width - Cm(2 * _EDGE), Cm(_TOP - 1.1)
    title.text_frame.text = text
    title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    line = title.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.LEFT
    line.font.name, line.font.bold = "Arial", True
    line.font.size = Pt(26 if len(text) < 70 else 22)
    line.font.color.rgb = RGBColor.from_string(_NAVY)


def _texts(slides: Any, slide: Any, lines: Sequence[Line]) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Cm, Pt

    width = slides.slide_width - Cm(2 * _EDGE)
    height = slides.slide_height - Cm(_TOP + _FOOT)
    frame = slide.shapes.add_textbox(Cm(_EDGE), Cm(_TOP), width, height).text_frame
    frame.word_wrap = True
    for n, (text, role) in enumerate(lines):
        line = frame.paragraphs[0] if not n else frame.add_paragraph()
        run = line.add_run()
        run.text = f"•  {words.clean(text)}" if role == "bullet" else words.clean(text)
        run.font.size, run.font.name = Pt(_SIZES.get(role, _SIZE)), "Arial"
        run.font.bold = role in ("head", "caveat")
        run.font.color.rgb = RGBColor.from_string(_NAVY if role == "head" else _INK)
        line.space_after = Pt(_GAP)


def _box(slides: Any, slide: Any, text: str, *, top: float, bold: bool = False) -> None:
    from pptx.util import Cm, Pt

    width = slides.slide_width - Cm(2 * _EDGE)
    box = slide.shapes.add_textbox(Cm(_EDGE), Cm(top), width, Cm(0.8))
    run = box.text_frame.paragraphs[0].add_run()
    run.text = words.clean(text)
    run.font.size, run.font.bold, run.font.name = Pt(12), bold, "Arial"


def _tables(slides: Any, pack: Pack, table: Table) -> None:
    chunks = [table.rows[n : n + _ROWS] for n in range(0, len(table.rows), _ROWS)]
    for n, rows in enumerate(chunks):
        tail = f" ({n + 1} of {len(chunks)})" if len(chunks) > 1 else ""
        notes = "\n".join("; ".join(told(cell) for cell in row) for row in rows)
        slide = _slide(slides, pack, table.caption + tail, notes=notes)
        _table(slides, slide, table, rows)


def _table(slides: Any, slide: Any, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    from pptx.util import Cm

    width = slides.slide_width - Cm(2 * _EDGE)
    place = (Cm(_EDGE), Cm(_TOP), width, Cm(1.2 * (len(rows) + 1)))
    frame = slide.shapes.add_table(len(rows) + 1, len(table.heads), *place)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", words.clean(table.caption))
    native = frame.table
    native.first_row, native.horz_banding = True, False
    for column, share in zip(native.columns, widths(table), strict=True):
        column.width = int(width * share)
    for line, row in enumerate((table.heads, *rows)):
        for at, value in enumerate(row):
            _cell(native.cell(line, at), told(value), head=not line, right=at in table.numbers)


def _cell(cell: Any, text: str, *, head: bool, right: bool) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(_NAVY if head else _PALE)
    line = cell.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = line.add_run()
    run.text = shorten(text, 240, placeholder="…")
    run.font.size, run.font.name, run.font.bold = Pt(13), "Arial", head
    run.font.color.rgb = RGBColor.from_string("FFFFFF" if head else _INK)


def _picture(slides: Any, pack: Pack, figure: Figure) -> None:
    from pptx.util import Cm

    slide = _slide(slides, pack, figure.title, notes=figure.alt)
    picture = slide.shapes.add_picture(io.BytesIO(figure.png), Cm(_EDGE), Cm(_TOP))
    room = slides.slide_width - Cm(2 * _EDGE), slides.slide_height - Cm(_TOP + 0.5)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left = int((slides.slide_width - picture.width) / 2)
    properties = picture._element._nvXxPr.cNvPr
    properties.set("descr", words.clean(figure.alt))
