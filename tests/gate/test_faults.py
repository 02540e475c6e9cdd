"""Each check fails on its planted fault, names it, and holds back no more than it must."""

from __future__ import annotations

import polars as pl
import pytest

from gate.world import APRIL, LATEST, MAY, bad, clean, layout, library, planted, run, with_parts
from kpialign.findings import CheckResult, DataIssue
from kpialign.gate.faults import crash
from kpialign.gate.frame import make_ready
from kpialign.gate.results import ROWS_SHOWN
from kpialign.gate.run import validate
from kpialign.gate.scope import Scope
from kpialign.gate.suite import make_suites
from kpialign.gate.verdict import HeldBack, held_back
from kpialign.terms import GateOutcome

RBB_IN_MAY = HeldBack((), ((MAY, "RBB", "2026-02"),))


def only(frame: pl.DataFrame, check: str) -> CheckResult:
    results = bad(run(frame))
    assert [r.check for r in results] == [check]
    return results[0]


def names(issue: DataIssue) -> tuple[str, int | None, str, str, str, str]:
    return issue.file, issue.row, issue.column, issue.value, issue.organisation, issue.period


ROW_FAULTS = [
    ("KG-006", "ae.wait", -5.0, ("Minutes waited", "-5")),
    ("KG-006", "ae.new", float("nan"), ("New count", "not a number")),
    ("KG-006", "ae.new", float("inf"), ("New count", "not a number")),
    ("KG-007", "ae.late", 104.0, ("Seen, Over 4hrs or Number over 4hrs", "-1 of 103")),
    ("KG-008", "ae.wait", 103 * 300.5, ("Minutes waited, Seen", "300.5")),
    ("KG-005", "rows", 2, ("Org Code", "2")),
]


@pytest.mark.parametrize(("check", "column", "value", "told"), ROW_FAULTS)
def test_a_wrong_cell_fails_where_it_stands_and_holds_back_only_its_organisation(
    check: str, column: str, value: object, told: tuple[str, str]
) -> None:
    verdict = run(planted(column, value))
    result = next(r for r in bad(verdict) if r.check == check)
    assert (result.outcome, result.organisation, result.failed) == (GateOutcome.FAIL, "RBB", 1)
    assert names(result.rows[0]) == (MAY, 3, *told, "RBB", "2026-02")
    assert result.rows[0].todo
    assert told[1] in result.rows[0].message
    assert held_back(verdict) == RBB_IN_MAY


def test_what_stands_at_the_threshold_passes() -> None:
    frame = planted("ae.wait", 103 * 200.0).with_columns(pl.lit(0.0).alias("ae.new"))
    all_in_time = with_parts(frame.with_columns(pl.lit(0.0).alias("ae.late")))
    all_late = with_parts(frame.with_columns(pl.col("ae.seen").alias("ae.late")))
    assert bad(run(all_in_time)) == []
    assert bad(run(all_late)) == []


def test_a_numerator_above_its_denominator_fails_as_part_of_whole() -> None:
    frame = clean().with_columns(
        pl.when(pl.col("row") == 3).then(200.0).otherwise(50.0).alias("ae.four_hour.numerator")
    )
    results = bad(run(frame))
    assert [(r.check, r.file, r.organisation, r.observed) for r in results] == [
        ("KG-007", APRIL, "RBB", "200 of 103"),
        ("KG-007", MAY, "RBB", "200 of 103"),
    ]
    assert results[0].threshold == "a numerator not above the denominator"


def test_a_value_above_the_warning_level_warns_and_is_published() -> None:
    verdict = run(planted("ae.wait", 103 * 201.0))
    assert verdict.outcome is GateOutcome.WARN
    assert [(r.check, r.outcome) for r in bad(verdict)] == [("KG-009", GateOutcome.WARN)]
    assert held_back(verdict) == HeldBack((), ())


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_row_without_an_organisation_fails(blank: str | None) -> None:
    result = only(planted("organisation", blank), "KG-001")
    assert names(result.rows[0]) == (MAY, 3, "Org Code", "", "", "2026-02")


MONTH_FAULTS = [
    ("KG-002", None, ""),
    ("KG-003", "2026-13", "2026-13"),
    ("KG-003", "Feb-26", "Feb-26"),
    ("KG-004", "2026-04", "2026-04"),
]


@pytest.mark.parametrize(("check", "period", "told"), MONTH_FAULTS)
def test_a_month_that_is_missing_unknown_or_to_come_fails(
    check: str, period: str | None, told: str
) -> None:
    result = only(planted("period", period), check)
    assert names(result.rows[0]) == (MAY, 3, "Period", told, "RBB", period or "")


def test_this_month_is_not_in_the_future() -> None:
    assert bad(run(planted("period", "2026-03"))) == []


def test_a_key_that_comes_twice_fails() -> None:
    frame = clean()
    again = frame.filter((pl.col("row") == 4) & (pl.col("file") == MAY))
    result = only(
        pl.concat([frame, again.with_columns(pl.lit(9, pl.Int64).alias("row"))]), "KG-005"
    )
    assert (result.organisation, [i.row for i in result.rows]) == ("RCC", [4, 9])


