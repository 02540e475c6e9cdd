"""Two evaluators of one definition, SQL and Python, held equal on random definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kpialign import engine
from kpialign.definitions.expression import Terms, evaluate, expand
from kpialign.definitions.indicators import Example, ExampleRow, Indicator, Measure
from kpialign.definitions.items import Collected, Item
from kpialign.extracts.workspace import read_workspace
from kpialign.library import Library, load
from kpialign.pipeline import modelling
from kpialign.proving.worked import values
from kpialign.shipped import shipped
from kpialign.store import publish
from kpialign.store.database import open_database
from kpialign.store.rows import insert
from kpialign.terms import Period

MONTH = Period(2021, 6)
COLLECTED = ("t.a", "t.b", "t.c")
SUMS = ("t.s", "t.u")
THERE = "t.there"  # always sent, so that the organisation is there in the month
WHEN = {
    "always": {},
    "during": {"from": "2021-06", "until": "2021-06"},
    "not yet": {"from": "2021-07"},
    "no longer": {"until": "2021-05"},
}
DATA = {
    "organisation": pl.String, "role": pl.String, "period": pl.String, "item": pl.String,
    "value": pl.Float64, "status": pl.String, "submission_id": pl.Int64,
    "known_from": pl.Datetime("us"), "known_to": pl.Datetime("us"),
}  # fmt: skip
Figures = Mapping[str, Mapping[str, float | None]]


class World:
    """A random definition with what two organisations sent: item → figure, or ``None``."""

    def __init__(self, library: Library, sent: Figures) -> None:
        self.library = library
        self.sent = sent

    def __repr__(self) -> str:
        items = [f"{i.id}: {i.sum_of or i.collected}" for i in self.library.items.values()]
        return f"{self.indicator.measure} of {items} with {dict(self.sent)}"

    @property
    def indicator(self) -> Indicator:
        return self.library.indicators["t.x"]

    @property
    def parts(self) -> dict[str, Terms]:
        """The collected items and coefficients of each part that has any."""
        measure = self.indicator.measure
        parts = {"numerator": measure.numerator_terms, "denominator": measure.denominator_terms}
        return {part: expand(t, self.library.sums) for part, t in parts.items() if t}

    def outside(self, item: str) -> bool:
        """Whether the item stands for nothing in the month."""
        collected = self.library.items[item].collected
        return collected.outside == "zero" and not collected.covers(MONTH)

    def adds_nothing(self, organisation: str, part: str) -> bool:
        """Whether every item of a part stands for nothing; then the part is not known."""
        sent = self.sent[organisation]
        return all(self.outside(i) and sent.get(i) is None for i in self.parts[part])


@cache
def template() -> Indicator:
    """A shipped indicator, to be given another measure."""
    return load([shipped("indicators")]).indicators["uec.ed.four_hour"]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("terms") / "k.duckdb"
    with open_database(path) as opened:
        publish.next_run(opened, datetime(2026, 11, 2, 9))
        yield opened


def world(
    items: Mapping[str, Collected],
    sums: Mapping[str, str],
    measure: Measure,
    sent: Figures,
) -> World:
    made = [Item(id=THERE, title="", unit="")]
    made += [Item(id=name, title="", unit="", collected=c) for name, c in items.items()]
    made += [Item(id=name, title="", unit="", **{"is": text}) for name, text in sums.items()]
    indicator = template().model_copy(update={"id": "t.x", "measure": measure})
    return World(Library({i.id: i for i in made}, {"t.x": indicator}), sent)


def when(name: str, outside: str) -> Collected:
    return Collected.model_validate({**WHEN[name], "outside": outside})


def linear(*names: str) -> st.SearchStrategy[str]:
    """A sum of one to four items; quarters, so that floats add up exactly in any order."""
    number = st.sampled_from(["", "2 * ", "0.5 * ", "0.25 * ", "3 * ", "0 * "])
    term = st.builds(lambda n, name: n + name, number, st.sampled_from(names))
    signs = st.lists(st.sampled_from([" + ", " - "]), min_size=3, max_size=3)
    terms = st.lists(term, min_size=1, max_size=4)
    return st.builds(
        lambda ts, ss: ts[0] + "".join(s + t for s, t in zip(ss, ts[1:], strict=False)),
        terms,
        signs,
    )


def measures() -> st.SearchStrategy[Measure]:
    anything = linear(*COLLECTED, *SUMS)
    ratio = st.fixed_dictionaries(
        {"type": st.just("ratio"), "numerator": anything, "denominator": anything,
         "scale": st.sampled_from([1, 100])}
    )  # fmt: skip
    count = st.fixed_dictionaries(
        {"type": st.just("count"), "numerator": anything, "per": st.sampled_from([None, "day"])}
    )
    return st.one_of(ratio, count).map(Measure.model_validate)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    items = {
        name: when(draw(st.sampled_from(sorted(WHEN))), draw(st.sampled_from(["zero", "missing"])))
        for name in COLLECTED
    }
    sums = {"t.s": draw(linear(*COLLECTED)), "t.u": draw(linear(*COLLECTED, "t.s"))}
    figure = st.one_of(st.integers(0, 4000).map(float), st.integers(0, 2).map(float))
    told = st.dictionaries(st.sampled_from(COLLECTED), st.one_of(st.none(), figure, figure, figure))
    sent = {organisation: draw(told) for organisation in ("A", "B")}
    return world(items, sums, draw(measures()), sent)


def modelled(connection: duckdb.DuckDBPyConnection, made: World) -> dict[str, pl.DataFrame]:
    """Put the world in the ledger's place and build the models."""
    nothing = read_workspace(Path("nowhere"))
    modelling.know(connection, made.library, nothing)
    told = [
        (organisation, "hospital", str(MONTH), item, value,
         "not_reported" if value is None else "reported", 1, None, None)
        for organisation, figures in made.sent.items()
        for item, value in {THERE: 1.0, **figures}.items()
    ]  # fmt: skip
    insert(connection, "data_item_value", DATA, told)
    shown = {"submission_id": pl.Int64, "shown_from": pl.Date}
    insert(connection, "shown_submission", shown, [(1, date.min)])
    engine.build(connection, "core")
    names = ("part_value", "observation", "system_value")
    return {name: engine.query(connection, name) for name in names}


