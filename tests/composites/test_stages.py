import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kpialign as ka
from kpialign.composites.bands import banded, rating_of, to_move
from kpialign.composites.coherence import coherence
from kpialign.composites.doubt import doubt_of, side_by_side
from kpialign.composites.stages import Composed, compose
from kpialign.composites.tell import Told, composite_value
from kpialign.definitions.composites import Composite
from kpialign.definitions.ratings import RatingRules
from kpialign.errors import UsageError
from kpialign.terms import Period

POSTS_A = {"worst": 0, "best": 100, "from": "2025-04", "basis": "b"}
POSTS_B = {"worst": 60, "best": 20, "from": "2025-04", "basis": "b"}
NAMES = [{"name": "low"}, {"name": "middle", "at_least": 40}, {"name": "high", "at_least": 60}]
BANDS = [{"from": "2025-04", "basis": "b", "bands": NAMES}]


def definition(**more: object) -> Composite:
    parts = [
        {"indicator": "a", "weight": 0.5, "goalposts": POSTS_A},
        {"id": "g", "weight": 0.5, "aggregate": "arithmetic", "components": [
            {"indicator": "b", "weight": 0.75, "goalposts": POSTS_B},
            {"indicator": "c", "weight": 0.25, "goalposts": POSTS_A}]},
    ]  # fmt: skip
    given = {"id": "t.whole", "title": "T", "why": "w", "aggregate": "geometric"}
    return Composite.model_validate(given | {"components": parts, "bands": BANDS} | more)


def frame(*rows: tuple[str, str, str, float | None]) -> pl.DataFrame:
    names = ["unit", "period", "indicator", "value"]
    return pl.DataFrame(rows, schema=names, orient="row")


def months(unit: str, figures: dict[str, list[float]]) -> pl.DataFrame:
    return frame(*(
        (unit, str(Period(2025, 4) + i), name, value)
        for name, values in figures.items() for i, value in enumerate(values)
    ))  # fmt: skip


def told(unit: str = "U") -> Told:
    return Told(unit, unit, {"a": "A", "b": "B", "c": "C"}, {}, {}, {})


def test_parts_are_scored_between_their_goalposts_whichever_way_is_better() -> None:
    found = compose(months("U", {"a": [25], "b": [20], "c": [100]}), definition())
    assert found.levels[0, 0].tolist() == pytest.approx([25, 100, 100, 100, 50])
    assert found.weights.filter(part="b")["effective"].item() == pytest.approx(0.375)


def test_a_missing_part_is_named_and_nothing_is_made_up() -> None:
    rows = months("U", {"a": [25, 30], "c": [1, 2]})
    found = compose(rows, definition())
    assert found.scores["value"].to_list() == [None, None]
    assert set(found.scores["state"]) == {"part missing: b"}
    loose = compose(rows, definition(missing="reweight", at_least=0.2))
    assert loose.scores["state"][0] == "reweighted, part missing: b"
    assert loose.scores["value"][0] == pytest.approx((25 * 1) ** 0.5)
    value = composite_value(found, told(), Period(2025, 5))
    assert (value.value, value.state, value.moves) == (None, "part missing: B", ())


def test_goalposts_in_force_in_the_month_told_hold_for_every_month() -> None:
    dated = [{"worst": 0, "best": 50, "from": "2025-04", "basis": "b"},
             {"worst": 0, "best": 100, "from": "2025-06", "basis": "b"}]  # fmt: skip
    parts = [{"indicator": "a", "weight": 1, "goalposts": dated},
             {"indicator": "c", "weight": 1, "goalposts": POSTS_A}]  # fmt: skip
    plan = definition(components=parts, aggregate="arithmetic")
    rows = months("U", {"a": [50, 50, 50], "c": [0, 0, 0]})
    assert compose(rows, plan, period=Period(2025, 5)).whole[0, 0] == 50
    assert compose(rows, plan).whole[0, 0] == 25


def test_a_frame_that_cannot_be_read_says_what_is_wrong() -> None:
    rows = months("U", {"a": [1.0]})
    with pytest.raises(UsageError, match="no column value"):
        compose(rows.drop("value"), definition())
    with pytest.raises(UsageError, match="a of U 2025-04 stands twice"):
        compose(pl.concat([rows, rows]), definition())


FIGURES = st.lists(st.floats(1, 59), min_size=3, max_size=3)


