"""A rule judged on invented systems: what it must find, and where it must stay silent.

The whole method runs, from the figures of single bodies to the verdict, as on real data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from kpialign.conflicts.judge import judge
from kpialign.conflicts.network import Network
from kpialign.definitions.conflicts import Conflict, RuleTest
from kpialign.errors import Fault
from kpialign.library import Library
from kpialign.simulate import Invented, Scenario, system
from kpialign.terms import Period, Verdict, months_between

SEEDS = 200
_FIRST = Period(2020, 4)
_LEVEL = 50.0  # keeps every invented figure above 0, as rates and waits are


def rule_tests(library: Library, seeds: int = SEEDS) -> Iterator[Fault]:
    """Run every rule's own tests; a share of verdicts out of its bound is a fault."""
    for rule in library.conflicts.values():
        for test in rule.tests:
            found = shares(rule, test, library, seeds)
            for verdict, bound in test.expect.items():
                share = found.get(verdict, 0.0)
                if not within(share, bound):
                    yield _fault(rule, test, library, f"{verdict.words()} in {share:.3f}", bound)


def shares(rule: Conflict, test: RuleTest, library: Library, seeds: int) -> dict[Verdict, float]:
    """The share of seeds that ended with each verdict."""
    counts: Counter[Verdict] = Counter()
    for seed in range(seeds):
        network = invent(rule, test, library, seed)
        [finding] = judge([rule], library.indicators, network, here={}).findings
        counts[finding.verdict] += 1
    return {verdict: count / seeds for verdict, count in counts.items()}


def invent(rule: Conflict, test: RuleTest, library: Library, seed: int) -> Network:
    """Put an invented system in the place of the observed one."""
    scenario = Scenario(**test.simulate.model_dump())
    links = [(arrow.start.indicator, arrow.end.indicator) for arrow in rule.links]
    lags = [arrow.lags[0] for arrow in rule.links]
    made = system(scenario, links, lags=lags, alone=_alone(rule), seed=seed)
    roles = {name: library.indicators[name].accountable.role for name in made}
    units = {name: _units(roles[name], one, rule) for name, one in made.items()}
    last = _FIRST + (scenario.months - 1)
    return Network(
        first=_FIRST,
        last=last,
        parts=pl.concat(_parts(n, roles[n], made[n], units[n], last) for n in made),
        links=_links(made, units, roles, rule),
        peers={roles[name]: units[name] for name in made},
        roles=roles,
        peer_set_of=roles,
        names={},
    )


def _alone(rule: Conflict) -> list[str]:
    """Indicators that no link of the rule moves: ends of controls, figures held fixed."""
    arrows = (*rule.links, *rule.negative_controls)
    held = [name for arrow in arrows for name in arrow.hold_fixed]
    return held + [e.indicator for c in rule.negative_controls for e in (c.start, c.end)]


def _units(role: str, made: Invented, rule: Conflict) -> tuple[str, ...]:
    letter = "T" if role == rule.tie.one else "U"
    return tuple(f"{letter}{unit:03d}" for unit in range(made.units.shape[1]))


def _parts(
    name: str, role: str, made: Invented, units: tuple[str, ...], last: Period
) -> pl.DataFrame:
    periods = [str(period) for period in months_between(_FIRST, last)]
    figures = _LEVEL + made.units
    return pl.DataFrame(
        {
            "indicator": name,
            "organisation": np.tile(units, len(periods)).tolist(),
            "role": role,
            "period": np.repeat(periods, len(units)).tolist(),
            "scale": 1.0,
            "numerator": figures.ravel(),
            "denominator": 1.0,
        }
    )


def _links(
    made: Mapping[str, Invented],
    units: Mapping[str, tuple[str, ...]],
    roles: Mapping[str, str],
    rule: Conflict,
) -> pl.DataFrame:
    """Tie → unit, from any indicator of the many."""
    schema = {"tie": pl.String, "unit": pl.String, "weight": pl.Float64}
    many = next((name for name, role in roles.items() if role != rule.tie.one), None)
    if many is None:
        # a service whose hospitals no arrow looks at still has to be somebody's service
        ties = [f"T{tie:03d}" for tie in range(len(next(iter(made.values())).members))]
        return pl.DataFrame([(tie, tie, 1.0) for tie in ties], schema=schema, orient="row")
    rows = [
        (f"T{tie:03d}", unit, float(weight))
        for tie, shares_of_tie in enumerate(made[many].members)
        for unit, weight in zip(units[many], shares_of_tie, strict=True)
        if weight > 0
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def within(share: float, bound: str) -> bool:
    """Whether a share keeps to a bound such as ``>= 0.8``."""
    sign, _, number = bound.partition(" ")
    return share >= float(number) if sign == ">=" else share <= float(number)


def _fault(rule: Conflict, test: RuleTest, library: Library, what: str, bound: str) -> Fault:
    file, _, line = library.sources[rule.id].rpartition(":")
    todo = "Correct the rule, or say honestly what it can do."
    return Fault(file, int(line), f"{rule.id}, test {test.name!r}: {what}, expected {bound}.", todo)
