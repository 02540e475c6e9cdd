"""What changed a figure of the whole since an earlier month, to the last decimal."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = {
    "revision": "figures first told otherwise",
    "boundaries": "counted with the places of today",
    "came": "in the later month alone",
    "went": "in the earlier month alone",
    "other_bodies": "nobody is in both months",
    "rate": "its own figure",
    "mix": "its part of the whole",
}


@dataclass(frozen=True)
class MovementStep:
    """One step of a waterfall: ``kind`` is one of :data:`KINDS`; ``organisation`` may be empty.

    Where many small steps were put together, ``organisation`` is ``others`` and ``name`` says
    how many.
    """

    kind: str
    organisation: str
    name: str
    amount: float


@dataclass(frozen=True)
class Movement:
    """A figure in two months and all that lies between; ``steps`` add up to the difference.

    ``before`` is what was first told of the earlier month with its own places, ``before_now``
    what is told of it today. ``reversal`` names a Simpson reversal: whether most or all bodies
    in both months went the other way than the whole.
    """

    indicator: str
    title: str
    unit: str
    improves: str
    scope: str
    scope_name: str
    basis: str
    since: str
    period: str
    before: float
    before_now: float
    after: float
    steps: tuple[MovementStep, ...]
    reversal: str = ""

    def total(self, kind: str) -> float:
        """What all steps of a kind come to."""
        return sum(step.amount for step in self.steps if step.kind == kind)
