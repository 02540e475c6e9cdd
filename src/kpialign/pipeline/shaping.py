"""Shape: whether figures bend at their targets, and whether two of them mean the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.conflicts.shapes import drawn, look_at
from kpialign.conflicts.sight import PLANS, Break, Sight
from kpialign.definitions.expression import expand, read_sum
from kpialign.definitions.shapes import BunchingPlan, MixPlan, RecordersPlan, ShapePlan, ShapeRule
from kpialign.findings import Seen, Shape, Stakes
from kpialign.findings.facts import few
from kpialign.findings.narratives import Narrative
from kpialign.findings.outcome import no_points
from kpialign.pipeline.modelling import events_of
from kpialign.pipeline.trajectories import Planned
from kpialign.store.rows import insert
from kpialign.terms import Period

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library
    from kpialign.pipeline.describing import Front


def in_force(library: Library) -> list[ShapeRule]:
    """The rules of unusual shape that are looked at."""
    return [rule for rule in library.shapes.values() if rule.status not in ("draft", "retired")]


def shapes(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    front: Front,
    names: Mapping[tuple[str, str], str],
    *,
    plans: Planned,
    audience: str,
    narratives: Sequence[Narrative] = (),
) -> tuple[tuple[Shape, ...], pl.DataFrame]:
    """Look at the shape of every figure that a rule names, over all months that are known.

    A look that names one organisation is told in public only beside the organisation's own
    words, which are among the ``narratives``. With the shapes come the points behind them.
    """
    rules = in_force(library)
    if not rules:
        return (), no_points()
    insert_sums(connection, rules, library)
    engine.build(connection, "shapes")
    sight = Sight(
        figures=engine.query(connection, "shape_figure"),
        indicators=library.indicators,
        here=front.here,
        front=(front.code, front.name),
        names=names,
        pairs=engine.query(connection, "recorder_pair"),
        plans=_planned(plans),
        parts=engine.query(connection, "shape_part"),
        facts=engine.query(connection, "record_fact").with_columns(pl.col("months").cast(pl.Int64)),
        breaks=tuple(_breaks(connection, library, names)),
    )
    found = look_at(rules, sight, public=audience == "public", narratives=narratives)
    return found, drawn(rules, found, sight)


def stakes(library: Library, shapes: Iterable[Shape], period: Period) -> tuple[Stakes, ...]:
    """What rests on each indicator in a month, beside what was found; most at stake first."""
    looks = [look for shape in shapes for look in shape.looks]
    told = []
    for indicator in library.indicators.values():
        resting = [
            (stake.on, stake.what, str(stake.since or ""), stake.source)
            for stake in indicator.stakes
            if (stake.since or period) <= period <= (stake.until or period)
        ]
        own = [look for look in looks if look.indicator == indicator.id]
        answered = [look for look in own if look.seen is not Seen.TOO_LITTLE_DATA]
        unusual = sum(look.seen is Seen.UNUSUAL for look in own)
        if resting:
            title = indicator.short
            told.append(Stakes(indicator.id, title, tuple(resting), unusual, len(answered)))
    return tuple(sorted(told, key=lambda one: (-len(one.rests), -one.unusual, one.indicator)))


def looked_at(shapes: Iterable[Shape]) -> frozenset[str]:
    """The rules, and the indicators at whose shape they looked, whether told or not."""
    rules = {shape.rule for shape in shapes}
    return frozenset(rules | {look.indicator for shape in shapes for look in shape.looks})


def _planned(plans: Planned) -> pl.DataFrame:
    rows = [
        (indicator, body, str(target.for_month), target.level)
        for (body, indicator), targets in plans.items()
        for target in targets
        if target.for_month is not None
    ]
    return pl.DataFrame(rows, schema=PLANS, orient="row")


def _breaks(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    names: Mapping[tuple[str, str], str],
) -> Iterator[Break]:
    """Steps and cuts that lie inside the months of an indicator they touch."""
    months: dict[str, list[str]] = {}
    for indicator, period in engine.query(connection, "indicator_period").iter_rows():
        months.setdefault(indicator, []).append(period)
    touched = events_of(library, months, "incomparable", "step")
    for event, indicators in touched.values():
        since = str(event.scope.since)
        inside = sorted(i for i in indicators if min(months[i]) < since <= max(months[i]))
        if inside:
            role = library.indicators[inside[0]].accountable.role
            whom = few([names.get((role, code), code) for code in event.scope.organisations])
            yield Break(
                event.id, event.said, event.effect, since, whom, tuple(inside), event.confirmed
            )


def insert_sums(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[ShapeRule], library: Library
) -> None:
    """Fill ``shape_term`` and ``shape_pair``: the sums of items that rules name."""
    terms = [
        (rule.id, part, role, item, coefficient)
        for rule in rules
        for part, role, text in sums(rule.evidence, library)
        for item, coefficient in expand(read_sum(text), library.sums).items()
    ]
    insert(
        connection, "shape_term",
        {"rule": pl.String, "part": pl.String, "role": pl.String, "item": pl.String,
         "coefficient": pl.Float64},
        terms,
    )  # fmt: skip
    pairs = [(r.id, r.evidence.tie) for r in rules if isinstance(r.evidence, RecordersPlan)]
    insert(connection, "shape_pair", {"rule": pl.String, "tie": pl.String}, pairs)


def sums(plan: ShapePlan, library: Library) -> Iterator[tuple[str, str, str]]:
    """Every sum of items a plan names: part, role, text."""
    if isinstance(plan, MixPlan):
        role = library.indicators[plan.indicator].accountable.role
        for n, group in enumerate(plan.groups):
            yield f"{n} numerator", role, group.numerator
            yield f"{n} denominator", role, group.denominator
    if isinstance(plan, BunchingPlan):
        role = library.indicators[plan.indicator].accountable.role
        yield from ((part, role, item) for part, item in plan.items.items())
    if isinstance(plan, RecordersPlan):
        yield "one", plan.one.role, plan.one.sum
        yield "other", plan.other.role, plan.other.sum
