"""False alarms of every rule on the figures at hand, where nobody can be linked to anybody."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.conflicts.judge import direction_of
from kpialign.conflicts.methods import peer_controlled
from kpialign.conflicts.network import Network
from kpialign.definitions.conflicts import Arrow, Conflict
from kpialign.evidence.alarms import Alarms, alarms, looked_at_monthly
from kpialign.findings import Calibration
from kpialign.library import Library
from kpialign.pipeline.looking import networks
from kpialign.settings import Settings

DRAWS, HALVES, LOOKS, SEED = 100, 10, 12, 2026


def calibrate(settings: Settings, *, draws: int = DRAWS, seed: int = SEED) -> Iterator[Calibration]:
    """Measure each arrow of each rule that has figures.

    Args:
        settings: workspace and database.
        draws: links to draw by lot for each arrow.
        seed: same seed, same answer.

    Raises:
        UsageError: there is no database.
        DefinitionError: definitions or workspace facts are wrong.
        DatabaseBusy: another run holds the database.
    """
    for library, rules, network in networks(settings):
        for rule in rules:
            for arrow in rule.links:
                yield measured(rule, arrow, library, network, draws=draws, seed=seed)


def measured(
    rule: Conflict, arrow: Arrow, library: Library, network: Network, *, draws: int, seed: int
) -> Calibration:
    """Measure one arrow: unlinked pairs at the last look, links drawn by lot at all of them."""
    direction = direction_of(arrow, library.indicators)
    looks = peer_controlled.looks(rule, arrow, network, direction, LOOKS)
    told = alarms(looks[0], halves=HALVES, seed=seed) if looks else Alarms(0)
    monthly = looked_at_monthly(looks, draws=draws, fdr=rule.evidence.fdr, seed=seed)
    linked = looks[0].linked() if looks else ()
    return Calibration(
        rule=rule.id, arrow=arrow.id, plan_hash=rule.plan_hash, month=str(network.last),
        months=max((one.months for one in linked), default=0), ties=len(linked),
        unlinked=told.unlinked, model_declared=told.model_declared, model_other=told.model_other,
        deciding_declared=told.deciding_declared, deciding_other=told.deciding_other,
        looks=monthly.looks, draws=monthly.draws, once=monthly.once, ever=monthly.ever, seed=seed,
    )  # fmt: skip
