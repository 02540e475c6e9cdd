"""An event reaches every series it touches, and no other."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from kpialign.conflicts.methods.peer_controlled import Weighed, weigh
from kpialign.conflicts.network import Network, Shift
from kpialign.library import load
from kpialign.shipped import shipped
from kpialign.terms import Period, months_between

FIRST, MONTHS = Period(2022, 4), 48
CHANGE = FIRST + 20
X, Y = "amb.handover.mean", "amb.cat2.mean"
SERVICES = tuple(f"S{n:02d}" for n in range(12))
LIBRARY = load([shipped("indicators")])
RULE = LIBRARY.conflicts["KA-UEC-002"]
ARROW = RULE.links[0].model_copy(update={"hold_fixed": ()})


@pytest.fixture(scope="module")
def network() -> Network:
    """Twelve services whose second figure follows the first; from a month on S00's leaps."""
    draw = np.random.default_rng(4)
    x = draw.normal(30, 3, (MONTHS, 12))
    y = 20 + 0.7 * x + draw.normal(0, 1, (MONTHS, 12))
    x[20:, 0] += 40
    months = [str(p) for p in months_between(FIRST, FIRST + (MONTHS - 1))]
    rows = [
        (name, service, "ambulance", month, 1.0, 100 * float(values[i, j]), 100.0)
        for name, values in ((X, x), (Y, y))
        for i, month in enumerate(months)
        for j, service in enumerate(SERVICES)
    ]
    schema = ["indicator", "organisation", "role", "period", "scale", "numerator", "denominator"]
    return Network(
        first=FIRST,
        last=FIRST + (MONTHS - 1),
        parts=pl.DataFrame(rows, schema=schema, orient="row"),
        links=pl.DataFrame({"tie": SERVICES, "unit": SERVICES, "weight": [1.0] * 12}),
        peers={"amb": SERVICES},
        roles={X: "ambulance", Y: "ambulance"},
        peer_set_of={X: "amb", Y: "amb"},
        names={},
    )


def shift(effect: str = "step", whom: str = "S00", *, confirmed: bool = False) -> Shift:
    since = CHANGE
    return Shift(f"ev.{effect}", effect, since, None, frozenset({X}), frozenset({whom}), confirmed)


def weighed(network: Network, *shifts: Shift) -> Weighed:
    return weigh(RULE, ARROW, replace(network, shifts=shifts), 1)


def test_a_cut_takes_the_earlier_months_of_that_body_alone(network: Network) -> None:
    plain = weighed(network)
    cut = weighed(network.without(shift("incomparable")))
    assert [one.months for one in cut.linked] == [MONTHS - 20] + [MONTHS] * 11
    assert np.isnan(cut.start.values[:20, 0]).all()
    np.testing.assert_array_equal(cut.start.values[20:, 0], plain.start.values[20:, 0])
    np.testing.assert_array_equal(cut.start.values[:, 1:], plain.start.values[:, 1:])
    np.testing.assert_array_equal(cut.end.values, plain.end.values)
    assert cut.start.left_out == ()


def test_a_member_whose_series_is_cut_is_left_out_of_its_tie_and_named(network: Network) -> None:
    cut = network.without(shift("incomparable"))
    values, left_out = cut.unit_parts(X).of_ties({"T": {"S00": 1.0, "S01": 1.0}})
    alone, _ = network.unit_parts(X).of_ties({"T": {"S01": 1.0}})
    np.testing.assert_array_equal(values, alone)
    assert left_out == ("S00",)


def test_a_confirmed_step_is_taken_out_and_an_unconfirmed_one_shown_both_ways(
    network: Network,
) -> None:
    plain = weighed(network)
    fact = weighed(network, shift(confirmed=True))
    maybe = weighed(network, shift())
    assert fact.events == ()
    assert maybe.seen == plain.seen
    ((told, national),) = maybe.events
    assert told.id == "ev.step"
    assert national.r.interval == pytest.approx(fact.seen.r.interval)
    r = [one.linked[0].r for one in (plain, fact)]
    assert r[0] is not None
    assert r[1] is not None
    assert r[1] > 0.6 > r[0]  # the leap hid what moves with what at S00
    for one in range(1, 12):
        assert fact.linked[one].r == pytest.approx(plain.linked[one].r, abs=0.05)


def test_unconfirmed_events_are_allowed_for_one_by_one(network: Network) -> None:
    both = weighed(network, shift(), shift("incomparable"), shift("step", "S05"))
    each = [
        weighed(network, one).events[0][1]
        for one in (shift(), shift("incomparable"), shift("step", "S05"))
    ]
    assert [national for _, national in both.events] == each
    cut = weighed(network.without(shift("incomparable"))).seen
    assert each[1].r.interval == pytest.approx(cut.r.interval)
    assert each[1].slope.estimate == pytest.approx(cut.slope.estimate)


def test_an_event_elsewhere_or_of_other_indicators_moves_nothing(network: Network) -> None:
    other = replace(shift(), indicators=frozenset({"uec.ed.four_hour"}))
    late = replace(shift("not_reported"), since=FIRST + MONTHS)
    assert weighed(network, shift(whom="ZZ"), other, late).events == ()


def test_a_span_without_reports_is_a_hole(network: Network) -> None:
    span = replace(shift("not_reported"), until=CHANGE + 1)
    assert span.silences
    silent = network.without(span).parts.filter(pl.col("numerator").is_null())
    assert silent["period"].to_list() == [str(CHANGE), str(CHANGE + 1)]
    assert set(silent["organisation"]) == {"S00"}
    everyone = replace(span, organisations=frozenset())
    assert network.without(everyone).parts["numerator"].null_count() == 24
