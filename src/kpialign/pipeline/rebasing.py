"""What somebody knows of a process chart's months, and why: ``rebases.csv`` of the workspace.

A row is a ``rebase``, from which limits start anew, or a ``ghost``: a month shown and not counted.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import polars as pl

from kpialign.definitions.indicators import Indicator
from kpialign.errors import DefinitionError, Fault, did_you_mean
from kpialign.extracts.formats.delimited import decode
from kpialign.pipeline.trajectories import unknown_body, unknown_indicator
from kpialign.terms import Period

FILE = "rebases.csv"
COLUMNS = ("organisation", "indicator", "period", "reason")
KIND = "kind"  # a column that may be absent; then every row is a rebase
KINDS = ("rebase", "ghost")
_SCHEMA = dict.fromkeys((*COLUMNS, KIND), pl.String)


def read(
    folder: Path, indicators: Mapping[str, Indicator], bodies: Collection[str]
) -> pl.DataFrame:
    """A row per rebase or ghost: whose figure (an organisation or a whole), which, when, why.

    Raises:
        DefinitionError: everything wrong at once: columns, months, bodies and indicators nobody
            knows, a row without a reason or of no kind, two for one figure and month.
    """
    path = folder / FILE
    if not path.is_file():
        return pl.DataFrame(schema=_SCHEMA)
    reader = csv.DictReader(decode(path.read_bytes(), path.name).splitlines())
    seen = reader.fieldnames or []
    faults = [
        Fault(str(path), 1, f"the column {name!r} is missing.", did_you_mean(name, seen))
        for name in COLUMNS
        if name not in seen
    ]
    if faults:
        raise DefinitionError(faults)
    taken: set[tuple[str, ...]] = set()
    rows = []
    for line, given in enumerate(reader, start=2):
        row = tuple((given[name] or "").strip() for name in COLUMNS)
        row = (row[0].upper(), *row[1:])
        kind = (given.get(KIND) or "").strip() or KINDS[0]
        faults += [Fault(str(path), line, *w) for w in _wrong(row, indicators, bodies, taken)]
        if kind not in KINDS:
            what, todo = f"kind is {kind!r}.", f"Write {' or '.join(KINDS)}."
            faults.append(Fault(str(path), line, what, todo))
        taken.add(row[:3])
        rows.append((*row, kind))
    if faults:
        raise DefinitionError(faults)
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _wrong(
    row: tuple[str, ...],
    indicators: Mapping[str, Indicator],
    bodies: Collection[str],
    taken: Collection[tuple[str, ...]],
) -> Iterator[tuple[str, str]]:
    body, indicator, period, reason = row
    yield from unknown_body(body, bodies)
    yield from unknown_indicator(indicator, indicators)
    try:
        Period.parse(period)
    except ValueError as error:
        yield f"{error}.", "Write the month as 2026-03."
    if not reason:
        yield (
            "reason is empty.",
            "Limits start anew, and months are not counted, only for a reason that can be read.",
        )
    if row[:3] in taken:
        yield f"{' '.join(row[:3])} stands here twice.", "Keep one."
