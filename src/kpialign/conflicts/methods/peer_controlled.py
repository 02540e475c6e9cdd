"""Peer-controlled arrows: does one series move with the other beyond what everyone saw?

Each arrow is weighed over all ties at once; unlinked pairs of the same series, months and
peers are the yardstick (see ``kpialign.evidence``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from kpialign.conflicts.network import Network, Shift, UnitParts
from kpialign.definitions.conflicts import Arrow, Conflict, End
from kpialign.evidence import (
    Arrows,
    Association,
    Gaps,
    Panel,
    Pooled,
    Relabelling,
    Stepped,
    arrows,
    gaps,
    leave_out_peers,
    left_over,
    linked_alone,
    nearest_with_a_step,
    pool,
    pool_slopes,
    relabel,
    sharing,
    shock,
    step_from,
)
from kpialign.evidence.state import Floats

LOOKS_LINKED = 0.05  # two-sided p from which a pair would be called linked


@dataclass(frozen=True)
class Side:
    """One end of an arrow: its ties' series, its peers' panel and who belongs to whom.

    Attributes:
        values: shape (months, ties).
        panel: shape (months, peers), the peer set's own values.
        membership: shape (ties, peers), above 0 where a peer belongs to the tie.
        peers: how many peers each tie has at the least, shape (ties,).
        left_out: names of members too gappy to be added.
        sent: whether anybody reported the indicator in these months.
    """

    values: Floats
    panel: Floats
    membership: Floats
    peers: tuple[int, ...]
    left_out: tuple[str, ...]
    sent: bool

    def gaps(self, until: int) -> Gaps:
        """Each tie's gap to its peers in a month, counted from 0, against the months before."""
        peers = leave_out_peers(self.panel[: until + 1], self.membership).movement
        return gaps(self.values[: until + 1], np.diagonal(peers, axis1=1, axis2=2))


@dataclass(frozen=True)
class National:
    """An arrow pooled over all ties: the partial correlation, and the slope in own units."""

    r: Pooled
    slope: Pooled

    @classmethod
    def of(cls, linked: Sequence[Association]) -> National:
        """Pool the ties' arrows on both scales."""
        return cls(pool(linked), pool_slopes(linked))


@dataclass(frozen=True)
class Rung:
    """An arrow before everything is taken out of it, and what unlinked pairs look like then."""

    seen: National
    unlinked: float | None

    @classmethod
    def of(cls, pairs: Arrows) -> Rung:
        """Pool the linked pairs, and count the unlinked ones that look linked."""
        p = pairs.p[pairs.unlinked].compressed()
        flagged = float((np.minimum(p, 1 - p) < LOOKS_LINKED / 2).mean()) if p.size else None
        return cls(National.of(pairs.linked()), flagged)


@dataclass(frozen=True)
class Weighed:
    """One arrow, weighed in every way that the verdict needs.

    ``rungs`` works out the arrow as reported, less trend, season and known events, less peers,
    less memory; ``left`` what of both sides of each tie is left after each of the last three.
    ``stepped`` gives a tie's arrow with the step that brings it nearest to the others' r.
    They are asked for what is told and by no verdict. ``held`` and ``logged`` are
    ``None`` where they do not apply; ``events`` has each unconfirmed event that touches the
    arrow, and the arrow with it taken into account.
    """

    arrow: Arrow
    ties: tuple[str, ...]
    direction: int
    start: Side
    end: Side
    months: int
    base: Arrows
    linked: tuple[Association, ...]
    seen: National
    held: National | None
    first_24: National
    last_24: National
    logged: Pooled | None
    events: tuple[tuple[Shift, National], ...]
    one_out: tuple[Pooled, ...]
    relabelling: Relabelling
    rungs: Callable[[], tuple[Rung, ...]]
    left: Callable[[], tuple[tuple[Floats, Floats], ...]]
    stepped: Callable[[int, float], Stepped | None]


