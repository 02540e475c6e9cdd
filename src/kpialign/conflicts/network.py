"""The series of units and ties as arrays: who is linked to whom, and everybody's parts.

A tie adds the parts of those of its members that reported in every month looked at, so
that a member who comes or goes never looks like a change of performance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from kpialign.definitions.conflicts import TieRule
from kpialign.evidence.state import Flags, Floats
from kpialign.findings.facts import EventMark, few
from kpialign.terms import Period, months_between

SUBSTANTIAL = 0.01  # share of a tie's denominator from which a member left out is named


@dataclass(frozen=True)
class Shift:
    """An event that may have moved series: its effect, months and whom it touches.

    ``since`` of an ``incomparable`` one is the month from which figures compare.
    """

    id: str
    effect: str
    since: Period
    until: Period | None
    indicators: frozenset[str]
    organisations: frozenset[str]
    confirmed: bool = False
    title: str = ""

    @property
    def silences(self) -> bool:
        """Whether it takes values away; any other event is a regressor."""
        return self.effect in ("incomparable", "not_reported")

    def touched(self) -> pl.Expr:
        """The rows of parts of the indicators and organisations it touches."""
        everyone = pl.lit(value=True)
        whom = pl.col("organisation").is_in(list(self.organisations))
        return pl.col("indicator").is_in(list(self.indicators)) & (
            whom if self.organisations else everyone
        )

    def silent(self) -> pl.Expr:
        """The rows of parts whose values it takes away."""
        period, since = pl.col("period"), str(self.since)
        if self.effect == "incomparable":
            return self.touched() & (period < since)
        return self.touched() & period.is_between(pl.lit(since), pl.lit(str(self.until or "9999")))


@dataclass(frozen=True)
class Network:
    """Everything the rules look at.

    Attributes:
        first, last: the window of calendar months, holes included.
        parts: ``indicator, organisation, role, period, scale, numerator, denominator``,
            null where not reported.
        links: ``tie, unit, weight``.
        peers: peer set → its organisations.
        roles: indicator → the role that reports it.
        peer_set_of: indicator → its peer set.
        names: (role, organisation) → name.
        shifts: events inside the window that are steps or shocks, or are not confirmed.
        cut: (indicator, organisation) of series of which only the last part compares.
    """

    first: Period
    last: Period
    parts: pl.DataFrame
    links: pl.DataFrame
    peers: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, str]
    peer_set_of: Mapping[str, str]
    names: Mapping[tuple[str, str], str]
    shifts: tuple[Shift, ...] = ()
    cut: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The months of the window."""
        return tuple(str(p) for p in months_between(self.first, self.last))

    def mark(self, shift: Shift) -> EventMark:
        """An event as it is told, with the names of the bodies it touches."""
        role = self.roles[min(shift.indicators)]
        names = [self.name(role, code) for code in sorted(shift.organisations)]
        return EventMark(
            shift.id, shift.title, shift.effect, shift.confirmed, str(shift.since),
            str(shift.until or ""), few(names),
        )  # fmt: skip

    def silenced_by(self, shift: Shift) -> bool:
        """Whether an event takes any value of the window away."""
        if not shift.silences:
            return False
        inside = pl.col("period").is_between(pl.lit(str(self.first)), pl.lit(str(self.last)))
        return not self.parts.filter(shift.silent() & inside).is_empty()

    def without(self, shift: Shift) -> Network:
        """The same, less the values that an event takes away."""
        silent = shift.silent()
        parts = self.parts.with_columns(
            pl.when(~silent).then(pl.col(part)).alias(part) for part in ("numerator", "denominator")
        )
        lost = self.parts.filter(silent & (shift.effect == "incomparable"))
        cut = lost.select("indicator", "organisation").unique().iter_rows()
        return replace(self, parts=parts, cut=self.cut | {(one, whose) for one, whose in cut})

    def deserted(self) -> Network:
        """The same figures with no ties and no events: for rules that lack figures altogether."""
        nobody = dict.fromkeys(self.peers, ())
        return replace(self, links=self.links.clear(), peers=nobody, shifts=())

    def name(self, role: str, organisation: str) -> str:
        """The organisation's name, or its code."""
        return self.names.get((role, organisation), organisation)

    def ties(self, rule: TieRule, exclude: Sequence[str]) -> tuple[str, ...]:
        """The ties of a rule, in order: services, or bodies that are their own tie."""
        if rule.kind == "conveys_to":
            found = set(self.links["tie"].to_list())
        else:
            sets = {self.peer_set_of[i] for i, role in self.roles.items() if role == rule.one}
            found = {unit for name in sets for unit in self.peers[name]}
        return tuple(sorted(found - set(exclude)))

    def members(self, role: str, rule: TieRule, ties: Sequence[str]) -> dict[str, dict[str, float]]:
        """Tie → member units of a role with their weights."""
        if role == rule.one:
            return {tie: {tie: 1.0} for tie in ties}
        rows = self.links.filter(pl.col("tie").is_in(list(ties)))
        out: dict[str, dict[str, float]] = {tie: {} for tie in ties}
        for tie, unit, weight in rows.select("tie", "unit", "weight").iter_rows():
            out[tie][unit] = weight
        return out

    def unit_parts(self, indicator: str) -> UnitParts:
        """All units' numerators and denominators of an indicator."""
        rows = self.parts.filter(
            (pl.col("indicator") == indicator) & (pl.col("role") == self.roles[indicator])
        )
        units = tuple(sorted(rows["organisation"].unique().to_list()))
        row = {period: at for at, period in enumerate(self.periods)}
        column = {unit: at for at, unit in enumerate(units)}
        shape = (len(self.periods), len(units))
        numerator, denominator = np.full(shape, np.nan), np.full(shape, np.nan)
        inside = rows.filter(pl.col("period").is_in(self.periods))
        for period, unit, num, den in inside.select(
            "period", "organisation", "numerator", "denominator"
        ).iter_rows():
            if num is not None and den is not None:
                numerator[row[period], column[unit]] = num
                denominator[row[period], column[unit]] = den
        scale = float(rows["scale"].max() or 1.0) if rows.height else 1.0  # type: ignore[arg-type]
        cut = tuple((indicator, unit) in self.cut for unit in units)
        return UnitParts(units, numerator, denominator, scale, cut)


