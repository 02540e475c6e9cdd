"""Rules of unusual shape: figures that bend at a target, and figures that do not mean the same."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from kpialign.definitions.conflicts import RULE_ID, Reference, Strength, Wins
from kpialign.definitions.expression import read_sum
from kpialign.definitions.model import Definition, Identifier, Maturity, OneOrMore

KINDS = ("threshold", "definition")
Bound = Annotated[str, Field(pattern=r"^(>=|<=) (0(\.\d+)?|1)$")]


class Plan(Definition):
    """Declared before looking: the family whose looks are corrected together, and its rate."""

    family: str
    fdr: float = Field(default=0.05, gt=0, lt=1)


class DensityPlan(Plan):
    """Do organisation-months crowd on one side of each named target, in the months in force?

    Without ``indicators`` it is every indicator that has a target.
    """

    method: Literal["density"]
    indicators: tuple[Identifier, ...] = ()


class Count(Definition):
    """One recorder's count: a linear sum of items, and what it is called."""

    role: str
    sum: str
    called: str

    @field_validator("sum")
    @classmethod
    def _is_a_sum(cls, text: str) -> str:
        read_sum(text)
        return text


class RecordersPlan(Plan):
    """Do two recorders of one flow agree?

    ``equal`` counts ought to agree within the ``tolerance`` (a share); an ``independent`` count
    may lie at another level, and only its ratio ought to stay. ``drift`` is the change of the
    ratio a year (a share) up to which nobody minds.
    """

    method: Literal["recorders"]
    flow: str
    one: Count
    other: Count
    tie: Literal["conveys_to", "same_organisation"]
    expect: Literal["equal", "independent"]
    tolerance: float = Field(gt=0, lt=1)
    drift: float = Field(default=0.01, ge=0, lt=1)

    @property
    def wants(self) -> str:
        """The two counts in words."""
        return f"{self.one.called}; {self.other.called}"


class RecordsPlan(Plan):
    """What changed in the record: breaks of definition, who sent what, when bodies merged."""

    method: Literal["records"]
    what: Literal["breaks", "completeness", "mergers"]


class Group(Definition):
    """A group of a rate: sums of items."""

    name: str
    numerator: str
    denominator: str

    @field_validator("numerator", "denominator")
    @classmethod
    def _is_a_sum(cls, text: str) -> str:
        read_sum(text)
        return text


class MixPlan(Plan):
    """How much of the change of a rate between two years is its groups', how much their mix?

    ``least`` is the mix, in points, from which to ask; the years lie ``apart`` months apart.
    """

    method: Literal["mix_shift"]
    indicator: Identifier
    groups: tuple[Group, ...] = Field(min_length=2)
    least: float = Field(default=0.5, gt=0)
    apart: int = Field(default=12, ge=12)


class DenominatorsPlan(Plan):
    """Did the denominator jump at one body? By ``jump`` (a share), and a ``rank`` so rare."""

    method: Literal["denominators"]
    indicators: tuple[Identifier, ...] = Field(min_length=1)
    jump: float = Field(default=0.15, gt=0)
    rank: float = Field(default=0.01, gt=0, lt=1)


class StickingPlan(Plan):
    """Do figures just above a target move less? In bands of ``width``, in the indicator's unit."""

    method: Literal["sticking"]
    indicators: tuple[Identifier, ...] = Field(min_length=1)
    width: float = Field(default=1.0, gt=0)


class EasingPlan(Plan):
    """Spurts at the end of years or quarters, figures sent again, crowds at a trajectory."""

    method: Literal["easing"]
    what: Literal["year_end", "quarter_end", "repeats", "trajectory"]
    indicators: tuple[Identifier, ...] = Field(min_length=1)


class BunchingPlan(Plan):
    """How many durations ended in the last minutes before a limit?

    ``bands`` is the beginning of the items that count durations in bands of ``width`` minutes,
    each followed by its first minute in three digits, ``until`` the start of the open band.
    ``longer`` is the item of the open band, which the curve leaves out and all stays hold.
    """

    method: Literal["bunching"]
    indicator: Identifier
    bands: str
    longer: str | None = None
    width: float = Field(gt=0)
    until: float = Field(gt=0)
    limit: float = Field(gt=0)
    before: float = Field(gt=0)
    reach: float | None = None
    heaps: tuple[float, ...] = ()

    @property
    def items(self) -> dict[str, str]:
        """Start of each band in minutes, as a part is called → the item that counts it."""
        starts = range(0, round(self.until), round(self.width))
        bands = {str(start): f"{self.bands}{start:03d}" for start in starts}
        return bands | ({"longer": self.longer} if self.longer else {})


ShapePlan = Annotated[
    DensityPlan
    | RecordersPlan
    | RecordsPlan
    | MixPlan
    | DenominatorsPlan
    | StickingPlan
    | EasingPlan
    | BunchingPlan,
    Field(discriminator="method"),
]


class ShapeTest(Definition):
    """An invented set of figures and the share of seeds that must end with each word.

    ``planted`` is how much of what the method looks for is put in; 0 is nothing.
    """

    name: str
    months: int = Field(ge=1)
    places: int = Field(ge=1)
    planted: float = Field(default=0.0, ge=0)
    expect: dict[Literal["unusual", "nothing_unusual", "too_little_data"], Bound]


class FalseAlarms(Definition):
    """How often the rule's test fires at p .05 where there is nothing, and on which figures.

    A test that fires at more than 7 in 100 sends people to others with a false question.
    """

    rate: float = Field(ge=0, le=0.07)
    on: str


class ShapeRule(Definition):
    """A way in which a figure may be bent, or two figures disagree, and what to ask then.

    ``goes_away`` says what would make the finding go away: the answers that settle it.
    ``false_alarms`` is of the test; counts held against a tolerance have none.
    """

    id: str = Field(pattern=RULE_ID)
    version: int = 1
    status: Maturity = Maturity.TRIAL
    strength: Strength | None = None
    kind: Literal["threshold", "definition"]
    title: str
    mechanism: str
    severity: Literal["low", "medium", "high"]
    evidence: ShapePlan
    wins: Wins
    ask: OneOrMore
    involve: OneOrMore
    goes_away: OneOrMore
    other_explanations: OneOrMore
    references: tuple[Reference, ...] = Field(min_length=1)
    false_alarms: FalseAlarms | None = None
    tests: tuple[ShapeTest, ...] = ()

    @property
    def plan_hash(self) -> str:
        """A fingerprint of everything that was declared before looking."""
        declared = self.model_dump(mode="json", include={"id", "version", "kind", "evidence"})
        return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:12]


def is_shape(value: Any) -> bool:
    """Whether a file of conflicts holds a rule of unusual shape."""
    return isinstance(value, dict) and value.get("kind") in KINDS
