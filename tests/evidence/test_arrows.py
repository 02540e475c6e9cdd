import csv
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpialign.evidence import (
    Panel,
    State,
    arrows,
    association,
    leave_out_peers,
    linked_alone,
    relabel,
)
from kpialign.evidence.partial import partial


def _close(a, b):
    return all(
        getattr(a, name) == pytest.approx(getattr(b, name), abs=1e-10, rel=1e-10)
        for name in ("r", "interval", "slope", "slope_interval", "p", "df", "months", "ar_orders")
    )


@st.composite
def systems(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ties, months = draw(st.integers(2, 6)), draw(st.integers(20, 60))
    x, y, hold = rng.standard_normal((3, months, ties)).cumsum(axis=1)
    gone = rng.random((months, ties)) < draw(st.sampled_from([0.0, 0.06]))
    return np.where(gone, np.nan, x), y, hold, rng.standard_normal((2, months, ties, ties))


@settings(deadline=None, max_examples=25)
@given(systems(), st.integers(0, 2), st.sampled_from([-1, 1]))
def test_all_at_once_is_one_at_a_time(system, lag, direction):
    x, y, hold, (peer_x, peer_y) = system
    event = (np.arange(len(x)) > 9).astype(float)
    said = {"lag": lag, "direction": direction, "events": [event]}
    plain = arrows(x, y, peers_x=peer_x, peers_y=peer_y, **said)
    held = arrows(x, y, peers_x=peer_x, peers_y=peer_y, hold=[hold], **said)
    for i in range(x.shape[1]):
        for j in range(x.shape[1]):
            outside = {"peers_x": peer_x[:, i, j], "peers_y": peer_y[:, i, j]}
            alone = association(x[:, i], y[:, j], **outside, **said)
            assert plain.pair(i, j).state is alone.state
            assert alone.r is None or _close(plain.pair(i, j), alone)
        own = {"peers_x": peer_x[:, i, i], "peers_y": peer_y[:, i, i], "hold": [hold[:, i]]}
        alone = association(x[:, i], y[:, i], **own, **said)
        assert alone.r is None or _close(held.linked()[i], alone)


def test_an_unlinked_pair_holds_each_side_to_its_own_figures():
    x, y, figure = np.random.default_rng(1).standard_normal((3, 60, 2))
    held = arrows(x, y, hold=[figure])
    alone = partial(x[:, 0], y[:, 1], given_x=[figure[:, 0]], given_y=[figure[:, 1]])
    assert held.r[0, 1] == pytest.approx(float(alone.r), abs=1e-12)
    assert held.pair(0, 1).df == held.pair(0, 0).df


def test_a_month_a_held_figure_lacks_on_either_side_is_not_read():
    x, y, figure = np.random.default_rng(6).standard_normal((3, 60, 2))
    figure[:7, 1] = np.nan
    assert arrows(x, y, hold=[figure]).batch.months.tolist() == [[60, 53], [53, 53]]


def test_a_pair_without_an_answer_is_masked_and_named():
    x, y = np.random.default_rng(2).standard_normal((2, 36, 3))
    x[:, 1] = 5.0
    y[5:, 2] = np.nan
    found = arrows(x, y)
    assert found.r.mask.tolist() == [[False, False, True], [True] * 3, [False, False, True]]
    assert found.state[1, 0] is State.NO_VARIATION
    assert found.state[0, 2] is State.TOO_LITTLE_DATA
    assert np.isfinite(found.r.compressed()).all()
    assert found.linked()[1].r is None


def test_ties_that_share_a_unit_are_not_unlinked():
    x, y = np.random.default_rng(3).standard_normal((2, 36, 3))
    shared = np.eye(3, dtype=bool)
    shared[0, 1] = shared[1, 0] = True
    assert arrows(x, y).unlinked.sum() == 6
    assert arrows(x, y, shared=shared).unlinked.sum() == 4


@pytest.mark.parametrize("name", ["peers_x", "peers_y"])
def test_an_array_of_the_wrong_shape_is_refused(name):
    x, y = np.random.default_rng(4).standard_normal((2, 36, 3))
    with pytest.raises(ValueError, match=r"expected \(36, 3, 3\)"):
        arrows(x, y, **{name: x})
    with pytest.raises(ValueError, match=r"expected \(36, 3\)"):
        arrows(x, y[:, :2])


def test_of_130_ties_every_pair_is_looked_at():
    x, y = np.random.default_rng(5).standard_normal((2, 60, 130))
    peers = leave_out_peers(x, np.eye(130)).movement
    found = arrows(x, y, peers_x=peers, peers_y=peers)
    assert found.unlinked.sum() == 130 * 129


def test_of_very_many_ties_pairs_within_groups_are_looked_at():
    x, y = np.random.default_rng(8).standard_normal((2, 30, 160))
    panel = leave_out_peers(x, np.eye(160)).movement
    found = arrows(x, y, peers_x=panel, peers_y=Panel(x, np.eye(160)))
    assert found.unlinked.sum() == 4 * 40 * 39
    assert (found.state == State.NOT_COMPARED).sum() == 160 * 160 - 4 * 40 * 40
    assert sorted(np.concatenate(found.groups)) == list(range(160))
    own = panel[:, 7, 7]
    alone = association(x[:, 7], y[:, 7], peers_x=own, peers_y=own)
    assert found.linked()[7].r == pytest.approx(alone.r)
    assert 0.05 < relabel(found, draws=199).p < 0.95


@pytest.mark.real
def test_real_unlinked_trusts_rarely_look_linked(data):
    """The standing false-alarm test: 130 trusts, 36 months, 8,385 pairs, hardly any of them linked.

    Without peers 17.6 % would look linked, and 63 % by plain correlation.
    """
    with (data / "placebo" / "ae-performance-130-trusts-36-months.csv").open() as file:
        rows = sorted((r["org_code"], r["period"], float(r["perf"])) for r in csv.DictReader(file))
    values = np.array([value for *_, value in rows]).reshape(130, 36).T
    peers = leave_out_peers(values, np.eye(130)).movement
    found = arrows(values, values, peers_x=peers, peers_y=peers)
    one_sided = found.p[np.triu_indices(130, 1)]
    two_sided = 2 * np.minimum(one_sided, 1 - one_sided)
    assert two_sided.count() == 8385
    assert 0.04 < (two_sided < 0.05).mean() <= 0.07
    assert 0.008 < (two_sided < 0.01).mean() <= 0.02
    alone = replace(found, batch=arrows(values, values).batch).p[np.triu_indices(130, 1)]
    assert (np.minimum(alone, 1 - alone) * 2 < 0.05).mean() > 0.15


def test_many_ties_are_worked_in_blocks_and_change_nothing() -> None:
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(36, 40)), rng.normal(size=(36, 40))
    found = arrows(x, y)
    for i, j in ((0, 39), (31, 32), (39, 0)):
        one, alone = found.pair(i, j), association(x[:, i], y[:, j])
        assert (one.df, one.ar_orders) == (alone.df, alone.ar_orders)
        assert (one.r, one.slope, one.p) == pytest.approx((alone.r, alone.slope, alone.p))


def test_linked_alone_is_the_diagonal():
    rng = np.random.default_rng(9)
    x, y, held = rng.standard_normal((3, 40, 6))
    x[3, 2] = np.nan
    panels = Panel(x, np.eye(6)), Panel(y, np.eye(6))
    given = {"peers_x": panels[0], "peers_y": panels[1], "hold": [held], "lag": 1, "direction": -1}
    whole = arrows(x, y, **given).linked()
    for one, alone in zip(whole, linked_alone(x, y, **given), strict=True):
        assert _close(one, alone)
        assert (one.state, one.months, one.direction) == (alone.state, alone.months, -1)
