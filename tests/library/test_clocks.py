"""Two waits under one name that start or stop unlike are not compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpialign.library import Library, load
from kpialign.library.crosscheck import clocks
from kpialign.shipped import shipped


@pytest.fixture(scope="module")
def library() -> Library:
    """The shipped one, and twelve hours from arrival beside those from the decision to admit."""
    whole = load([shipped("indicators")])
    share = whole.indicators["uec.ed.over_12h_from_dta_share"]
    assert share.clock
    clock = share.clock.model_copy(update={"starts": "arrival"})
    other = share.model_copy(update={"id": "uec.ed.over_12h_from_arrival", "clock": clock})
    return replace(whole, indicators={**whole.indicators, other.id: other})


def test_what_is_shipped_compares_like_with_like(library: Library) -> None:
    assert list(clocks.check(library)) == []


def test_unlike_clocks_in_one_composite_are_a_fault(library: Library) -> None:
    composite = next(iter(library.composites.values()))
    first = composite.components[0].model_copy(update={"indicator": "uec.ed.over_12h_from_arrival"})
    mixed = composite.model_copy(update={"components": (first, *composite.components[1:])})
    [wrong] = clocks.check(replace(library, composites={mixed.id: mixed}))
    assert wrong.where == ("composites", composite.id, ("components",))
    assert "from arrival to admission to a bed" in wrong.what
    assert "from decision to admit to admission to a bed" in wrong.what


def test_unlike_clocks_in_one_arrow_are_a_fault(library: Library) -> None:
    rule = library.conflicts["KA-UEC-003"]
    [arrow] = rule.links
    start = arrow.start.model_copy(update={"indicator": "uec.ed.over_12h_from_arrival"})
    turned = rule.model_copy(update={"links": (arrow.model_copy(update={"start": start}),)})
    [wrong] = clocks.check(replace(library, conflicts={rule.id: turned}))
    assert wrong.where == ("conflicts", rule.id, ("links", 0))
    assert "'twelve hours in A&E'" in wrong.what
