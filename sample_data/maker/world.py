"""The invented organisations: who they are, where they sit, who conveys to whom."""

from __future__ import annotations

import random
from dataclasses import dataclass

from . import plan

# The seven region codes and names are NHS England's; they are part of the layouts.
REGIONS = {
    "Y56": "London",
    "Y58": "South West",
    "Y59": "South East",
    "Y60": "Midlands",
    "Y61": "East of England",
    "Y62": "North West",
    "Y63": "North East and Yorkshire",
}

# code, region, name, hospitals, systems: the shape of England, in which a region may have
# one service or three
_SERVICES = (
    ("ZA01", "Y56", "HERON", 7, 3),
    ("ZA02", "Y58", "CURLEW", 6, 2),
    ("ZA03", "Y59", "PLOVER", 4, 1),
    ("ZA04", "Y59", "DUNLIN", 4, 2),
    ("ZA05", "Y59", "AVOCET", 5, 2),
    ("ZA06", "Y60", "LAPWING", 6, 2),
    ("ZA07", "Y60", "BITTERN", 6, 2),
    ("ZA08", "Y61", "OSPREY", 6, 2),
    ("ZA09", "Y62", "MERLIN", 6, 2),
    ("ZA10", "Y63", "FULMAR", 5, 1),
    ("ZA11", "Y63", "KITTIWAKE", 5, 1),
)
_TREES = (
    "Alder", "Aspen", "Beech", "Birch", "Cedar", "Elder", "Elm", "Hawthorn", "Hazel", "Holly",
    "Juniper", "Larch", "Linden", "Maple", "Myrtle", "Oak", "Rowan", "Spruce", "Walnut", "Willow",
)  # fmt: skip
_FIRST = (
    "QUILL", "OSTER", "BRACK", "FENNE", "GORSE", "HALLOW",
    "IVEL", "JASPER", "KESTREL", "LUMEN", "MARROW", "NETTLE",
)  # fmt: skip
_SECOND = ("MERE", "HOLM", "STOW", "GARTH", "HAVEN")
_KIND = ("GENERAL HOSPITAL", "UNIVERSITY HOSPITALS", "ROYAL INFIRMARY", "HOSPITALS GROUP")
_SIZES = (6000, 17000)  # type 1 attendances a month
_WALK_INS = 12


@dataclass(frozen=True)
class Hospital:
    """A hospital and its lasting character."""

    code: str
    name: str
    region: str
    system: str
    service: str
    size: float
    breach: float  # logit of the share over four hours, type 1, in an average month
    twelve_hours: float  # logit of the share of admissions waiting 12 hours
    minor: float  # type 3 attendances for each type 1 attendance
    minor_breach: float
    single: float  # type 2 attendances for each type 1 attendance
    booked: float  # booked attendances for each unbooked one


@dataclass(frozen=True)
class WalkIn:
    """A centre with type 3 only: a quarter of the rows in the real files are not trusts."""

    code: str
    name: str
    region: str
    system: str
    size: float


@dataclass(frozen=True)
class Service:
    """An ambulance service and its lasting character."""

    code: str
    name: str
    region: str
    handover: float  # minutes, mean
    cat2: float  # minutes, mean
    answer: float  # seconds, mean
    spread: float  # sigma of the log of handover times
    unknown: float  # share of handovers without a time


@dataclass(frozen=True)
class World:
    """All organisations of the sample."""

    hospitals: tuple[Hospital, ...]
    walk_ins: tuple[WalkIn, ...]
    services: tuple[Service, ...]
    systems: dict[str, str]

    @property
    def providers(self) -> tuple[Hospital | WalkIn, ...]:
        """Everybody with a row in the A&E file."""
        return (*self.hospitals, *self.walk_ins)

    def weights(self, service: str) -> dict[str, float]:
        """Each hospital linked to a service, with its weight."""
        linked = {h.code: link_weights(h).get(service, 0.0) for h in self.hospitals}
        return {code: weight for code, weight in linked.items() if weight > 0}


def link_weights(hospital: Hospital) -> dict[str, float]:
    """The services that convey to a hospital; the weights add up to 1."""
    return dict(plan.SPLIT) if hospital.code == plan.SPLIT_HOSPITAL else {hospital.service: 1.0}


def rng(*name: object) -> random.Random:
    """A random stream of its own for each name, so that adding one leaves the others alone."""
    return random.Random(":".join(map(str, (plan.SEED, *name))))


def build() -> World:
    """The whole invented system, always the same."""
    systems = {f"ZQ{chr(65 + i)}": f"{t} Integrated Care Board" for i, t in enumerate(_TREES)}
    hospitals: list[Hospital] = []
    codes = iter(systems)
    for service, region, _, count, boards in _SERVICES:
        mine = [next(codes) for _ in range(boards)]
        hospitals += [
            _hospital(len(hospitals) + i, region, mine[i % boards], service) for i in range(count)
        ]
    services = tuple(_service(code, region, name) for code, region, name, _, _ in _SERVICES)
    return World(tuple(hospitals), _walk_ins(hospitals), services, systems)


def _hospital(index: int, region: str, system: str, service: str) -> Hospital:
    draw = rng("hospital", index)
    # 7 is coprime to 60, so neighbours do not share a first syllable
    name = f"{_FIRST[index * 7 % 12]}{_SECOND[index % 5]} {_KIND[draw.randrange(4)]}"
    low, high = _SIZES
    return Hospital(
        code=f"ZH{index + 1:02d}",
        name=name,
        region=region,
        system=system,
        service=service,
        size=low * (high / low) ** draw.random(),
        breach=draw.uniform(-0.75, -0.1),
        twelve_hours=draw.uniform(-3.3, -2.2),
        minor=draw.uniform(0.25, 0.75) if index % 5 else 0.0,
        minor_breach=draw.uniform(-3.6, -2.6),
        single=draw.uniform(0.03, 0.10) if index % 4 == 1 else 0.0,
        booked=draw.uniform(0.005, 0.03) if index % 2 else 0.0,
    )


def _walk_ins(hospitals: list[Hospital]) -> tuple[WalkIn, ...]:
    made = []
    for i in range(_WALK_INS):
        near, draw = hospitals[i * 5 + 2], rng("walk-in", i)
        # real codes of this kind are Y and five digits, so the letter keeps these invented
        code = f"ZW1{i + 1:02d}" if i % 2 else f"Y9Z{i + 1:03d}"
        name = f"{near.name.split()[0]} WALK IN CENTRE"
        made.append(WalkIn(code, name, near.region, near.system, draw.uniform(400, 4200)))
    return tuple(made)


def _service(code: str, region: str, name: str) -> Service:
    draw = rng("service", code)
    return Service(
        code=code,
        name=f"{name} AMBULANCE SERVICE",
        region=region,
        handover=draw.uniform(22, 33),
        cat2=draw.uniform(25, 33),
        answer=draw.uniform(9, 26),
        spread=draw.uniform(0.65, 0.85),
        unknown=draw.uniform(0.003, 0.03),
    )