@given(FIGURES, FIGURES)
@settings(max_examples=40, deadline=None)
def test_units_parts_and_scales_may_be_told_in_any_order_or_unit(
    one: list[float], other: list[float]
) -> None:
    rows = frame(*((u, "2025-04", name, v) for u, values in (("U", one), ("V", other))
                   for name, v in zip("abc", values, strict=True)))  # fmt: skip
    base = dict(compose(rows, definition()).scores.select("unit", "value").iter_rows())
    turned = dict(compose(rows[::-1], definition()).scores.select("unit", "value").iter_rows())
    assert turned == pytest.approx(base)
    # b in other units, and the other way round: a share that left instead of one that stayed.
    parts = definition().model_dump(by_alias=True)["components"]
    posts = {**POSTS_B, "worst": -600, "best": -200}
    b, c = parts[1]["components"]
    mirrored = [{**b, "goalposts": posts}, c]
    other_way = definition(components=[{**parts[1], "components": mirrored[::-1]}, parts[0]])
    tenfold = rows.with_columns(
        pl.when(indicator="b").then(-10 * pl.col("value")).otherwise("value").alias("value")
    )
    again = dict(compose(tenfold, other_way).scores.select("unit", "value").iter_rows())
    assert again == pytest.approx(base)


QUASI = st.sampled_from(["arithmetic", "geometric", "harmonic", {"mean": "power", "power": 3}])


@given(FIGURES, st.sampled_from("abc"), st.floats(0, 40), QUASI)
@settings(max_examples=60, deadline=None)
def test_a_better_figure_never_makes_a_worse_whole(
    values: list[float], better: str, by: float, how: object
) -> None:
    figures = {name: [v] for name, v in zip("abc", values, strict=True)}
    moved = figures | {better: [figures[better][0] + (-by if better == "b" else by)]}
    before, after = (compose(months("U", f), definition(aggregate=how)).whole[0, 0]
                     for f in (figures, moved))  # fmt: skip
    assert after >= before - 1e-9


