"""Looks at shape as they are told: questions, with what would make them go away."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import jsonschema
import pytest

from fixtures.bent import LACKING, LEAD, NATIONAL, shape
from fixtures.told import EVIL, FORMULA
from kpialign.findings import Outcome, Seen, Stakes
from kpialign.outputs.run import findings_json, report, screen, shapes_csv
from kpialign.outputs.terminal import shape as terminal
from kpialign.outputs.wording import unusual


@pytest.fixture
def bent(outcome: Outcome) -> Outcome:
    return replace(outcome, shapes=(shape(NATIONAL, LACKING, LEAD), shape(LACKING, withheld=2)))


def test_the_screen_asks_and_says_what_would_settle_it(bent: Outcome) -> None:
    text = screen.render(bent)
    section = text[text.index("\nUNUSUAL") : text.index("\nWHOLE")]
    told = " ".join(section.split())
    assert "shape: 1 of 2 rules raise a question; a question is no finding" in told
    assert "UNUSUAL (confidence high) · KA-SHAPE-001" in told
    assert f"England, standard, at least 95%: {NATIONAL.question}" in told
    assert "p below 0.001; within the family below 0.001" in told
    assert "would go away if: the crowd is also there at other cut-offs" in told
    assert "in the room: performance lead, patient representative" in told
    assert "lead, low power: What changed in the mix?" in told
    assert "2 leads naming one organisation not told in public without its reply" in told
    assert max(map(len, section.splitlines())) <= 100


def test_leads_without_a_national_answer_are_called_leads(outcome: Outcome) -> None:
    order = replace(NATIONAL, seen=Seen.NOTHING, question="")
    alone = replace(shape(order, LEAD), confidence="low")
    assert unusual.headline(alone) == "LEADS ALONE (confidence low)"
    assert "would go away if" in screen.render(replace(outcome, shapes=(alone,)))


def undrawn(outcome: Outcome) -> Outcome:
    """Without what charts are drawn of."""
    return replace(outcome, findings=(), system_values=())


def test_two_counts_that_agree_are_told_with_their_figures(outcome: Outcome) -> None:
    order = replace(NATIONAL, seen=Seen.NOTHING, question="", said="a 90, b 100: 10% less")
    counts = replace(shape(order, LACKING), kind="definition")
    assert unusual.in_order(counts) == [f"standard, at least 95%: {unusual.sure(order)}"]
    assert "a 90, b 100: 10% less" in " ".join(
        screen.render(replace(outcome, shapes=(counts,))).split()
    )
    assert unusual.in_order(shape(order)) == []  # a target has its picture on the page
    assert unusual.in_order(replace(shape(NATIONAL, order), kind="definition")) == []


def test_how_often_a_test_fires_at_nothing_stands_beside_what_it_found(outcome: Outcome) -> None:
    known = replace(shape(NATIONAL), false_alarms="4.8 in 100, on figures of 130 trusts")
    told = replace(outcome, shapes=(known,))
    assert "its test fires at nothing: 4.8 in 100, on figures of 130 trusts" in " ".join(
        screen.render(told).split()
    )
    assert "<dt>Fires at nothing</dt><dd>4.8 in 100" in report.render(undrawn(told))


def test_a_rule_is_walked_through_with_every_look_and_what_would_settle_it() -> None:
    text = terminal.render(replace(shape(NATIONAL, LACKING, LEAD), withheld=2))
    told = " ".join(text.split())
    assert f"unusual: {NATIONAL.title}, {NATIONAL.about}; England" in told
    assert f"{unusual.sure(NATIONAL)} {NATIONAL.question}" in told
    assert "too little data" in told
    assert "low power" in told
    for words in ("KEPT BACK 2 leads", "FIRES AT NOTHING not measured", "plan 3f9a0c1b2d4e"):
        assert words in told
    assert max(map(len, text.splitlines())) <= 100


def test_the_page_has_a_section_of_its_own(bent: Outcome, outcome: Outcome) -> None:
    page = report.render(undrawn(bent))
    section = page[page.index('id="shape"') : page.index('id="untested"')]
    assert '<h2 id="shape-h">Unusual shape</h2>' in section
    for words in ("Harm if true", "How sure", "What would make this go away", "Who gains"):
        assert words in section
    assert EVIL not in page
    assert "javascript:alert(1)" not in page
    assert 'id="shape"' not in report.render(undrawn(outcome))


def test_what_rests_on_a_figure_stands_beside_what_was_found(bent: Outcome) -> None:
    rests = (
        ("published_standard", "95% within four hours", "2010-11", "https://example.org/a"),
        ("league_table", EVIL, "", "javascript:alert(2)"),
    )
    stakes = (
        Stakes("uec.ed.four_hour", "four-hour, all types", rests, unusual=1, looked=3),
        Stakes("amb.cat2.mean", "Category 2, mean", rests[:1], unusual=0, looked=0),
    )
    told = replace(bent, stakes=stakes)
    text = " ".join(screen.render(told).split())
    assert "four-hour, all types: published standard, league table; 1 question in 3 looks" in text
    assert "of 2 figures on which much rests 1 could be looked at; 1 raised a question" in text
    assert "too little data to say anything of its shape" in unusual.at_stake(stakes[1])
    page = report.render(undrawn(told))
    assert "95% within four hours (since Nov 2010)" in page
    assert '<a href="https://example.org/a"' in page
    assert 'href="javascript' not in page
    assert EVIL not in page
    document = json.loads(findings_json.render(told))
    jsonschema.validate(document, findings_json.schema())
    assert document["stakes"][0]["unusual"] == 1


def test_csv_has_a_row_a_look_and_runs_nothing(bent: Outcome) -> None:
    rows = list(csv.DictReader(io.StringIO(shapes_csv.render(bent).removeprefix("\ufeff"))))
    assert [row["seen"] for row in rows] == [
        "unusual", "too little data", "unusual", "too little data",
    ]  # fmt: skip
    assert rows[0]["severity"] == "medium"
    assert rows[0]["confidence"] == "high"
    assert rows[2]["names_one_organisation"] == "RHM"
    assert rows[2]["about"] == f"'{FORMULA}"
    assert rows[1]["estimate"] == ""


def test_json_keeps_to_its_schema(bent: Outcome) -> None:
    document = json.loads(findings_json.render(bent))
    jsonschema.validate(document, findings_json.schema())
    assert document["shapes"][0]["looks"][0]["family_p"] == 0.0004
    assert document["shapes"][1]["looks"][0]["p"] is None


def test_months_are_told_once_where_there_is_one() -> None:
    assert unusual.span(replace(NATIONAL, last_month=NATIONAL.first_month)) == "Oct 2023"
    assert unusual.span(LACKING) == "no months"
