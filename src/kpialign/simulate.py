"""Invented health systems: what a rule must find, and what it must leave alone.

A unit's figure is what everyone sees (trend, winter, national noise, a shock), what its tie
sees (local pressure), and its own noise. A link acts on the own noise alone, so a method that
reads common pressure as a link is caught.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Floats: TypeAlias = NDArray[np.float64]
Movement: TypeAlias = Literal["rises", "falls"]

_WARM_UP = 24  # months thrown away, so that the first month remembers as much as the last
_SHOCK_MONTHS = 4  # a pandemic wave or a strike season


@dataclass(frozen=True)
class Scenario:
    """What to invent; sizes are in standard deviations of a unit's own noise.

    Attributes:
        months: calendar months.
        ties: how many ties, independent but for what everyone sees.
        effect: correlation between the own noise of the two ends of a link, 0 to 1.
        raw: movement of an indicator's raw figure when the mechanism acts; `rises` if not named.
        pressure: movement of its raw figure under common pressure; `rises` if not named.
        season: half the swing of the yearly wave.
        trend: change from the first month to the last.
        national: size of the national noise everyone shares.
        shock: size of a national shock of four months; 0 for none.
        local_pressure: size of the noise that all indicators of one tie share.
        event: size of a lasting change of level in all figures of every fourth tie, from the middle
            month on, as when recording changes there; 0 for none.
        ar: month-to-month correlation of every noise, 0 up to 1.
        units_per_tie: units a tie is the mean of, by indicator; 1 if not named.

    Raises:
        ValueError: a size out of its range, or a movement that is neither rises nor falls.
    """

    months: int
    ties: int
    effect: float = 0.0
    raw: Mapping[str, Movement] = field(default_factory=dict)
    pressure: Mapping[str, Movement] = field(default_factory=dict)
    season: float = 1.0
    trend: float = 1.0
    national: float = 1.0
    shock: float = 0.0
    local_pressure: float = 0.0
    event: float = 0.0
    ar: float = 0.4
    units_per_tie: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (0 <= self.effect <= 1 and 0 <= self.ar < 1):
            raise ValueError(f"effect {self.effect}, ar {self.ar}: expected 0 to 1, ar below 1")
        if self.months < 1 or self.ties < 1 or any(n < 1 for n in self.units_per_tie.values()):
            raise ValueError("months, ties and units_per_tie are counted from 1")
        wrong = {*self.raw.values(), *self.pressure.values()} - {"rises", "falls"}
        if wrong:
            raise ValueError(f"{sorted(wrong)}: a raw figure rises or falls")


@dataclass(frozen=True)
class Invented:
    """One indicator of an invented system.

    Attributes:
        values: figure of each tie, shape (months, ties).
        units: figure of each unit, shape (months, units).
        members: share of a unit in a tie, shape (ties, units).
    """

    values: Floats
    units: Floats
    members: Floats


def system(
    scenario: Scenario,
    links: Sequence[tuple[str, str]],
    *,
    lags: Sequence[int] = (),
    alone: Sequence[str] = (),
    seed: int,
) -> dict[str, Invented]:
    """Invent a system: the indicators of the links, and others that nothing is linked to.

    Args:
        scenario: what to invent.
        links: (from, to) indicators, causes before effects; a chain may share indicators.
        lags: months by which the second of each link follows the first; none if not said.
        alone: indicators with common pressure but no link, such as controls and figures held fixed.
        seed: same seed, same system.

    Raises:
        ValueError: two links end at the same indicator.
    """
    ends = [end for _, end in links]
    if len(set(ends)) < len(ends):
        raise ValueError(f"two links end at the same indicator: {ends}")
    rng = np.random.default_rng(seed)
    names = list(dict.fromkeys([*(name for link in links for name in link), *alone]))
    mechanism = _mechanism(scenario, names, links, lags or [0] * len(links), rng)
    local = scenario.local_pressure * _noise(scenario, scenario.ties, rng)
    local = local + scenario.event * event(scenario)
    shared = _shared(scenario, rng)
    return {
        name: _indicator(
            scenario,
            name,
            own=_sign(scenario.raw, name) * mechanism[name],
            pressed=_sign(scenario.pressure, name) * (shared[:, None] + local),
            rng=rng,
        )
        for name in names
    }


def event(scenario: Scenario) -> Floats:
    """Give the months and ties of the dated change, 1 where it holds, shape (months, ties).

    >>> event(Scenario(months=4, ties=5))[:, [0, 1, 4]].astype(int).tolist()
    [[0, 0, 0], [0, 0, 0], [1, 0, 1], [1, 0, 1]]
    """
    since = np.arange(scenario.months) >= scenario.months // 2
    there = np.arange(scenario.ties) % 4 == 0
    return np.outer(since, there).astype(float)


def _mechanism(
    scenario: Scenario, names: Sequence[str], links: Sequence[tuple[str, str]],
    lags: Sequence[int], rng: np.random.Generator,
) -> dict[str, Floats]:  # fmt: skip
    """Give each indicator's own noise by tie, passed on along the links, lags later."""
    own = {name: _noise(scenario, scenario.ties, rng) for name in names}
    for (start, end), lag in zip(links, lags, strict=True):
        rest = np.sqrt(1 - scenario.effect**2)
        # What came before the first month is not known, so it is noise like any other.
        cause = np.vstack([own[end][:lag], own[start]])[: scenario.months]
        own[end] = scenario.effect * cause + rest * own[end]
    return own


def _noise(scenario: Scenario, columns: int, rng: np.random.Generator) -> Floats:
    """Draw AR(1) noise of variance 1, shape (months, columns)."""
    fresh = rng.standard_normal((scenario.months + _WARM_UP, columns))
    fresh = fresh * np.sqrt(1 - scenario.ar**2)
    noise = signal.lfilter([1.0], [1.0, -scenario.ar], fresh, axis=0)
    return np.asarray(noise[_WARM_UP:], dtype=float)


def _shared(scenario: Scenario, rng: np.random.Generator) -> Floats:
    """Give what everyone sees, shape (months,): trend, winter, national noise and a shock."""
    month = np.arange(scenario.months)
    # Somewhere in the span: a rule must not learn when shocks come.
    start = int(rng.integers(max(1, scenario.months - _SHOCK_MONTHS + 1)))
    struck = (month >= start) & (month < start + _SHOCK_MONTHS)
    return np.asarray(
        scenario.trend * month / scenario.months
        + scenario.season * np.cos(2 * np.pi * month / 12)
        + scenario.national * _noise(scenario, 1, rng)[:, 0]
        + scenario.shock * struck
    )


def _indicator(
    scenario: Scenario, name: str, *, own: Floats, pressed: Floats, rng: np.random.Generator
) -> Invented:
    """Spread a tie's figure over its units; what a unit alone sees averages out in its tie."""
    size = scenario.units_per_tie.get(name, 1)
    tie_of = np.repeat(np.arange(scenario.ties), size)
    members = np.asarray(np.arange(scenario.ties)[:, None] == tie_of, dtype=float)
    alone = _noise(scenario, scenario.ties * size, rng)
    # The departures of a tie's units add up to nothing, so `effect` holds for the tie exactly.
    departure = alone - (alone @ members.T / size)[:, tie_of]
    values = own + pressed
    return Invented(values, values[:, tie_of] + departure, members)


def _sign(movement: Mapping[str, Movement], name: str) -> int:
    """Turn a raw movement into a sign."""
    return -1 if movement.get(name, "rises") == "falls" else 1
