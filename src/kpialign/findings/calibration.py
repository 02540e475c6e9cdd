"""How often a rule's evidence cries wolf on the figures at hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Calibration:
    """One arrow of one rule, as `kpialign calibrate` measured it. Shares are 0 to 1.

    Attributes:
        plan_hash: the plan that was measured; of another plan it says nothing.
        month: the last month looked at.
        unlinked: pairs of ties that cannot influence each other.
        model_declared, model_other: of these the share that the model's own p flags at one-sided
            p < .05, in the declared direction and in the other.
        deciding_declared, deciding_other: the same by the p that decides, calibrated on half of
            the ties and asked of the other half.
        looks: monthly looks at each of ``draws`` links drawn by lot, none of them true.
        once, ever: of these the share called supported at the last look, and at any of them.
    """

    rule: str
    arrow: str
    plan_hash: str
    month: str
    months: int
    ties: int
    unlinked: int
    model_declared: float | None
    model_other: float | None
    deciding_declared: float | None
    deciding_other: float | None
    looks: int
    draws: int
    once: float | None
    ever: float | None
    seed: int
