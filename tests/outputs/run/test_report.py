from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from fixtures.told import EVIL, told
from kpialign.findings import Outcome
from kpialign.outputs.run import report
from kpialign.terms import Verdict

_VOID = {"meta", "br"}
_LOADS = {"src", "srcset", "poster", "data", "action", "formaction", "background", "xlink:href"}


class Page(HTMLParser):
    """What a browser would find: tags in order, their attributes, text; nesting is checked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def html() -> str:
    return report.render(told())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_hostile_text_stays_text(html: str, page: Page) -> None:
    assert page.all("script") == []
    assert EVIL not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)


def test_nothing_is_loaded_from_anywhere(html: str, page: Page) -> None:
    assert page.all("link", "img", "iframe", "object", "embed", "base") == []
    assert not [a for _, attrs in page.tags for a in attrs if a in _LOADS]
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_links_go_to_the_web_or_to_the_page_and_every_place_exists(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for link in page.all("a"):
        target = link["href"] or ""
        assert target.startswith(("https://", "http://")) or target[1:] in ids


def test_landmarks_language_skip_link_and_headings_in_order(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en-GB"
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.all(landmark)) == 1
    assert page.all("a")[0]["href"] == "#main"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_tables_have_captions_and_scopes(page: Page) -> None:
    assert len(page.all("table")) == len(page.all("caption")) > 8
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))


def test_every_chart_has_words_and_its_data(page: Page) -> None:
    charts = page.all("svg")
    assert len(charts) == len(page.all("figure")) == 8
    assert len(page.all("details")) == 9  # and one for the files
    ids = {attrs.get("id") for _, attrs in page.tags}
    for chart in charts:
        assert chart["role"] == "img"
        assert set((chart["aria-labelledby"] or "").split()) <= ids


def test_each_finding_says_all_it_owes(page: Page, outcome: Outcome) -> None:
    text = " ".join(" ".join(page.texts).split())
    for finding in outcome.findings:
        for part in (finding.title, finding.sentence, finding.mechanism, finding.plan_hash,
                     *finding.ask, *finding.involve, *finding.other_explanations):  # fmt: skip
            assert part in text
    for said in ("Who gains and who pays", "no A&E for Apr–Sep 2023", "24 months of 30 needed",
                 "R1F: too small to stand for a service", "12 of 414", "+0.55 (+0.42 to +0.65)",
                 "Handover 70.5 × 0.3"):  # fmt: skip
        assert said in text


def test_association_stands_on_every_supported_finding(html: str) -> None:
    articles = re.findall(r"<article.*?</article>", html, re.DOTALL)
    supported = [a for a in articles if 'class="supported"' in a]
    assert len(articles) == 3
    assert len(supported) == 1
    assert "Association, not proof of intent." in supported[0].split("<svg")[0]


def test_no_state_is_printed_raw(page: Page) -> None:
    text = " ".join(page.texts)
    assert not re.search(r"\bNone\b|\bnan\b|not_reported|too_few_peers|LocalWord", text)


def test_two_renders_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (
        replace(told(), findings=(), system_values=told().system_values[:1]) for _ in range(2)
    )
    assert report.write(one, tmp_path).read_bytes() == report.render(two).encode()


def test_every_verdict_is_explained(html: str) -> None:
    assert all(f"<dt>{verdict.words()}</dt>" in html for verdict in Verdict)


def test_what_is_not_for_publication_says_so_on_the_page_and_on_each_chart(
    outcome: Outcome,
) -> None:
    public = replace(outcome, findings=(), system_values=outcome.system_values[:1])
    text = report.render(replace(public, audience="internal"))
    page = Page(text)
    assert page.all("p")[0]["class"] == "barred"
    charts = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(charts) >= 1
    assert all("NOT FOR PUBLICATION" in chart for chart in charts)
    assert "NOT FOR PUBLICATION" not in report.render(public)


def test_a_run_without_anything_is_still_a_page(outcome: Outcome) -> None:
    bare = replace(outcome, readings=(), findings=(), system_values=(), composites=(), holes=())
    text = " ".join(Page(report.render(bare)).texts)
    assert "No rule was tested." in text
    assert "Everything that was declared was tested." in text
