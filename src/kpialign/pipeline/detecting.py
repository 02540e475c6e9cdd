"""Detect: the window, the network of units and ties, and the rules judged on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.conflicts import Judged, Network, Shift, judge
from kpialign.definitions.conflicts import Conflict
from kpialign.definitions.shapes import ShapeRule
from kpialign.errors import DefinitionError, Fault
from kpialign.findings import Finding
from kpialign.pipeline.modelling import events_of
from kpialign.store.rows import insert
from kpialign.terms import Period

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library

Rule = Conflict | ShapeRule

_RESTING = ("draft", "retired")
LONGEST_HOLE = 3  # months without a report that a window may hold; a longer hole cuts it


def indicators_of(rules: Iterable[Conflict]) -> set[str]:
    """All indicators that rules look at, held-fixed ones and controls included."""
    arrows = [a for rule in rules for a in (*rule.links, *rule.negative_controls)]
    ends = {end.indicator for a in arrows for end in (a.start, a.end)}
    return ends | {name for a in arrows for name in a.hold_fixed}


def window(periods: Iterable[set[str]]) -> tuple[Period, Period] | None:
    """The latest stretch of months common to all, without a long hole.

    >>> a = {"2023-03", "2023-10", "2023-11", "2024-01"}
    >>> [str(p) for p in window([a, a | {"2024-02"}])]
    ['2023-10', '2024-01']
    """
    sets = list(periods)
    common = sorted(Period.parse(p) for p in set.intersection(*sets)) if sets else []
    if not common:
        return None
    first = common[-1]
    for period in reversed(common):
        if first - period > LONGEST_HOLE + 1:
            break
        first = period
    return first, common[-1]


def detect(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    here: Mapping[str, frozenset[str]],
    names: Mapping[tuple[str, str], str],
    month: Period | None = None,
) -> Judged:
    """Judge every rule in force on the published figures, each family on months of its own.

    A family without months is asked what it lacks over the latest months of another. Ties whose
    sides diverge in ``month`` are named.
    """
    spans = windows(connection, library)
    known = [span for span in spans.values() if span]
    if not known:
        return Judged()
    latest = max(known, key=lambda span: (span[1], span[0]))
    judged = []
    for family, rules in families(library).items():
        span = spans[family]
        seen = network(connection, library, span or latest, indicators_of(rules), names)
        seen = seen if span else seen.deserted()
        judged.append(judge(rules, library.indicators, seen, here, month))
    return Judged.together(judged)


def in_force(library: Library) -> list[Conflict]:
    """The rules that are judged."""
    return [r for r in library.conflicts.values() if r.status not in _RESTING]


def families(library: Library) -> dict[str, list[Conflict]]:
    """Family → its rules in force, in order."""
    found: dict[str, list[Conflict]] = {}
    for rule in sorted(in_force(library), key=lambda rule: (rule.evidence.family, rule.id)):
        found.setdefault(rule.evidence.family, []).append(rule)
    return found


def windows(
    connection: duckdb.DuckDBPyConnection, library: Library
) -> dict[str, tuple[Period, Period] | None]:
    """Family → the months that its rules look at, or ``None`` where they have none in common.

    One window holds for a family, whose verdicts are corrected together and stand beside each
    other. A rule of which nobody sends some figure takes no months from the rest.
    """
    own = families(library)
    months = _months(connection, library, indicators_of(in_force(library)))
    whole = {
        family: [r for r in rules if all(months[i] for i in indicators_of([r]))]
        for family, rules in own.items()
    }
    return {f: window(months[i] for i in indicators_of(rules)) for f, rules in whole.items()}


def window_judged(
    connection: duckdb.DuckDBPyConnection, library: Library, wanted: Iterable[str]
) -> tuple[Period, Period] | None:
    """The months in which indicators are looked at by rules; their own where no rule does.

    Of several families that look at them, the one that looks at most of them, then the one
    with most months.
    """
    wanted = set(wanted)
    rules, spans = families(library), windows(connection, library)
    looking = [
        (len(wanted & indicators_of(rules[family])), span[1] - span[0], span)
        for family, span in spans.items()
        if span and wanted & indicators_of(rules[family])
    ]
    if looking:
        return max(looking)[2]
    return window(_months(connection, library, wanted).values())


def _months(
    connection: duckdb.DuckDBPyConnection, library: Library, wanted: set[str]
) -> dict[str, set[str]]:
    """Indicator → months in which anybody reported it, from its last break for everybody on."""
    found = engine.query(connection, "indicator_period")
    months = {
        name: set(found.filter(pl.col("indicator") == name)["period"].to_list()) for name in wanted
    }
    for event, touched in events_of(library, wanted, "incomparable").values():
        for name in touched if event.confirmed and not event.scope.organisations else ():
            since = event.cut(Period.parse(max(months[name], default="0001-01")))
            months[name] = {month for month in months[name] if month >= str(since or "")}
    return months


def network(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    span: tuple[Period, Period],
    wanted: set[str],
    names: Mapping[tuple[str, str], str],
) -> Network:
    """The series of indicators over a window, with links and peers."""
    insert(
        connection, "this_window", {"period_from": pl.String, "period_until": pl.String},
        [tuple(map(str, span))],
    )  # fmt: skip
    engine.build(connection, "peers")
    peers: dict[str, tuple[str, ...]] = dict.fromkeys(library.peer_sets, ())
    members = engine.query(connection, "peer_member")
    for (name,), rows in members.group_by("peer_set"):
        peers[str(name)] = tuple(sorted(rows["organisation"].to_list()))
    parts = engine.query(connection, "unit_part").filter(pl.col("indicator").is_in(list(wanted)))
    shifts = list(_shifts(connection, library, span[1], wanted))
    found = Network(
        first=span[0],
        last=span[1],
        parts=parts,
        links=engine.query(connection, "unit_link").select("tie", "unit", "weight"),
        peers=peers,
        roles={name: library.indicators[name].accountable.role for name in wanted},
        peer_set_of={name: library.indicators[name].peers.set for name in wanted},
        names=names,
        shifts=tuple(s for s in shifts if not (s.confirmed and s.silences)),
    )
    for shift in shifts:
        if shift.confirmed and shift.effect == "incomparable":
            found = found.without(shift)
    return found


def _shifts(
    connection: duckdb.DuckDBPyConnection, library: Library, last: Period, wanted: set[str]
) -> Iterator[Shift]:
    """The events up to the last month, on the bodies that answer today for those they name."""
    now = {old: new for old, _, new in engine.query(connection, "organisation_now").iter_rows()}
    effects = ("incomparable", "step", "shock", "not_reported")
    for event, touched in events_of(library, wanted, *effects).values():
        cuts = event.effect == "incomparable"
        since = event.cut(last) if cuts else event.scope.since
        if since is None or since > last:
            continue
        yield Shift(
            id=event.id,
            effect=event.effect,
            since=since,
            until=event.scope.until,
            indicators=frozenset(touched),
            organisations=frozenset(now.get(code, code) for code in event.scope.organisations),
            confirmed=event.confirmed,
            title=event.said,
        )


def enter(connection: duckdb.DuckDBPyConnection, findings: Iterable[Finding], run_id: int) -> None:
    """Enter what was found in the ledger: each arrow over all ties, and each tie."""
    rows: list[tuple[object, ...]] = []
    for finding in findings:
        for arrow in finding.arrows:
            key = (run_id, finding.rule, arrow.id)
            one = arrow.pooled
            figures = (one.r, one.low, one.high, one.p) if one else (None,) * 4
            rows.append((*key, "", str(arrow.verdict), *figures))
            rows += [
                (*key, tie.tie, str(tie.word), tie.r, tie.low, tie.high, tie.p)
                for tie in arrow.ties
                if tie.state == "estimated"
            ]
    if rows:
        connection.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def declare(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], run_id: int,
    sources: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, ...]:  # fmt: skip
    """Enter the plans in the ledger; notes name rules that joined or left a family judged before.

    Args:
        connection: with the ledger of plans.
        rules: all there are, whatever their status.
        run_id: under which new plans are entered.
        sources: rule → ``file:line``.

    Raises:
        DefinitionError: a plan differs from the one an earlier run declared under the
            same version: what is looked for may not change after looking.
    """
    before = {
        (rule, version): plan
        for rule, version, plan in connection.execute(
            "SELECT rule, version, plan_hash FROM plan ORDER BY run_id"
        ).fetchall()
    }
    rules = list(rules)
    faults = [
        _changed(rule, sources)
        for rule in rules
        if before.get((rule.id, rule.version), rule.plan_hash) != rule.plan_hash
    ]
    if faults:
        raise DefinitionError(faults)
    judged = dict(
        connection.execute("SELECT rule, family FROM plan ORDER BY run_id, version").fetchall()
    )
    for rule in rules:
        if (rule.id, rule.version) not in before:
            connection.execute(
                "INSERT INTO plan VALUES (?, ?, ?, ?, ?)",
                [run_id, rule.id, rule.version, rule.evidence.family, rule.plan_hash],
            )
    return (*_joined(rules, judged), *_left(rules, judged))


def _changed(rule: Rule, sources: Mapping[str, str]) -> Fault:
    file, _, line = sources.get(rule.id, f"{rule.id}:1").rpartition(":")
    what = f"the evidence plan of {rule.id} changed after a run under version {rule.version}."
    todo = "Raise `version`, so that the new plan is declared as a new one."
    return Fault(file, int(line), what, todo)


def _joined(rules: Iterable[Rule], judged: Mapping[str, str]) -> Iterator[str]:
    for rule in rules:
        family = rule.evidence.family
        if family in judged.values() and rule.id not in judged:
            yield (
                f"{rule.id} joined the family {family}, which was judged before without it: its p "
                "are corrected over more arrows from now on"
            )


def _left(rules: Iterable[Rule], judged: Mapping[str, str]) -> Iterator[str]:
    """Said in every run: without a rule that was looked at the others pass more easily."""
    held = {rule.id for rule in rules if rule.status not in _RESTING}
    families = {rule.evidence.family for rule in rules}
    for name, family in sorted(judged.items()):
        if name not in held and family in families:
            yield (
                f"{name} left the family {family}, in which it was judged before: the p of the "
                "others are corrected over fewer arrows"
            )
