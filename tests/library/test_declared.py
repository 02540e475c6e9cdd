"""What definitions say without figures, from the shipped ones and from a few changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from kpialign.definitions.declared import Declared
from kpialign.definitions.pathways import Pathway
from kpialign.library import Library, load
from kpialign.library.declared import (
    Gap,
    chains,
    costs_between,
    costs_inside,
    horizons,
    kinds,
    unanswered,
    unmeasured,
    without_figures,
)
from kpialign.shipped import shipped
from kpialign.terms import Moves

HANDOVER, FOUR_HOUR = "amb.handover.mean", "uec.ed.four_hour.type1"


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def only(library: Library, *names: str) -> Library:
    return replace(library, indicators={name: library.indicators[name] for name in names})


def test_two_bodies_may_be_rewarded_at_each_others_cost(library: Library) -> None:
    found = costs_between(only(library, HANDOVER, FOUR_HOUR))
    assert [(c.gains, c.pays, c.indicator, c.cost) for c in found] == [
        ("ambulance", "hospital", HANDOVER, FOUR_HOUR),
        ("hospital", "ambulance", FOUR_HOUR, HANDOVER),
    ]
    assert {c.tie for c in found} == {"conveys_to"}
    assert {c.rules for c in found} == {("KA-UEC-001",)}


def test_a_pair_that_no_rule_weighs_is_told_as_such(library: Library) -> None:
    bare = replace(only(library, HANDOVER, FOUR_HOUR), conflicts={})
    assert {(c.tie, c.rules) for c in costs_between(bare)} == {("", ())}


def test_a_cost_inside_one_kind_of_body_is_counted_apart(library: Library) -> None:
    pair = only(library, "amb.cat1.mean", "amb.cat2.mean")
    assert costs_between(pair) == ()
    assert costs_inside(pair) == 2


def test_a_cost_that_is_only_planned_is_no_pair_yet(library: Library) -> None:
    assert "uec.ed.corridor_care" in library.indicators[HANDOVER].incentives.may_cost
    assert costs_between(only(library, HANDOVER)) == ()


def test_arrows_of_two_rules_reach_a_third_figure(library: Library) -> None:
    [chain] = chains(library)
    assert chain.rules == ("KA-UEC-001", "KA-UEC-002")
    ends = [(end.indicator, str(end.moves)) for end in chain.ends]
    assert ends == [(FOUR_HOUR, "better"), (HANDOVER, "worse"), ("amb.cat2.mean", "worse")]


def test_an_arrow_the_other_way_begins_no_chain(library: Library) -> None:
    hold = library.conflicts["KA-UEC-001"]
    better = hold.links[0].end.model_copy(update={"moves": Moves.BETTER})
    turned = hold.model_copy(update={"links": (hold.links[0].model_copy(update={"end": better}),)})
    assert chains(replace(library, conflicts={**library.conflicts, hold.id: turned})) == ()


def test_measures_are_counted_by_kind_and_none_is_a_number_too(library: Library) -> None:
    counted = kinds(only(library, HANDOVER, FOUR_HOUR, "amb.incidents"))
    assert counted == {"process": 2, "outcome": 0, "experience": 0, "balancing": 1}
    few = only(library, HANDOVER, "elective.rtt.within_18_weeks")
    assert horizons(few) == {"now": 1, "year": 1, "long": 0}


def way(*stages: dict[str, object]) -> dict[str, Pathway]:
    made = {"id": "way", "title": "A way", "why": "to see", "stages": stages}
    return {"way": Pathway.model_validate(made)}


def test_steps_without_a_figure_or_a_body_are_named(library: Library) -> None:
    pathways = way(
        {"id": "a", "title": "measured", "indicators": [HANDOVER]},
        {"id": "b", "title": "planned", "indicators": ["uec.ed.corridor_care"]},
        {"id": "c", "title": "somebody's", "answers": "community"},
    )
    changed = replace(library, pathways=pathways)
    assert unmeasured(changed) == (
        Gap("way", "planned", ()), Gap("way", "somebody's", ("community",)),
    )  # fmt: skip
    assert unanswered(changed) == (Gap("way", "planned", ()),)


def test_a_conflict_that_a_rule_judges_waits_no_longer(library: Library) -> None:
    waiting = {one.id for one in without_figures(library)}
    assert waiting == set(library.declared)
    judged = {**library.conflicts, "KA-UEC-005": library.conflicts["KA-UEC-001"]}
    assert {one.id for one in without_figures(replace(library, conflicts=judged))} == (
        waiting - {"KA-UEC-005"}
    )


def test_the_whole_documented_library_is_here(library: Library) -> None:
    assert not library.declared.keys() & library.conflicts.keys()
    documented = [rule for rule in library.shapes if not rule.startswith("KA-SHAPE")]
    assert not library.declared.keys() & set(documented)
    assert len(library.declared) + len(library.conflicts) + len(documented) == 48
    for one in library.declared.values():
        assert all((ref.url or "").startswith("http") for ref in one.references), one.id
        assert one.references or one.strength in ("contextual", "not_found"), one.id


def test_a_declared_conflict_says_when_its_cost_comes() -> None:
    made = {
        "id": "KA-X-001", "kind": "trade_off", "title": "t", "mechanism": "m", "gains": "a",
        "pays": "b", "strength": "moderate", "lacks": "figures",
    }  # fmt: skip
    with pytest.raises(ValidationError, match="lag is missing"):
        Declared.model_validate(made)
    assert Declared.model_validate({**made, "kind": "threshold"}).lag is None
