"""Split the change of a whole: revision, boundaries, who came and went, rate and mix.

Each step is the difference of two values of the whole that anybody can compute, one after the
other, so they add up by themselves. Rate against mix is Kitagawa's split (1955) over the bodies
in both months; a body's mix counts against the whole's mean, so that who grows at the whole's
own rate moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from kpialign.composites.means import Floats
from kpialign.evidence.mix import Reversal, mix
from kpialign.findings import Movement, MovementStep, SystemValue

_SHOWN = 12  # bodies named; smaller steps are put together


@dataclass(frozen=True)
class _Parts:
    """One whole in one month: parts by body, as they are told now, then and first.

    Attributes:
        shared: whether the denominator is the same for all (days of the month, or one).
    """

    units: tuple[str, ...]
    scale: float
    shared: bool
    told: Floats
    then: Floats
    first: Floats

    def value(self, parts: Floats) -> float | None:
        """The whole's value of (2, units); ``None`` without a denominator."""
        known = np.isfinite(parts).all(axis=0)
        top, below = parts[0, known].sum(), parts[1, known]
        if not known.any():
            return None
        bottom = below.max() if self.shared else below.sum()
        return float(self.scale * top / bottom) if bottom else None


def movements(
    parts: pl.DataFrame,
    told: Iterable[SystemValue],
    levels: Mapping[str, str],
    since: str,
    names: Mapping[str, str],
) -> Iterator[Movement]:
    """The change of each value since a month, where the whole has a figure in both.

    Args:
        parts: the model ``moved_part``.
        told: values whose change is wanted.
        levels: ``scope_level`` of a (scope, basis), joined by a bar.
        since: the earlier month.
        names: organisation → name.
    """
    keys = ("indicator", "scope_level", "scope")
    groups = dict(parts.group_by(*keys))
    for value in told:
        own = groups.get((value.indicator, levels[f"{value.scope}|{value.basis}"], value.scope))
        if own is None:
            continue
        before, after = (_parts(own.filter(period=month)) for month in (since, value.period))
        found = _movement(value, since, before, after, names)
        if found is not None:
            yield found


def _parts(rows: pl.DataFrame) -> _Parts:
    rows = rows.sort("unit")

    def pair(suffix: str) -> Floats:
        columns = [rows[f"{part}{suffix}"] for part in ("numerator", "denominator")]
        return np.array([c.cast(pl.Float64).fill_null(np.nan).to_numpy() for c in columns])

    scale = float(rows["scale"][0]) if rows.height else 1.0
    shared = rows.height > 0 and rows["denominator_kind"][0] != "parts"
    units = tuple(rows["unit"].to_list())
    return _Parts(units, scale, shared, pair(""), pair("_then"), pair("_first"))


def _movement(
    value: SystemValue, since: str, before: _Parts, after: _Parts, names: Mapping[str, str]
) -> Movement | None:
    now, was = after.value(after.told), before.value(before.told)
    if now is None or was is None:
        return None
    then, first = before.value(before.then), before.value(before.first)
    then = was if then is None else then
    first = then if first is None else first
    steps, reversal = _between(before, after, names)
    steps = [
        MovementStep("revision", "", "", then - first),
        MovementStep("boundaries", "", "", was - then),
        *steps,
    ]
    return Movement(
        value.indicator, value.title, value.unit, value.improves, value.scope, value.scope_name,
        value.basis, since, value.period, first, was, now,
        tuple(_gathered([step for step in steps if step.amount])), reversal,
    )  # fmt: skip


def _between(
    before: _Parts, after: _Parts, names: Mapping[str, str]
) -> tuple[list[MovementStep], str]:
    """The steps from the earlier month as it is told today to the later one."""
    units = sorted({*before.units, *after.units})
    parts = np.array([_aligned(month, units) for month in (before, after)])  # (2, 2, units)
    here = np.isfinite(parts).all(axis=1)
    if before.shared:
        return list(_counts(parts, here, after.scale, units, names)), ""
    both = here.all(axis=0) & (parts[:, 1] > 0).all(axis=0)
    if not both.any():
        whole = (after.value(after.told) or 0.0) - (before.value(before.told) or 0.0)
        return [MovementStep("other_bodies", "", "", whole)], ""
    found = mix(parts[:, 0, both], parts[:, 1, both], scale=after.scale)
    mean = float(found.before + found.after) / 2
    shares = np.array([found.share_before, found.share_after])
    rates = after.scale * parts[:, 0, both] / parts[:, 1, both]
    by_mix = (rates.mean(axis=0) - mean) * (shares[1] - shares[0])
    inside = [unit for unit, is_in in zip(units, both, strict=True) if is_in]
    steps = [
        MovementStep(kind, unit, names.get(unit, unit), float(amount))
        for kind, amounts in (("rate", found.rate_by_group), ("mix", by_mix))
        for unit, amount in zip(inside, amounts, strict=True)
    ]
    middles = (float(found.before), float(found.after))
    for kind, month, sign in (("went", 0, -1), ("came", 1, 1)):
        only = here[month] & ~both & (parts[month, 1] > 0)
        total = np.nansum(parts[month, 1, only | both])
        for i in np.flatnonzero(only):
            own = after.scale * parts[month, 0, i] / parts[month, 1, i]
            amount = sign * parts[month, 1, i] / total * (own - middles[month])
            steps.append(MovementStep(kind, units[i], names.get(units[i], units[i]), float(amount)))
    reversal = found.reversal.item()
    return steps, "" if reversal in (None, Reversal.NONE) else str(reversal.value)


def _counts(
    parts: Floats,
    here: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    scale: float,
    units: list[str],
    names: Mapping[str, str],
) -> Iterator[MovementStep]:
    """A count has no mix: each body's own change, of those in both months or in one."""
    with np.errstate(invalid="ignore"):
        own = scale * parts[:, 0] / parts[:, 1]
    for i, unit in enumerate(units):
        was, now = here[0, i], here[1, i]
        kind = "rate" if was and now else ("came" if now else "went")
        amount = (own[1, i] if now else 0.0) - (own[0, i] if was else 0.0)
        yield MovementStep(kind, unit, names.get(unit, unit), float(amount))


def _aligned(month: _Parts, units: list[str]) -> Floats:
    out = np.full((2, len(units)), np.nan)
    out[:, [units.index(unit) for unit in month.units]] = month.told
    return out


def _gathered(steps: list[MovementStep]) -> Iterator[MovementStep]:
    """The largest steps of each kind, and the sum of the others."""
    for kind in dict.fromkeys(step.kind for step in steps):
        own = sorted((s for s in steps if s.kind == kind), key=lambda s: -abs(s.amount))
        yield from own[:_SHOWN]
        rest = own[_SHOWN:]
        if rest:
            yield MovementStep(kind, "others", f"{len(rest)} others", sum(s.amount for s in rest))
