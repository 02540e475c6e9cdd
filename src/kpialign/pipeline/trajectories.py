"""Planning submissions as targets of one body, one indicator and one month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kpialign.composites import Scope
from kpialign.definitions.indicators import Indicator, Target
from kpialign.errors import DefinitionError, Fault, did_you_mean
from kpialign.extracts.workspace import TRAJECTORY_FILE, Workspace
from kpialign.terms import Improves, Period

Key = tuple[str, str]
Planned = Mapping[Key, tuple[Target, ...]]
"""(organisation, indicator) → a target a month."""


def planned(
    workspace: Workspace,
    indicators: Mapping[str, Indicator],
    bodies: Collection[str],
    folder: Path,
) -> Planned:
    """Turn the rows of ``trajectory.csv`` into targets.

    Args:
        workspace: its rows, and what was wrong with them when they were read.
        indicators: by id.
        bodies: every code the data know: organisations, systems, regions, ``ENGLAND``.
        folder: the workspace, for the faults.

    Raises:
        DefinitionError: everything wrong at once: columns, months, values, rows that stand
            twice, indicators and organisations nobody knows.
    """
    faults = list(workspace.plan_faults)
    out: dict[Key, list[Target]] = {}
    for row in workspace.trajectory.iter_rows(named=True):
        wrong = list(_wrong(row["organisation"], row["indicator"], indicators, bodies))
        faults += [
            Fault(str(folder / TRAJECTORY_FILE), row["line"], what, todo) for what, todo in wrong
        ]
        if not wrong and row["period"] and row["value"] is not None:
            key = (row["organisation"], row["indicator"])
            out.setdefault(key, []).append(_target(row, indicators[row["indicator"]]))
    if faults:
        raise DefinitionError(faults)
    return {key: tuple(sorted(targets, key=_month)) for key, targets in out.items()}


def of_scope(plans: Planned, scope: Scope) -> Mapping[str, tuple[Target, ...]]:
    """Indicator → the trajectory of a whole, where its figure is that body's own.

    The figure beside a system that stands for the whole area of its ambulance service is the
    service's, and so is no figure of the system's plan; nor is that of a service's hospitals.
    """
    foreign = scope.level == "icb_services" or (scope.level, scope.role) == ("service", "hospital")
    return {} if foreign else {i: t for (body, i), t in plans.items() if body == scope.code}


def _wrong(
    body: str, indicator: str, indicators: Mapping[str, Indicator], bodies: Collection[str]
) -> Iterator[tuple[str, str]]:
    yield from unknown_indicator(indicator, indicators)
    if indicator in indicators and indicators[indicator].improves is Improves.NEITHER:
        yield f"{indicator} has no better side, so no plan can be met.", "Leave it out."
    yield from unknown_body(body, bodies)


def unknown_indicator(indicator: str, indicators: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with an indicator's name, and what to do; nothing where there is one."""
    if indicator not in indicators:
        hint = did_you_mean(indicator, indicators) or "`kpialign list indicators` names them."
        yield f"No indicator is called {indicator}.", hint


def unknown_body(body: str, bodies: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a code, and what to do; nothing where the data know it."""
    if body not in bodies:
        hint = did_you_mean(body, bodies) or "Write the code as the extracts do."
        yield f"No organisation of the data has the code {body}.", hint


def _target(row: Mapping[str, object], indicator: Indicator) -> Target:
    told = str(row["source"]) or "planning submission"
    day = f", submitted {row['submitted_on']}" if row["submitted_on"] else ""
    side = "at_least" if indicator.improves is Improves.UP else "at_most"
    return Target.model_validate(
        {
            "name": "trajectory", "kind": "trajectory", side: row["value"],
            "for": str(row["period"]), "source": f"{told}{day}",
        }
    )  # fmt: skip


def _month(target: Target) -> Period:
    assert target.for_month is not None
    return target.for_month
