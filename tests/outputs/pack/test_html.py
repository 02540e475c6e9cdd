from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.told import EVIL
from kpialign.findings import Outcome
from kpialign.outputs import pack
from kpialign.outputs.pack.content import Pack
from kpialign.outputs.run import report
from outputs.browser import Browser

_PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
AXE = Path(__file__).resolve().parents[3] / ".axe" / "axe.min.js"


@pytest.fixture(scope="module")
def html(built: Pack) -> str:
    return pack.render("html", built).decode()


@pytest.fixture(scope="module")
def browser(html: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    place = tmp_path_factory.mktemp("page")
    (place / "pack.html").write_text(html, encoding="utf-8")
    opened = Browser(place / "profile")
    opened.open(place / "pack.html")
    yield opened
    opened.close()


def test_hostile_names_stay_text(html: str) -> None:
    assert EVIL not in html
    assert "&lt;script&gt;alert(1)" in html
    assert html.count("<script>") == 1


def test_ids_are_there_once_and_every_link_leads_somewhere(html: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in re.findall(r'href="(#[^"]+)"', html)} <= set(ids)


@pytest.mark.slow
def test_nothing_is_asked_of_a_network_and_the_policy_lets_the_script_run(browser: Browser) -> None:
    assert [url.split("/")[-1] for url in browser.requests] == ["pack.html"]
    assert browser.run("document.getElementById('filter').hidden") is False
    said = browser.run("document.getElementById('filter-count').textContent")
    assert re.fullmatch(r"(\d+) of \1 parts shown", said)


@pytest.mark.slow
def test_filters_work_by_keyboard_alone(browser: Browser) -> None:
    def shown() -> list[str]:
        code = "[...document.querySelectorAll('[data-tags]')].filter(x => !x.hidden).map(x => x.id)"
        found: list[str] = browser.run(code)
        return found

    whole = shown()
    for _ in range(30):
        browser.press("Tab")
        if browser.run("document.activeElement.id") == "filter-organisation":
            break
    browser.press("S")  # the first organisation that begins so
    assert browser.run("document.activeElement.value") == "South Central"
    assert "finding-KA-UEC-002" in shown()
    browser.run("document.getElementById('filter-system').focus()")
    browser.press("E")
    assert browser.run("document.activeElement.value") == "England"
    assert len(shown()) < len(whole)
    while browser.run("document.activeElement.type") != "reset":
        browser.press("Tab")
    browser.press("Enter")
    browser.run("new Promise(done => setTimeout(done, 50))")
    assert shown() == whole


@pytest.mark.slow
def test_the_first_page_fits_a_telephone(browser: Browser) -> None:
    browser.ask("Emulation.setDeviceMetricsOverride", **_PHONE)
    wide, room = browser.run(
        "[document.querySelector('#headline table').offsetWidth, "
        "document.querySelector('#headline .wide').clientWidth]"
    )
    assert wide <= room
    assert browser.run("document.documentElement.scrollWidth") <= _PHONE["width"]
    browser.ask("Emulation.clearDeviceMetricsOverride")


@pytest.mark.slow
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_axe_finds_no_violation(browser: Browser, device: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not in .axe: .ci/run fetches it")
    browser.ask("Emulation.clearDeviceMetricsOverride")
    if device == "phone":
        browser.ask("Emulation.setDeviceMetricsOverride", **_PHONE)
    browser.run(AXE.read_text("utf-8") + "; true")
    found = browser.run(
        "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 90))]))"
    )
    assert found == []
    assert browser.run("axe.run().then(r => r.passes.length)") > 20


@pytest.mark.slow
def test_axe_finds_no_violation_on_the_page_of_a_run(
    browser: Browser, tmp_path: Path, outcome: Outcome
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not in .axe: .ci/run fetches it")
    two = replace(outcome.composites[0], scope="ENGLAND", scope_name="England")
    both = replace(outcome, composites=(*outcome.composites, two))
    (tmp_path / "report.html").write_text(report.render(both), encoding="utf-8")
    browser.open(tmp_path / "report.html")
    browser.run(AXE.read_text("utf-8") + "; true")
    assert browser.run("axe.run().then(r => r.violations.map(v => v.id))") == []
