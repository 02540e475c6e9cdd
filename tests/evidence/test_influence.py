"""Arrows taken together, beside what was published and worked out elsewhere."""

import json

import numpy as np
import pytest

from kpialign.evidence import press, total_effects


@pytest.mark.reference
def test_the_push_through_a_hospital_adds_up_over_its_paths(cases):
    told = json.loads((cases / "knock_on_expected.json").read_text())
    assert total_effects(told["W"]) == pytest.approx(np.array(told["total_effects"]))


@pytest.mark.reference
def test_the_snowshoe_hare_of_dambacher(cases):
    told = json.loads((cases / "press_perturbation_snowshoe.json").read_text())
    found = press(told["community_matrix_A_effect_of_col_on_row"])
    assert found.net.tolist() == told["published_adjoint"]
    feedback = np.array(told["published_absolute_feedback"])
    assert found.weight == pytest.approx(np.array(told["published_adjoint"]) / feedback)
    # What is certain by the signs had that sign in every one of a thousand drawn strengths.
    drawn = np.array(told["published_numerical_simulation_n1000_seed42"])
    certain = np.abs(found.weight) == 1
    assert (drawn[certain] == found.weight[certain]).all()


def test_two_ways_that_pull_against_each_other_are_undetermined():
    """A push on the first raises the last by one way and lowers it by the other."""
    signs = [[-1, 0, 0, 0], [1, -1, 0, 0], [1, 0, -1, 0], [0, 1, -1, -1]]
    found = press(signs)
    assert found.weight[3, 0] == 0
    assert found.weight[3, 1] == 1


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda: total_effects([[0, 2], [0.6, 0]]), "no end"),
        (lambda: total_effects([[0, 1]]), "as many rows"),
        (lambda: press([[0.5]]), "expected -1, 0 and 1"),
        (lambda: press(-np.eye(9)), "at most 8"),
    ],
)
def test_what_has_no_answer_is_refused(work, words):
    with pytest.raises(ValueError, match=words):
        work()
