"""Formats that people read: the screen and the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from fixtures import gated as invented
from fixtures.gated import CSV
from kpialign.findings import Gated, GateVerdict
from kpialign.outputs import gate
from kpialign.terms import GateOutcome, Release
from outputs.run.test_report import _LOADS, Page

STYLE = Path(__file__).parents[3] / "src/kpialign/outputs/templates/style.css"


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(gate.render("html", invented.gated()))


def _text(page: Page) -> str:
    return " ".join(" ".join(page.texts).split())


def test_the_screen_begins_with_the_outcome_and_tells_the_worst_first(gated: Gated) -> None:
    lines = gate.render("text", gated).splitlines()
    assert lines[0] == "ERROR · 10 checks: 2 pass, 1 skipped, 1 warn, 4 fail, 2 error"
    heads = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert heads == [
        "ERROR",
        "FILES",
        "ERROR",
        "ERROR",
        "FAIL",
        "FAIL",
        "FAIL",
        "WARN",
        "NOTES",
        "NEXT",
    ]
    assert max(map(len, lines)) <= 100


def test_the_screen_says_place_what_to_do_and_what_is_not_shown(gated: Gated) -> None:
    text = gate.render("text", gated)
    assert "72 rows read: 60 loaded, 9 set aside, 3 rejected; second count agrees" in text
    assert f"               {CSV}:7, column 'Over 4 hours', Apr 2026: found 120 of 100" in text
    assert "and 9 more rows or figures" in text
    assert "To do: Compare them." in text
    assert "refused: notes.docx" in text
    assert "notes.docx: holds no file of a kind that is read." in text


def test_the_screen_is_bounded_and_counts_what_it_leaves_out() -> None:
    codes = [f"own_{n:02}" for n in range(40)]
    results = tuple(
        invented.result(code, GateOutcome.FAIL, CSV, f"R{n:02}", failed=1)
        for code in codes
        for n in range(30)
    )
    text = gate.render("text", replace(invented.clean(), verdict=GateVerdict(results)))
    assert text.count("\n") < 600
    assert text.count("and 18 more answers of this check") == 15
    assert "MORE       and 25 more checks with 750 answers" in text


def test_figures_that_are_not_for_everyone_are_marked(gated: Gated) -> None:
    inside = replace(gated.readings[0], release=Release.parse("embargoed:2026-12-10"))
    found = replace(gated, readings=(inside, *gated.readings[1:]))
    for name in ("text", "markdown", "html"):
        said = gate.render(name, found).replace("&#58;", ":")
        assert "embargoed until 10 dec 2026" in said.lower()
        assert "not for publication" in said.lower()


def test_the_page_has_landmarks_headings_captions_and_scopes(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en-GB"
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.all(landmark)) == 1
    assert page.all("a")[0]["href"] == "#main"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert len(page.all("table")) == len(page.all("caption")) == 10
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))


def test_every_link_of_the_page_leads_into_it(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(link["href"] or "")[1:] for link in page.all("a")} <= set(ids)


def test_the_page_loads_nothing_and_runs_nothing(page: Page) -> None:
    assert not re.search(r"https?:|//[a-z]|@import|url\(", gate.render("html", invented.clean()))
    assert page.all("link", "img", "iframe", "object", "embed", "base", "script") == []
    assert not [a for _, attributes in page.tags for a in attributes if a in _LOADS]
    policy = page.all("meta")[2]["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_page_has_every_organisation_its_rows_and_every_check(page: Page) -> None:
    text = _text(page)
    for said in ("Files as a whole", "RA4", "RX9", "R1F", f"{CSV}:11, column 'Over 4 hours'",
                 "and 7 more rows or figures", "To do: Compare them.", "Fail: my own",
                 "A check of your own.", "Error: Every file can be read"):  # fmt: skip
        assert said in text
    assert "Nothing to mend." in _text(Page(gate.render("html", invented.clean())))


def test_the_page_of_very_many_answers_is_bounded_and_counts_the_rest() -> None:
    row = invented.issue("KG-007", GateOutcome.FAIL, CSV, 3)
    one = invented.result("KG-007", GateOutcome.FAIL, CSV, "RA4", (row,))
    found = replace(invented.clean(), verdict=GateVerdict((one,) * 750))
    html = gate.render("html", found)
    assert "And 250 more answers; the JSON has them all." in html
    assert html.count("<h4>") == 500


def _light(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])
    parts = [int(full[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    # Relative luminance, WCAG 2.2.
    line = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_from_what_is_behind_it() -> None:
    style = STYLE.read_text("utf-8")
    named = dict(re.findall(r"--(\w+): (#\w+)", style))
    used = re.findall(r"[; {]color: (?:var\(--(\w+)\)|(#\w+))", style)
    colours = {named[name] if name else code for name, code in used} - {"#fff"}
    assert len(colours) >= 3
    for colour in colours:
        assert _contrast(colour, "#ffffff") >= 4.5
    assert _contrast("#ffffff", "#111111") >= 4.5  # the bar of what is not for publication
    assert _contrast(named["ink"], named["focus"]) >= 4.5
    assert _contrast(named["blue"], "#ffffff") >= 3
    assert _contrast(named["line"], "#ffffff") >= 3


def test_the_outcome_is_said_in_words_and_not_in_colour(page: Page) -> None:
    assert "Gate: error" in _text(page)
    assert not re.search(r"background: ?#(?!fff|111)", STYLE.read_text("utf-8"))


@pytest.mark.slow
def test_the_page_fits_a_phone_and_paper(tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("chromium is not installed")
    path = tmp_path / "gate.html"
    # The policy of the page keeps scripts out; for the measure alone it is taken away.
    html = gate.render("html", invented.gated())
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    measure = "<script>document.title = document.documentElement.scrollWidth + 'px'</script>"
    path.write_text(html.replace("</body>", f"{measure}</body>"), encoding="utf-8")
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=500,900",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r"<title>(\d+)px", done.stdout)
    assert found is not None
    assert int(found[1]) <= 500
