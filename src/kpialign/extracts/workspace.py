"""The workspace's own facts: links, membership, organisations, successions (small CSVs).

Frames: ``links(kind, service, hospital, period_from, period_until, weight, basis)``,
``membership(organisation, role, level, parent, period_from, period_until, share)``,
``organisations(organisation, role, name, type, closed)`` and
``succession(predecessor, successor, since, area)``; months are texts such as ``2026-03``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import isclose, isfinite, nan
from pathlib import Path

import polars as pl

from kpialign.errors import DefinitionError, Fault, did_you_mean
from kpialign.extracts.formats.delimited import decode
from kpialign.extracts.privacy import person_told
from kpialign.findings import Change, Narrative, NarrativeKind
from kpialign.terms import Period

# Column of the file → column of the frame and its type.
Columns = Mapping[str, tuple[str, pl.DataType]]
TEXT, SHARE = pl.String(), pl.Float64()
FIRST, LAST = "0001-01", "9999-12"  # before and after every month that is written
LINKS: Columns = {
    "kind": ("kind", TEXT), "from_organisation": ("service", TEXT),
    "to_organisation": ("hospital", TEXT), "from": ("period_from", TEXT),
    "until": ("period_until", TEXT), "weight": ("weight", SHARE), "basis": ("basis", TEXT),
}  # fmt: skip
MEMBERSHIP: Columns = {
    "organisation": ("organisation", TEXT), "role": ("role", TEXT), "level": ("level", TEXT),
    "parent": ("parent", TEXT), "from": ("period_from", TEXT), "until": ("period_until", TEXT),
    "share": ("share", SHARE),
}  # fmt: skip
ORGANISATIONS: Columns = {
    "code": ("organisation", TEXT), "role": ("role", TEXT), "name": ("name", TEXT),
    "type": ("type", TEXT), "closed": ("closed", TEXT),
}  # fmt: skip
SUCCESSION: Columns = {
    "predecessor": ("predecessor", TEXT), "successor": ("successor", TEXT), "on": ("since", TEXT),
    "area": ("area", TEXT),
}  # fmt: skip
OPTIONAL = ("type", "closed", "area", "by", "might_harm", "source", "learned", "indicator", "rule")
TRAJECTORY = {
    "organisation": TEXT, "indicator": TEXT, "period": TEXT, "value": pl.Float64(),
    "source": TEXT, "submitted_on": TEXT, "line": pl.Int64(),
}  # fmt: skip
TRAJECTORY_FILE = "trajectory.csv"
CHANGES_FILE = "changes.csv"
CHANGES = (
    "date", "organisation", "tried", "by", "aimed_at", "might_harm", "source", "learned",
)  # fmt: skip

NARRATIVE_FILE = "narrative.csv"
NARRATIVE = ("organisation", "indicator", "rule", "period", "kind", "text", "by")


@dataclass(frozen=True)
class Workspace:
    """The facts of a workspace as frames; empty where a file is absent.

    ``plan_faults``, ``change_faults`` and ``narrative_faults`` are what is wrong in
    ``trajectory.csv``, ``changes.csv`` and ``narrative.csv``, kept until their organisations can
    be held against the data, so that all of it is said at once.
    """

    links: pl.DataFrame
    membership: pl.DataFrame
    organisations: pl.DataFrame
    succession: pl.DataFrame
    trajectory: pl.DataFrame
    plan_faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()
    change_faults: tuple[Fault, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    narrative_faults: tuple[Fault, ...] = ()
    folder: Path = Path()


def read_workspace(folder: Path) -> Workspace:
    """Read what the workspace's CSVs say.

    Raises:
        DefinitionError: all faults of all files but plans, changes and narratives: columns,
            months, weights.
    """
    faults: list[Fault] = []
    plan_faults: list[Fault] = []
    change_faults: list[Fault] = []
    narrative_faults: list[Fault] = []
    links = _frame(folder / "links.csv", LINKS, faults)
    workspace = Workspace(
        links=links.filter(pl.col("kind") == "conveys_to").drop("kind"),
        membership=_frame(folder / "membership.csv", MEMBERSHIP, faults),
        organisations=_frame(folder / "organisations.csv", ORGANISATIONS, faults),
        succession=_frame(folder / "succession.csv", SUCCESSION, faults),
        trajectory=_trajectory(folder / TRAJECTORY_FILE, plan_faults),
        changes=tuple(_changes(folder / CHANGES_FILE, change_faults)),
        narratives=tuple(_narratives(folder / NARRATIVE_FILE, narrative_faults)),
        plan_faults=tuple(plan_faults),
        change_faults=tuple(change_faults),
        narrative_faults=tuple(narrative_faults),
        folder=folder,
    )
    faults += [Fault(str(folder / "membership.csv"), 1, w) for w in shares_wrong(workspace)]
    faults += [Fault(str(folder / "succession.csv"), 1, w) for w in successions_wrong(workspace)]
    if faults:
        raise DefinitionError(faults)
    return workspace


def shares_wrong(workspace: Workspace) -> Iterator[str]:
    """Say where the shares of a body over its parents do not add up to 1, and from which month."""
    keys = ("organisation", "role", "level")
    for key, rows in workspace.membership.group_by(*keys, maintain_order=True):
        spans = [
            (since or FIRST, until or LAST, share)
            for since, until, share in rows.select("period_from", "period_until", "share").rows()
        ]
        body, role, level = key
        for month in sorted({since for since, _, _ in spans} | set(_months_after(spans))):
            total = sum(share for since, until, share in spans if since <= month <= until)
            if total and not isclose(total, 1.0, abs_tol=1e-6):
                when = f"in {month}" if month > FIRST else "without a first month"
                yield f"shares of {body} ({role}) over {level} add up to {total:g} {when}, not 1."
                break


def _months_after(spans: Iterable[tuple[str, str, float]]) -> Iterator[str]:
    """Months in which some share no longer holds: there the others must add up."""
    return (str(Period.parse(until) + 1) for _, until, _ in spans if until != LAST)


def successions_wrong(workspace: Workspace) -> Iterator[str]:
    """Say which successions have no month, no legal month, two successors, or go in a circle."""
    rows = workspace.succession
    for old, new in (
        rows.filter(pl.col("since").is_null()).select("predecessor", "successor").rows()
    ):
        yield f"{old} → {new} needs the first month of {new} alone, in the column on."
    for (old,), own in rows.group_by("predecessor", maintain_order=True):
        if own["successor"].n_unique() > 1:
            yield f"{old} has two successors; a past cannot be added to both. Keep one."
        if own.filter(pl.col("area") == "").is_empty():
            yield f"{old} needs a row without an area: the month by law."
    follows = dict(rows.select("predecessor", "successor").iter_rows())
    for old in follows:
        way = [old]
        while way[-1] in follows and way.count(way[-1]) == 1:
            way.append(follows[way[-1]])
        if way[-1] == old:
            yield f"{old} would follow itself: {' → '.join(way)}."


def _frame(path: Path, columns: Columns, faults: list[Fault]) -> pl.DataFrame:
    rows = _rows(path, tuple(columns), faults)
    return pl.DataFrame(
        [tuple(row[column] for column in columns) for row in rows],
        schema=dict(columns.values()),
        orient="row",
    )


def _trajectory(path: Path, faults: list[Fault]) -> pl.DataFrame:
    """Planned figures, one a row; the columns ``source`` and ``submitted_on`` may be left out."""
    taken: dict[tuple[object, ...], int] = {}
    rows = []
    for line, row in enumerate(_rows(path, tuple(TRAJECTORY)[:4], faults), start=2):
        key = (str(row["organisation"]).upper(), row["indicator"], row["period"])
        first = taken.setdefault(key, line)
        if first != line:
            what = f"{' '.join(map(str, key))} stands here twice, first on line {first}."
            faults.append(Fault(str(path), line, what, "Keep the one last submitted."))
        day = str(row.get("submitted_on", ""))
        if day and not _is_day(day):
            what = f"submitted_on {day!r} is no day."
            faults.append(Fault(str(path), line, what, "Write it as 2026-04-30."))
        rows.append((*key, row["value"], row.get("source", ""), day, line))
    return pl.DataFrame(rows, schema=TRAJECTORY, orient="row")


def _changes(path: Path, faults: list[Fault]) -> Iterator[Change]:
    """Changes somebody made, one a row; ids of indicators are parted by semicolons."""
    for line, row in enumerate(_rows(path, CHANGES, faults), start=2):
        told = {name: str(row[name]) for name in CHANGES}
        for name in ("organisation", "tried", "aimed_at"):
            if not told[name]:
                faults.append(Fault(str(path), line, f"{name} is empty.", "Every change has one."))
        day = told["date"] if len(told["date"]) > len("2026-03") else f"{told['date']}-01"
        if not _is_day(day):
            what = f"date {told['date']!r} is no day and no month."
            faults.append(Fault(str(path), line, what, "Write it as 2026-03-18 or 2026-03."))
            continue
        yield Change(
            organisation=told["organisation"].upper(), date=told["date"], since=day[:7],
            tried=told["tried"], by=told["by"], aimed_at=_ids(told["aimed_at"]),
            might_harm=_ids(told["might_harm"]), source=told["source"],
            learned=told["learned"], line=line,
        )  # fmt: skip


def _narratives(path: Path, faults: list[Fault]) -> Iterator[Narrative]:
    """What people say of the figures, one a row; names and titles are put to it later."""
    for line, row in enumerate(_rows(path, NARRATIVE, faults), start=2):
        told = {name: str(row[name] or "") for name in NARRATIVE}
        wrong = [
            Fault(str(path), line, f"{name} is empty.", "Every narrative has one.")
            for name in ("organisation", "text")
            if not told[name]
        ]
        if not told["indicator"] and not told["rule"]:
            what = "neither indicator nor rule is named."
            wrong.append(Fault(str(path), line, what, "Say what the words are about."))
        kind = told["kind"] or NarrativeKind.REASON
        if kind not in list(NarrativeKind):
            hint = did_you_mean(kind, list(NarrativeKind)) or f"One of {', '.join(NarrativeKind)}."
            wrong.append(Fault(str(path), line, f"kind {kind!r} is not known.", hint))
        if what := person_told(f"{told['text']} {told['by']}"):
            wrong.append(Fault(str(path), line, f"the words hold {what}.", "Take it out."))
        faults += wrong
        if not wrong and told["period"]:
            yield Narrative(
                organisation=told["organisation"].upper(), name="", indicator=told["indicator"],
                title="", rule=told["rule"].upper(), period=told["period"],
                kind=NarrativeKind(kind), text=told["text"], by=told["by"], line=line,
            )  # fmt: skip


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _rows(path: Path, columns: Sequence[str], faults: list[Fault]) -> list[dict[str, object]]:
    if not path.is_file():
        return []
    reader = csv.DictReader(decode(path.read_bytes(), path.name).splitlines())
    seen = reader.fieldnames or []
    missing = [column for column in columns if column not in (*seen, *OPTIONAL)]
    if missing:
        faults += [
            Fault(str(path), 1, f"the column {m!r} is missing.", did_you_mean(m, seen))
            for m in missing
        ]
        return []
    absent = dict.fromkeys((column for column in columns if column not in seen), "")
    return [
        _typed({**row, **absent}, str(path), line, faults)
        for line, row in enumerate(reader, start=2)
    ]


def _typed(
    row: dict[str, str | None], path: str, line: int, faults: list[Fault]
) -> dict[str, object]:
    out: dict[str, object] = {key: (value or "").strip() for key, value in row.items() if key}
    for key in ("from", "until", "on", "closed"):
        if key in out:
            out[key] = _month(str(out[key]), path, line, faults)
    if "period" in out:
        out["period"] = _month(str(out["period"]), path, line, faults, needed=True)
    if "value" in out:
        out["value"] = _figure(str(out["value"]), path, line, faults)
    for key in ("weight", "share"):
        if key in out:
            out[key] = _share(str(out[key]), key, path, line, faults)
    return out


def _figure(text: str, path: str, line: int, faults: list[Fault]) -> float | None:
    try:
        value = float(text)
    except ValueError:
        value = nan
    if isfinite(value):
        return value
    what = f"value {text!r} is no number."
    faults.append(Fault(path, line, what, "Write it as 78.5, in the unit of the indicator."))
    return None


def _month(
    text: str, path: str, line: int, faults: list[Fault], *, needed: bool = False
) -> str | None:
    if not text and not needed:
        return None
    try:
        return str(Period.parse(text))
    except ValueError as error:
        faults.append(Fault(path, line, f"{error}.", "Write the month as 2026-03."))
        return None


def _share(text: str, key: str, path: str, line: int, faults: list[Fault]) -> float:
    try:
        share = float(Fraction(text or "1"))
    except (ValueError, ZeroDivisionError):
        share = -1.0
    if not 0 < share <= 1:
        faults.append(Fault(path, line, f"{key} {text!r} is not above 0 and up to 1."))
    return share
