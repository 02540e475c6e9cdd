import csv
import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kpialign.evidence import Reversal, State, mix

YEARS = {0: ("2016-04", "2017-03"), 1: ("2018-04", "2019-03")}
TYPES = ["1", "2", "other"]


def parts(groups=4, places=5, top=200):
    """Draw numerators and denominators, some groups absent in some places."""
    shape = (2, places, groups)
    missed = arrays.arrays(np.int64, shape, elements=st.integers(0, top))
    met = arrays.arrays(np.int64, shape, elements=st.integers(0, top))
    return st.tuples(met, missed).map(lambda pair: (pair[0], pair[0] + pair[1]))


def by_year(data, trusts=None):
    """Give met and attendances of two years, shape (2, trusts or 1, types)."""
    frame = pl.read_csv(data / "placebo" / "ae-attendances-by-type-2016-19.csv")
    bodies = ["England"] if trusts is None else trusts
    found = np.zeros((2, 2, len(bodies), len(TYPES)))
    for year, (first, last) in YEARS.items():
        kept = frame.filter(
            pl.col("period").str.slice(0, 7).is_between(pl.lit(first), pl.lit(last))
        )
        if trusts is None:
            kept = kept.with_columns(org_code=pl.lit("England"))
        sums = kept.group_by("org_code", "type").agg(pl.sum("attendances", "breaches"))
        for body, kind, seen, late in sums.iter_rows():
            if body in bodies:
                at = (year, bodies.index(body), TYPES.index(kind))
                found[0][at], found[1][at] = seen - late, seen
    return found


@pytest.mark.reference
def test_kidney_stones_reverse_in_every_group(cases):
    told = json.loads((cases / "simpson_cases.json").read_text())["kidney_stones_Charig_1986"]
    counts = np.array([[told[kind][size] for size in ("small", "large")]
                       for kind in ("open", "percutaneous")])  # fmt: skip
    found = mix(counts[..., 0], counts[..., 1])
    rates = told["rates_pct"]
    assert (found.before, found.after) == pytest.approx(
        (rates["open"]["all"], rates["percutaneous"]["all"]), abs=1e-4
    )
    assert found.group_change.tolist() == pytest.approx(
        [rates["percutaneous"][s] - rates["open"][s] for s in ("small", "large")], abs=2e-4
    )
    assert found.reversal.item() is Reversal.IN_EVERY_GROUP


@pytest.mark.reference
def test_berkeley_reverses_in_the_sum(cases):
    with (cases / "simpson_ucb_admissions.csv").open() as file:
        rows = list(csv.DictReader(file))
    count = {(r["Gender"], r["Dept"], r["Admit"]): int(r["Freq"]) for r in rows}
    met, missed = (
        np.array([[count[who, dept, what] for dept in "ABCDEF"] for who in ("Male", "Female")])
        for what in ("Admitted", "Rejected")
    )
    found = mix(met, met + missed)
    assert float(found.change) == pytest.approx(30.35 - 44.52, abs=0.01)
    assert found.rate > 0
    assert found.reversal.item() is Reversal.IN_THE_SUM


@pytest.mark.real
def test_england_four_hour_2016_17_to_2018_19(data):
    found = mix(*by_year(data))
    assert [round(float(part[0]), 2) for part in (found.rate, found.mix)] == [-1.48, 0.36]


@pytest.mark.real
def test_six_of_130_trusts_reverse_in_every_type(data):
    frame = pl.read_csv(data / "placebo" / "ae-performance-130-trusts-36-months.csv")
    trusts = sorted(frame["org_code"].unique())
    found = mix(*by_year(data, trusts))
    full = [t for t, r in zip(trusts, found.reversal, strict=True) if r is Reversal.IN_EVERY_GROUP]
    assert len(full) == 6
    at = trusts.index("RVW")
    assert found.group_change[at].compressed().round(1).tolist() == [-3.2, 0.0]
    assert float(found.change[at]) == pytest.approx(2.9, abs=0.06)


@settings(deadline=None)
@given(parts())
def test_the_parts_add_up(counts):
    found = mix(*counts)
    known = found.state == State.ESTIMATED
    assert (np.ma.getmaskarray(found.change) == ~known).all()
    total = (found.rate + found.mix)[known]
    assert total.tolist() == pytest.approx(found.change[known].tolist(), abs=1e-9)
    assert found.rate_by_group.sum(axis=-1)[known].tolist() == pytest.approx(
        found.rate[known].tolist(), abs=1e-9
    )
    for share in (found.share_before, found.share_after):
        assert share[known].sum(axis=-1).tolist() == pytest.approx([1.0] * known.sum())


@settings(deadline=None)
@given(parts(), st.permutations(range(4)))
def test_order_of_groups_time_and_scale_do_not_matter(counts, order):
    top, bottom = counts
    plain = mix(top, bottom)
    mixed = mix(top[..., order], bottom[..., order], scale=1)
    back = mix(top[::-1], bottom[::-1])
    for other, factor in ((mixed, 100), (back, -1)):
        assert (other.state == plain.state).all()
        for part in ("change", "rate", "mix"):
            mine, theirs = getattr(plain, part), getattr(other, part)
            assert (theirs * factor).filled(0).tolist() == pytest.approx(
                mine.filled(0).tolist(), abs=1e-9
            )
        assert (other.reversal == plain.reversal).all()


@settings(deadline=None)
@given(parts(places=1), st.integers(2, 50))
def test_the_same_rates_leave_only_mix_and_the_same_shares_only_rate(counts, by):
    top, bottom = counts
    grown = (
        np.array([top[0], top[0] * [by, 1, 1, 1]]),
        np.array([bottom[0], bottom[0] * [by, 1, 1, 1]]),
    )
    found = mix(*grown)
    assert found.rate.filled(0).tolist() == pytest.approx([0.0], abs=1e-9)
    level = mix(np.array([top[0], bottom[0] // 2]), np.array([bottom[0], bottom[0]]))
    assert level.mix.filled(0).tolist() == pytest.approx([0.0], abs=1e-9)


def test_a_group_that_is_new_is_all_mix():
    found = mix([[80, 0], [80, 45]], [[100, 0], [100, 50]])
    assert found.rate_by_group.tolist() == [0, 0]
    assert found.group_change.tolist() == [0, None]
    assert found.mix == pytest.approx(found.change)
    assert found.reversal.item() is Reversal.NONE


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        ([[1, 2], [np.nan, 2]], [[3, 4], [3, 4]]),
        ([[1, 2], [1, 2]], [[3, np.nan], [3, 4]]),
        ([[0, 0], [1, 2]], [[0, 0], [3, 4]]),
        ([[5, 2], [1, 2]], [[0, 4], [3, 4]]),
        ([[1, 2], [1, 2]], [[-3, 4], [3, 4]]),
    ],
)
def test_a_place_without_an_answer_does_not_touch_its_neighbour(top, bottom):
    good = [[8, 9], [7, 9]], [[10, 10], [10, 10]]
    found = mix(np.stack([top, good[0]], axis=1), np.stack([bottom, good[1]], axis=1))
    assert found.state.tolist() == [State.TOO_LITTLE_DATA, State.ESTIMATED]
    assert found.change.tolist() == [None, pytest.approx(-5)]
    assert found.reversal[0] is None
    assert np.isfinite(found.rate_by_group.data).all()


@pytest.mark.parametrize("shape", [(2,), (3, 4), (2, 5)])
def test_shapes_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match="expected"):
        mix(np.ones(shape), np.ones((2, 4)))
