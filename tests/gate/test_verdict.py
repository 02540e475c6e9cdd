from __future__ import annotations

import polars as pl
import pytest

from gate.world import LATEST, MAY, NO_SQL, clean, layout, library
from kpialign.findings import GateVerdict
from kpialign.gate.run import run_suite
from kpialign.gate.verdict import HeldBack, held_back, judge
from kpialign.terms import GateOutcome


def sql(check: str, **told: object) -> pl.DataFrame:
    row = dict.fromkeys(NO_SQL.columns)
    row |= {"check": check, "file": MAY, "organisation": "RBB", "period": "2026-02"}
    return pl.DataFrame([row | {"message": "wrong", "row": 7} | told], schema=NO_SQL.schema)


def test_nothing_checked_is_skipped() -> None:
    assert judge([], NO_SQL).outcome is GateOutcome.SKIPPED


SQL_CHECKS = [
    ("totals_add_up", "KG-101", GateOutcome.FAIL, HeldBack((MAY,), ())),
    ("KG-101", "KG-101", GateOutcome.FAIL, HeldBack((MAY,), ())),
    ("rows_agree", "KG-102", GateOutcome.FAIL, HeldBack((), ((MAY, "RBB", "2026-02"),))),
    ("figures_read", "KG-103", GateOutcome.WARN, HeldBack((), ())),
    ("rows_read", "KG-104", GateOutcome.FAIL, HeldBack((), ())),
    ("files_agree", "KG-105", GateOutcome.FAIL, HeldBack((MAY,), ())),
    ("parts_add_up", "KG-106", GateOutcome.FAIL, HeldBack((), ((MAY, "RBB", "2026-02"),))),
    ("our_own", "our_own", GateOutcome.FAIL, HeldBack((), ((MAY, "RBB", "2026-02"),))),
]


@pytest.mark.parametrize(("name", "code", "outcome", "held"), SQL_CHECKS)
def test_a_row_of_a_sql_check_is_judged_by_its_check(
    name: str, code: str, outcome: GateOutcome, held: HeldBack
) -> None:
    verdict = judge([], sql(name))
    (result,) = verdict.results
    assert (result.check, result.outcome, result.failed) == (code, outcome, 1)
    assert result.rows[0].place == f"{MAY}:7"
    assert held_back(verdict) == held


def test_a_row_may_say_its_own_outcome() -> None:
    assert judge([], sql("rows_agree", outcome="warn")).outcome is GateOutcome.WARN


def test_a_warning_holds_nothing_back_beside_a_failure_of_its_check() -> None:
    warned = [sql("rows_agree", outcome="warn", row=n, period="2026-02") for n in range(30)]
    failed = sql("rows_agree", outcome="fail", row=99, period="2026-02")
    other = sql("rows_agree", outcome="warn", row=100, period="2026-03")
    verdict = judge([], pl.concat([*warned, failed, other]))
    assert held_back(verdict) == HeldBack((), ((MAY, "RBB", "2026-02"),))


def test_a_sql_check_that_found_nothing_passes() -> None:
    (result,) = judge([], sql("totals_add_up", outcome="pass", total=12)).results
    assert (result.outcome, result.failed, result.total) == (GateOutcome.PASS, 0, 12)


def test_the_columns_outcome_and_total_may_be_missing() -> None:
    assert judge([], sql("rows_agree").drop("outcome", "total")).outcome is GateOutcome.FAIL


def test_totals_of_two_regions_are_one_result_of_the_file() -> None:
    rows = pl.concat([sql("totals_add_up", organisation=region) for region in ("Y56", "Y58")])
    (result,) = judge([], rows).results
    assert (result.organisation, result.failed) == ("", 2)


def test_a_failure_that_names_nobody_holds_back_the_file() -> None:
    assert held_back(judge([], sql("our_own", organisation="", period=""))).files == (MAY,)
    assert held_back(judge([], sql("rows_agree", organisation=None, period=None))).files == (MAY,)


def test_a_crashed_sql_check_without_a_file_holds_back_everything() -> None:
    verdict = judge([], sql("rows_agree", outcome="error", file=None))
    assert held_back(verdict) == HeldBack((), (), everything=True)


def test_the_worst_outcome_is_the_verdict_and_results_are_in_order() -> None:
    asked = run_suite(clean(), layout(), library(), LATEST)
    verdict = judge([asked], pl.concat([sql("rows_agree"), sql("figures_read")]))
    assert isinstance(verdict, GateVerdict)
    assert verdict.outcome is GateOutcome.FAIL
    assert list(dict.fromkeys(r.check for r in verdict.results)) == sorted(
        {*asked.checks, "KG-102", "KG-103"}
    )
