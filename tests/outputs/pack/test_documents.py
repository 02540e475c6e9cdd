"""Word, PowerPoint, PDF, the workbook and Markdown, read back as their readers read them."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from fixtures.told import EVIL, FORMULA
from kpialign.errors import NotInstalled, UsageError
from kpialign.outputs import pack
from kpialign.outputs.pack.content import Pack, Paragraph, Section, Table, told, widths
from kpialign.outputs.pack.formats import md, pdf

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def word(built: Pack) -> Any:
    docx = pytest.importorskip("docx")
    return docx.Document(io.BytesIO(pack.render("docx", built)))


@pytest.fixture(scope="module")
def slides(built: Pack) -> Any:
    pptx = pytest.importorskip("pptx")
    return pptx.Presentation(io.BytesIO(pack.render("pptx", built)))


@pytest.fixture(scope="module")
def book(built: Pack) -> dict[str, bytes]:
    pytest.importorskip("xlsxwriter")
    with zipfile.ZipFile(io.BytesIO(pack.render("xlsx", built))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_word_has_headings_of_every_section_and_part(word: Any, built: Pack) -> None:
    heads = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    for section in built.sections:
        assert section.title in heads
    levels = [int(p.style.name[-1]) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_every_picture_in_word_has_its_words(word: Any, built: Pack) -> None:
    said = [shape.get("descr") for shape in word.element.iter() if shape.tag.endswith("}docPr")]
    assert all(said)
    assert {figure.alt for figure in built.figures()} <= set(said)


def test_every_table_in_word_repeats_its_head(word: Any) -> None:
    assert word.tables
    for table in word.tables:
        first = table.rows[0]._tr
        assert first.find(f"{_W}trPr/{_W}tblHeader") is not None


def test_a_template_keeps_its_own_words_and_one_that_is_none_is_told(
    built: Pack, tmp_path: Path
) -> None:
    docx = pytest.importorskip("docx")
    own = docx.Document()
    own.add_paragraph("Paper 7 of the board")
    own.save(str(tmp_path / "board.docx"))
    made = docx.Document(io.BytesIO(pack.render("docx", built, tmp_path / "board.docx")))
    assert made.paragraphs[0].text == "Paper 7 of the board"
    (tmp_path / "no.docx").write_text("no")
    with pytest.raises(UsageError, match="cannot be opened as a Word document"):
        pack.render("docx", built, tmp_path / "no.docx")
    with pytest.raises(UsageError, match="cannot be opened as a presentation"):
        pack.render("pptx", built, tmp_path / "no.docx")


def test_every_slide_has_a_title_and_notes_and_every_picture_words(
    slides: Any, built: Pack
) -> None:
    pictures = []
    for slide in slides.slides:
        assert slide.shapes.title.text_frame.text
        assert slide.notes_slide.notes_text_frame.text
        for shape in slide.shapes:
            if shape.shape_type == 13 or shape.has_table:
                assert shape._element.xpath(".//p:cNvPr/@descr")[0]
            if shape.shape_type == 13:
                pictures.append(shape)
            assert shape.top + shape.height <= slides.slide_height
    assert len(pictures) == len(list(built.figures()))


def test_the_pdf_declares_pdf_ua_and_tells_its_title_language_and_pictures(built: Pack) -> None:
    pytest.importorskip("typst")
    data = pack.render("pdf", built)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert b"/Lang" in data
    assert data.count(b"/Alt") >= len(list(built.figures())) or b"/ObjStm" in data


def test_no_picture_is_larger_than_a_page(built: Pack, tmp_path: Path) -> None:
    usual = next(built.figures())
    tall = replace(usual, png=usual.png[:16] + struct.pack(">II", 1000, 4000) + usual.png[24:])
    assert "width: 6.00cm" in pdf._figure(tall, tmp_path)
    assert "width: 16.00cm" in pdf._figure(usual, tmp_path)


def test_a_long_sentence_in_one_row_does_not_become_a_column_of_single_words() -> None:
    rows = (*(("12 of 12 trusts", "None"),) * 9, ("12 of 12 trusts", "word " * 30))
    first, second = widths(Table("", ("Who", "Targets"), rows))
    assert second > first


def test_a_few_words_turn_no_page(built: Pack) -> None:
    brief = Section("x", "Brief", (Paragraph("There is no earlier run."),))
    assert brief.brief
    short = replace(built, sections=(built.sections[0], brief))
    docx = pytest.importorskip("docx")
    document = docx.Document(io.BytesIO(pack.render("docx", short)))
    head = next(p for p in document.paragraphs if p.text == "Brief")
    assert not head.paragraph_format.page_break_before
    assert not any(s.brief for s in built.sections if s.parts)


def test_no_cell_of_the_workbook_is_a_formula(book: dict[str, bytes]) -> None:
    sheets = [data for name, data in book.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) > 8
    for data in sheets:
        assert ElementTree.fromstring(data).find(f".//{_S}f") is None
    strings = book["xl/sharedStrings.xml"].decode()
    assert "=HYPERLINK" in strings
    assert b'quotePrefix="1"' in book["xl/styles.xml"]


def test_every_table_of_the_workbook_has_a_head_of_its_own(book: dict[str, bytes]) -> None:
    tables = [data for name, data in book.items() if name.startswith("xl/tables/")]
    names = [ElementTree.fromstring(data).get("name") for data in tables]
    assert len(names) == len(set(names)) > 8


def test_markdown_reads_no_name_as_a_mark(built: Pack) -> None:
    text = pack.render("md", built).decode()
    assert EVIL not in text
    assert md._plain("a|b *c* [d](e)") == r"a\|b \*c\* \[d\](e)"
    assert FORMULA[1:10] in text


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx", "pdf", "md", "html"])
def test_two_renders_give_the_same_bytes(built: Pack, kind: str) -> None:
    first = pack.render(kind, built)
    assert first == pack.render(kind, built)


def test_a_library_that_is_not_there_is_named_with_what_to_do(
    built: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(md, "NEEDS", ("no_such_library",))
    with pytest.raises(NotInstalled, match=r'no_such_library.*pip install "kpialign\[report\]"'):
        pack.render("md", built)
    with pytest.raises(UsageError, match="no format 'dokx'"):
        pack.render("dokx", built)


def test_a_missing_figure_has_a_name() -> None:
    assert told(None) == "no figure"
