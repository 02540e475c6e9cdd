"""Thresholds and exceptions: what they make milder or stricter, and what nothing makes milder."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.world import APRIL, LATEST, MAY, NO_SQL, clean, layout, library, planted, with_parts
from kpialign.definitions.thresholds import Excepted, Level, Threshold
from kpialign.definitions.tolerances import Tolerance
from kpialign.errors import DefinitionError
from kpialign.findings import CheckResult, GateVerdict
from kpialign.gate.asked import Asked, of_sql_rows
from kpialign.gate.checks import CHECKS
from kpialign.gate.refuse import refuse
from kpialign.gate.run import run_suite
from kpialign.gate.verdict import HeldBack, held_back, judge
from kpialign.gate.weigh import Weighing, notes
from kpialign.library import Library
from kpialign.library.load import load
from kpialign.shipped import shipped
from kpialign.terms import GateOutcome

TODAY = date(2026, 3, 15)
NOTHING = HeldBack((), ())
RBB = ((MAY, "RBB", "2026-02"),)


def threshold(check: str = "KG-006", **said: object) -> Threshold:
    return Threshold.model_validate({"check": check, "why": "test", **said})


def excepted(check: str = "KG-006", **said: object) -> Excepted:
    told = {"id": "ex.one", "check": check, "at_most": "warn", "organisations": "RBB",
            "why": "a known slip", "by": "A. Person", "until": TODAY}  # fmt: skip
    return Excepted.model_validate({**told, **said})


def number(check: str, name: str) -> Tolerance:
    return Tolerance(check=check, name=name, value=1, why="test")


def knowing(*said: Threshold | Excepted | Tolerance) -> Library:
    known = library()
    return Library(
        items=known.items,
        indicators=known.indicators,
        thresholds={t.id: t for t in said if isinstance(t, Threshold)},
        exceptions={f"exception {e.id}": e for e in said if isinstance(e, Excepted)},
        tolerances={t.id: t for t in said if isinstance(t, Tolerance)},
        sources={s.id: "x.yaml:7" for s in said} | {f"exception {s.id}": "x.yaml:7" for s in said},
    )


Said = Threshold | Excepted


def run(frame: pl.DataFrame, *said: Said, sql: pl.DataFrame = NO_SQL) -> GateVerdict:
    asked = run_suite(frame, layout(), library(), LATEST)
    files = {APRIL: "test.ae", MAY: "test.ae"}
    return judge([asked], sql, files, Weighing(knowing(*said), TODAY))


def of(verdict: GateVerdict, check: str) -> list[CheckResult]:
    return [r for r in verdict.results if r.check == check and r.failed]


@pytest.fixture(scope="module")
def two_wrong() -> pl.DataFrame:
    """Two figures of trust RBB in May are below what they can be, of four."""
    return planted("ae.new", -1.0).with_columns(
        pl.when((pl.col("organisation") == "RBB") & (pl.col("file") == MAY))
        .then(-5.0)
        .otherwise("ae.late")
        .alias("ae.late")
    )


LEVELS = [
    ({"warn_from": {"count": 3}}, GateOutcome.PASS),
    ({"warn_from": {"count": 2}}, GateOutcome.WARN),
    ({"fail_from": {"count": 3}}, GateOutcome.WARN),
    ({"warn_from": {"count": 1}, "fail_from": {"count": 2}}, GateOutcome.FAIL),
    ({"warn_from": {"share": 0.5}}, GateOutcome.WARN),
    ({"warn_from": {"share": 0.51}}, GateOutcome.PASS),
    ({"warn_from": {"count": 1}, "fail_from": {"count": 2, "share": 0.6}}, GateOutcome.WARN),
]


@pytest.mark.parametrize(("levels", "outcome"), LEVELS)
def test_an_organisations_failing_rows_are_judged_by_count_and_share(
    two_wrong: pl.DataFrame, levels: dict[str, object], outcome: GateOutcome
) -> None:
    verdict = run(two_wrong, threshold(**levels))
    (result,) = of(verdict, "KG-006")
    assert (result.outcome, result.failed, result.total) == (outcome, 2, 4)
    assert "2 of 4 (50 %)" in result.observed
    assert threshold(**levels).words() in result.threshold
    assert len(result.rows) == 2
    assert held_back(verdict).rows == (RBB if outcome.holds_back else ())


def test_a_threshold_may_be_stricter_than_its_check() -> None:
    verdict = run(planted("ae.wait", 103 * 201.0), threshold("KG-009", fail_from={"count": 1}))
    (result,) = of(verdict, "KG-009")
    assert (result.outcome, result.severity) == (GateOutcome.FAIL, GateOutcome.WARN)
    assert held_back(verdict).rows == RBB


SCOPES = [
    ({"items": "ae.late"}, GateOutcome.FAIL),  # the other figure still fails
    ({"items": ["ae.late", "ae.new"]}, GateOutcome.PASS),
    ({"organisations": "RBB"}, GateOutcome.PASS),
    ({"organisations": "RAA"}, GateOutcome.FAIL),
    ({"layouts": "test.ae"}, GateOutcome.PASS),
    ({"layouts": "other"}, GateOutcome.FAIL),
    ({"types": "unknown"}, GateOutcome.PASS),
    ({"types": "hospital"}, GateOutcome.FAIL),
]


@pytest.mark.parametrize(("scope", "outcome"), SCOPES)
def test_a_threshold_speaks_of_its_scope_alone(
    two_wrong: pl.DataFrame, scope: dict[str, object], outcome: GateOutcome
) -> None:
    (result,) = of(run(two_wrong, threshold(warn_from={"count": 9}, **scope)), "KG-006")
    assert result.outcome is outcome


def test_the_most_specific_threshold_decides(two_wrong: pl.DataFrame) -> None:
    wide = threshold(warn_from={"count": 9})
    narrow = threshold(fail_from={"count": 1}, organisations="RBB")
    middle = threshold(warn_from={"count": 1}, layouts="test.ae")
    said = [wide, narrow, middle]
    for order in (said, said[::-1]):
        (result,) = of(run(two_wrong, *order), "KG-006")
        assert result.outcome is GateOutcome.FAIL
    (result,) = of(run(two_wrong, wide, middle), "KG-006")
    assert result.outcome is GateOutcome.WARN


def test_a_sql_check_is_judged_by_the_total_it_says() -> None:
    rows = [
        {"check": "figures_read", "file": MAY, "sheet": "", "row": n, "organisation": "RBB",
         "period": "2026-02", "message": "wrong", "total": 100}
        for n in range(5)
    ]  # fmt: skip
    sql = pl.DataFrame(rows, schema=NO_SQL.schema)
    for share, outcome in ((0.05, GateOutcome.FAIL), (0.06, GateOutcome.WARN)):
        asked = threshold("KG-103", warn_from={"count": 1}, fail_from={"share": share})
        (result,) = of(run(clean(), asked, sql=sql), "KG-103")
        assert (result.outcome, result.layout, result.total) == (outcome, "test.ae", 100)


def test_neither_a_crash_nor_a_structural_failure_is_made_milder() -> None:
    text = clean().with_columns(pl.lit("five").alias("ae.wait"))
    mild = [threshold(warn_from={"count": 999}), excepted(items="ae.wait", organisations=())]
    verdict = run(text, *mild)
    assert {r.outcome for r in of(verdict, "KG-006")} == {GateOutcome.ERROR}
    assert held_back(verdict).files == (APRIL, MAY)
    parts = clean().with_columns(pl.lit("five").alias("ae.mean_wait.numerator"))
    crashed = of(run(parts, threshold("KG-009", warn_from={"count": 999})), "KG-009")
    assert {r.outcome for r in crashed} == {GateOutcome.ERROR}
    short = clean().filter((pl.col("file") == MAY) | (pl.col("row") == 2))
    mild = [
        threshold("KG-010", warn_from={"count": 9}),
        excepted("KG-010", files="*", organisations=(), at_most="pass"),
    ]
    verdict = run(short, *mild)
    assert [r.outcome for r in of(verdict, "KG-010")] == [GateOutcome.FAIL]
    assert held_back(verdict).files == (APRIL,)


def test_an_exception_that_fits_is_told_and_holds_nothing_back(two_wrong: pl.DataFrame) -> None:
    verdict = run(two_wrong, excepted())
    (result,) = of(verdict, "KG-006")
    assert result.outcome is GateOutcome.WARN
    assert "warn at most until 2026-03-15 by exception ex.one (A. Person" in result.threshold
    assert verdict.faults["exception"].to_list() == ["ex.one", "ex.one"]
    assert held_back(verdict) == NOTHING


OTHERS = [
    {"check": "KG-007"},
    {"organisations": "RAA"},
    {"files": "april*"},
    {"items": "ae.wait"},
    {"periods": "2026-01"},
    {"until": date(2026, 3, 14)},
]


@pytest.mark.parametrize("said", OTHERS, ids=lambda said: next(iter(said)))
def test_an_exception_of_something_else_changes_nothing(
    two_wrong: pl.DataFrame, said: dict[str, object]
) -> None:
    verdict = run(two_wrong, excepted(**said))
    assert held_back(verdict).rows == RBB
    assert set(verdict.faults["exception"]) == {""}


def test_of_one_month_excepted_the_other_is_held_back() -> None:
    late = pl.when(pl.col("organisation") == "RBB").then(-1.0).otherwise("ae.late")
    both = with_parts(clean().with_columns(late.alias("ae.late")))
    verdict = run(both, excepted(periods="2026-01"), excepted("KG-007", id="ex.two"))
    assert held_back(verdict).rows == RBB


def test_the_mildest_exception_holds_whatever_the_order(two_wrong: pl.DataFrame) -> None:
    one, two = excepted(id="ex.a"), excepted(id="ex.b", at_most="pass")
    same = excepted(id="ex.c", at_most="pass")
    for order in ((one, two, same), (same, two, one)):
        verdict = run(two_wrong, *order)
        assert set(verdict.faults["exception"]) == {"ex.b"}
        assert set(verdict.faults["outcome"]) == {"pass"}


def test_what_is_said_of_exceptions(two_wrong: pl.DataFrame) -> None:
    said = [
        excepted(),
        excepted(id="ex.idle", organisations="RXX", until=date(2027, 1, 1)),
        excepted(id="ex.over", until=date(2026, 3, 14)),
    ]
    verdict = run(two_wrong, *said)
    assert list(notes(knowing(*said), verdict.faults, TODAY)) == [
        "exception ex.idle changed nothing; is it still needed?",
        "exception ex.one makes KG-006 warn at most in 1 file: a known slip (A. Person)",
        "exception ex.one runs out on 2026-03-15",
        "exception ex.over ran out on 2026-03-14: KG-006 speaks as before",
    ]


REFUSED = [
    (threshold("KG-666", warn_from={"count": 1}), "x.yaml:7: No check is called KG-666."),
    (threshold("KG-101", warn_from={"count": 9}), "KG-101 speaks of whole files"),
    (excepted("KG-010"), "KG-010 speaks of whole files"),
    (threshold("KG-103", fail_from={"share": 0.1}, items="ae.wait"), "by item"),
    (threshold("KG-103", fail_from={"share": 0.1}, organisations="RBB"), "by file"),
    (number("KG-666", "months"), "x.yaml:7: No check is called KG-666."),
    (number("KG-112", "mnoths"), "KG-112 has no number mnoths. Did you mean months"),
    (number("KG-006", "months"), "KG-006 has no number months. Its numbers: none."),
]


@pytest.mark.parametrize(("said", "told"), REFUSED)
def test_what_the_gate_cannot_follow_is_refused(
    said: Threshold | Excepted | Tolerance, told: str
) -> None:
    with pytest.raises(DefinitionError, match=told):
        refuse(knowing(said), ["figures_read", "our_own"])


def test_the_shipped_tolerances_are_the_numbers_the_checks_ask_for() -> None:
    there: dict[str, set[str]] = {}
    for tolerance in load([shipped("indicators")]).tolerances.values():
        there.setdefault(tolerance.check, set()).add(tolerance.name)
    assert there == {code: set(c.numbers) for code, c in CHECKS.items() if c.numbers}


def test_checks_of_ones_own_may_be_named() -> None:
    refuse(knowing(threshold("our_own", warn_from={"count": 2})), ["figures_read", "our_own"])


levels = st.builds(
    Level,
    count=st.integers(1, 30),
    share=st.none() | st.floats(0.01, 1.0, allow_nan=False),
)
thresholds = st.builds(
    Threshold,
    check=st.just("KG-102"),
    warn_from=levels,
    fail_from=st.none() | levels,
    why=st.just("x"),
)


@given(thresholds, st.integers(1, 40), st.integers(0, 100))
def test_more_failing_rows_are_never_milder(asked: Threshold, failed: int, more: int) -> None:
    total = 200
    assert asked.outcome(failed + more, total).rank >= asked.outcome(failed, total).rank


rows = st.lists(
    st.fixed_dictionaries(
        {
            "check": st.just("rows_agree"),
            "outcome": st.sampled_from(["warn", "fail", "error"]),
            "file": st.sampled_from([APRIL, MAY]),
            "organisation": st.sampled_from(["RAA", "RBB"]),
            "row": st.integers(1, 9),
        }
    ),
    min_size=1,
    max_size=12,
)
scoped = st.builds(
    Threshold,
    check=st.just("KG-102"),
    warn_from=levels,
    fail_from=st.none() | levels,
    organisations=st.sampled_from([(), ("RAA",), ("RBB",)]),
    layouts=st.sampled_from([(), ("test.ae",)]),
    why=st.just("x"),
)


def weighed(said: list[Threshold | Excepted], found: list[dict[str, object]]) -> pl.DataFrame:
    sql = pl.DataFrame(
        [{**dict.fromkeys(NO_SQL.columns), "period": "2026-02", **row} for row in found],
        schema=NO_SQL.schema,
    )
    asked: Asked = of_sql_rows(sql, {APRIL: "test.ae", MAY: "test.ae"})
    return Weighing(knowing(*said), TODAY).weigh(asked)


@settings(deadline=None)
@given(st.lists(scoped, max_size=4, unique_by=lambda t: t.id), rows, st.randoms())
def test_a_crash_stays_one_and_the_order_of_definitions_changes_nothing(
    said: list[Threshold], found: list[dict[str, object]], random: object
) -> None:
    mixed = [*said, excepted("KG-102", at_most="pass")]
    was = weighed(mixed, found)
    crashes = sum(row["outcome"] == "error" for row in found)
    assert was.filter(outcome="error").height == crashes
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert weighed(mixed, found).equals(was)
