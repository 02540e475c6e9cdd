"""A composite of one unit and month in the words of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kpialign.composites.bands import banded, numbers, rated, to_move
from kpialign.composites.coherence import coherence
from kpialign.composites.doubt import Doubt, side_by_side
from kpialign.composites.means import ARITHMETIC, GEOMETRIC, Floats
from kpialign.composites.sources import sources
from kpialign.composites.stages import Composed
from kpialign.findings import (
    CompositeDoubt,
    CompositeMove,
    CompositePart,
    CompositeStep,
    CompositeValue,
    SystemValue,
)
from kpialign.terms import Period

_BALANCE = "balance between the parts"


@dataclass(frozen=True)
class Told:
    """What a unit's figures are called: its name, the parts' titles, and their system values.

    ``cuts`` are parts with the month from which their figures compare with the latest.
    """

    scope: str
    name: str
    titles: Mapping[str, str]
    units: Mapping[str, str]
    kinds: Mapping[str, str]
    values: Mapping[str, SystemValue]
    cuts: Mapping[str, Period] = field(default_factory=dict)

    def compares(self, month: Period, *names: str) -> bool:
        """Whether figures of a month compare with the latest, of some parts or of all."""
        known = [cut for part, cut in self.cuts.items() if not names or part in names]
        return all(month >= cut for cut in known)


def composite_value(
    composed: Composed, told: Told, period: Period, doubt: Doubt | None = None
) -> CompositeValue:
    """Tell one unit's composite in a month.

    Args:
        composed: of all units and months.
        told: which unit, and what its figures are called.
        period: the month.
        doubt: draws of the last months of ``composed``, if there are any.
    """
    at = _place(composed, told.scope)
    months = (period, period + -1, period + -12)
    now, before, year = (at(month) if told.compares(month) else None for month in months)
    parts = tuple(_part(composed, told, k, at, months) for k in _leaves(composed))
    value = _whole(composed, now)
    definition, plan = composed.definition, composed.plan
    other = GEOMETRIC if plan.nodes[-1].mean.name == "arithmetic" else ARITHMETIC
    band = banded(composed, *now) if now else None
    band_before = banded(composed, *before) if before else None
    rating = rated(composed, *now) if now else None
    posts = [leaf.posts(period) for leaf in plan.leaves if leaf.goalposts]
    hindsight = max((p.since for p in posts), default=period) > period
    before_year = _year_before(composed, year, told, plan.names)
    return CompositeValue(
        id=definition.id, title=definition.title, scope=told.scope, scope_name=told.name,
        period=str(period), value=value, year_before=before_year,
        other_aggregate=_other(composed, now, other), aggregate=plan.nodes[-1].mean.name,
        state=_state(parts), parts=parts, last_month=_whole(composed, before),
        band=band.name if band else "", band_last_month=band_before.name if band_before else "",
        rating=rating.name if rating else "",
        held=tuple(dict.fromkeys((*(band.held if band else ()), *(rating.held if rating else ())))),
        doubt=_doubt(composed, doubt, now, before) if now and value is not None else None,
        alternatives=_alternatives(composed, now),
        moves=tuple(_moves(composed, told, now, [(period + -1, before), (period + -12, year)])),
        to_move=tuple(to_move(composed, now, told.titles)) if now and value is not None else (),
        coherence=coherence(composed, now[1], _first(composed, told)) if now else None,
        notes=tuple(
            _notes(told, hindsight=hindsight, alike=year is None or before_year is not None)
        ),
        low_end=definition.normalise.low, high_end=definition.normalise.high,
    )  # fmt: skip


def _notes(told: Told, *, hindsight: bool, alike: bool) -> Iterator[str]:
    if hindsight:
        yield "goalposts were set after this month, and look back on it"
    for name, cut in told.cuts.items():
        yield (
            f"{told.titles.get(name, name)} from {cut.words()} does not compare with earlier "
            "months: no change across it is told"
        )
    if not alike:
        yield (
            "a part of the year before is of other bodies: no figure of it stands beside this "
            "one, and what moved since holds them too"
        )


def _first(composed: Composed, told: Told) -> int:
    """The first month from which all parts compare."""
    months = composed.panel.months
    return sum(not told.compares(Period.parse(month)) for month in months if told.cuts)


_At = tuple[int, int] | None


def _place(composed: Composed, scope: str) -> Callable[[Period], _At]:
    units, months = composed.panel.units, composed.panel.months

    def at(month: Period) -> _At:
        if scope not in units or str(month) not in months:
            return None
        return months.index(str(month)), units.index(scope)

    return at


def _leaves(composed: Composed) -> range:
    return range(len(composed.plan.leaves))


def _figure(found: Floats, at: _At, k: int) -> float | None:
    if at is None or not np.isfinite(found[at[0], at[1], k]):
        return None
    return float(found[at[0], at[1], k])


def _whole(composed: Composed, at: _At) -> float | None:
    return _figure(composed.levels, at, composed.levels.shape[-1] - 1)


def _part(
    composed: Composed,
    told: Told,
    k: int,
    place: Callable[[Period], _At],
    months: Sequence[Period],
) -> CompositePart:
    leaf = composed.plan.leaves[k]
    known = told.values.get(leaf.name)
    at = [place(month) if told.compares(month, leaf.name) else None for month in months]
    value = _figure(composed.stages["reported"], at[0], k)
    state = "reported" if value is not None else "not_reported"
    return CompositePart(
        indicator=leaf.name,
        title=told.titles.get(leaf.name, leaf.name),
        value=value,
        score=_figure(composed.levels, at[0], k),
        weight=float(composed.plan.effective[k]),
        worst=float(composed.ends.worst[k]),
        best=float(composed.ends.best[k]),
        state=known.state if known else state,
        basis=known.basis if known else "",
        kind=leaf.kind or told.kinds.get(leaf.name, ""),
        unit=told.units.get(leaf.name, ""),
        last_month=_figure(composed.stages["reported"], at[1], k),
        year_before=_figure(composed.stages["reported"], at[2], k),
    )


def _state(parts: Sequence[CompositePart]) -> str:
    """Which parts are missing, else which are of fewer trusts than expected."""
    missing = [part.title for part in parts if part.score is None]
    incomplete = [part.title for part in parts if part.state == "incomplete"]
    if missing:
        return "part missing: " + ", ".join(missing)
    return "incomplete: " + ", ".join(incomplete) if incomplete else "reported"


def _year_before(composed: Composed, at: _At, told: Told, names: Sequence[str]) -> float | None:
    """None where the two months of a part are of other bodies, or a break lies between."""
    known = [told.values[name] for name in names if name in told.values]
    if any(value.year_before is None for value in known):
        return None
    return _whole(composed, at)


def _other(composed: Composed, at: _At, how: object) -> float | None:
    """The whole with the other mean at the top, as one glance at what the choice is worth."""
    scores = composed.levels[at] if at else None
    if scores is None or np.isnan(scores).any() or composed.definition.normalise.low < 0:
        return None
    if composed.definition.normalise.method == "z_score":
        return None
    *inner, top = composed.plan.nodes
    plan = replace(composed.plan, nodes=(*inner, replace(top, mean=how)))  # type: ignore[arg-type]
    return float(plan.levels(scores[: len(composed.plan.leaves)])[-1])


def _alternatives(composed: Composed, at: _At) -> tuple[tuple[str, float | None], ...]:
    if at is None:
        return ()
    scores = composed.levels[at][: len(composed.plan.leaves)]
    return tuple(
        (name, float(found) if np.isfinite(found) else None)
        for name, found in side_by_side(composed, scores)
    )


def _moves(
    composed: Composed, told: Told, now: _At, since: Sequence[tuple[Period, _At]]
) -> Iterator[CompositeMove]:
    for month, before in since:
        was, after = _whole(composed, before), _whole(composed, now)
        if was is None or after is None or now is None or before is None:
            continue
        k = len(composed.plan.leaves)
        by_leaf, balance = composed.plan.split(
            composed.levels[before][:k], composed.levels[now][:k]
        )
        steps = [
            CompositeStep(leaf.name, told.titles.get(leaf.name, leaf.name), float(by_leaf[i]))
            for i, leaf in enumerate(composed.plan.leaves)
        ]
        steps += [
            CompositeStep(node.id, _BALANCE, float(balance[i]))
            for i, node in enumerate(composed.plan.nodes)
            if node.mean.penalty
        ]
        yield CompositeMove(str(month), was, after, tuple(steps))


def _doubt(
    composed: Composed, doubt: Doubt | None, now: tuple[int, int], before: _At
) -> CompositeDoubt | None:
    if doubt is None:
        return None
    # The draws are of the last months, counted from the end.
    back = doubt.noise.shape[1] - len(composed.panel.months)
    month, unit = now[0] + back, now[1]
    low, high = doubt.interval(month, unit)
    wide_low, wide_high = doubt.interval(month, unit, together=True)
    change_low = change_high = differs = differs_wide = None
    significant = None
    if before is not None and before[0] + back >= 0 and np.isfinite(composed.whole[before]):
        earlier = before[0] + back
        ends = np.percentile(doubt.change(month, earlier, unit), (2.5, 97.5))
        change_low, change_high = float(ends[0]), float(ends[1])
        significant = not change_low <= 0 <= change_high
        differs = _differs(composed, doubt, doubt.noise, (month, earlier, unit))
        differs_wide = _differs(composed, doubt, doubt.together, (month, earlier, unit))
    names = [leaf.name for leaf in composed.plan.leaves]
    return CompositeDoubt(
        low, high, wide_low, wide_high, change_low, change_high, differs, differs_wide,
        significant, _words(significant, differs), tuple(zip(names, doubt.words, strict=True)),
        len(doubt.noise), doubt.seed,
        tuple((s.name, s.share, s.low, s.high) for s in sources(composed, *now)),
    )  # fmt: skip


def _differs(
    composed: Composed, doubt: Doubt, draws: Floats, at: tuple[int, int, int]
) -> float | None:
    """The share of draws in which two months of a unit are in different bands."""
    scheme = composed.definition.scheme(Period.parse(composed.panel.months[-1]))
    if scheme is None:
        return None
    now, before, unit = at
    bands = [
        np.minimum(numbers(draws[:, month], scheme)[:, unit], doubt.most[:, month, unit])
        for month in (now, before)
    ]
    return float(np.mean(bands[0] != bands[1]))


def _words(significant: bool | None, differs: float | None) -> str:
    if significant is None:
        return "there is no month before to compare with"
    said = (
        "this change is more than chance in the figures would make"
        if significant
        else "this change is not significant"
    )
    band = (
        ""
        if differs is None
        else f"; the two months are in different bands in {differs:.0%} of draws"
    )
    return said + band
