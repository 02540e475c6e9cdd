import numpy as np
import pytest

from kpialign.evidence import State, rank_step

from .test_step import places


def test_a_planted_step_ranks_first_of_all_places_and_dates():
    found = rank_step(places(effect=-9.0), 0, at=18, direction=-1)
    assert (found.place, found.places) == (1, 8)
    assert found.placebos == 8 * 25 - 1
    assert found.share == 1 / 200
    assert found.step.effect < 0


def test_the_declared_direction_decides_what_is_strong():
    found = rank_step(places(effect=-9.0), 0, at=18, direction=1)
    assert found.place == 8
    assert found.share > 0.9


def test_no_step_ranks_anywhere():
    shares = [rank_step(places(seed=s, count=4), 0, at=18, direction=-1).share for s in range(8)]
    assert 0.3 < np.mean(shares) < 0.7


def test_a_step_without_an_answer_has_no_rank():
    found = rank_step(places(count=3), 0, at=2, direction=-1)
    assert found.state is State.TOO_LITTLE_DATA
    assert (found.place, found.share, found.places) == (None, None, 0)


def test_a_direction_must_be_declared():
    with pytest.raises(ValueError, match="lowers"):
        rank_step(places(), 0, at=18, direction=0)
