"""Rules of unusual shape: what fires, what stays silent, and who is not named."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from kpialign.conflicts.shapes import invent, look_at
from kpialign.conflicts.sight import ENGLAND, Sight
from kpialign.findings import Seen, Shape
from kpialign.findings.narratives import Narrative, NarrativeKind
from kpialign.library import Library, load
from kpialign.proving.shapes import shape_tests, shares
from kpialign.shipped import shipped
from kpialign.terms import Period

RULE = "KA-SHAPE-001"


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def planted(library: Library, seed: int = 1, test: int = 0) -> Sight:
    rule = library.shapes[RULE]
    return invent(rule, rule.tests[test], Sight.of_definitions(library.indicators), seed)


def one(library: Library, sight: Sight) -> Shape:
    [shape] = look_at([library.shapes[RULE]], sight)
    return shape


def test_every_rule_has_a_test_that_must_fire_and_one_that_must_stay_silent(
    library: Library,
) -> None:
    for rule in library.shapes.values():
        bounds = [test.expect.get("unusual", "") for test in rule.tests]
        assert any(bound.startswith(">=") for bound in bounds), rule.id
        assert any(bound.startswith("<=") for bound in bounds), rule.id


def test_every_rule_keeps_its_own_tests(library: Library) -> None:
    assert list(shape_tests(library, seeds=40)) == []


def test_a_rule_that_promises_too_much_is_a_fault(library: Library) -> None:
    rule = library.shapes[RULE]
    [silent] = [t for t in rule.tests if t.name.startswith("smooth")]
    wrong = silent.model_copy(update={"expect": {"unusual": ">= 0.8"}})
    changed = replace(library, shapes={RULE: rule.model_copy(update={"tests": (wrong,)})})
    [fault] = shape_tests(changed, seeds=2)
    assert "unusual in 0.000, expected >= 0.8" in fault.what
    assert f"{fault.file}:{fault.line}" == library.sources[RULE]


def test_a_crowd_is_a_question_with_severity_apart_from_confidence(library: Library) -> None:
    found = one(library, planted(library))
    assert found.seen is Seen.UNUSUAL
    assert found.severity == "medium"
    assert found.confidence in ("high", "moderate")
    [look] = found.looks
    assert look.question.endswith("just meet the target than just miss it?")
    assert look.family_p == look.p
    assert look.estimate
    assert look.estimate > 0
    assert found.goes_away
    assert found.involve
    assert found.organisations


def test_nothing_is_asked_where_nothing_is_seen(library: Library) -> None:
    found = one(library, planted(library, test=1))
    assert found.seen is Seen.NOTHING
    assert found.confidence == ""
    assert [look.question for look in found.looks] == [""]


def test_a_wait_at_its_limit_meets_it(library: Library) -> None:
    sight = planted(library, test=1)
    indicator = library.indicators["amb.cat2.mean"]
    target = indicator.targets[0].model_copy(update={"since": Period(2010, 11)})
    standard = indicator.model_copy(update={"targets": (target,)})
    level = target.level
    waits = sight.figures.with_columns(indicator=pl.lit(standard.id), value=pl.lit(level))
    [look] = one(library, Sight(waits, {standard.id: standard})).looks
    assert "; 0 miss, 1,560 meet" in look.said


def test_more_targets_need_stronger_evidence(library: Library) -> None:
    rule = library.shapes[RULE]
    sight = planted(library)
    silent = [
        rule.model_copy(update={"id": f"KA-SHAPE-9{n:02d}"}) for n in range(20)
    ]  # all look at the same figures, so every p is the same and none changes
    same = look_at([rule, *silent], sight)
    assert {s.looks[0].family_p for s in same} == {same[0].looks[0].p}
    other = planted(library, test=1)
    mixed = look_at([rule], replace(other, figures=other.figures.head(30)))
    assert mixed[0].seen is Seen.TOO_LITTLE_DATA


def test_what_is_in_front_is_a_lead_of_low_power_and_decides_nothing(library: Library) -> None:
    sight = planted(library, test=1)
    places = sorted(sight.figures["organisation"].unique())
    here = replace(sight, here={"hospital": frozenset(places[:40])}, front=("QRL", "Here"))
    found = one(library, here)
    national, local = found.looks
    assert (national.low_power, local.low_power) == (False, True)
    assert local.family_p is None
    assert national.id != local.id
    assert local.scope == "QRL"
    assert not local.names_one
    assert found.seen is Seen.NOTHING


def test_a_look_that_names_one_body_is_kept_back_without_its_reply(library: Library) -> None:
    sight = planted(library, test=1)
    [alone, *_] = sorted(sight.figures["organisation"].unique())
    here = replace(sight, here={"hospital": frozenset([alone])}, front=("QRL", "Here"))
    rule = library.shapes[RULE]
    words = Narrative(
        organisation=alone, name=alone, indicator="uec.ed.four_hour", title="", rule="",
        period="2026-03", kind=NarrativeKind.REASON, text="A unit opened.", by="board", line=2,
    )  # fmt: skip
    others = [replace(words, organisation="X"), replace(words, rule="KA-UEC-001")]
    [kept] = look_at([rule], here, public=True, narratives=others)
    [told] = look_at([rule], here, public=True, narratives=[*others, words])
    [inside] = look_at([rule], here)
    assert [look.body for look in inside.looks] == ["", alone]
    assert told.looks[1].replies == (words,)
    assert [look.body for look in kept.looks] == [""]
    assert [look.body for look in told.looks] == ["", alone]
    assert kept.withheld == 0  # only what asks is counted


def test_shares_tell_what_a_rule_can_do(library: Library) -> None:
    rule = library.shapes[RULE]
    tiny = next(t for t in rule.tests if "too little" in t.name)
    assert shares(rule, tiny, library, seeds=2) == {Seen.TOO_LITTLE_DATA: 1.0}


def test_points_of_performance_are_of_all_stays_the_longest_too(library: Library) -> None:
    rule = library.shapes["KA-UEC-009"]
    sight = invent(rule, rule.tests[0], Sight.of_definitions(library.indicators), seed=3)
    [country] = [one for one in look_at([rule], sight)[0].looks if one.scope == ENGLAND]
    longer = sight.parts["part"] == "longer"
    assert longer.any()
    even = replace(sight, parts=sight.parts.filter(~longer))
    [without] = [one for one in look_at([rule], even)[0].looks if one.scope == ENGLAND]
    assert country.estimate is not None
    assert without.estimate is not None
    assert country.estimate * country.figures == pytest.approx(without.estimate * without.figures)
    assert country.estimate < without.estimate