@given(FIGURES, FIGURES, st.sampled_from(["arithmetic", "geometric", "harmonic",
       "mazziotta_pareto", {"mean": "power", "power": 3}]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_movement_down_the_tree_adds_up(
    before: list[float], after: list[float], how: object
) -> None:
    figures = {n: [x, y] for n, x, y in zip("abc", before, after, strict=True)}
    found = compose(months("U", figures), definition(aggregate=how))
    move = composite_value(found, told(), Period(2025, 5)).moves[0]
    assert sum(s.amount for s in move.steps) == pytest.approx(move.after - move.before, abs=1e-9)


@pytest.fixture(scope="module")
def noisy() -> Composed:
    rng = np.random.default_rng(3)
    below = 400.0
    rows = []
    for unit, share in (("U", 0.39), ("V", 0.8)):
        for i in range(24):
            for name in "abc":
                top = float(rng.binomial(below, 0.4 if name == "b" else share))
                rows.append((unit, str(Period(2024, 5) + i), name, top, below, 100 * top / below))
    names = ["unit", "period", "indicator", "numerator", "denominator", "value"]
    return compose(pl.DataFrame(rows, schema=names, orient="row"), definition())


def test_draws_are_the_same_twice_and_spread_as_counts_do(noisy: Composed) -> None:
    one, two = (noisy.doubt(400, seed=7) for _ in range(2))
    np.testing.assert_array_equal(one.noise, two.noise)
    part = noisy.panel.value[..., 0]
    alone = compose(
        pl.concat([noisy.stage("reported").rename({"part": "indicator"})]), definition()
    )
    assert doubt_of(alone, 10).words == ("scatter of its months",) * 3
    # One part alone: a share of 400 has a standard deviation of 2.4 points, or a little more.
    only = definition(components=[{"indicator": "a", "weight": 1, "goalposts": POSTS_A},
                                  {"indicator": "b", "weight": 1e-9, "goalposts": POSTS_B}],
                      aggregate="arithmetic")  # fmt: skip
    rows = noisy.panel.long(noisy.panel.value, noisy.panel.indicators).rename({"part": "indicator"})
    counts = rows.with_columns(numerator=pl.col("value") * 4, denominator=pl.lit(400.0))
    spread = doubt_of(compose(counts, only), 4000).noise.std(axis=0)
    assert 2.2 < np.median(spread[:, 0]) < 3.2
    assert part.shape == spread.shape


def test_chance_is_told_from_change_in_words(noisy: Composed) -> None:
    doubt = doubt_of(noisy, 2000, months=slice(-2, None))
    value = composite_value(noisy, told(), Period(2026, 4), doubt)
    assert value.doubt is not None
    assert value.doubt.low < (value.value or 0) < value.doubt.high
    assert value.doubt.wide_high - value.doubt.wide_low > value.doubt.high - value.doubt.low
    assert value.doubt.significant is False
    assert value.doubt.words.startswith("this change is not significant")
    assert value.doubt.band_differs is not None
    assert value.band
    assert value.alternatives[0][0] == "weights as given, arithmetic mean"
    assert len(side_by_side(noisy, noisy.levels[0, 0, :3])) == 6


def test_a_change_beyond_chance_is_told_as_such() -> None:
    rows = months("U", {"a": [30.0, 30.4, 29.8, 30.1, 30, 29.9, 30.2, 60],
                        "b": [40.0, 40.1, 39.8, 40.3, 40, 39.9, 40.1, 30],
                        "c": [50.0, 50.2, 49.9, 50, 50.1, 49.8, 50, 50]})  # fmt: skip
    found = compose(rows, definition())
    value = composite_value(found, told(), Period(2025, 11), doubt_of(found, 2000))
    assert value.doubt is not None
    assert value.doubt.significant is True
    assert (value.band_last_month, value.band) == ("low", "high")


def test_what_one_part_would_have_to_be_to_move_a_band() -> None:
    found = compose(months("U", {"a": [50], "b": [40], "c": [50]}), definition())
    steps = {(s.band, s.part): s.wanted for s in to_move(found, (0, 0), {})}
    assert steps["high", "a"] == pytest.approx(72)  # √(72 · 50) = 60
    assert steps["low", "a"] == pytest.approx(32)  # √(32 · 50) = 40
    for (band, part), wanted in steps.items():
        moved = {"a": 50.0, "b": 40.0, "c": 50.0} | {part: wanted}
        again = compose(months("U", {k: [v] for k, v in moved.items()}), definition())
        edge = {"high": 60, "low": 40}[band]
        assert again.whole[0, 0] == pytest.approx(edge, abs=1e-6)


def test_a_limiter_holds_the_whole_back_and_says_why() -> None:
    limit = [{"indicator": "b", "above": 50, "not_better_than": "low", "why": "unsafe"}]
    rows = months("U", {"a": [100], "b": [51], "c": [100]})
    found = banded(compose(rows, definition(limiters=limit)), 0, 0)
    assert (found.name, found.held) == ("low", ("not better than low: unsafe",))
    assert banded(compose(rows, definition()), 0, 0).name == "high"
    held = to_move(compose(rows, definition(limiters=limit)), (0, 0), {})
    assert [(s.band, s.part, s.wanted) for s in held] == [("high", "b", 50.0)]
    free = compose(months("U", {"a": [100], "b": [45], "c": [100]}), definition(limiters=limit))
    assert ("low", "b", 50.0) in [(s.band, s.part, s.wanted) for s in to_move(free, (0, 0), {})]
    # While it holds, no other part lifts the whole beyond it; of two edges the nearer is told.
    limit[0]["not_better_than"] = "middle"
    stuck = compose(months("U", {"a": [50], "b": [51], "c": [100]}), definition(limiters=limit))
    assert banded(stuck, 0, 0).name == "middle"
    lifts = {s.part: s.wanted for s in to_move(stuck, (0, 0), {}) if s.band == "high"}
    assert lifts == {"b": pytest.approx(60 - 0.4 * (72 - 25) / 0.75)}
    limit[0]["not_better_than"] = "low"
    near = compose(months("U", {"a": [50], "b": [49], "c": [100]}), definition(limiters=limit))
    drops = {s.part: s.wanted for s in to_move(near, (0, 0), {}) if s.band == "low"}
    assert drops == pytest.approx({"a": 1600 / 45.625, "b": 50, "c": (32 - 20.625) / 0.25})
    # Around the limiter the band differs by chance, although the score is far from any edge.
    figures = {"a": [100.0] * 8, "b": [49.5, 50.2, 49.1, 50.9, 49.4, 50.6, 49.2, 50.5],
               "c": [100.0] * 8}  # fmt: skip
    near = compose(months("U", figures), definition(limiters=limit))
    value = composite_value(near, told(), Period(2025, 11), doubt_of(near, 500))
    assert value.doubt is not None
    assert 0.3 < (value.doubt.band_differs or 0) < 0.7


def test_quarters_are_those_of_the_units_of_the_month() -> None:
    scheme = [{"from": "2025-04", "by": "quarters", "basis": "b",
               "bands": [{"name": str(i)} for i in (4, 3, 2, 1)]}]  # fmt: skip
    rows = pl.concat(months(f"U{i}", {"a": [i], "b": [40], "c": [50]}) for i in range(1, 9))
    found = compose(rows, definition(bands=scheme))
    assert [banded(found, 0, u).name for u in range(8)] == list("44332211")


CQC = RatingRules.model_validate({
    "from": "2022-05", "basis": "CQC, how we aggregate ratings, 12 May 2022",
    "scale": ["inadequate", "requires improvement", "good", "outstanding"], "cuts": [25, 50, 75],
    "rules": [
        {"rating": "inadequate", "where": [{"rating": "inadequate", "at_least": 2}]},
        {"rating": "requires improvement",
         "where": [{"rating": "requires improvement", "reach": "or_worse", "at_least": 2}]},
        {"rating": "requires improvement", "where": [{"rating": "inadequate", "at_least": 1}]},
        {"rating": "outstanding", "where": [
            {"rating": "outstanding", "at_least": 2},
            {"rating": "good", "reach": "or_better", "at_least": 5}]},
        {"rating": "good"},
    ],
})  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "rating"),
    [("OOGGG", "outstanding"), ("OGGGG", "good"), ("OOGGR", "good"),
     ("OOORR", "requires improvement"), ("GGGGI", "requires improvement"), ("OOOII", "inadequate")],
)  # fmt: skip
def test_ratings_by_rule_do_not_make_up_for_a_bad_part(parts: str, rating: str) -> None:
    words = {"O": "outstanding", "G": "good", "R": "requires improvement", "I": "inadequate"}
    assert rating_of([words[p] for p in parts], CQC) == rating


