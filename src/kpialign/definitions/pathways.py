"""Pathways: the steps of a patient's way in order, what measures each and who answers for it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from kpialign.definitions.model import Definition, Fraction, Identifier, OneOrMore


class Lost(Definition):
    """What a stage loses, out of the parts of one of its indicators.

    ``count`` says which part is lost: the ``numerator``; what the denominator has beyond it
    (``remainder``); the mean's distance to a target, times the denominator (``beyond_target``);
    or the numerator in each day of the month (``each_day``). ``times`` makes it ``unit``; ``each``
    names what the denominator counts.
    """

    indicator: Identifier
    count: Literal["numerator", "remainder", "beyond_target", "each_day"]
    target: str | None = None
    times: Fraction = 1.0
    unit: str
    each: str
    note: str = ""

    @model_validator(mode="after")
    def _target_is_named(self) -> Lost:
        if (self.count == "beyond_target") != (self.target is not None):
            raise ValueError("target goes with count: beyond_target, which needs one")
        return self


class Overlap(Definition):
    """Time or people of this stage that another stage counts too."""

    stage: str
    why: str


class Stage(Definition):
    """One step; those who answer for its indicators answer for it, unless it says others."""

    id: str
    title: str
    indicators: tuple[Identifier, ...] = ()
    answers: OneOrMore = ()
    lost: tuple[Lost, ...] = ()
    overlaps: tuple[Overlap, ...] = ()


class Pathway(Definition):
    """A patient's way through bodies that are judged apart, or columns of a view of the whole.

    ``linked_by`` names a layout that carries the clocks at both ends of the way for one patient.
    """

    id: Identifier
    title: str
    why: str
    shown_as: Literal["stages", "columns"] = "stages"
    stages: tuple[Stage, ...] = Field(min_length=2)
    linked_by: str | None = None
    not_linked_because: str = ""

    @model_validator(mode="after")
    def _stages_are_told_apart(self) -> Pathway:
        ids = [stage.id for stage in self.stages]
        if len(set(ids)) != len(ids):
            raise ValueError("two stages carry the same id")
        for stage in self.stages:
            for overlap in stage.overlaps:
                if overlap.stage not in ids:
                    raise ValueError(f"{stage.id} overlaps {overlap.stage}, which is no stage")
        return self
