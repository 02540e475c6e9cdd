import numpy as np
import polars as pl
import pytest

from kpialign.conflicts.network import Network, UnitParts
from kpialign.definitions.conflicts import TieRule
from kpialign.terms import Period

SERVICE = TieRule(kind="conveys_to", one="ambulance", many="hospital")
BODY = TieRule(kind="same_organisation", one="hospital")


def parts(numerator: list[list[float]], denominator: list[list[float]]) -> UnitParts:
    units = tuple("ABC"[: len(numerator[0])])
    return UnitParts(units, np.array(numerator), np.array(denominator), 100.0)


@pytest.fixture
def network() -> Network:
    rows = [
        ("four", unit, "hospital", period, 100.0, num, den)
        for unit, num, den in (("A", 70.0, 100.0), ("B", 90.0, 300.0))
        for period in ("2025-01", "2025-02")
    ]
    schema = ["indicator", "organisation", "role", "period", "scale", "numerator", "denominator"]
    return Network(
        first=Period(2025, 1),
        last=Period(2025, 3),
        parts=pl.DataFrame(rows, schema=schema, orient="row"),
        links=pl.DataFrame({"tie": ["S", "S"], "unit": ["A", "B"], "weight": [1.0, 0.5]}),
        peers={"acute": ("A", "B")},
        roles={"four": "hospital"},
        peer_set_of={"four": "acute"},
        names={},
    )


def test_a_tie_adds_parts_by_weight_and_never_averages_rates(network: Network) -> None:
    values, left_out = network.unit_parts("four").of_ties({"S": {"A": 1.0, "B": 0.5}})
    assert values[:2, 0] == pytest.approx(100 * (70 + 45) / (100 + 150))
    assert left_out == ()


def test_a_month_without_reports_stays_a_hole(network: Network) -> None:
    values, _ = network.unit_parts("four").of_ties({"S": {"A": 1.0}})
    assert np.isnan(values[2, 0])


def test_a_member_missing_a_month_is_left_out_all_along_and_named() -> None:
    found = parts([[70, 10], [80, np.nan]], [[100, 100], [100, np.nan]])
    values, left_out = found.of_ties({"S": {"A": 1.0, "B": 1.0}})
    assert values[:, 0].tolist() == [70.0, 80.0]
    assert left_out == ("B",)


def test_no_activity_is_no_value_and_no_zero() -> None:
    assert np.isnan(parts([[0.0]], [[0.0]]).values[0, 0])


def test_the_ties_of_a_rule(network: Network) -> None:
    assert network.ties(SERVICE, ()) == ("S",)
    assert network.ties(SERVICE, ("S",)) == ()
    assert network.ties(BODY, ()) == ("A", "B")
    assert network.members("hospital", SERVICE, ["S"]) == {"S": {"A": 1.0, "B": 0.5}}
    assert network.members("hospital", BODY, ["A"]) == {"A": {"A": 1.0}}