def test_a_short_file_is_held_back_and_the_other_is_not() -> None:
    frame = clean().filter((pl.col("file") == MAY) | (pl.col("row") == 2))
    verdict = run(frame)
    assert [(r.check, r.file, r.observed) for r in bad(verdict)] == [("KG-010", APRIL, "1")]
    assert held_back(verdict) == HeldBack((APRIL,), ())


def test_a_file_that_left_no_row_is_missed() -> None:
    verdict = run(clean(), files=(APRIL, MAY, "june.csv"))
    assert [(r.check, r.file, r.observed) for r in bad(verdict)] == [
        ("KG-010", "june.csv", "no row")
    ]
    assert held_back(verdict).files == ("june.csv",)


@pytest.mark.parametrize("files", [(), (MAY,)])
def test_an_empty_frame_fails(files: tuple[str, ...]) -> None:
    verdict = run(clean().clear(), files=files)
    assert verdict.outcome is GateOutcome.FAIL
    assert [r.check for r in bad(verdict)] == ["KG-010"]
    assert held_back(verdict) == HeldBack(files, ())


def test_a_column_without_figures_holds_back_its_file() -> None:
    here = pl.col("file") == MAY
    frame = with_parts(
        clean().with_columns(pl.when(~here).then("ae.wait").otherwise(None).alias("ae.wait"))
    )
    verdict = run(frame)
    result = next(r for r in bad(verdict))
    assert (result.check, result.file, result.organisation, result.failed) == ("KG-011", MAY, "", 1)
    assert names(result.rows[0]) == (MAY, None, "Minutes waited", "0", "", "")
    assert held_back(verdict) == HeldBack((MAY,), ())


def test_a_column_that_is_not_there_is_like_one_without_figures() -> None:
    frame = clean().drop("ae.late", "ae.booked", "^ae.four_hour.*$")
    assert [(r.check, r.file) for r in bad(run(frame))] == [("KG-011", APRIL), ("KG-011", MAY)]


def test_a_column_of_text_is_an_error_and_holds_back_every_file() -> None:
    frame = clean().with_columns(pl.lit("five").alias("ae.wait"))
    verdict = run(frame)
    assert verdict.outcome is GateOutcome.ERROR
    crashed = verdict.at(GateOutcome.ERROR)
    assert {(r.check, r.file) for r in crashed} == {("KG-006", APRIL), ("KG-006", MAY)}
    assert "could not be evaluated: Column values" in crashed[0].rows[0].message
    assert verdict.at(GateOutcome.FAIL) == ()
    assert held_back(verdict) == HeldBack((APRIL, MAY), ())


def test_parts_of_text_are_an_error_also_where_their_value_is_asked() -> None:
    frame = clean().with_columns(pl.lit("five").alias("ae.mean_wait.numerator"))
    crashed = run(frame).at(GateOutcome.ERROR)
    assert {r.check for r in crashed} == {"KG-008", "KG-009"}


def test_rows_are_bounded_but_no_month_is_lost_to_what_is_held_back() -> None:
    months = [f"{year}-{month:02d}" for year in (2022, 2023, 2024) for month in range(1, 13)]
    one = clean().filter(pl.col("file") == MAY).head(1)
    frame = pl.concat([one.with_columns(pl.lit(m).alias("period")) for m in months])
    wrong = with_parts(frame.with_columns(pl.lit(-1.0).alias(i) for i in ("ae.wait", "ae.new")))
    verdict = run(wrong)
    result = next(r for r in bad(verdict) if r.check == "KG-006")
    assert (result.failed, len(result.rows)) == (72, ROWS_SHOWN)
    wrong = verdict.faults.filter(check="KG-006")
    assert (wrong.height, wrong["period"].unique().sort().to_list()) == (72, months)
    assert held_back(verdict).rows == tuple((MAY, "RAA", month) for month in months)


def test_every_failing_row_is_named_also_beyond_the_200_that_gx_lists() -> None:
    trusts = [f"R{n:03d}" for n in range(250)]
    one = clean().filter(pl.col("file") == MAY).head(1)
    frame = pl.concat([one.with_columns(pl.lit(t).alias("organisation")) for t in trusts])
    verdict = run(frame.with_columns(pl.lit(-1.0).alias("ae.new")))
    assert [row[1] for row in held_back(verdict).rows] == trusts


def test_an_answer_that_names_too_few_rows_is_no_answer() -> None:
    scope = Scope(layout(), library())
    frame = make_ready(planted("ae.wait", -5.0), scope)
    [(_, answers)] = validate([(frame, make_suites(scope, LATEST)[0])])
    answer = next(a for a in answers if a.result.get("unexpected_count"))
    assert crash(answer) == ""
    answer.result["unexpected_index_list"].clear()
    assert crash(answer) == "only 0 of 1 failing rows were named"
