"""Ties to ask about this month: both sides left their usual gap, as the rule says."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.fixtures.told import told

from kpialign.conflicts.judge import judge
from kpialign.conflicts.network import Network
from kpialign.findings import Divergence, Finding
from kpialign.library import Library, load
from kpialign.outputs.page import template
from kpialign.outputs.run import findings_csv
from kpialign.outputs.wording import beside
from kpialign.proving.rules import invent
from kpialign.shipped import shipped

HANDOVER, RESPONSE = "amb.handover.mean", "amb.cat2.mean"


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


@pytest.fixture(scope="module")
def network(library: Library) -> Network:
    rule = library.conflicts["KA-UEC-002"]
    test = next(t for t in rule.tests if t.name == "shared winter and shock only")
    return invent(rule, test, library, seed=3)


def moved(network: Network, tie: str, *, since: int, **by: float) -> Network:
    """The network with one service's figures moved in the last months, from month `since` back."""
    late = pl.col("period").is_in(network.periods[-since:]) & (pl.col("organisation") == tie)
    names = {"handover": HANDOVER, "response": RESPONSE}
    parts = network.parts
    for name, step in by.items():
        here = late & (pl.col("indicator") == names[name])
        raised = pl.when(here).then(pl.col("numerator") + step).otherwise(pl.col("numerator"))
        parts = parts.with_columns(raised.alias("numerator"))
    return replace(network, parts=parts)


def judged(library: Library, network: Network, later: int = 0) -> Finding:
    rules = [library.conflicts["KA-UEC-002"]]
    [found] = judge(rules, library.indicators, network, {}, network.last + later).findings
    return found


def named(found: Finding) -> set[str]:
    return {one.tie for one in found.divergences}


def test_both_sides_worse_this_month_are_asked_about(library: Library, network: Network) -> None:
    quiet = named(judged(library, network))
    assert "T004" not in quiet
    late = moved(network, "T004", since=1, handover=9.0, response=9.0)
    found = judged(library, late)
    [one] = [one for one in found.divergences if one.tie == "T004"]
    assert one.period == str(network.last)
    assert one.from_gap > one.from_usual > 0
    assert one.to_gap > one.to_usual > 0
    assert replace(found, divergences=()) == judged(library, late, later=1)


def test_one_side_or_the_other_way_is_no_prompt(library: Library, network: Network) -> None:
    for by in ({"handover": 9.0}, {"handover": 9.0, "response": -9.0}, {"response": 9.0}):
        assert "T004" not in named(judged(library, moved(network, "T004", since=1, **by)))


def test_what_was_asked_the_month_before_is_not_asked_again(
    library: Library, network: Network
) -> None:
    lasting = moved(network, "T004", since=2, handover=9.0, response=9.0)
    assert "T004" not in named(judged(library, lasting))


def test_months_that_end_before_the_month_told_ask_nothing(
    library: Library, network: Network
) -> None:
    late = moved(network, "T004", since=1, handover=9.0, response=9.0)
    assert judged(library, late, later=1).divergences == ()


def test_it_is_worded_as_a_question_and_no_evidence() -> None:
    text = beside.divergence(
        Divergence(
            "hold", "T1", "South Central", "2026-03", "four-hour", "percent", 4.2, 3.0,
            "handover", "minutes", 7.25, 5.0,
        )
    )  # fmt: skip
    assert text == (
        "ask about South Central in Mar 2026: against its peers and its own months before, "
        "four-hour +4.2 points (usually within 3.0 points) and handover +7.2 min (usually within "
        "5.0 min). What happened there? A prompt, no evidence."
    )


def test_the_page_and_the_table_ask_too(library: Library, network: Network) -> None:
    found = judged(library, moved(network, "T004", since=1, handover=9.0, response=9.0))
    page = template("parts.html.j2").module.finding_block(found, [])
    assert "Months to ask about" in page
    assert "ask about T004 in" in page
    table = findings_csv.render(replace(told(), findings=(found,)))
    assert "ask about T004 in" in table
    assert "Months to ask about" not in template("parts.html.j2").module.finding_block(
        replace(found, divergences=()), []
    )
