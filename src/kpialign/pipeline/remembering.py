"""What the gate said of the same files before, so that it need not be asked again.

Light on imports: a job that finds nothing new ends at once.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpialign.findings import CheckResult, FileReading, Gated, GateVerdict
from kpialign.pipeline.ledger import inputs_hash
from kpialign.pipeline.request import Arrival, Request, arrivals
from kpialign.store import gate_runs
from kpialign.store.database import open_database
from kpialign.store.gate_runs import GateRun
from kpialign.terms import GateOutcome

if TYPE_CHECKING:
    import duckdb
    import polars as pl
    from pydantic import TypeAdapter


@dataclass(frozen=True)
class Told:
    """A run less its frames, as it is kept in JSON."""

    version: str
    results: tuple[CheckResult, ...]
    readings: tuple[FileReading, ...]
    notes: tuple[str, ...]


def answer(request: Request, suites: Path | None = None) -> tuple[Gated, bool]:
    """What the gate says of extracts, and whether it had to be asked.

    To write ``suites`` it has to be. Raises as :func:`kpialign.pipeline.alone.gate` does.
    """
    found = arrivals(request)
    inputs = inputs_of(request, found)
    if suites is None and (before := find(request, inputs)):
        return before, False
    from kpialign.pipeline.alone import gate

    return gate(request, found, inputs, suites), True


def inputs_of(request: Request, found: Sequence[Arrival]) -> str:
    """Fingerprint of everything the gate's answer depends on, the day among it.

    A month may be due, an embargo end or an exception expire from one day to the next.
    """
    told = f"{inputs_hash(request, found)} {request.now:%Y-%m-%d}"
    return hashlib.sha256(told.encode()).hexdigest()


def find(request: Request, inputs: str) -> Gated | None:
    """What the gate said of the same inputs beside the same published figures, if it is kept."""
    if not request.settings.database.is_file():
        return None
    with open_database(request.settings.database) as connection:
        kept = gate_runs.find(connection, inputs)
    return None if kept is None else _unpack(kept)


def enter(
    connection: duckdb.DuckDBPyConnection, request: Request, inputs: str, gated: Gated
) -> None:
    """Enter what the gate said; where a check crashed, the next run asks again."""
    refused = sum(reading.state == "refused" for reading in gated.readings)
    counts = (len(gated.readings), refused, gated.good.height, gated.rejected.height)
    crashed = gated.verdict.outcome is GateOutcome.ERROR
    gate_runs.enter(
        connection,
        request.now,
        inputs,
        gated.results(),
        outcome=str(gated.outcome),
        counts=counts,
        kept=None if crashed else _pack(gated),
    )


def parquet(frame: pl.DataFrame) -> bytes:
    """A frame as Parquet, the same bytes for the same rows."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _adapter() -> TypeAdapter[Told]:
    from pydantic import TypeAdapter

    return TypeAdapter(Told)


def _pack(gated: Gated) -> GateRun:
    told = Told(gated.version, gated.verdict.results, gated.readings, gated.notes)
    return GateRun(
        zlib.compress(_adapter().dump_json(told)),
        *map(parquet, (gated.verdict.faults, gated.good, gated.rejected)),
    )


def _unpack(kept: GateRun) -> Gated:
    import polars as pl

    told = _adapter().validate_json(zlib.decompress(kept.told))
    frames = (kept.faults, kept.good, kept.rejected)
    faults, good, rejected = (pl.read_parquet(io.BytesIO(data)) for data in frames)
    return Gated(
        told.version, GateVerdict(told.results, faults), told.readings, told.notes, good, rejected
    )
