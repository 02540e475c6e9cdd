"""The months rules look at: one window a family, and no family takes months from another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import duckdb
import pytest

from kpialign.definitions.model import Maturity
from kpialign.errors import DefinitionError
from kpialign.library import Library, load
from kpialign.pipeline.detecting import declare, families, indicators_of, window_judged, windows
from kpialign.shipped import shipped
from kpialign.terms import Period, months_between

URGENT, PLANNED, FLOW = "uec-2026", "elective-2026", "flow-2026"
A_AND_E, SERVICE = "uec.ed.four_hour.type1", "amb.handover.mean"
WAITING, FIT = "elective.rtt.over_52_weeks", "flow.no_criteria_to_reside_share"


@pytest.fixture(scope="module")
def library() -> Library:
    shipped_ones = load([shipped("indicators")])
    return replace(shipped_ones, events={})


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("CREATE TABLE indicator_period (indicator VARCHAR, period VARCHAR)")
        yield opened


def report(
    connection: duckdb.DuckDBPyConnection, library: Library, months: Mapping[str, tuple[str, str]]
) -> None:
    """Let everything rules look at be reported in the months of its area, if it has any."""
    wanted = indicators_of(library.conflicts.values())
    rows = [
        (name, str(month))
        for name in wanted
        for first, last in [months.get(name) or months.get(name.partition(".")[0]) or ("", "")]
        if first
        for month in months_between(Period.parse(first), Period.parse(last))
    ]
    connection.executemany("INSERT INTO indicator_period VALUES (?, ?)", rows)


def said(connection: duckdb.DuckDBPyConnection, library: Library) -> dict[str, tuple[str, str]]:
    return {
        family: (str(span[0]), str(span[1]))
        for family, span in windows(connection, library).items()
        if span
    }


LONG, SHORT = ("2023-10", "2026-03"), ("2025-12", "2026-01")


def test_a_young_series_of_one_family_shortens_no_other(
    connection: duckdb.DuckDBPyConnection, library: Library
) -> None:
    beds = ("2022-04", "2025-08")
    months = {"uec": LONG, "amb": LONG, "elective": SHORT, "diagnostics": LONG, "flow": beds}
    report(connection, library, months)
    assert said(connection, library) == {
        URGENT: LONG, PLANNED: SHORT, FLOW: ("2023-10", "2025-08"),
    }  # fmt: skip


def test_a_family_of_which_nobody_sends_a_figure_has_no_window(
    connection: duckdb.DuckDBPyConnection, library: Library
) -> None:
    report(connection, library, {"uec": LONG, "amb": LONG})
    assert windows(connection, library).keys() == {URGENT, PLANNED, FLOW}
    assert said(connection, library) == {URGENT: LONG}


def test_a_rule_that_lacks_a_figure_takes_no_months_within_its_family(
    connection: duckdb.DuckDBPyConnection, library: Library
) -> None:
    report(connection, library, {"uec": LONG, "elective": LONG, "diagnostics": ("", "")})
    assert said(connection, library)[PLANNED] == LONG
    assert [rule.id for rule in families(library)[PLANNED]] == ["KA-ELE-001", "KA-ELE-002"]


def test_changes_are_seen_over_the_months_of_the_family_that_looks_at_most_of_them(
    connection: duckdb.DuckDBPyConnection, library: Library
) -> None:
    report(connection, library, {"uec": LONG, "amb": LONG, "elective": SHORT, "diagnostics": LONG})
    spans = [
        window_judged(connection, library, wanted)
        for wanted in ([A_AND_E], [SERVICE, A_AND_E], [WAITING], [FIT], [])
    ]
    said_of = [span and (str(span[0]), str(span[1])) for span in spans]
    assert said_of == [LONG, LONG, SHORT, None, None]


@pytest.fixture
def ledger(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute(
        "CREATE TABLE plan (run_id BIGINT, rule VARCHAR, version BIGINT, family VARCHAR, "
        "plan_hash VARCHAR)"
    )
    return connection


def test_a_family_changed_after_a_run_needs_a_new_version(
    ledger: duckdb.DuckDBPyConnection, library: Library
) -> None:
    rule = library.conflicts["KA-UEC-002"]
    plan = rule.evidence.model_copy(update={"family": "elsewhere"})
    moved = rule.model_copy(update={"evidence": plan})
    assert declare(ledger, [rule], 1) == ()
    assert declare(ledger, [rule], 2) == ()
    with pytest.raises(DefinitionError, match="changed after a run under version 1") as caught:
        declare(ledger, [moved], 3, library.sources)
    assert caught.value.faults[0].file.endswith("handover_response.yaml")
    assert declare(ledger, [moved.model_copy(update={"version": 2})], 3) == ()
    kept = ledger.execute("SELECT run_id, version, family FROM plan ORDER BY ALL").fetchall()
    assert kept == [(1, 1, "uec-2026"), (3, 2, "elsewhere")]


def test_a_rule_that_joins_a_family_already_judged_is_told_once(
    ledger: duckdb.DuckDBPyConnection, library: Library
) -> None:
    first, second = (library.conflicts[name] for name in ("KA-UEC-002", "KA-UEC-001"))
    declare(ledger, [first], 1)
    [note] = declare(ledger, [first, second], 2)
    assert note.startswith("KA-UEC-001 joined the family uec-2026")
    assert declare(ledger, [first, second], 3) == ()


def test_a_rule_that_leaves_its_family_is_told_as_long_as_it_is_away(
    ledger: duckdb.DuckDBPyConnection, library: Library
) -> None:
    first, second = (library.conflicts[name] for name in ("KA-UEC-002", "KA-UEC-001"))
    declare(ledger, [first, second], 1)
    draft = second.model_copy(update={"status": Maturity.DRAFT})
    for rules in ([first], [first, draft]):
        [note] = declare(ledger, rules, 2)
        assert note.startswith("KA-UEC-001 left the family uec-2026")
    assert declare(ledger, [first, second], 3) == ()
    assert declare(ledger, [], 4) == ()
