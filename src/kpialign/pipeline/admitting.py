"""Admit: files are read, staged and judged, and the figures that may go on are told apart.

The month's run publishes them then; the gate alone tells them and forgets them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.findings import GateVerdict
from kpialign.gate.checks import FIGURES_READ, ROWS_READ, Reach
from kpialign.pipeline import gating, modelling, reading
from kpialign.pipeline.request import Arrival, Request
from kpialign.store.publish import choose_good
from kpialign.store.rows import insert
from kpialign.store.staging import StagedFile
from kpialign.terms import GateOutcome, Period

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library

REASON = {
    "kind": pl.String, "file_id": pl.Int64, "sheet": pl.String, "row": pl.Int64,
    "heading": pl.String, "organisation": pl.String, "period": pl.String, "gravest": pl.Int64,
    "check": pl.String, "outcome": pl.String, "reason": pl.String, "todo": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What the gate said of staged files, and the wide frame of each layout it was asked of."""

    gated: gating.Gated
    frames: Mapping[str, pl.DataFrame]

    def state_of(self, file: StagedFile, good: str) -> tuple[str, str]:
        """The state of a file and why; ``good`` is that of one that is not held back."""
        if file.file_id in self.gated.held_files:
            return "held_back", self.gated.held_files[file.file_id]
        return good, "; ".join(file.let_through)


def read(
    connection: duckdb.DuckDBPyConnection,
    found: Sequence[Arrival],
    library: Library,
    request: Request,
    *,
    afresh: bool = False,
) -> reading.Read:
    """Read what is new, or everything ``afresh``; a file that cannot be read is told."""
    said = reading.ByHand(
        request.published,
        {arrival.name: request.month_of(arrival.name) for arrival in found},
        {arrival.name: request.status_of(arrival.name) for arrival in found},
        allow=request.allow,
        internal=request.settings.audience == "internal",
    )
    today = request.now.date()
    return reading.read_files(connection, found, library, said, afresh=afresh, today=today)


def judge(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[StagedFile],
    library: Library,
    request: Request,
) -> Judged:
    """Stage files and ask the gate; then ``staged_good`` may go on and ``not_good`` may not."""
    frames = modelling.stage_files(connection, files)
    gated = gating.gate(
        connection, files, frames, library, latest_of(request), today=request.now.date()
    )
    engine.drop(connection, "gate")
    choose_good(connection, gated.held_files.keys(), gated.held_rows)
    return Judged(gated, frames)


def latest_of(request: Request) -> str:
    """The last month that is not in the future."""
    return str(Period(request.now.year, request.now.month))


def insert_reasons(
    connection: duckdb.DuckDBPyConnection, files: Sequence[StagedFile], verdict: GateVerdict
) -> None:
    """Fill ``held_reason``: the check that stands against a month, a file, a cell or a row."""
    rows = [*_of_verdict(connection, files, verdict)]
    rows += [
        (kind, None, "", None, "", "", "", 0, check.code, str(check.severity), "", check.todo)
        for kind, check in (("cell", FIGURES_READ), ("row", ROWS_READ))
    ]
    insert(connection, "held_reason", REASON, rows)


def _of_verdict(
    connection: duckdb.DuckDBPyConnection, files: Sequence[StagedFile], verdict: GateVerdict
) -> Iterator[tuple[object, ...]]:
    from kpialign.gate.faults import reach

    numbers = {file.name: file.file_id for file in files}
    months = gating.periods(connection)
    kinds = {str(Reach.FILE): "file", str(Reach.ROW): "month"}
    for fault in verdict.faults.with_columns(reach().alias("reach")).iter_rows(named=True):
        kind, outcome = kinds.get(fault["reach"]), GateOutcome(fault["outcome"])
        if kind is None or not outcome.holds_back:
            continue
        named = [numbers[fault["file"]]] if fault["file"] in numbers else []
        for number in named or ([] if fault["file"] else numbers.values()):
            whole = kind == "file" or fault["period"]
            for month in [fault["period"]] if whole else months.get(number, []):
                yield (
                    kind, number, fault["sheet"], fault["row"], fault["column"],
                    fault["organisation"], month, -outcome.rank, fault["check"], str(outcome),
                    fault["message"], fault["todo"],
                )  # fmt: skip
