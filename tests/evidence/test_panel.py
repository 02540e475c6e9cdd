import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpialign.evidence import Panel, arrows, leave_out_peers
from kpialign.terms import Status


def _panel(seed, fill):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((36, 5))
    status = np.where(rng.random((36, 5)) < 0.08, Status.NOT_REPORTED, Status.REPORTED)
    hidden = np.where(status == Status.REPORTED, values, fill)
    return Panel(tuple("ABCDE"), hidden, status)


def _results(panel):
    values = panel.reported
    peers = leave_out_peers(values, np.eye(5)).movement
    return arrows(values, np.roll(values, 1, axis=1), peers_x=peers, peers_y=peers).linked()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1e9, -3.5, np.nan, np.inf]))
def test_what_was_not_reported_is_never_read(seed, fill):
    assert _results(_panel(seed, fill)) == _results(_panel(seed, fill=np.nan))


def test_a_span_of_months_keeps_its_events():
    status = np.full((36, 5), Status.REPORTED)
    event = np.arange(36.0)
    panel = Panel(tuple("ABCDE"), np.arange(180.0).reshape(36, 5), status, {"shock": event})
    last = panel.months(12, 36)
    assert last.values[0, 0] == 60
    assert last.events["shock"].tolist() == list(range(12, 36))
    assert last.reported.shape == (24, 5)


def test_shapes_must_fit():
    with pytest.raises(ValueError, match="2 columns"):
        Panel(("A", "B"), np.zeros((3, 1)), np.full((3, 1), "reported"))


def test_a_reported_value_is_a_number():
    with pytest.raises(ValueError, match="marked reported"):
        Panel(("A",), np.array([[np.nan]]), np.array([["reported"]]))
