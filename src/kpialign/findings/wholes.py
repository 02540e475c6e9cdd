"""How the whole did: values of systems with their targets."""

from __future__ import annotations

from dataclasses import dataclass

from kpialign.findings.facts import EventMark


@dataclass(frozen=True)
class TargetState:
    """One target in force, and whether it was met on its own basis; ``partial``: trusts miss."""

    name: str
    kind: str
    level: float
    at_least: bool
    basis: str
    value: float | None
    met: bool | None
    source: str = ""
    partial: bool = False


@dataclass(frozen=True)
class TargetStep:
    """A target over the months in which it was asked for; ``until`` is empty where it still is.

    Attributes:
        judged: whether assurance is about this one, whatever others are in force.
    """

    name: str
    kind: str
    level: float
    at_least: bool
    basis: str
    since: str
    until: str = ""
    judged: bool = False


@dataclass(frozen=True)
class LikeForLike:
    """A whole in two months over the ``members`` in both; ``apart`` are those in one of them."""

    members: int
    trusts: int
    value: float | None
    year_before: float | None
    apart: tuple[str, ...]


@dataclass(frozen=True)
class ProcessState:
    """What a process chart says of a figure, as of the latest month counted.

    ``variation``, ``assurance``, ``recency`` and ``limits`` are the words of
    :mod:`kpialign.variation`; ``false_alarm`` is the chance of a special cause by accident;
    ``rules`` names the rule set. Lines and target are ``None`` where there are none.
    """

    variation: str
    assurance: str
    recency: str
    limits: str
    told: str | None
    low: float | None
    centre: float | None
    high: float | None
    target: float | None
    false_alarm: float | None
    rules: str


@dataclass(frozen=True)
class SystemValue:
    """An indicator of the whole, as a sum of parts, this month and the same month last year.

    ``basis`` says whose parts were added (``providers of the system``, ``service area``…);
    ``reported`` of ``expected`` organisations gave their part, so many of both are trusts, and
    ``missing`` names who did not. ``state`` is ``reported``, ``incomplete`` where trusts miss,
    or why ``value`` is ``None``. ``year_before`` is ``None`` with its state where the months
    are of other bodies or a break lies between; ``like_for_like`` compares those in both.
    ``target_steps`` are its targets over time, for the charts; ``headline`` puts it on the
    first screen; ``events`` are what happened to its figures; ``process`` says whether they
    change, and will meet the target.
    """

    indicator: str
    title: str
    unit: str
    improves: str
    scope: str
    scope_name: str
    basis: str
    period: str
    value: float | None
    state: str
    reported: int
    expected: int
    year_before: float | None
    targets: tuple[TargetState, ...] = ()
    target_steps: tuple[TargetStep, ...] = ()
    headline: bool = True
    trusts_reported: int = 0
    trusts_expected: int = 0
    missing: tuple[str, ...] = ()
    year_before_state: str = "not_reported"
    like_for_like: LikeForLike | None = None
    events: tuple[EventMark, ...] = ()
    process: ProcessState | None = None


@dataclass(frozen=True)
class WholeLine:
    """One indicator of one whole among all of a level, with the month and the year before.

    ``None`` where there was no figure, or where a confirmed break of definition lies between.
    """

    value: SystemValue
    last_month: float | None
    year_before: float | None
