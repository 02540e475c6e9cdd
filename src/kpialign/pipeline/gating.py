"""Gate: what was staged is checked, and what must not be published is told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from kpialign import engine
from kpialign.findings import FAULTS, CheckResult, DataIssue, GateVerdict, no_faults
from kpialign.store.staging import StagedFile
from kpialign.terms import GateOutcome

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library


@dataclass(frozen=True)
class Gated:
    """The verdict, and what it holds back by file number.

    ``held_files`` maps a file to the reason; ``held_rows`` are file, organisation, period.
    """

    verdict: GateVerdict
    held_files: Mapping[int, str]
    held_rows: frozenset[tuple[int, str, str]]


def gate(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[StagedFile],
    frames: Mapping[str, pl.DataFrame],
    library: Library,
    latest: str,
    *,
    today: date,
) -> Gated:
    """Run every check on what is staged; Great Expectations is imported only here.

    Thresholds and exceptions of the library are those that hold ``today``.
    """
    from kpialign.gate.run import run_suite
    from kpialign.gate.verdict import held_back, judge
    from kpialign.gate.weigh import Weighing

    asked = [
        run_suite(
            frame,
            library.layouts[layout],
            library,
            latest,
            [file.name for file in files if file.layout == layout],
        )
        for layout, frame in frames.items()
    ]
    layouts = {file.name: file.layout for file in files}
    verdict = judge(asked, _sql_rows(connection), layouts, Weighing(library, today))
    held = held_back(verdict)
    numbers = {file.name: file.file_id for file in files}
    why = {name: _why(verdict, name) for name in held.files}
    if held.everything:
        why = {file.name: "a check of all files crashed" for file in files}
    months = periods(connection)
    return Gated(
        verdict,
        {numbers[name]: reason for name, reason in why.items() if name in numbers},
        frozenset(
            (numbers[file], organisation, month)
            for file, organisation, period in held.rows
            if file in numbers
            for month in ([period] if period else months.get(numbers[file], []))
        ),
    )


def _sql_rows(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    frames = [
        _asked(connection, name).with_columns(pl.lit(name).alias("check"))
        for name in engine.checks()
    ]
    return pl.concat(frames, how="diagonal_relaxed")


def _asked(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """The rows a check returns, or one that says that it crashed.

    A full disk or a lack of memory is no fault of the check, and ends the run.
    """
    import duckdb

    try:
        return engine.check(connection, name)
    except (duckdb.DataError, duckdb.ProgrammingError, duckdb.NotSupportedError) as error:
        told = str(error).partition("\n")[0]
        texts = ("file", "sheet", "column", "value", "organisation", "period")
        row = {
            **dict.fromkeys(texts, ""),
            "row": None,
            "message": f"the check could not be evaluated: {told}",
            "outcome": str(GateOutcome.ERROR),
        }
        return pl.DataFrame([row], schema_overrides={"row": pl.Int64})


def periods(connection: duckdb.DuckDBPyConnection) -> dict[int, list[str]]:
    """The months each staged file carries, by its number."""
    out: dict[int, list[str]] = {}
    for file_id, period in engine.query(connection, "file_period").iter_rows():
        out.setdefault(file_id, []).append(period)
    return out


def _why(verdict: GateVerdict, file: str) -> str:
    told = [
        row.message if result.rows else result.title
        for result in verdict.results
        if result.file == file and result.outcome.holds_back
        for row in result.rows[:1]
    ]
    return "; ".join(dict.fromkeys(told)) or "a structural check failed"


def kept_faults(verdict: GateVerdict, numbers: Mapping[str, int]) -> pl.DataFrame:
    """The failing rows of files by number, for the ledger."""
    known = verdict.faults.filter(pl.col("file").is_in(list(numbers)))
    number = pl.col("file").replace_strict(numbers, default=None, return_dtype=pl.Int64)
    return known.select(number.alias("file_id"), *FAULTS)


def faults_of(connection: duckdb.DuckDBPyConnection, fingerprints: Sequence[str]) -> pl.DataFrame:
    """The failing rows that the ledger keeps of files not read again."""
    rows = connection.sql(
        "SELECT x.* EXCLUDE (file_id) FROM file_fault x JOIN file f USING (file_id) "
        "WHERE list_contains(?, f.sha256) "
        "AND f.file_id = (SELECT max(file_id) FROM file y WHERE y.sha256 = f.sha256)",
        params=[list(fingerprints)],
    )
    frame = pl.from_arrow(rows.to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return pl.concat([no_faults(), frame.cast(no_faults().schema)])


def to_json(result: CheckResult) -> str:
    """A result as text for the ledger."""
    return json.dumps(asdict(result), sort_keys=True)


def from_json(text: str) -> CheckResult:
    """Undo :func:`to_json`."""
    data: dict[str, Any] = json.loads(text)
    rows = tuple(
        DataIssue(**{**row, "outcome": GateOutcome(row["outcome"])}) for row in data.pop("rows")
    )
    for name in {"outcome", "severity"} & data.keys():
        data[name] = GateOutcome(data[name])
    return CheckResult(**data, rows=rows)
