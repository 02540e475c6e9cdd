"""Pathways: the steps of a patient's way in order, what measures each and who answers for it."""

from __future__ import annotations

from pydantic import Field, model_validator

from kpialign.definitions.model import Definition, Identifier, OneOrMore


class Stage(Definition):
    """One step; those who answer for its indicators answer for it, unless it says others."""

    id: str
    title: str
    indicators: tuple[Identifier, ...] = ()
    answers: OneOrMore = ()


class Pathway(Definition):
    """A patient's way through bodies that are judged apart."""

    id: Identifier
    title: str
    why: str
    stages: tuple[Stage, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _stages_are_told_apart(self) -> Pathway:
        ids = [stage.id for stage in self.stages]
        if len(set(ids)) != len(ids):
            raise ValueError("two stages carry the same id")
        return self
