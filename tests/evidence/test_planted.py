"""What was planted in the reference pairs, as their makers say, beside what is found of it."""

import csv
import json

import numpy as np
import pytest

from kpialign.evidence import association

pytestmark = pytest.mark.reference


def planted(cases):
    return json.loads((cases / "pair_generators.json").read_text())


def found(cases, name, lag):
    with (cases / f"{name}.csv").open() as file:
        rows = list(csv.reader(file))[1:]
    x, y, peer_x, peer_y = np.array([[float(v) for v in row[1:]] for row in rows]).T
    return len(rows), association(x, y, lag=lag, peers_x=peer_x, peers_y=peer_y)


def test_what_was_planted_lies_in_the_interval_at_its_own_lag(cases):
    for name, made in planted(cases).items():
        months, one = found(cases, name, made["lag"])
        assert months == made["n"], name
        if months >= 30:  # a pair of 24 months is too short to be quoted
            low, high = one.interval
            assert low < made["rho"] < high, name
        assert (one.p < 0.05) == (made["rho"] > 0), name


def test_no_other_lag_is_as_strong_where_one_was_planted(cases):
    for name, made in planted(cases).items():
        if made["rho"]:
            strength = [abs(found(cases, name, lag)[1].r) for lag in range(4)]
            assert int(np.argmax(strength)) == made["lag"], name
