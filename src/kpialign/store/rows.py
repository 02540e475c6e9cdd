"""Definitions and workspace facts as rows, always by bound values, never as SQL text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import polars as pl

from kpialign.definitions.calendars import Calendar
from kpialign.definitions.events import Event
from kpialign.definitions.expression import Terms, expand
from kpialign.definitions.indicators import Indicator, MeasureType
from kpialign.definitions.items import Behaviour, Item
from kpialign.definitions.layouts import Layout
from kpialign.definitions.organisations import Override, PeerSet, Region, Serves
from kpialign.definitions.tolerances import Tolerance
from kpialign.terms import Period, Status, months_between

if TYPE_CHECKING:
    import duckdb

FIRST, LAST = Period(2000, 1), Period(2049, 12)
S, F, N, B = pl.String, pl.Float64, pl.Int64, pl.Boolean


def insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    schema: Mapping[str, Any],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Make a temporary table of rows; ``table`` and column names are our own words."""
    frame = pl.DataFrame(list(rows), schema=dict(schema), orient="row")
    insert_frame(connection, table, frame)


def insert_frame(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Make a temporary table of a frame."""
    connection.register("incoming", frame.to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM incoming")
    connection.unregister("incoming")


def insert_as_of(
    connection: duckdb.DuckDBPyConnection, known_on: date | None, published_on: date | None
) -> None:
    """Fill ``as_of``: the one day whose figures are asked for, or nothing for those of now."""
    insert(
        connection, "as_of", {"known_on": pl.Date, "published_on": pl.Date},
        [(known_on, published_on)],
    )  # fmt: skip


def insert_audience(connection: duckdb.DuckDBPyConnection, day: date, *, everything: bool) -> None:
    """Fill ``audience``: who may see figures sees those of ``day``, or everything."""
    insert(
        connection, "audience", {"day": pl.Date, "everything": B}, [(day, everything)]
    )  # fmt: skip


def insert_items(
    connection: duckdb.DuckDBPyConnection, items: Mapping[str, Item], sums: Mapping[str, Terms]
) -> None:
    """Fill ``item`` and ``item_part``: every item as the collected items it adds up.

    The months of ``item`` are those outside which it counts as nothing in a sum.
    """
    insert(
        connection, "item",
        {"item": S, "measured": S, "collected_from": S, "collected_until": S},
        [(i.id, i.measured, *_months_it_may_miss(i)) for i in items.values()],
    )  # fmt: skip
    insert(
        connection, "item_part",
        {"item": S, "part": S, "coefficient": F, "adds": B},
        [
            (item.id, part, coefficient, item.over_organisations is Behaviour.ADDS)
            for item in items.values()
            for part, coefficient in expand({item.id: 1.0}, sums).items()
        ],
    )  # fmt: skip


def insert_flows(
    connection: duckdb.DuckDBPyConnection, items: Iterable[Item], sums: Mapping[str, Terms]
) -> None:
    """Fill ``flow``: the items a stock has to agree with; those of the opening are of its month.

    A stock that opens as it closed has itself as the item of its opening, a month before.
    """
    sides = [
        (item.id, back, {part: sign})
        for item in items
        if item.flow
        for parts, sign, back in (
            ((item.flow.opening or item.id,), 1.0, 0 if item.flow.opening else 1),
            (item.flow.comes_in, 1.0, 0),
            (item.flow.goes_out, -1.0, 0),
        )
        for part in parts
    ]
    insert(
        connection, "flow", {"stock": S, "months_back": N, "item": S, "coefficient": F},
        [
            (stock, back, part, coefficient)
            for stock, back, terms in sides
            for part, coefficient in expand(terms, sums).items()
        ],
    )  # fmt: skip


def insert_indicators(
    connection: duckdb.DuckDBPyConnection,
    indicators: Mapping[str, Indicator],
    sums: Mapping[str, Terms],
) -> None:
    """Fill ``indicator``, ``term``, ``calendar`` and ``reported_part``.

    The parts that an extract may report as such become items of their own.
    """
    parts = [(i, name, part) for i in indicators.values() for name, part in i.part_names.items()]
    insert(
        connection, "reported_part", {"item": S, "indicator": S, "role": S, "part": S},
        [(name, i.id, i.accountable.role, part) for i, name, part in parts],
    )  # fmt: skip
    connection.execute("INSERT INTO item SELECT item, 'flow', NULL, NULL FROM reported_part")
    connection.execute("INSERT INTO item_part SELECT item, item, 1.0, true FROM reported_part")
    insert(
        connection, "indicator",
        {
            "indicator": S, "role": S, "scale": F, "denominator_kind": S, "title": S,
            "unit": S, "peer_set": S, "least": F,
        },
        [
            (
                i.id, i.accountable.role, i.measure.scale, _kind(i), i.title, i.unit, i.peers.set,
                i.quality.min_denominator,
            )
            for i in indicators.values()
        ],
    )  # fmt: skip
    insert(
        connection, "term",
        {"indicator": S, "role": S, "part": S, "item": S, "coefficient": F},
        [
            (i.id, i.accountable.role, part, item, coefficient)
            for i in indicators.values()
            for part, terms in (
                ("numerator", i.measure.numerator_terms),
                ("denominator", i.measure.denominator_terms),
            )
            for item, coefficient in expand(terms, sums).items()
        ],
    )  # fmt: skip
    insert(
        connection, "calendar", {"period": S, "month": N, "days": N},
        [(str(p), p.index, p.days) for p in months_between(FIRST, LAST)],
    )  # fmt: skip


def _kind(indicator: Indicator) -> str:
    if indicator.measure.per == "day":
        return "days"
    divides = indicator.measure.type in (MeasureType.RATIO, MeasureType.MEAN, MeasureType.RATE)
    return "parts" if divides else "one"


def insert_layouts(
    connection: duckdb.DuckDBPyConnection, layouts: Iterable[Layout], items: Iterable[str]
) -> None:
    """Fill ``marker``, ``condition``, ``condition_count`` and ``condition_target``."""
    layouts, items = list(layouts), sorted(items)
    markers = [(la.id, t, str(s), None) for la in layouts for t, s in la.missing.items()]
    zeros = [(la.id, text, str(Status.REPORTED), 0.0) for la in layouts for text in la.zero]
    rules = [(la, str(n), rule) for la in layouts for n, rule in enumerate(la.not_reported)]
    insert(
        connection, "marker", {"layout": S, "text": S, "status": S, "value": F},
        [*markers, *zeros],
    )  # fmt: skip
    insert(
        connection, "condition",
        {"layout": S, "rule": S, "condition": N, "item": S, "comparison": S, "number": F},
        [
            (la.id, rule_id, number, item, *_comparison(c.above, c.equals))
            for la, rule_id, rule in rules
            for number, c in enumerate(rule.when)
            for item in matching(items, [c.item or c.sum or ""])
        ],
    )  # fmt: skip
    insert(
        connection, "condition_count", {"layout": S, "rule": S, "conditions": N},
        [(la.id, rule_id, len(rule.when)) for la, rule_id, rule in rules],
    )  # fmt: skip
    insert(
        connection, "condition_target", {"layout": S, "rule": S, "item": S},
        [(la.id, rule_id, i) for la, rule_id, rule in rules for i in matching(items, rule.items)],
    )  # fmt: skip


def _comparison(above: float | None, equals: float | None) -> tuple[str, float]:
    return ("above", above) if above is not None else ("equals", float(equals or 0.0))


def matching(items: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """Items named by any pattern; ``*`` stands for anything.

    >>> matching(["ae.over_4h.type1", "ae.attendances.type1"], ["ae.over_4h.*"])
    ['ae.over_4h.type1']
    """
    patterns = list(patterns)
    return [item for item in items if any(fnmatchcase(item, pattern) for pattern in patterns)]


def insert_tolerances(
    connection: duckdb.DuckDBPyConnection,
    tolerances: Iterable[Tolerance],
    about: Mapping[str, Iterable[str]],
) -> None:
    """Fill ``tolerance``: the numbers of every check for every item, indicator and layout.

    ``about`` maps the kind of thing to its ids. Where the last word is ``null`` there is no row.
    """
    held = {
        (tolerance.check, kind, id_, tolerance.name): tolerance.value
        for tolerance in tolerances
        for kind, ids in about.items()
        for id_ in matching(ids, [tolerance.of])
    }
    insert(
        connection, "tolerance",
        {"code": S, "kind": S, "about": S, "name": S, "value": F},
        [(*key, value) for key, value in held.items() if value is not None],
    )  # fmt: skip


def insert_events(
    connection: duckdb.DuckDBPyConnection, events: Iterable[Event], items: Iterable[str]
) -> None:
    """Fill ``not_reported_span`` with confirmed spans without reports; a null is for all."""
    items = sorted(items)
    insert(
        connection, "not_reported_span",
        {"item": S, "organisation": S, "role": S, "period_from": S, "period_until": S},
        [
            (item, organisation, role, str(e.scope.since), str(e.scope.until or LAST))
            for e in events
            if e.effect == "not_reported" and e.status == "confirmed"
            for item in matching(items, e.scope.items)
            for organisation in e.scope.organisations or (None,)
            for role in e.scope.roles or (None,)
        ],
    )  # fmt: skip


def insert_organisations(
    connection: duckdb.DuckDBPyConnection,
    regions: Iterable[Region],
    region_codes: Mapping[str, str],
    serves: Iterable[Serves],
    overrides: Iterable[Override],
) -> None:
    """Fill ``region``, ``region_alias``, ``serves`` and ``serves_override``.

    ``region_codes`` holds every way of writing a region → its code.
    """
    serves = list(serves)
    insert(connection, "region", {"code": S, "name": S}, [(r.code, r.name) for r in regions])
    insert(
        connection, "region_alias", {"alias": S, "code": S},
        sorted((alias.lower(), code) for alias, code in region_codes.items()),
    )  # fmt: skip
    insert(
        connection, "serves",
        {"service": S, "name": S, "system": S, "period_from": S, "period_until": S},
        [
            (s.service, s.name, system, str(s.since or FIRST), str(s.until or LAST))
            for s in serves
            for system in s.systems
        ],
    )  # fmt: skip
    insert(
        connection, "serves_override", {"hospital": S, "service": S, "weight": F},
        [(o.hospital, s, w) for o in overrides for s, w in o.services.items()],
    )  # fmt: skip


def insert_due(connection: duckdb.DuckDBPyConnection, calendars: Iterable[Calendar]) -> None:
    """Fill ``due``: the day on which each month of a layout is to come out."""
    insert(
        connection, "due", {"calendar": S, "layout": S, "period": S, "day": pl.Date},
        [
            (calendar.id, layout, str(period), calendar.day(period))
            for calendar in calendars
            for layout in calendar.layouts
            for period in months_between(FIRST, LAST)
        ],
    )  # fmt: skip


def insert_peer_sets(connection: duckdb.DuckDBPyConnection, sets: Iterable[PeerSet]) -> None:
    """Fill ``peer_set`` and ``peer_left_out``."""
    sets = list(sets)
    insert(
        connection, "peer_set", {"peer_set": S, "role": S, "item": S, "above": F},
        [(s.id, s.role, s.item, s.above) for s in sets],
    )  # fmt: skip
    insert(
        connection, "peer_left_out", {"peer_set": S, "organisation": S},
        [(s.id, organisation) for s in sets for organisation in s.leave_out],
    )  # fmt: skip


def _months_it_may_miss(item: Item) -> tuple[str | None, str | None]:
    """The months outside which the item stands for nothing instead of for a missing part."""
    if item.collected.outside != "zero":
        return None, None
    since, until = item.collected.since, item.collected.until
    return (str(since) if since else None), (str(until) if until else None)
