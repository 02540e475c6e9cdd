"""Bodies over time in SQL: shares, successions, boundaries, kinds, and who is absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kpialign import engine
from kpialign.definitions.indicators import Measure
from kpialign.definitions.items import Item
from kpialign.definitions.organisations import PeerSet
from kpialign.extracts.workspace import read_workspace
from kpialign.library import Library, load
from kpialign.pipeline import modelling
from kpialign.pipeline.describing import overlaps
from kpialign.shipped import shipped
from kpialign.store import publish
from kpialign.store.database import open_database
from kpialign.store.rows import insert, insert_peer_sets
from kpialign.terms import Period, months_between

FIGURES = {
    "organisation": pl.String, "role": pl.String, "period": pl.String, "item": pl.String,
    "value": pl.Float64, "status": pl.String, "submission_id": pl.Int64,
    "known_from": pl.Datetime("us"), "known_to": pl.Datetime("us"),
}  # fmt: skip
PLACES = {
    "organisation": pl.String, "role": pl.String, "level": pl.String, "parent": pl.String,
    "period": pl.String, "share": pl.Float64,
}  # fmt: skip
MEMBERSHIP = "organisation,role,level,parent,from,until,share"
MONTHS = tuple(str(p) for p in months_between(Period(2024, 1), Period(2026, 3)))
TOLD = MONTHS[-1]
Sent = Mapping[str, Mapping[str, float]]


@cache
def library() -> Library:
    """A count and a ratio of invented items, with the kinds of bodies that ship."""
    known = load([shipped("indicators")])
    template = known.indicators["uec.ed.four_hour"]
    measures = {
        "t.x": {"type": "count", "numerator": "t.a"},
        "t.r": {"type": "ratio", "numerator": "t.a", "denominator": "t.b"},
    }
    indicators = {
        name: template.model_copy(update={"id": name, "measure": Measure.model_validate(told)})
        for name, told in measures.items()
    }
    items = {name: Item(id=name, title="", unit="") for name in ("t.a", "t.b")}
    return Library(items, indicators, layouts=known.layouts, types=known.types)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(tmp_path_factory.mktemp("organisations") / "k.duckdb") as opened:
        publish.next_run(opened, datetime(2026, 11, 2, 9))
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facts")


def modelled(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    sent: Sent,
    *,
    boundaries: str = "now",
    layouts: Mapping[str, str] | None = None,
    places: Sequence[tuple[object, ...]] = (),
    below: Sent | None = None,
    **facts: Sequence[str],
) -> None:
    """Build the models of figures (body → month → figure) and a workspace's files.

    ``below`` are those of the ratio's denominator.
    ``layouts`` says with which layout a body was sent; by default all came in one A&E file.
    """
    for old in folder.glob("*.csv"):
        old.unlink()
    for name, lines in facts.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    modelling.know(connection, library(), read_workspace(folder), boundaries=boundaries)
    of = {body: (layouts or {}).get(body, "nhse.ae.csv") for body in sent}
    number = {name: n for n, name in enumerate(sorted(set(of.values())), start=1)}
    insert(
        connection, "data_item_value", FIGURES,
        [
            (body, "hospital", month, item, value, "reported", number[of[body]], None, None)
            for item, told in (("t.a", sent), ("t.b", below or {}))
            for body, figures in told.items()
            for month, value in figures.items()
        ],
    )  # fmt: skip
    insert(
        connection, "submission",
        {"submission_id": pl.Int64, "run_id": pl.Int64, "file_id": pl.Int64, "layout": pl.String,
         "period": pl.String, "published_on": pl.Date, "shown_from": pl.Date},
        [(n, 1, n, name, "", None, date.min) for name, n in number.items()],
    )  # fmt: skip
    insert(connection, "placement", PLACES, places)
    modelling.know_bodies(connection, library())
    modelling.build_core(connection)


def wholes(connection: duckdb.DuckDBPyConnection, level: str) -> dict[tuple[str, str], float]:
    """(scope, month) → the sum of its parts."""
    rows = engine.query(connection, "system_value").filter(scope_level=level, indicator="t.x")
    return {(s, p): v or 0.0 for s, p, v in rows.select("scope", "period", "numerator").rows()}


def england(connection: duckdb.DuckDBPyConnection, month: str) -> dict[str, object]:
    wanted = {"scope_level": "england", "period": month, "indicator": "t.x"}
    rows = engine.query(connection, "system_value").filter(**wanted)
    return rows.row(0, named=True)


def every_month(value: float, *, but: Sequence[str] = (), until: str = TOLD) -> dict[str, float]:
    return {month: value for month in MONTHS if month <= until and month not in but}


# Sums over systems are sums over bodies.

BODIES = ("RAA", "RAB", "RAC", "RAD", "Y01234")
SHARES = ((("Q1", "1"),), (("Q1", "1/2"), ("Q2", "1/2")), (("Q2", "1/4"), ("Q3", "3/4")),
          (("Q1", "1/3"), ("Q2", "1/3"), ("Q3", "1/3")))  # fmt: skip
SOME = MONTHS[:4] + MONTHS[-2:]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Sent, list[str], list[str], str, dict[str, str]]:
    """Figures, places that change once, successions, boundaries and kinds of files."""
    figure = st.one_of(st.none(), st.integers(0, 400).map(float))
    sent = {body: {m: f for m in SOME if (f := draw(figure)) is not None} for body in BODIES}
    places = []
    for body in BODIES:
        moved = draw(st.sampled_from(SOME[1:]))
        until = str(Period.parse(moved) + -1)
        for first, last in ((draw(st.just("")), until), (moved, "")):
            for parent, share in draw(st.sampled_from(SHARES)):
                places.append(f"{body},hospital,icb,{parent},{first},{last},{share}")
    follows = [
        f"{body},{draw(st.sampled_from(BODIES[at + 1 :]))},{draw(st.sampled_from(SOME))},"
        for at, body in enumerate(BODIES[:-1])
        if draw(st.booleans())
    ]
    layouts = {b: draw(st.sampled_from(["nhse.ae.csv", "nobody.knows"])) for b in BODIES}
    return sent, places, follows, draw(st.sampled_from(["now", "then"])), layouts


@settings(
    max_examples=40, deadline=None, database=None, derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(world=worlds())
def test_sums_over_systems_are_the_sum_over_bodies(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    world: tuple[Sent, list[str], list[str], str, dict[str, str]],
) -> None:
    sent, places, follows, boundaries, layouts = world
    modelled(
        connection, folder, sent, boundaries=boundaries, layouts=layouts,
        membership=[MEMBERSHIP, *places], succession=["predecessor,successor,on,area", *follows],
    )  # fmt: skip
    over_systems: dict[str, float] = {}
    for (_, month), value in wholes(connection, "icb").items():
        over_systems[month] = over_systems.get(month, 0.0) + value
    gone = engine.query(connection, "overlap").filter(~pl.col("counted"))
    left_out = set(gone.select("predecessor", "period").rows())
    by_hand = {
        month: sum(
            figures[month]
            for body, figures in sent.items()
            if month in figures and (body, month) not in left_out
        )
        for month in {month for figures in sent.values() for month in figures}
    }
    found = {month: value for (_, month), value in wholes(connection, "england").items()}
    assert found == pytest.approx(by_hand)
    assert over_systems == pytest.approx(by_hand)


# Successions and their dates.

AFTER = ["predecessor,successor,on,area", "RAA,RAB,2025-04,"]


def units(connection: duckdb.DuckDBPyConnection, month: str) -> dict[str, float | None]:
    rows = engine.query(connection, "unit_part").filter(period=month, indicator="t.x")
    return dict(rows.select("organisation", "numerator").rows())


def test_a_merged_body_is_added_up_over_its_past(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(10.0, until="2025-03"), "RAB": every_month(100.0)}
    modelled(connection, folder, sent, succession=AFTER)
    assert units(connection, "2025-03") == {"RAB": 110.0}
    assert units(connection, "2025-04") == {"RAB": 100.0}
    assert england(connection, "2025-05")["expected"] == 1  # nobody waits for a closed body


def test_a_succession_still_to_come_is_not_followed(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(10.0), "RAB": every_month(100.0)}
    later = [AFTER[0], "RAA,RAB,2026-04,"]
    modelled(connection, folder, sent, succession=later)
    assert units(connection, TOLD) == {"RAA": 10.0, "RAB": 100.0}
    assert overlaps(connection) == ()


@pytest.mark.parametrize(
    ("sender", "own_month", "wanted"),
    [
        ("nhse.ae.csv", "", (110.0, "both count, since one file lists them apart")),
        ("one.sender", "", (100.0, "RAA is left out, since RAB is taken to hold it")),
        ("nhse.ae.csv", "RAA,RAB,2024-02,t", (100.0, "RAA is left out")),
        ("one.sender", "RAA,RAB,2026-04,t", (110.0, "")),
    ],
    ids=["one file", "two senders", "restated past", "switched later"],
)
def test_who_reports_beside_a_successor_is_not_counted_twice(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    sender: str,
    own_month: str,
    wanted: tuple[float, str],
) -> None:
    total, said = wanted
    sent = {"RAA": every_month(10.0), "RAB": every_month(100.0)}
    modelled(connection, folder, sent, layouts={"RAA": sender}, succession=[*AFTER, own_month])
    assert england(connection, "2025-06")["numerator"] == total
    assert units(connection, "2025-06") == {"RAB": total}
    notes = overlaps(connection)
    assert len(notes) == bool(said)
    assert all(said in note for note in notes)


def test_a_past_that_the_successor_holds_is_not_added_again(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(10.0, until="2025-03"), "RAB": every_month(100.0)}
    restated = [*AFTER, "RAA,RAB,2024-06,t"]
    modelled(connection, folder, sent, succession=restated)
    assert units(connection, "2024-05") == {"RAB": 110.0}
    assert units(connection, "2024-06") == {"RAB": 100.0}


def test_a_merged_body_is_whole_only_when_all_it_was_made_of_reported(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {
        "RAA": every_month(10.0, until="2025-03", but=["2025-02"]),
        "RAB": every_month(100.0),
    }
    modelled(connection, folder, sent, succession=AFTER)
    assert units(connection, "2025-02") == {"RAB": None}


# Who is absent.


def test_an_absent_trust_stays_expected_for_a_year(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(10.0, until="2024-06"), "RAB": every_month(100.0)}
    modelled(connection, folder, sent)
    counts = {month: england(connection, month) for month in MONTHS}
    assert [counts[m]["trusts_expected"] for m in ("2024-07", "2025-06", "2025-07")] == [2, 2, 1]
    assert counts["2024-07"]["trusts_reported"] == 1
    missing = engine.query(connection, "missing_member").filter(
        scope_level="england", period="2024-07", indicator="t.x"
    )
    assert missing.select("organisation", "state").rows() == [("RAA", "absent")]


def test_a_walk_in_centre_adds_up_but_nobody_waits_for_it(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"Y01234": every_month(5.0, until="2025-06"), "RAB": every_month(100.0)}
    modelled(connection, folder, sent)
    assert england(connection, "2025-06")["numerator"] == 105.0
    now = england(connection, "2025-07")
    assert (now["reported"], now["expected"], now["trusts_expected"]) == (1, 1, 1)


def test_a_walk_in_centre_is_nobodys_peer(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {body: every_month(5.0) for body in ("Y01234", "ZZ01", "RAB")}
    modelled(connection, folder, sent)
    span = {"period_from": pl.String, "period_until": pl.String}
    insert(connection, "this_window", span, [(MONTHS[0], TOLD)])
    insert_peer_sets(connection, [PeerSet(id="p", title="P", role="hospital", item="t.a")])
    engine.build(connection, "peers")
    peers = engine.query(connection, "peer_member")["organisation"].to_list()
    assert sorted(peers) == ["RAB", "ZZ01"]


def test_a_closed_body_is_no_longer_expected(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(10.0, until="2024-06"), "RAB": every_month(100.0)}
    closed = ["code,role,name,type,closed", "RAA,hospital,,,2024-06"]
    modelled(connection, folder, sent, organisations=closed)
    assert england(connection, "2024-07")["trusts_expected"] == 1


def test_a_workspace_says_what_kind_a_body_is(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"ZZ01": every_month(1.0), "RAB": every_month(2.0)}
    own = ["code,role,name,type", "ZZ01,hospital,,hospital", "RAB,hospital,,walk_in"]
    modelled(connection, folder, sent, organisations=own)
    rows = engine.query(connection, "organisation_type")
    assert set(rows.select("organisation", "type", "basis", "trust").rows()) == {
        ("ZZ01", "hospital", "workspace", True), ("RAB", "walk_in", "workspace", False),
    }  # fmt: skip


def test_a_year_is_compared_over_those_in_both_months(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(10.0, but=[TOLD]), "RAB": every_month(100.0)}
    modelled(connection, folder, sent)
    alike = engine.query(connection, "like_for_like").filter(scope_level="england", indicator="t.x")
    assert alike.select("members", "value", "year_before").rows() == [(1, 100.0, 100.0)]
    assert gave(connection, "t.x", "RAA") == [(False, True)]


def gave(
    connection: duckdb.DuckDBPyConnection, indicator: str, unit: str
) -> list[tuple[bool, ...]]:
    pairs = engine.query(connection, "year_pair")
    own = pairs.filter(scope_level="england", unit=unit, indicator=indicator)
    return own.select("in_now", "in_before").rows()


def test_who_had_nothing_to_divide_by_is_not_missed(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(0.0, but=[TOLD]), "RAB": every_month(100.0)}
    below = {"RAA": every_month(0.0, but=[TOLD]), "RAB": every_month(200.0)}
    modelled(connection, folder, sent, below=below)
    assert gave(connection, "t.r", "RAA") == [(False, False)]
    assert gave(connection, "t.x", "RAA") == [(False, True)]


# Boundaries.

MOVED = [
    ("RAA", "hospital", "icb", "QAA", "2024-01", 1.0),
    ("RAA", "hospital", "icb", "QBB", "2025-10", 1.0),
    ("RAB", "hospital", "icb", "QBB", "2024-01", 1.0),
]


@pytest.mark.parametrize(
    ("boundaries", "before", "after"),
    [
        ("then", {"QAA": 10.0, "QBB": 100.0}, {"QBB": 110.0}),
        ("now", {"QBB": 110.0}, {"QBB": 110.0}),
    ],
)
def test_months_are_counted_with_the_places_asked_for(
    connection: duckdb.DuckDBPyConnection, folder: Path, boundaries: str,
    before: dict[str, float], after: dict[str, float],
) -> None:  # fmt: skip
    sent = {"RAA": every_month(10.0), "RAB": every_month(100.0)}
    modelled(connection, folder, sent, boundaries=boundaries, places=MOVED)
    found = wholes(connection, "icb")
    for month, wanted in (("2025-09", before), ("2025-10", after)):
        assert {scope: v for (scope, p), v in found.items() if p == month} == wanted


def test_a_body_absent_in_the_month_told_keeps_its_place(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(10.0, but=[TOLD]), "RAB": every_month(100.0)}
    modelled(connection, folder, sent, places=MOVED)
    value = engine.query(connection, "system_value").filter(
        scope="QBB", period=TOLD, indicator="t.x"
    )
    assert value.select("numerator", "reported", "expected").rows() == [(100.0, 1, 2)]


def test_the_past_of_a_merged_body_is_where_its_successor_is(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    sent = {"RAA": every_month(10.0, until="2025-03"), "RAB": every_month(100.0)}
    places = [("RAA", "hospital", "icb", "QAA", "2024-01", 1.0), MOVED[2]]
    modelled(connection, folder, sent, places=places, succession=AFTER)
    assert {scope for scope, _ in wholes(connection, "icb")} == {"QBB"}


def test_a_file_may_share_a_body_out(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    sent = {"RAA": every_month(8.0)}
    shared = [("RAA", "hospital", "icb", f"Q{n}", "2025-01", s) for n, s in ((1, 0.75), (2, 0.25))]
    modelled(connection, folder, sent, places=shared)
    assert {scope: v for (scope, p), v in wholes(connection, "icb").items() if p == TOLD} == {
        "Q1": 6.0,
        "Q2": 2.0,
    }