def weigh(rule: Conflict, arrow: Arrow, network: Network, direction: int) -> Weighed:
    """Weigh one arrow of a rule over all its ties.

    Args:
        rule: whose tie and exclusions hold.
        arrow: the arrow or negative control.
        network: series, links and peers.
        direction: +1 if both series rise together when the mechanism works, else -1.
    """
    ties, start, end, given = _ready(rule, arrow, network, direction)
    run, each = partial(_arrows, start, end, **given), partial(_alone, **given)
    own = partial(each, start, end)
    hold = [_tie_values(rule, name, network, ties)[0] for name in arrow.hold_fixed]
    base = run()
    linked = base.linked()
    return Weighed(
        arrow=arrow,
        ties=ties,
        direction=direction,
        start=start,
        end=end,
        months=max((one.months for one in linked), default=0),
        base=base,
        linked=linked,
        seen=National.of(linked),
        held=own(held=hold) if hold else None,
        first_24=own(slice(0, 24)),
        last_24=own(slice(-24, None)),
        logged=own(logged=True).r if _positive(start) and _positive(end) else None,
        events=tuple(_with_each(rule, arrow, network, ties, each)),
        one_out=tuple(pool([*linked[:i], *linked[i + 1 :]]) for i in range(len(linked))),
        relabelling=relabel(base),
        rungs=partial(_rungs, run, base),
        left=partial(_left, start, end, given["known"]),
        stepped=partial(_stepped, start, end, given),
    )


def _rungs(run: Callable[..., Arrows], base: Arrows) -> tuple[Rung, ...]:
    return (
        Rung.of(run(season=False, memory=False, compared=False, known=())),
        Rung.of(run(memory=False, compared=False)),
        Rung.of(run(memory=False)),
        Rung.of(base),
    )


def _left(start: Side, end: Side, known: Sequence[Floats]) -> tuple[tuple[Floats, Floats], ...]:
    each = partial(left_over, start.values, end.values, events=known)
    beside = partial(
        each,
        peers_x=Panel(start.panel, start.membership),
        peers_y=Panel(end.panel, end.membership),
    )
    return each(memory=False), beside(memory=False), beside()


def _stepped(
    start: Side, end: Side, given: Mapping[str, Any], tie: int, towards: float
) -> Stepped | None:
    peers = [Panel(side.panel, side.membership).alone()[:, tie] for side in (start, end)]
    known = [one if one.ndim == 1 else one[:, tie] for one in given["known"]]
    return nearest_with_a_step(
        start.values[:, tie], end.values[:, tie], [*peers, *known],
        towards=towards, lag=given["lag"], direction=given["direction"],
    )  # fmt: skip


