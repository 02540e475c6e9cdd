"""Every document turned into pages, as a printer would, and looked at: no page empty or cut."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kpialign.outputs import pack
from kpialign.outputs.pack.content import Pack
from outputs.browser import Browser

pytestmark = pytest.mark.slow
DOTS = 40  # an inch
EDGE = 8  # of them, half a centimetre: no printer reaches further
KINDS = ("docx", "pptx", "pdf", "html")
Page = np.ndarray[Any, np.dtype[np.uint8]]


@pytest.fixture(scope="module")
def printed(built: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pack as PDF by each way there is, named after its format."""
    folder = tmp_path_factory.mktemp("printed")
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed: .ci/run installs poppler-utils")
    for kind in ("docx", "pptx", "pdf"):
        pytest.importorskip({"pdf": "typst"}.get(kind, kind))
        (folder / f"{kind}.{kind}").write_bytes(pack.render(kind, built))
    return folder


def by_office(folder: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: .ci/run installs writer and impress")
    if not (folder / "pptx.pdf").exists():
        subprocess.run(
            [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--convert-to", "pdf", "--outdir", str(folder), "docx.docx", "pptx.pptx"],
            cwd=folder, check=True, capture_output=True, timeout=240,
        )  # fmt: skip


def by_browser(folder: Path, built: Pack) -> None:
    (folder / "html.html").write_bytes(pack.render("html", built))
    browser = Browser(folder / "browser")
    try:
        browser.open(folder / "html.html")
        made = browser.ask("Page.printToPDF", preferCSSPageSize=True)
    finally:
        browser.close()
    (folder / "html.pdf").write_bytes(b64decode(made["data"]))


def pages(pdf: Path) -> Iterator[Page]:
    """Each page in grey, 0 black to 255 white."""
    subprocess.run(
        ["pdftoppm", "-gray", "-r", str(DOTS), str(pdf), str(pdf.with_suffix(""))], check=True
    )
    for file in sorted(pdf.parent.glob(f"{pdf.stem}-*.pgm")):
        head, size, _, pixels = file.read_bytes().split(b"\n", 3)
        assert head == b"P5"
        wide, tall = map(int, size.split())
        yield np.frombuffer(pixels, dtype=np.uint8).reshape(tall, wide)


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_is_empty_or_runs_over_its_edge(kind: str, printed: Path, built: Pack) -> None:
    if kind in ("docx", "pptx"):
        by_office(printed)
    if kind == "html":
        by_browser(printed, built)
    seen = list(pages(printed / f"{kind}.pdf"))
    assert len(seen) > 10
    for number, page in enumerate(seen, start=1):
        dark = page < 128
        assert dark.sum() > 30, f"{kind}: nothing stands on page {number}"
        inner = dark[EDGE:-EDGE, EDGE:-EDGE].sum()
        assert dark.sum() == inner, f"{kind}: page {number} runs over its edge"


def test_there_is_a_page_for_each_slide(printed: Path) -> None:
    pptx = pytest.importorskip("pptx")
    by_office(printed)
    slides = pptx.Presentation(str(printed / "pptx.pptx")).slides
    assert len(list(pages(printed / "pptx.pdf"))) == len(slides)
