"""Describe: what is in front, the month to tell, system values and composites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.composites import Completeness, Scope, system_values
from kpialign.composites.movement import movements
from kpialign.errors import UsageError, did_you_mean
from kpialign.findings import CompositeValue, Movement, SystemValue
from kpialign.pipeline.composing import composed, part_figures
from kpialign.pipeline.happening import with_events
from kpialign.pipeline.steadying import steadied
from kpialign.pipeline.trajectories import Planned, of_scope
from kpialign.terms import Period, months_between
from kpialign.variation import DEFAULT

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library

ENGLAND = "ENGLAND"
AREAS = {
    "ae": "A&E",
    "amb": "ambulance",
    "rtt": "referral to treatment",
    "dm01": "diagnostics",
    "beds": "beds",
    "discharge": "discharge",
    "cancer": "cancer",
    "sitrep": "winter reports",
    "stay": "stays in A&E",
    "dac": "daily ambulance collection",
    "iuc": "NHS 111",
}
Names = Mapping[tuple[str, str], str]


SERIES = {
    "indicator": pl.String, "scope": pl.String, "scope_name": pl.String, "basis": pl.String,
    "period": pl.String,
    "numerator": pl.Float64, "denominator": pl.Float64, "value": pl.Float64,
    "reported": pl.Int64, "expected": pl.Int64,
    "trusts_reported": pl.Int64, "trusts_expected": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Front:
    """What stands in front: its code and name, its scopes by role, and who belongs to it."""

    code: str
    name: str
    scopes: tuple[Scope, ...]
    here: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Described:
    """System values of what is in front and of England, composites, and the months behind."""

    values: tuple[SystemValue, ...]
    composites: tuple[CompositeValue, ...]
    movements: tuple[Movement, ...]
    parts: pl.DataFrame
    series: pl.DataFrame
    points: pl.DataFrame


def organisation_names(connection: duckdb.DuckDBPyConnection) -> Names:
    """(role, code) → name."""
    rows = engine.query(connection, "organisation_name")
    return {(role, code): name for code, role, name in rows.iter_rows()}


def months_of_areas(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Period, ...]]:
    """Area of items → the months it has figures for."""
    out: dict[str, list[Period]] = {}
    for area, period in engine.query(connection, "area_period").iter_rows():
        out.setdefault(area, []).append(Period.parse(period))
    return {area: tuple(sorted(periods)) for area, periods in out.items()}


def month_told(connection: duckdb.DuckDBPyConnection) -> Period | None:
    """The month to tell; ``None`` where nothing was ever reported."""
    found = engine.query(connection, "month_told")["period"].to_list()
    return Period.parse(found[0]) if found else None


def overlaps(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """What has to be said of bodies that still report beside the one that took over."""
    rows = engine.query(connection, "overlap")
    keys = ("predecessor", "successor", "area", "since", "counted")
    notes = []
    for (old, new, area, since, counted), own in rows.group_by(*keys, maintain_order=True):
        months = sorted(set(own["period"].to_list()))
        span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
        name = AREAS.get(str(area), str(area))
        what = (
            f"both count, since one file lists them apart. If {new} holds {old} already, say from "
            f"which month in succession.csv (area {area})"
            if counted
            else f"{old} is left out, since {new} is taken to hold it"
        )
        notes.append(
            f"{old} and {new} both report {name} in {span}, {len(months)} "
            f"month{'s' * (len(months) > 1)}, after {new} took over ({since}): {what}"
        )
    return tuple(notes)


def holes(months: Mapping[str, Sequence[Period]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Months missing between the first and the last of each area; named, never bridged.

    >>> a, b = Period.parse("2025-01"), Period.parse("2025-03")
    >>> holes({"ae": (a, b)})
    (('A&E', ('2025-02',)),)
    """
    found = []
    for area, periods in sorted(months.items()):
        spine = months_between(periods[0], periods[-1])
        missing = tuple(str(p) for p in spine if p not in set(periods))
        if missing:
            found.append((AREAS.get(area, area), missing))
    return tuple(found)


def put_in_front(
    connection: duckdb.DuckDBPyConnection, system: str, period: Period, names: Names
) -> Front:
    """Find the system, region or service asked for and who belongs to it.

    Raises:
        UsageError: nothing in the data carries the code.
    """
    members = connection.execute(
        "SELECT DISTINCT scope_level, scope, role, organisation FROM scope_member WHERE period = ?",
        [str(period)],
    ).fetchall()
    if not system:
        return Front(ENGLAND, "England", _england(), {})
    code = system.upper()
    level = next((lv for lv in ("icb", "region", "service") for m in members
                  if m[:2] == (lv, code)), None)  # fmt: skip
    if level is None:
        known = sorted({m[1] for m in members if m[0] in ("icb", "region", "service")})
        hint = did_you_mean(code, known) or f"Known are {', '.join(known)}."
        raise UsageError(f"--system {system}: no such system, region or service. {hint}")
    here = _here(members, level, code)
    if level == "icb":
        here = {**here, **_here(members, "icb_services", code)}
    role = {"icb": "icb", "region": "region", "service": "ambulance"}[level]
    name = names.get((role, code), code)
    scopes = _scopes(level, code, name, here, names)
    if level == "icb" and _here(members, "icb_catchment", code):
        residents = "providers' shares of the system's residents"
        scopes.append(Scope("icb_catchment", code, name, "hospital", residents))
    return Front(code, name, tuple(scopes), here)