def looks(
    rule: Conflict, arrow: Arrow, network: Network, direction: int, most: int
) -> list[Arrows]:
    """The arrow between all ties as of each of the last months, the last month first.

    Looks with less than half of the months that the rule asks for are left out.
    """
    _, start, end, given = _ready(rule, arrow, network, direction)
    months = len(network.periods)
    least = max(months - most, rule.evidence.min_months // 2)
    spans = [slice(0, until) for until in range(months, least, -1)]
    return [_arrows(start, end, span, **given) for span in spans]


def _ready(
    rule: Conflict, arrow: Arrow, network: Network, direction: int
) -> tuple[tuple[str, ...], Side, Side, dict[str, Any]]:
    """The ties, both sides, and what the statistics are given in every look."""
    ties = network.ties(rule.tie, rule.evidence.exclude_units)
    start, end = (_side(rule, one, network, ties) for one in (arrow.start, arrow.end))
    facts = [s for s in _shifts(network, arrow) if s.confirmed]
    known = [one for shift in facts for one in _regressors(rule, shift, network, ties)]
    return ties, start, end, {"lag": arrow.lags[0], "direction": direction, "known": known}


def _positive(side: Side) -> bool:
    """Whether every value has a logarithm."""
    return bool(np.nanmin(side.values, initial=1) > 0)


def _arrows(
    start: Side,
    end: Side,
    span: slice = slice(None),
    *,
    compared: bool = True,
    season: bool = True,
    memory: bool = True,
    **given: Any,
) -> Arrows:
    """The arrow between all ties; ``given`` is what :func:`_figures` takes."""
    figures = _figures(start, end, span, **given)
    if not compared:
        figures |= {"peers_x": None, "peers_y": None}
    shared = sharing(start.membership) | sharing(end.membership)
    return arrows(**figures, shared=shared, season=season, memory=memory)


def _alone(start: Side, end: Side, span: slice = slice(None), **given: Any) -> National:
    """The arrow of each tie, pooled; sooner than between all ties."""
    return National.of(linked_alone(**_figures(start, end, span, **given)))


def _figures(
    start: Side,
    end: Side,
    span: slice,
    *,
    lag: int,
    direction: int,
    known: Sequence[Floats],
    held: Sequence[Floats] = (),
    events: Sequence[Floats] = (),
    logged: bool = False,
) -> dict[str, Any]:
    """What the statistics are given of two sides over a span of months."""

    def scaled(values: Floats) -> Floats:
        return np.log(np.where(values > 0, values, np.nan)) if logged else values

    return {
        "x": scaled(start.values[span]),
        "y": scaled(end.values[span]),
        "peers_x": Panel(scaled(start.panel[span]), start.membership),
        "peers_y": Panel(scaled(end.panel[span]), end.membership),
        "hold": [values[span] for values in held],
        "events": [values[span] for values in (*known, *events)],
        "lag": lag,
        "direction": direction,
    }


def _side(rule: Conflict, end: End, network: Network, ties: Sequence[str]) -> Side:
    values, parts, left_out = _tie_values(rule, end.indicator, network, ties)
    members = network.members(network.roles[end.indicator], rule.tie, ties)
    chosen = set(network.peers[network.peer_set_of[end.indicator]])
    chosen -= set(rule.evidence.exclude_units)
    places = [at for at, unit in enumerate(parts.units) if unit in chosen]
    membership = np.array(
        [[members[tie].get(parts.units[at], 0.0) for at in places] for tie in ties]
    ).reshape(len(ties), len(places))
    panel = parts.values[:, places]
    count = leave_out_peers(panel, membership).count
    known = count.max(axis=(1, 2), initial=0) > 0
    peers = (
        tuple(int(n) for n in np.diagonal(count[known], axis1=1, axis2=2).min(axis=0))
        if known.any()
        else (0,) * len(ties)
    )
    sent = bool(np.isfinite(parts.values).any())
    return Side(values, panel, membership, peers, left_out, sent)


def _tie_values(
    rule: Conflict, indicator: str, network: Network, ties: Sequence[str]
) -> tuple[Floats, UnitParts, tuple[str, ...]]:
    role = network.roles[indicator]
    parts = network.unit_parts(indicator)
    values, left_out = parts.of_ties(network.members(role, rule.tie, ties))
    return values, parts, tuple(network.name(role, unit) for unit in left_out)


def _shifts(network: Network, arrow: Arrow) -> list[Shift]:
    """The events that touch either indicator of the arrow."""
    touched = {arrow.start.indicator, arrow.end.indicator}
    return [shift for shift in network.shifts if shift.indicators & touched]


def _with_each(
    rule: Conflict,
    arrow: Arrow,
    network: Network,
    ties: Sequence[str],
    each: Callable[..., National],
) -> Iterator[tuple[Shift, National]]:
    """The arrow with each unconfirmed event taken into account, one by one."""
    for shift in _shifts(network, arrow):
        own = [] if shift.silences else _regressors(rule, shift, network, ties)
        if shift.confirmed or not (own or network.silenced_by(shift)):
            continue
        less = network.without(shift) if shift.silences else network
        start, end = (_side(rule, one, less, ties) for one in (arrow.start, arrow.end))
        yield shift, each(start, end, events=own)


def _regressors(
    rule: Conflict, shift: Shift, network: Network, ties: Sequence[str]
) -> list[Floats]:
    """The steps and pulses of an event.

    An event of named organisations moves the ties that have one of them, and no other.
    """
    roles = {network.roles[name] for name in shift.indicators}
    bodies = [network.members(role, rule.tie, ties) for role in sorted(roles)]
    whom = [
        not shift.organisations or any(shift.organisations & of[tie].keys() for of in bodies)
        for tie in ties
    ]
    if not any(whom):
        return []
    own = np.asarray(whom, dtype=float)
    return [np.outer(pulse, own) for pulse in _pulses(network, shift)]


def _pulses(network: Network, shift: Shift) -> list[Floats]:
    months = len(network.periods)
    since = shift.since - network.first
    if shift.effect == "step":
        return [step_from(months, since)] if 0 < since < months else []
    last = min((shift.until or network.last) - network.first, months - 1)
    return shock(months, max(since, 0), last)
