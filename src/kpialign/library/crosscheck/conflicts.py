"""Conflict rules: arrows between indicators that exist, in the words of their kind."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.definitions.conflicts import Arrow, Conflict
from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library
from kpialign.library.reader import Path as Place
from kpialign.terms import ConflictKind, Improves, Moves

_KINDS = {
    ConflictKind.TRADE_OFF: (Moves.BETTER, Moves.WORSE),
    ConflictKind.SPILL_OVER: (Moves.WORSE, Moves.WORSE),
}


def check(library: Library) -> Iterator[Wrong]:
    """Check every rule."""
    for rule in library.conflicts.values():
        for place, arrow in arrows(rule):
            yield from _ends(rule, place, arrow, library)
            yield from _held_fixed(rule, place, arrow, library)
            yield from _direction(rule, place, arrow)
        yield from _tie(rule)
        yield from _roles(rule)
        shared = [rule.shared_measure] if rule.shared_measure else []
        at = ("shared_measure",)
        yield from unknown(("conflicts", rule.id, at), shared, library.indicators, "indicator")
        yield from _tests(rule)
    yield from _families(library)


def arrows(rule: Conflict) -> Iterator[tuple[Place, Arrow]]:
    """Every arrow of a rule, controls too, with its place in the file."""
    yield from ((("links", i), arrow) for i, arrow in enumerate(rule.links))
    yield from ((("negative_controls", i), arrow) for i, arrow in enumerate(rule.negative_controls))


def _ends(rule: Conflict, place: Place, arrow: Arrow, library: Library) -> Iterator[Wrong]:
    for key, end in (("from", arrow.start), ("to", arrow.end)):
        at = (*place, key, "indicator")
        yield from unknown(
            ("conflicts", rule.id, at), [end.indicator], library.indicators, "indicator"
        )
        indicator = library.indicators.get(end.indicator)
        if indicator and indicator.improves is Improves.NEITHER:
            what = f"{end.indicator} improves neither way, so it cannot move {end.moves}."
            yield Wrong(("conflicts", rule.id, at), what)
        if indicator and indicator.accountable.role != end.at:
            what = f"{indicator.accountable.role} answers for {end.indicator}, not {end.at}."
            yield Wrong(("conflicts", rule.id, (*place, key, "at")), what)


def _held_fixed(rule: Conflict, place: Place, arrow: Arrow, library: Library) -> Iterator[Wrong]:
    at = (*place, "hold_fixed")
    yield from unknown(
        ("conflicts", rule.id, at), arrow.hold_fixed, library.indicators, "indicator"
    )
    roles = {arrow.start.at, arrow.end.at}
    for name in arrow.hold_fixed:
        held = library.indicators.get(name)
        if held and held.accountable.role not in roles:
            what = f"{name} is held fixed at {held.accountable.role}, which is no end of the arrow."
            yield Wrong(("conflicts", rule.id, at), what)


def _direction(rule: Conflict, place: Place, arrow: Arrow) -> Iterator[Wrong]:
    wanted = _KINDS.get(rule.kind)
    if wanted and (arrow.start.moves, arrow.end.moves) != wanted:
        what = f"A {rule.kind} goes from {wanted[0]} to {wanted[1]}."
        yield Wrong(("conflicts", rule.id, place), what, "Turn the arrow, or change the kind.")
    if place[0] == "links" and "lags" not in arrow.model_fields_set:
        what = f"Arrow {arrow.id} declares no lag; a lag chosen after looking is no evidence."
        yield Wrong(("conflicts", rule.id, place), what, "Write lags: [0] if it is the same month.")
    if len(arrow.lags) != 1 or arrow.lags[0] < 0:
        what = "An arrow declares one lag, a whole number of months from 0 up."
        yield Wrong(("conflicts", rule.id, (*place, "lags")), what)


def _tie(rule: Conflict) -> Iterator[Wrong]:
    if (rule.tie.kind == "conveys_to") != (rule.tie.many is not None):
        what = "A conveys_to tie names one and many; a same_organisation tie names one."
        yield Wrong(("conflicts", rule.id, ("tie",)), what)
    for place, arrow in arrows(rule):
        for role in sorted({arrow.start.at, arrow.end.at} - {rule.tie.one, rule.tie.many}):
            what = f"{role} is no part of the tie."
            yield Wrong(("conflicts", rule.id, place), what)


def _roles(rule: Conflict) -> Iterator[Wrong]:
    """Peers are needed for both sides of every arrow, and for nothing else."""
    used = {end.at for _, arrow in arrows(rule) for end in (arrow.start, arrow.end)}
    asked = set(rule.evidence.min_peers)
    if used != asked:
        named, wanted = ", ".join(sorted(asked)), ", ".join(sorted(used))
        what = f"min_peers is for {named}; the arrows use {wanted}."
        yield Wrong(("conflicts", rule.id, ("evidence", "min_peers")), what)


def _tests(rule: Conflict) -> Iterator[Wrong]:
    known = {end.indicator for _, arrow in arrows(rule) for end in (arrow.start, arrow.end)}
    known |= {name for _, arrow in arrows(rule) for name in arrow.hold_fixed}
    for i, test in enumerate(rule.tests):
        made = test.simulate
        named = [*made.raw, *made.pressure, *made.units_per_tie]
        at = ("tests", i, "simulate")
        yield from unknown(
            ("conflicts", rule.id, at), named, sorted(known), "indicator of the rule"
        )


def _families(library: Library) -> Iterator[Wrong]:
    """Discovery control runs over a family, so its rules share one rate."""
    first: dict[str, Conflict] = {}
    for rule in library.conflicts.values():
        before = first.setdefault(rule.evidence.family, rule)
        if before.evidence.fdr != rule.evidence.fdr:
            what = f"Family {rule.evidence.family} has fdr {before.evidence.fdr} in {before.id}."
            yield Wrong(("conflicts", rule.id, ("evidence", "fdr")), what, "Give both the same.")
