"""The workspace's own facts: links, membership, organisations, successions (small CSVs)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars._typing import SchemaDict

from kpialign.errors import DefinitionError, Fault, did_you_mean
from kpialign.extracts.formats.delimited import decode
from kpialign.terms import Period

LINKS: SchemaDict = {
    "service": pl.String, "hospital": pl.String, "period_from": pl.String,
    "period_until": pl.String, "weight": pl.Float64, "basis": pl.String,
}  # fmt: skip
MEMBERSHIP: SchemaDict = {
    "organisation": pl.String, "role": pl.String, "level": pl.String, "parent": pl.String,
    "period_from": pl.String, "period_until": pl.String, "share": pl.Float64,
}  # fmt: skip
ORGANISATIONS: SchemaDict = {"organisation": pl.String, "role": pl.String, "name": pl.String}
SUCCESSION: SchemaDict = {
    "predecessor": pl.String, "successor": pl.String, "since": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Workspace:
    """The facts of a workspace as frames; empty where a file is absent."""

    links: pl.DataFrame
    membership: pl.DataFrame
    organisations: pl.DataFrame
    succession: pl.DataFrame


def read_workspace(folder: Path) -> Workspace:
    """Read what the workspace's CSVs say.

    Raises:
        DefinitionError: all faults of all files: columns, months, weights.
    """
    faults: list[Fault] = []
    links = [
        (
            r["from_organisation"],
            r["to_organisation"],
            r["from"],
            r["until"],
            r["weight"],
            r["basis"],
        )
        for r in _rows(
            folder / "links.csv",
            ("kind", "from_organisation", "to_organisation", "from", "until", "weight", "basis"),
            faults,
        )
        if r["kind"] == "conveys_to"
    ]
    members = [
        (r["organisation"], r["role"], r["level"], r["parent"], r["from"], r["until"], r["share"])
        for r in _rows(
            folder / "membership.csv",
            ("organisation", "role", "level", "parent", "from", "until", "share"),
            faults,
        )
    ]
    named = [
        (r["code"], r["role"], r["name"])
        for r in _rows(folder / "organisations.csv", ("code", "role", "name"), faults)
    ]
    followed = [
        (r["predecessor"], r["successor"], r["on"])
        for r in _rows(folder / "succession.csv", ("predecessor", "successor", "on"), faults)
    ]
    if faults:
        raise DefinitionError(faults)
    return Workspace(
        pl.DataFrame(links, schema=LINKS, orient="row"),
        pl.DataFrame(members, schema=MEMBERSHIP, orient="row"),
        pl.DataFrame(named, schema=ORGANISATIONS, orient="row"),
        pl.DataFrame(followed, schema=SUCCESSION, orient="row"),
    )


def _rows(path: Path, columns: Sequence[str], faults: list[Fault]) -> list[dict[str, object]]:
    if not path.is_file():
        return []
    reader = csv.DictReader(decode(path.read_bytes(), path.name).splitlines())
    seen = reader.fieldnames or []
    missing = [column for column in columns if column not in seen]
    if missing:
        faults += [
            Fault(str(path), 1, f"the column {m!r} is missing.", did_you_mean(m, seen))
            for m in missing
        ]
        return []
    return [_typed(row, str(path), line, faults) for line, row in enumerate(reader, start=2)]


def _typed(
    row: dict[str, str | None], path: str, line: int, faults: list[Fault]
) -> dict[str, object]:
    out: dict[str, object] = {key: (value or "").strip() for key, value in row.items() if key}
    for key in ("from", "until", "on"):
        if key in out:
            out[key] = _month(str(out[key]), path, line, faults)
    for key in ("weight", "share"):
        if key in out:
            out[key] = _share(str(out[key]), key, path, line, faults)
    return out


def _month(text: str, path: str, line: int, faults: list[Fault]) -> str | None:
    if not text:
        return None
    try:
        return str(Period.parse(text))
    except ValueError as error:
        faults.append(Fault(path, line, f"{error}.", "Write the month as 2026-03."))
        return None


def _share(text: str, key: str, path: str, line: int, faults: list[Fault]) -> float:
    try:
        share = float(text or 1)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        faults.append(Fault(path, line, f"{key} {text!r} is not above 0 and up to 1."))
    return share
