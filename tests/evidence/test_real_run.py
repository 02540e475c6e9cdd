"""Thirty published months, ten ambulance services: the figures the method was declared with."""

import csv

import numpy as np
import pytest

from kpialign.evidence import arrows, leave_out_peers, pool, pool_slopes, rank_step, relabel, shock

pytestmark = pytest.mark.real

SERVICES = ["RRU", "RX6", "RX7", "RX8", "RX9", "RYA", "RYC", "RYD", "RYE", "RYF"]
FIRST = (2023, 10)
DAYS = [31, 30, 31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31,
        30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31]  # fmt: skip
CODES = ["A2", "A1", "A7", "A10", "A30", "A140", "A141"]
DECEMBER_2024 = 14


@pytest.fixture(scope="module")
def services(data):
    """Handover and Category 2 means in minutes, call answering in seconds, incidents a day."""
    items = {code: np.full((30, 10), np.nan) for code in CODES}
    with (data / "ambulance" / "AmbSYS-to-Mar-2026-UI7FG.csv").open() as file:
        for row in csv.DictReader(file):
            month = (int(row["Year"]) - FIRST[0]) * 12 + int(row["Month"]) - FIRST[1]
            if month >= 0 and row["Org Code"] in SERVICES:
                for code, values in items.items():
                    values[month, SERVICES.index(row["Org Code"])] = float(row[code])
    return {
        "handover": items["A141"] / items["A140"] / 60,
        "category 2": items["A30"] / items["A10"] / 60,
        "call answer": items["A2"] / items["A1"],
        "incidents": items["A7"] / np.array(DAYS)[:, None],
    }


def _arrows(x, y, **also):
    peers_x, peers_y = (leave_out_peers(side, np.eye(10)).movement for side in (x, y))
    return arrows(x, y, peers_x=peers_x, peers_y=peers_y, **also)


def _told(pooled):
    return [round(number, 2) for number in (pooled.estimate, *pooled.interval)]


def test_handover_lengthens_the_next_response(services):
    found = _arrows(services["handover"], services["category 2"])
    assert _told(pool(found.linked())) == [0.55, 0.42, 0.65]
    assert _told(pool_slopes(found.linked())) == [0.49, 0.25, 0.73]
    assert relabel(found).p < 0.001


def test_it_survives_incidents_held_fixed(services):
    held = [services["incidents"]]
    found = _arrows(services["handover"], services["category 2"], hold=held)
    assert _told(pool(found.linked())) == [0.46, 0.29, 0.60]


def test_its_control_is_nil(services):
    found = _arrows(services["handover"], services["call answer"])
    assert _told(pool(found.linked())) == [0.05, -0.18, 0.28]
    assert relabel(found).p > 0.05


def test_both_halves_agree_and_no_winter_makes_it(services):
    x, y = services["handover"], services["category 2"]
    winter = shock(30, first=14, last=16)
    for found in (_arrows(x[:24], y[:24]), _arrows(x[-24:], y[-24:]), _arrows(x, y, events=winter)):
        assert pool(found.linked()).interval[0] > 0


def test_release_to_respond_shortened_handover_and_response(services):
    place = SERVICES.index("RYE")
    handover, response = (
        rank_step(services[name], place, at=DECEMBER_2024, direction=-1)
        for name in ("handover", "category 2")
    )
    assert handover.step.effect == pytest.approx(-7.2, abs=0.05)
    assert handover.step.interval == pytest.approx((-9.9, -4.6), abs=0.05)
    assert response.step.effect == pytest.approx(-8.6, abs=0.05)
    assert response.step.interval == pytest.approx((-13.7, -3.5), abs=0.05)
    assert (handover.place, response.place) == (1, 1)
    assert response.share == pytest.approx(0.027, abs=0.002)