def by_sql(connection: duckdb.DuckDBPyConnection, made: World) -> dict[str, float | None]:
    """The value of each organisation and of the system; what has no row has no value."""
    found = modelled(connection, made)
    values_ = dict(found["observation"].select("organisation", "value").iter_rows())
    whole = found["system_value"].filter(scope_level="england")["value"].to_list()
    return {**dict.fromkeys(made.sent), **values_, "system": whole[0] if whole else None}


def by_hand(made: World) -> dict[str, float | None]:
    rows = tuple(
        ExampleRow.model_validate({"organisation": o, "period": MONTH, **figures})
        for o, figures in made.sent.items()
    )
    return values(made.indicator, Example(name="", items=rows, expect={}), made.library)


def parts_by_hand(made: World) -> dict[tuple[str, str], float | None]:
    """Organisation and part → its sum, by the evaluator that definitions carry."""
    nothing = {name: 0.0 for name in made.library.items if made.outside(name)}
    return {
        (organisation, part): (
            None
            if made.adds_nothing(organisation, part)
            else evaluate(terms, {**nothing, **reported(figures)})
        )
        for organisation, figures in made.sent.items()
        for part, terms in made.parts.items()
    }


def reported(figures: Mapping[str, float | None]) -> dict[str, float | None]:
    return {item: value for item, value in figures.items() if value is not None}


QUICK = settings(
    max_examples=50, deadline=None, database=None, derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@QUICK
@given(made=worlds())
def test_parts_in_sql_are_the_linear_sums_of_their_items(
    connection: duckdb.DuckDBPyConnection, made: World
) -> None:
    rows = modelled(connection, made)["part_value"]
    found = {
        (row["organisation"], part): row[part]
        for row in rows.iter_rows(named=True)
        for part in ("numerator", "denominator")
    }
    wanted = parts_by_hand(made)
    assert {key: found.get(key) for key in wanted} == wanted


@QUICK
@given(made=worlds())
def test_values_in_sql_are_those_worked_by_hand(
    connection: duckdb.DuckDBPyConnection, made: World
) -> None:
    assert by_sql(connection, made) == by_hand(made)


@pytest.mark.parametrize(
    ("collected", "outside", "value"),
    [
        ("always", "zero", None),
        ("during", "zero", None),  # first and last month are months of collection
        ("not yet", "zero", 3.0),
        ("no longer", "zero", 3.0),
        ("not yet", "missing", None),
        ("no longer", "missing", None),
    ],
)
def test_what_was_not_sent_is_nothing_only_outside_its_months(
    connection: duckdb.DuckDBPyConnection, collected: str, outside: str, value: float | None
) -> None:
    items = {"t.a": when(collected, outside), "t.b": when("always", "missing")}
    measure = Measure.model_validate({"type": "count", "numerator": "t.a + t.b"})
    made = world(items, {}, measure, {"A": {"t.b": 3.0}})
    assert by_hand(made) == {"A": value, "system": value}
    assert by_sql(connection, made) == by_hand(made)


RATIO = {"type": "ratio", "numerator": "t.a", "denominator": "t.b"}


def test_a_part_of_which_nothing_was_collected_is_no_zero(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    measure = Measure.model_validate({"type": "count", "numerator": "t.a"})
    made = world({"t.a": when("not yet", "zero")}, {}, measure, {"A": {}})
    assert by_hand(made) == {"A": None, "system": None}
    assert by_sql(connection, made) == by_hand(made)


def test_a_figure_sent_outside_its_months_counts(connection: duckdb.DuckDBPyConnection) -> None:
    measure = Measure.model_validate({"type": "count", "numerator": "t.a"})
    made = world({"t.a": when("not yet", "zero")}, {}, measure, {"A": {"t.a": 7.0}})
    assert by_sql(connection, made) == {"A": 7.0, "system": 7.0}
    assert by_hand(made) == by_sql(connection, made)


def test_a_body_without_a_denominator_is_left_out_of_the_whole(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    items = dict.fromkeys(("t.a", "t.b"), when("always", "missing"))
    sent = {"A": {"t.a": 5.0, "t.b": 0.0}, "B": {"t.a": 1.0, "t.b": 2.0}}
    made = world(items, {}, Measure.model_validate(RATIO), sent)
    assert by_sql(connection, made) == {"A": None, "B": 0.5, "system": 0.5}
    assert by_hand(made) == by_sql(connection, made)
