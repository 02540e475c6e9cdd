"""Indicators that definitions may name before they are built."""

from __future__ import annotations

from kpialign.definitions.model import Definition, Identifier


class Planned(Definition):
    """An indicator that does not exist yet."""

    id: Identifier
    title: str


class PlannedFile(Definition):
    """The catalogue of them; ``may_cost`` may name these, and nothing else may."""

    planned: tuple[Planned, ...]
