"""What moved when somebody changed something: a step against everyone else, ranked.

A nominal 5 % test fires in 15 to 26 % of placebo steps on real monthly figures, so a step
counts by its rank among the same step at other places and dates, and never by its interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from kpialign.conflicts.network import Network
from kpialign.definitions.conflicts import TieRule
from kpialign.definitions.indicators import Indicator
from kpialign.evidence import StepRank, rank_step
from kpialign.evidence.state import Floats, State
from kpialign.findings.learned import Change, Hope, Learned, Rank, StepSeen
from kpialign.terms import Period

_TIE = TieRule(kind="conveys_to", one="ambulance", many="hospital")
STANDS_OUT = 0.05  # share of placebo places and dates at least as strong
LEAST_PLACEBOS = 19  # fewer cannot show a share of 0.05


def learn(
    changes: Iterable[Change], indicators: Mapping[str, Indicator], network: Network
) -> tuple[Learned, ...]:
    """Weigh every change on what it was aimed at and on what it might harm.

    Args:
        changes: of bodies that report indicators of the network.
        indicators: by id.
        network: series, links and peers, with the months looked at.
    """
    return tuple(
        Learned(change, _name(change, network), tuple(_steps(change, indicators, network)))
        for change in changes
    )


def _steps(
    change: Change, indicators: Mapping[str, Indicator], network: Network
) -> Iterator[StepSeen]:
    hopes: tuple[tuple[Hope, tuple[str, ...], int], ...] = (
        (Hope.AIMED_AT, change.aimed_at, 1), (Hope.MIGHT_HARM, change.might_harm, -1),
    )  # fmt: skip
    for hope, ids, better in hopes:
        for id_ in ids:
            indicator = indicators[id_]
            direction = better * indicator.improves.sign
            yield _step(change, indicator, network, hope, direction)


def _step(
    change: Change, indicator: Indicator, network: Network, hope: Hope, direction: int
) -> StepSeen:
    values, places, whose = _series(change, indicator, network)
    at = Period.parse(change.since) - network.first
    seen = StepSeen(
        indicator=indicator.id, title=indicator.title, unit=str(indicator.unit), hope=hope,
        whose=whose, state="no_figures", word=Rank.CANNOT_TELL, direction=direction,
    )  # fmt: skip
    if change.organisation not in places:
        return seen
    place = places.index(change.organisation)
    reported = np.isfinite(values[:, place])
    if 0 < at < len(values):
        seen = replace(
            seen, months_before=int(reported[:at].sum()), months_after=int(reported[at:].sum())
        )
        found = rank_step(values, place, at=at, direction=direction)
        return _told(replace(seen, state=str(found.state)), found)
    return replace(seen, state=str(State.TOO_LITTLE_DATA))


def _series(
    change: Change, indicator: Indicator, network: Network
) -> tuple[Floats, list[str], str]:
    """Values, shape (months, places), who the places are, and whose figure is looked at.

    A body of another kind than reports the indicator is seen through its tie: an ambulance
    service's change on the figures of the hospitals it takes patients to.
    """
    parts, role = network.unit_parts(indicator.id), indicator.accountable.role
    peers = network.peers[network.peer_set_of[indicator.id]]
    if change.organisation in parts.units:
        kept = [u for u in parts.units if u in peers or u == change.organisation]
        values = parts.values[:, [parts.units.index(u) for u in kept]]
        return values, kept, network.name(role, change.organisation)
    compared = {body for peers in network.peers.values() for body in peers}
    ties = tuple(tie for tie in network.ties(_TIE, ()) if tie in compared)
    values, _ = parts.of_ties(network.members(role, _TIE, ties))
    return values, list(ties), f"all linked to {_name(change, network)}"


def _told(seen: StepSeen, found: StepRank) -> StepSeen:
    step = found.step
    if found.share is None or step.interval is None:
        return seen
    word = Rank.STANDS_OUT if found.share <= STANDS_OUT else Rank.DOES_NOT_STAND_OUT
    return replace(
        seen,
        word=word if found.placebos >= LEAST_PLACEBOS else Rank.CANNOT_TELL,
        effect=step.effect,
        low=step.interval[0],
        high=step.interval[1],
        place=found.place,
        places=found.places,
        share=found.share,
        placebos=found.placebos,
    )


def _name(change: Change, network: Network) -> str:
    named = [n for (_, code), n in sorted(network.names.items()) if code == change.organisation]
    return named[0] if named else change.organisation
