"""Denominators: did the count that an indicator is divided by jump at one body alone?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from kpialign.conflicts.sight import ENGLAND, FIGURES, Panel, Sight, panel
from kpialign.definitions.shapes import DenominatorsPlan, ShapeRule, ShapeTest
from kpialign.evidence import Jumps, jumps, parted
from kpialign.evidence.state import State
from kpialign.findings.shapes import Look, Seen
from kpialign.terms import Period, months_between


def look(rule: ShapeRule, sight: Sight) -> Iterator[Look]:
    """Look at each indicator's denominator: how many bodies jumped, then which, as leads."""
    plan = rule.evidence
    assert isinstance(plan, DenominatorsPlan)
    for name in plan.indicators:
        rows = sight.of(name)
        counts = panel(rows, value="denominator")
        found = jumps(counts.values) if rows.height else None
        if found is None or found.state is not State.ESTIMATED:
            said = "two years of ten bodies are needed"
            yield _told(name, sight, counts, Seen.TOO_LITTLE_DATA, said=said)
            continue
        far = _far(found, plan)
        yield _told(name, sight, counts, Seen.NOTHING, said=_count(far, found, plan))
        for at in np.flatnonzero(far):
            yield _lead(name, sight, counts, int(at), found)


def _far(found: Jumps, plan: DenominatorsPlan) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    large = np.abs(found.change.filled(0.0)) >= plan.jump
    return np.asarray(large & (found.share.filled(1.0) <= plan.rank))


def _count(
    far: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], found: Jumps, plan: DenominatorsPlan
) -> str:
    known = int(found.change.count())
    return (
        f"{int(far.sum())} of {known} bodies moved by {100 * plan.jump:.0f}% or more beyond the "
        f"others on the year before, and further than all but {100 * plan.rank:.0f}% of "
        f"{found.placebos:,} bodies and months"
    )


def _lead(name: str, sight: Sight, counts: Panel, at: int, found: Jumps) -> Look:
    body = counts.places[at]
    change, share = float(found.change[at]), float(found.share[at])
    said = f"{100 * change:+.0f}% beyond the others on the same months a year before"
    shift = parted(counts.values, at)
    if shift is not None and shift.gain > 0 and shift.change * change > 0:
        month = Period.parse(counts.periods[shift.at]).words()
        said += f"; its level has left theirs from {month} on"
    who = sight.name(name, body)
    question = f"What began, or ceased, to be counted at {who}?"
    return _told(
        name, sight, counts, Seen.UNUSUAL, said=said.replace("-", "\N{MINUS SIGN}"),
        question=question, body=body, estimate=change, p=share,
    )  # fmt: skip


def _told(
    name: str,
    sight: Sight,
    counts: Panel,
    seen: Seen,
    *,
    said: str,
    question: str = "",
    body: str = "",
    estimate: float | None = None,
    p: float | None = None,
) -> Look:
    return Look(
        id=f"{name} {body}".strip(),
        indicator=name,
        title=sight.indicators[name].short,
        about="denominator, last three months",
        scope=body or ENGLAND,
        scope_name=sight.name(name, body) if body else "England",
        seen=seen,
        said=said,
        question=question,
        body=body,
        first_month=counts.periods[0] if counts.periods else "",
        last_month=counts.periods[-1] if counts.periods else "",
        figures=int(np.isfinite(counts.values).sum()),
        estimate=estimate,
        unit="share of the count a year before",
        p=p,
        tested=False,
        low_power=bool(body),
    )


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """Counts with season and noise; one body's last three months grow by ``planted``."""
    rng = np.random.default_rng(seed)
    plan = rule.evidence
    assert isinstance(plan, DenominatorsPlan)
    name = plan.indicators[0]
    first = Period(2022, 4)
    periods = [str(p) for p in months_between(first, first + (test.months - 1))]
    shape = (test.months, test.places)
    season = 0.1 * np.cos(2 * np.pi * np.arange(test.months) / 12)[:, None]
    counts = 8000 * np.exp(season + rng.normal(0, 0.03, shape) + rng.normal(0, 0.4, (1, shape[1])))
    counts[-3:, 0] *= 1 + test.planted
    figures = pl.DataFrame(
        {
            "indicator": name,
            "organisation": np.tile([f"U{n:03d}" for n in range(shape[1])], shape[0]).tolist(),
            "period": np.repeat(periods, shape[1]).tolist(),
            "numerator": 0.7 * counts.ravel(),
            "denominator": counts.ravel(),
            "value": 70.0,
        },
        schema=FIGURES,
    )
    return Sight(figures, sight.indicators)
