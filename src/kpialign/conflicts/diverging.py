"""Ties whose two sides left their usual gap to the peers in the same month, as a rule says.

A prompt to ask about a month while people remember it. It is never evidence: one month of one
tie is one month, whatever its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from kpialign.conflicts.network import Network
from kpialign.conflicts.tell import Titles
from kpialign.definitions.conflicts import Conflict, End
from kpialign.definitions.indicators import Indicator
from kpialign.evidence.state import Flags
from kpialign.findings import Divergence
from kpialign.terms import Moves

if TYPE_CHECKING:
    from kpialign.conflicts.methods.peer_controlled import Weighed


def raw_sign(end: End, indicators: Mapping[str, Indicator]) -> int:
    """Which way the figure goes when an end moves as its rule says: +1 up, -1 down."""
    return indicators[end.indicator].improves.sign * (1 if end.moves is Moves.BETTER else -1)


def diverging(
    rule: Conflict, arrows: Mapping[tuple[str, str], Weighed], network: Network, titles: Titles
) -> Iterator[Divergence]:
    """Ties whose sides both went beyond what is usual for them in the last month.

    One that was there already the month before has been asked about.
    """
    for arrow in rule.links:
        weighed = arrows[rule.id, arrow.id]
        last = len(network.periods) - 1
        if not weighed.ties or last <= arrow.lags[0]:
            continue
        now, before = (
            _as_declared(weighed, titles.indicators, month) for month in (last, last - 1)
        )
        start, end = weighed.start.gaps(last - arrow.lags[0]), weighed.end.gaps(last)
        for at in np.flatnonzero(now & ~before):
            yield Divergence(
                arrow=arrow.id,
                tie=weighed.ties[at],
                name=network.name(rule.tie.one, weighed.ties[at]),
                period=str(network.last),
                from_title=titles.short[arrow.start.indicator],
                from_unit=titles.unit[arrow.start.indicator],
                from_gap=float(start.value[at]),
                from_usual=float(start.reach[at]),
                to_title=titles.short[arrow.end.indicator],
                to_unit=titles.unit[arrow.end.indicator],
                to_gap=float(end.value[at]),
                to_usual=float(end.reach[at]),
            )


def _as_declared(weighed: Weighed, indicators: Mapping[str, Indicator], month: int) -> Flags:
    """Which ties have both sides beyond what is usual, as the rule says, shape (ties,)."""
    arrow, until = weighed.arrow, month - weighed.arrow.lags[0]
    sides = ((weighed.start, arrow.start, until), (weighed.end, arrow.end, month))
    one, other = (side.gaps(at).side == raw_sign(end, indicators) for side, end, at in sides)
    return np.asarray(one & other)
