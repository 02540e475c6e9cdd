"""What holds of every format: safe with any text, the same twice, nothing left unsaid."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fixtures import gated as invented
from fixtures.gated import BOOK, CSV, NASTY, REFUSED, WIDE
from kpialign.errors import UsageError
from kpialign.findings import Gated, GateVerdict
from kpialign.outputs import gate
from outputs.run.test_report import Page

ALL = ("azure", "github", "html", "json", "junit", "markdown", "sarif", "text")
ANY_TEXT = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60)
JOBS = ("azure", "github")
NAME = {"html": "&lt;script&gt;", "markdown": "&#60;script&#62;", "junit": "&lt;script&gt;"}


def test_formats_are_the_modules_and_a_wrong_name_gets_a_hint(gated: Gated) -> None:
    assert gate.FORMATS == ALL
    with pytest.raises(UsageError, match="Did you mean junit"):
        gate.render("junti", gated)


def test_only_the_format_asked_for_is_imported() -> None:
    code = (
        "import sys; from kpialign.outputs import gate; "
        "before = [m for m in sys.modules if m.startswith('kpialign.outputs.gate.')]; "
        "from fixtures.gated import empty; gate.render('json', empty()); "
        "print(before, *(m for m in sys.modules if m.startswith('kpialign.outputs.gate.')), "
        "*({'jinja2', 'duckdb', 'great_expectations', 'altair', 'pandas'} & set(sys.modules)))"
    )
    path = f"import sys; sys.path[:0] = {sys.path!r}; "
    done = subprocess.run(
        [sys.executable, "-c", path + code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["[]", "kpialign.outputs.gate.json"]


@pytest.mark.parametrize("name", ALL)
def test_a_format_is_the_same_twice_and_ends_with_a_line_end(name: str, gated: Gated) -> None:
    text = gate.render(name, gated)
    assert text == gate.render(name, invented.gated())
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    text.encode()
    assert "\r" not in text


@pytest.mark.parametrize("name", ALL)
def test_the_order_of_the_answers_does_not_matter(name: str, gated: Gated) -> None:
    turned = replace(gated, verdict=GateVerdict(gated.verdict.results[::-1]))
    assert gate.render(name, turned) == gate.render(name, gated)


@pytest.mark.parametrize("name", ALL)
def test_every_file_and_check_to_mend_is_named(name: str, gated: Gated) -> None:
    text = gate.render(name, gated).replace("&#95;", "_").replace("%20", " ")
    for said in (CSV, BOOK, WIDE, REFUSED, "KG-007", "KG-008", "KG-009", "KG-105", "my_own"):
        assert said in text
    for whose in ("RA4", "RX9", "R1F"):
        assert whose in text


@pytest.mark.parametrize("name", ALL)
def test_an_empty_and_a_clean_verdict_are_told_too(name: str) -> None:
    for found, word in ((invented.empty(), "skipped"), (invented.clean(), "pass")):
        said = gate.render(name, found)
        if name not in ("junit", "sarif"):
            assert word in said.lower()
    if name == "junit":
        assert '<testsuites name="kpialign gate" tests="0"' in gate.render(name, invented.empty())


@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT)
@example(NASTY)
@example("\ud800")
@example("\ufffe\x7f\x85\u2028\u2029")
@example('"><img src=x onerror=alert(1)>')
@example("' onmouseover='x")
@example("{{ 7 * 7 }}{% raw %}")
@example("\x0b,line=1::x")
def test_any_text_is_safe_in_every_format(text: str) -> None:
    found = invented.nasty(text)
    for name in ALL:
        said = gate.render(name, found)
        said.encode()
        # Nothing that a terminal would obey, that hides, or that turns the direction.
        assert all(c.isprintable() or c == "\n" for c in said), name
    for name in JOBS:
        _is_commands(gate.render(name, found).splitlines(), 5 if name == "azure" else 4)
    assert json.loads(gate.render("json", found))["results"][1]["rows"][0]["value"] == text
    json.loads(gate.render("sarif", found))
    ElementTree.fromstring(gate.render("junit", found).encode())
    _is_the_page_of_plain_text(gate.render("html", found))
    _is_tables(gate.render("markdown", found))


def _is_commands(lines: list[str], count: int) -> None:
    assert len(lines) == count
    form = (
        r"::(error|warning|notice) \w+=[^:,]*(,\w+=[^:,]*)*::.*"
        r"|##vso\[task\.logissue type=(error|warning);([a-z]+=[^;\]]*;)*\].*"
        r"|##vso\[task\.complete result=SucceededWithIssues;\]kpialign gate|##\[section\].*"
    )
    for line in lines:
        assert re.fullmatch(form, line), line
        assert not re.search(r"%(?!25|0D|0A|3A|2C|AZP25|5D|3B)", line)


def _is_the_page_of_plain_text(said: str) -> None:
    def shape(text: str) -> list[tuple[str, list[str]]]:
        tags = Page(text).tags
        return [(tag, sorted(attributes)) for tag, attributes in tags]

    assert shape(said) == shape(gate.render("html", invented.nasty("plain")))


def _is_tables(said: str) -> None:
    rows = [line for line in said.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {4, 8}
    assert not re.search(r"[<>`*_\[\]\\]", said)


@pytest.mark.parametrize("name", ["html", "junit", "markdown"])
def test_hostile_text_stays_text(name: str, gated: Gated) -> None:
    text = gate.render(name, gated)
    assert NAME[name] in text
    assert "<script" not in text
