"""What goes back to its sender: rows and cells rejected, and what the gate held back and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

import polars as pl

from kpialign.findings import FAULTS, DataIssue, FileReading, GateVerdict
from kpialign.gate.checks import CHECKS, FIGURES_READ, ROWS_READ, Check
from kpialign.terms import GateOutcome

if TYPE_CHECKING:
    import duckdb

HELD = "held back by the gate"
_KEPT = "published", "unchanged", "held_back"
# The ledger names every row and cell of these; a result names the first of them alone.
_IN_LEDGER = (FIGURES_READ.code, ROWS_READ.code)


def returned(
    connection: duckdb.DuckDBPyConnection, readings: Sequence[FileReading], verdict: GateVerdict
) -> tuple[DataIssue, ...]:
    """Everything of the run's files that was not published, each with its reason, in order."""
    names = {r.sha256: r.file for r in reversed(readings) if r.state in _KEPT}
    holding = [str(outcome) for outcome in GateOutcome if outcome.holds_back]
    held = verdict.faults.filter(
        pl.col("outcome").is_in(holding) & ~pl.col("check").is_in(_IN_LEDGER)
    )
    issues = [*_of_faults(held), *_of_ledger(connection, names, held)]
    return tuple(
        sorted(
            issues, key=lambda i: (i.organisation, i.file, i.sheet, i.row or 0, i.column, i.code)
        )
    )


def _of_faults(held: pl.DataFrame) -> Iterator[DataIssue]:
    names = [field.name for field in fields(DataIssue) if field.name in FAULTS]
    for row in held.select("check", *names).iter_rows(named=True):
        code, outcome = row.pop("check"), GateOutcome(row.pop("outcome"))
        yield DataIssue(code=code, outcome=outcome, **row)


def _of_ledger(
    connection: duckdb.DuckDBPyConnection, names: dict[str, str], held: pl.DataFrame
) -> Iterator[DataIssue]:
    rows = connection.execute(
        "SELECT f.sha256, f.name, q.sheet, q.row, q.heading, q.value, q.organisation, q.period, "
        "q.reason FROM quarantine q JOIN file f ON q.file_id = f.file_id "
        "WHERE list_contains(?, f.sha256) AND f.file_id = "
        "(SELECT max(file_id) FROM file x WHERE x.sha256 = f.sha256) ORDER BY ALL",
        [list(names)],
    ).fetchall()
    first = held.unique(["file", "organisation"], keep="first", maintain_order=True)
    why = {
        (f, who): check for f, who, check in first.select("file", "organisation", "check").rows()
    }
    for sha256, name, sheet, row, heading, value, organisation, period, reason in rows:
        check = _check(heading, reason, why.get((name, organisation)))
        yield DataIssue(
            check.code if check else "",
            check.severity if check else GateOutcome.FAIL,
            f"held back with its month: {check.title}" if reason == HELD and check else reason,
            names[sha256], sheet, row, heading, value, organisation, period,
            check.todo if check else "Mend what is told of this month beside it.",
        )  # fmt: skip


def _check(heading: str, reason: str, held: str | None) -> Check | None:
    if reason == HELD:
        return CHECKS.get(held or "")
    return FIGURES_READ if heading else ROWS_READ
