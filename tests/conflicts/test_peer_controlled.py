"""What the method says where there is nothing to weigh."""

import numpy as np
import polars as pl

from kpialign.conflicts.methods.peer_controlled import weigh
from kpialign.conflicts.network import Network
from kpialign.library import load
from kpialign.shipped import shipped
from kpialign.terms import Period, months_between


def test_links_that_name_nobody_leave_no_tie_and_no_estimate() -> None:
    rule = load([shipped("indicators")]).conflicts["KA-UEC-002"]
    arrow = rule.links[0]
    names = {arrow.start.indicator, arrow.end.indicator, *arrow.hold_fixed}
    months = [str(p) for p in months_between(Period(2022, 1), Period(2025, 12))]
    draw = np.random.default_rng(1)
    rows = [
        (name, unit, "ambulance", month, 1.0, float(draw.normal(30, 3)), 1.0)
        for name in names
        for unit in ("RAA", "RAB")
        for month in months
    ]
    schema = ["indicator", "organisation", "role", "period", "scale", "numerator", "denominator"]
    network = Network(
        first=Period(2022, 1),
        last=Period(2025, 12),
        parts=pl.DataFrame(rows, schema=schema, orient="row"),
        links=pl.DataFrame(schema={"tie": pl.String, "unit": pl.String, "weight": pl.Float64}),
        peers={"all": ("RAA", "RAB")},
        roles=dict.fromkeys(names, "ambulance"),
        peer_set_of=dict.fromkeys(names, "all"),
        names={},
    )
    weighed = weigh(rule, arrow, network, 1)
    assert (tuple(weighed.ties), weighed.linked, weighed.months) == ((), (), 0)
