"""Conflict rules: a mechanism, its arrows, the evidence plan, who gains and who pays."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kpialign.definitions.indicators import Review
from kpialign.definitions.model import Definition, Identifier, Maturity, OneOrMore
from kpialign.terms import ConflictKind, Moves, Verdict

RULE_ID = r"^K[A-Z]-[A-Z]+-\d{3}$"

Effect = Literal["better", "worse", "neither"]
Robustness = Literal["first_24", "last_24", "leave_one_tie_out", "log", "with_events"]
Movement = Literal["rises", "falls"]
Strength = Literal["strong", "moderate", "contextual", "contested", "not_found"]
"""How well a mechanism is documented: causal or national studies, one good study, credible
report, evidence both ways, an effect nobody has shown."""


class End(Definition):
    """One end of an arrow: an indicator at a role, moving better or worse."""

    at: str
    indicator: Identifier
    moves: Moves


class Arrow(Definition):
    """A movement that the mechanism says brings another; tested by itself.

    One lag is declared: the best of several would have to pay for the choice.
    """

    id: str = "control"
    start: Annotated[End, Field(alias="from")]
    end: Annotated[End, Field(alias="to")]
    lags: tuple[int, ...] = (0,)
    lag_basis: Literal["source", "editorial"] = "editorial"
    hold_fixed: tuple[Identifier, ...] = ()


class TieRule(Definition):
    """What one tie of the rule is: a service and all hospitals linked to it, or one body."""

    kind: Literal["conveys_to", "same_organisation"]
    one: str
    many: str | None = None


class SmallestEffect(Definition):
    """The partial correlation below which a link would not matter."""

    partial_r: float = 0.25


class EvidencePlan(Definition):
    """Declared before looking; its hash is printed with every verdict."""

    method: Literal["peer_controlled"] = "peer_controlled"
    min_months: int = 30
    min_ties: int = 8
    min_peers: dict[str, int]
    exclude_units: tuple[str, ...] = ()
    family: str
    fdr: float = 0.10
    smallest_effect_of_interest: SmallestEffect = Field(default_factory=SmallestEffect)
    robust: tuple[Robustness, ...] = ()


class Wins(Definition):
    """What happens to each party when the mechanism works."""

    people: Effect
    organisations: dict[str, Effect]
    public_purse: Effect


class Reference(Definition):
    """A citation, and whether it speaks for the mechanism."""

    cite: str
    url: str | None = None
    says: Literal["supports", "caution", "against"]


class Simulated(Definition):
    """An invented system, field by field as :class:`kpialign.simulate.Scenario` takes it."""

    months: int = Field(ge=1)
    ties: int = Field(ge=1)
    effect: float = Field(default=0.0, ge=0, le=1)
    raw: dict[Identifier, Movement] = Field(default_factory=dict)
    pressure: dict[Identifier, Movement] = Field(default_factory=dict)
    season: float = 1.0
    trend: float = 1.0
    national: float = 1.0
    shock: float = 0.0
    local_pressure: float = 0.0
    event: float = 0.0
    ar: float = Field(default=0.4, ge=0, lt=1)
    units_per_tie: dict[Identifier, int] = Field(default_factory=dict)


class RuleTest(Definition):
    """An invented system and the share of seeds that must reach each verdict (``>= 0.8``)."""

    name: str
    simulate: Simulated
    expect: dict[Verdict, Annotated[str, Field(pattern=r"^(>=|<=) (0(\.\d+)?|1)$")]]


class Conflict(Definition):
    """A documented way in which one body's indicator is met at another's cost."""

    id: str = Field(pattern=RULE_ID)
    version: int = 1
    status: Maturity = Maturity.TRIAL
    strength: Strength | None = None
    kind: ConflictKind
    title: str
    mechanism: str
    severity: Literal["low", "medium", "high"]
    expect_under_crowding: Literal["same", "opposite"] | None = None
    tie: TieRule
    links: tuple[Arrow, ...] = Field(min_length=1)
    negative_controls: tuple[Arrow, ...] = Field(min_length=1)
    evidence: EvidencePlan
    wins: Wins
    ask: OneOrMore
    involve: OneOrMore
    shared_measure: Identifier | None = None
    other_explanations: OneOrMore
    references: tuple[Reference, ...] = Field(min_length=1)
    review: Review | None = None
    tests: tuple[RuleTest, ...] = ()

    @model_validator(mode="after")
    def _arrows_are_told_apart(self) -> Conflict:
        ids = [arrow.id for arrow in self.links]
        if len(set(ids)) != len(ids):
            raise ValueError("two arrows carry the same id")
        return self

    @model_validator(mode="after")
    def _method_fits_the_kind(self) -> Conflict:
        if self.kind not in (ConflictKind.TRADE_OFF, ConflictKind.SPILL_OVER):
            raise ValueError(f"no method judges a rule of kind {self.kind}; peer_controlled "
                             "judges trade_off and spill_over")  # fmt: skip
        return self

    @property
    def plan_hash(self) -> str:
        """A fingerprint of everything that was declared before looking."""
        declared = self.model_dump(
            mode="json",
            include={"id", "version", "kind", "tie", "links", "negative_controls", "evidence"},
        )
        text = json.dumps(declared, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
