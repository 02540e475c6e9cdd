"""What happens to everybody and to each: latent series of variance about 1, one value a month."""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass

from . import plan
from .world import World, rng

Series = list[float]


@dataclass(frozen=True)
class Local:
    """What happens to one organisation."""

    own: dict[str, Series]  # by name of the latent series
    load: float  # how strongly national pressure bears on it

    def __getitem__(self, name: str) -> Series:
        return self.own[name]


@dataclass(frozen=True)
class Pressure:
    """Everything that happens, before anybody counts it."""

    national: Series
    hospital: dict[str, Local]
    service: dict[str, Local]


HOSPITAL_SERIES = ("hold", "crowd", "demand", "breach", "minor", "dta", "attend", "other")
SERVICE_SERIES = ("handover", "cat2", "answer", "incidents", "cat1", "cat3", "cat4", "calls")


def build(world: World) -> Pressure:
    """Draw every latent series."""
    hospital = {h.code: _local(h.code, HOSPITAL_SERIES) for h in world.hospitals}
    service = {s.code: _local(s.code, SERVICE_SERIES) for s in world.services}
    return Pressure(national(), hospital, service)


def ar1(phi: float, *name: object) -> Series:
    """A stationary AR(1) series of variance 1."""
    draw, step = rng(*name), math.sqrt(1 - phi * phi)
    value, series = draw.gauss(0, 1), []
    for _ in range(plan.MONTHS):
        value = phi * value + step * draw.gauss(0, 1)
        series.append(value)
    return series


def winter(t: int) -> float:
    """The season: highest about the turn of the year, in two harmonics."""
    angle = 2 * math.pi * ((plan.FIRST_MONTH - 1 + t) % 12) / 12
    return plan.WINTER * math.cos(angle) + plan.SECOND_HARMONIC * math.cos(2 * angle)


def national() -> Series:
    """Season, trend and a shared shock: beyond any one organisation's doing."""
    shock = ar1(plan.SHOCK_PHI, "national")
    last = plan.MONTHS - 1
    return [
        winter(t) + plan.TREND * (1 - 2 * t / last) + plan.SHOCK * shock[t]
        for t in range(plan.MONTHS)
    ]


def days(month: str) -> int:
    """Days in a month: counts follow them, means do not."""
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def _local(code: str, names: tuple[str, ...]) -> Local:
    own = {name: ar1(plan.LOCAL_PHI, code, name) for name in names}
    return Local(own, load=rng(code, "load").uniform(0.8, 1.2))
