"""A pathway as a ledger: what each stage shows and loses, who answers, and what nobody measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StageMeasure:
    """One figure of a stage, with the same month a year before."""

    indicator: str
    title: str
    unit: str
    improves: str
    value: float | None
    state: str
    year_before: float | None
    basis: str


@dataclass(frozen=True)
class StageLoss:
    """What a stage loses in the month: ``amount`` of ``unit``, and per 1,000 of its denominator.

    Stages lose unlike things of unlike people, so losses are never added up.
    """

    indicator: str
    unit: str
    each: str
    amount: float | None
    per_1000: float | None
    year_before: float | None
    basis: str
    note: str


@dataclass(frozen=True)
class LedgerStage:
    """One stage; ``gap`` says that no figure of it is there, and why."""

    id: str
    title: str
    answers: tuple[str, ...]
    measures: tuple[StageMeasure, ...]
    losses: tuple[StageLoss, ...]
    overlaps: tuple[tuple[str, str], ...]
    gap: str = ""


@dataclass(frozen=True)
class Ledger:
    """A pathway for one whole; ``end_to_end`` says whether its ends can be linked."""

    id: str
    title: str
    why: str
    shown_as: str
    scope: str
    scope_name: str
    period: str
    stages: tuple[LedgerStage, ...]
    end_to_end: str

    @property
    def gaps(self) -> tuple[str, ...]:
        """The stages without a figure."""
        return tuple(stage.title for stage in self.stages if stage.gap)