def _england() -> tuple[Scope, ...]:
    return (
        Scope("england", ENGLAND, "England", "hospital", "all providers that report"),
        Scope("england", ENGLAND, "England", "ambulance", "all ambulance services"),
        Scope("england", ENGLAND, "England", "nhs111", "all NHS 111 contract areas"),
    )


def _scopes(
    level: str, code: str, name: str, here: Mapping[str, frozenset[str]], names: Names
) -> list[Scope]:
    services = sorted(names.get(("ambulance", s), s) for s in here.get("ambulance", ()))
    area = f"whole area of {', '.join(services)}"
    if level == "icb":
        return [
            Scope("icb", code, name, "hospital", "providers of the system"),
            Scope("icb_services", code, name, "ambulance", area),
        ]
    hospital = {"region": "providers of the region", "service": "hospitals the service conveys to"}
    return [
        Scope(level, code, name, "hospital", hospital[level]),
        Scope(level, code, name, "ambulance", area),
    ]


def _here(
    members: Sequence[tuple[str, str, str, str]], level: str, code: str
) -> dict[str, frozenset[str]]:
    out: dict[str, set[str]] = {}
    for scope_level, scope, role, organisation in members:
        if (scope_level, scope) == (level, code):
            out.setdefault(role, set()).add(organisation)
    return {role: frozenset(found) for role, found in out.items()}


def bodies(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Every code the figures are told by: organisations and wholes."""
    rows = engine.query(connection, "scope_member").select("scope", "organisation")
    return frozenset(rows["scope"].to_list()) | frozenset(rows["organisation"].to_list())


def describe(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    front: Front,
    period: Period,
    *,
    names: Names = MappingProxyType({}),
    plans: Planned = MappingProxyType({}),
    rules: str = DEFAULT,
    rebases: pl.DataFrame | None = None,
) -> Described:
    """System values and composites of what is in front, then of England.

    Who is missing and the comparison with last year stand beside every value.
    """
    values = engine.query(connection, "system_value")
    indicators = [i for i in library.indicators.values() if i.status not in ("draft", "retired")]
    scopes = list(front.scopes)
    if front.code != ENGLAND:
        scopes += _england()
    told = system_values(
        indicators, scopes, values, period,
        completeness=_completeness(connection), plans=partial(of_scope, plans),
    )  # fmt: skip
    members = engine.query(connection, "scope_member")
    told = with_events(told, library, scopes, members, names)
    parts = part_figures(library, values, names, period)
    composites = composed(library, scopes, parts, told, period)
    # What one extract alone has after the month told would read as the month itself.
    series = _series(values.filter(pl.col("period") <= str(period)), scopes, library)
    told, points = steadied(told, series, rules, rebases)
    moved = tuple(_movements(connection, told, scopes, period))
    return Described(told, composites, moved, parts, series, points)


def _movements(
    connection: duckdb.DuckDBPyConnection,
    told: Sequence[SystemValue],
    scopes: Sequence[Scope],
    period: Period,
) -> Iterator[Movement]:
    """What moved every figure; never across a break."""
    parts = engine.query(connection, "moved_part")
    levels = {f"{scope.code}|{scope.basis}": scope.level for scope in scopes}
    rows = engine.query(connection, "organisation_name")
    names = {code: name for code, _, name in rows.iter_rows()}
    for since in (str(period + -1), str(period + -12)):
        alike = [v for v in told if not any(mark.bars(since, v.period) for mark in v.events)]
        yield from movements(parts, alike, levels, since, names)


def _completeness(connection: duckdb.DuckDBPyConnection) -> Completeness:
    names = engine.query(connection, "organisation_name").rename({"name": "called"})
    body = ["organisation", "role"]
    pairs = engine.query(connection, "year_pair").rename({"unit": "organisation"})
    return Completeness(
        missing=engine.query(connection, "missing_member").join(names, on=body, how="left"),
        pairs=pairs.join(names, on=body, how="left"),
        alike=engine.query(connection, "like_for_like"),
    )


def _series(values: pl.DataFrame, scopes: Sequence[Scope], library: Library) -> pl.DataFrame:
    roles = {i.id: i.accountable.role for i in library.indicators.values()}
    wholes = pl.DataFrame(
        [(s.level, s.code, s.name, s.basis, s.role) for s in scopes],
        schema=["scope_level", "scope", "scope_name", "basis", "role"],
        orient="row",
    )
    return (
        values.with_columns(pl.col("indicator").replace_strict(roles).alias("role"))
        .join(wholes, on=["scope_level", "scope", "role"])
        .select(*SERIES)
        .sort("indicator", "scope", "basis", "period")
    )  # fmt: skip
