from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from kpialign.conflicts.judge import judge
from kpialign.definitions.conflicts import Conflict
from kpialign.library import Library, load
from kpialign.proving.rules import invent, proofs, rule_tests, shares
from kpialign.shipped import shipped
from kpialign.simulate import Scenario, system
from kpialign.terms import Moves, Verdict


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def only(library: Library, rule: Conflict, *tests: str) -> Library:
    kept = tuple(test for test in rule.tests if test.name in tests)
    return replace(library, conflicts={rule.id: rule.model_copy(update={"tests": kept})})


def test_a_rule_finds_what_is_planted_and_nothing_the_other_way_round(library: Library) -> None:
    rule = library.conflicts["KA-UEC-002"]
    tests = ("planted", "planted the other way round", "two years is too short")
    assert list(rule_tests(only(library, rule, *tests), seeds=1)) == []


def test_a_rule_with_a_wrong_direction_is_a_fault(library: Library) -> None:
    rule = library.conflicts["KA-UEC-002"]
    [arrow] = rule.links
    turned = arrow.model_copy(update={"end": arrow.end.model_copy(update={"moves": Moves.BETTER})})
    wrong = only(library, rule.model_copy(update={"links": (turned,)}), "planted")
    fault, turned_back = rule_tests(wrong, seeds=1)
    assert "the first arrow turned round': supported in 1.000" in turned_back.what
    assert fault.what == "KA-UEC-002, test 'planted': supported in 0.000, expected >= 0.8."
    assert f"{fault.file}:{fault.line}" == library.sources["KA-UEC-002"]


RULES = sorted(load([shipped("indicators")]).conflicts)


@pytest.mark.parametrize("id_", RULES)
def test_every_shipped_rule_finds_its_link_and_is_silent_without_one(
    library: Library, id_: str
) -> None:
    """One system a test; `kpialign lint --seeds 200` is the proof."""
    rule = library.conflicts[id_]
    planted = [t for t in rule.tests if t.expect.get(Verdict.SUPPORTED, "").startswith(">=")]
    silent = [t for t in rule.tests if t.expect.get(Verdict.SUPPORTED, "").startswith("<=")]
    short = [t for t in rule.tests if Verdict.TOO_LITTLE_DATA in t.expect]
    assert planted
    assert len(silent) >= 2
    assert short
    told = list(proofs(only(library, rule, *(t.name for t in rule.tests)), seeds=1))
    assert [str(proof) for proof in told if proof.fault] == []
    assert len(told) == sum(len(t.expect) for t in rule.tests) + 1


def test_local_pressure_is_caught_by_the_control(library: Library) -> None:
    rule = library.conflicts["KA-UEC-002"]
    test = next(t for t in rule.tests if "local pressure" in t.name)
    assert shares(rule, test, library, seeds=1) == {Verdict.NOT_SEPARABLE: 1.0}


def test_an_invented_tie_is_the_mean_of_its_units(library: Library) -> None:
    rule = library.conflicts["KA-UEC-001"]
    network = invent(rule, rule.tests[0], library, seed=3)
    assert network.links.height == 110
    assert network.ties(rule.tie, ()) == tuple(f"T{n:03d}" for n in range(11))
    parts = network.unit_parts("uec.ed.four_hour.type1")
    members = network.members("hospital", rule.tie, ["T004"])
    values, left_out = parts.of_ties(members)
    own = [parts.units.index(unit) for unit in members["T004"]]
    assert values[:, 0] == pytest.approx(parts.values[:, own].mean(axis=1))
    assert left_out == ()


def test_a_rule_names_the_figures_that_nobody_sends(library: Library) -> None:
    rule = library.conflicts["KA-FLOW-001"]
    network = invent(rule, rule.tests[0], library, seed=1)
    own = rule.links[0].start.indicator
    sent = replace(network, parts=network.parts.filter(pl.col("indicator") != own))
    found = judge([rule], library.indicators, sent.deserted(), here={})
    [finding] = found.findings
    assert finding.verdict is Verdict.TOO_LITTLE_DATA
    words = ("no figures of beds with patients fit to leave in these months",)
    assert finding.arrows[0].reasons == words
    assert finding.arrows[0].ties == ()
    assert found.pairs.is_empty()


def test_a_link_with_a_lag_is_planted_that_much_later(library: Library) -> None:
    scenario = Scenario(months=200, ties=8, effect=0.9, season=0, trend=0, national=0, ar=0)
    made = system(scenario, [("a", "b")], lags=[2], seed=5)
    cause, end = made["a"].values, made["b"].values
    r = [np.corrcoef(cause[: 200 - lag].ravel(), end[lag:].ravel())[0, 1] for lag in range(4)]
    assert r[2] > 0.85
    assert max(abs(r[lag]) for lag in (0, 1, 3)) < 0.1


def test_same_seed_same_system(library: Library) -> None:
    rule = library.conflicts["KA-UEC-003"]
    systems = [invent(rule, rule.tests[0], library, seed=seed) for seed in (1, 1, 2)]
    assert systems[0].parts.equals(systems[1].parts)
    assert not systems[0].parts.equals(systems[2].parts)