def test_a_composite_is_rated_by_its_first_level_and_held_back_like_a_band() -> None:
    rules = {"from": "2025-04", "basis": "b", "scale": ["poor", "fair", "good"], "cuts": [30, 60],
             "rules": [{"rating": "poor", "where": [{"rating": "poor", "at_least": 1}]},
                       {"rating": "fair", "where": [{"rating": "fair", "at_least": 1}]},
                       {"rating": "good"}]}  # fmt: skip
    rows = months("U", {"a": [90], "b": [55], "c": [90]})  # the group is 0.75 · 12.5 + 22.5 = 31.9
    assert (
        composite_value(compose(rows, definition(ratings=[rules])), told(), Period(2025, 4)).rating
        == "fair"
    )
    limit = [{"indicator": "b", "above": 50, "not_better_than": "poor", "why": "unsafe"}]
    held = composite_value(
        compose(rows, definition(ratings=[rules], limiters=limit)), told(), Period(2025, 4)
    )
    assert (held.rating, held.held) == ("poor", ("not better than poor: unsafe",))


def test_coherence_says_what_a_low_alpha_means(noisy: Composed) -> None:
    found = coherence(noisy, 0)
    assert found.alpha is not None
    assert "no defect" in found.words
    assert [(p.one, p.other) for p in found.pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    few = compose(months("U", {"a": [1, 2], "b": [30, 40], "c": [3, 4]}), definition())
    assert coherence(few, 0).alpha is None


def test_the_public_function_takes_a_mapping_or_a_shipped_id_and_refuses_an_unsound_plan() -> None:
    rows = months("U", {"a": [25], "b": [20], "c": [100]})
    found = ka.composite(rows, definition().model_dump(by_alias=True))
    assert found.scores["value"].item() == pytest.approx(50)
    shipped = ka.composite(frame(("U", "2026-03", "amb.cat2.mean", 42.0)), "system.urgent_care")
    assert shipped.parts.filter(part="amb.cat2.mean")["score"].item() == pytest.approx(50)
    with pytest.raises(UsageError, match=r"Did you mean system.urgent_care"):
        ka.composite(rows, "system.urgent_car")
    with pytest.raises(UsageError, match=r"after z-scores.*a has goalposts"):
        ka.composite(rows, definition().model_dump(by_alias=True) | {"normalise": "z_score"})


def test_parts_that_cancel_inside_a_group_are_both_named() -> None:
    # b from 50 to 75 of 100 at three quarters, c from 90 to 15 at one quarter: the group stays.
    found = compose(months("U", {"a": [40, 50], "b": [40, 30], "c": [90, 15]}), definition())
    move = composite_value(found, told(), Period(2025, 5)).moves[0]
    amounts = {step.part: step.amount for step in move.steps}
    assert amounts["b"] == pytest.approx(-amounts["c"])
    assert amounts["b"] > 3
    assert sum(amounts.values()) == pytest.approx(move.after - move.before, abs=1e-9)