@dataclass(frozen=True)
class UnitParts:
    """Numerators and denominators, shape (months, units), NaN = not reported.

    ``cut`` says of which units only the last part of the series compares.
    """

    units: tuple[str, ...]
    numerator: Floats
    denominator: Floats
    scale: float
    cut: tuple[bool, ...] = ()

    @cached_property
    def values(self) -> Floats:
        """Each unit's own values; NaN where not reported or without activity."""
        return _divide(self.scale * self.numerator, self.denominator)

    @cached_property
    def complete(self) -> Flags:
        """Units that reported in every month in which anybody did, shape (units,)."""
        known = np.isfinite(self.numerator) & np.isfinite(self.denominator)
        nobody = np.asarray(known.sum(axis=1) == 0)
        return np.asarray((known | np.expand_dims(nobody, 1)).sum(axis=0) == len(known))

    def of_ties(self, members: Mapping[str, Mapping[str, float]]) -> tuple[Floats, tuple[str, ...]]:
        """Sums of parts by tie, shape (months, ties), and the substantial members left out.

        A body that is a tie on its own keeps what is left of a series that was cut.
        """
        shares = np.zeros((len(members), len(self.units)))
        for row, (_, weights) in enumerate(members.items()):
            for unit, weight in weights.items():
                if unit in self.units:
                    shares[row, self.units.index(unit)] = weight
        alone = (shares > 0).sum(axis=1, keepdims=True) == 1
        cut = np.array(self.cut or [False] * len(self.units), dtype=bool)
        kept = self.complete | (alone & cut)
        whole = shares * kept
        reported = np.isfinite(self.numerator) & np.isfinite(self.denominator)
        numerator = np.where(reported, self.numerator, 0.0) @ whole.T
        denominator = np.where(reported, self.denominator, 0.0) @ whole.T
        month_known = np.asarray((reported & (self.complete | cut)).any(axis=1))[:, None]
        values = np.where(month_known, _divide(self.scale * numerator, denominator), np.nan)
        return values, self._left_out(shares, kept)

    def _left_out(self, shares: Floats, kept: Flags) -> tuple[str, ...]:
        sizes = np.nan_to_num(self.denominator).mean(axis=0)
        in_tie = shares * sizes
        totals = np.maximum(in_tie.sum(axis=1, keepdims=True), 1e-12)
        out = ((in_tie / totals > SUBSTANTIAL) & ~kept).any(axis=0)
        return tuple(unit for unit, lost in zip(self.units, out, strict=True) if lost)


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    safe = np.where(denominator > 0, denominator, 1.0)
    return np.where(denominator > 0, numerator / safe, np.nan)
