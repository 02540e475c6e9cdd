"""Indicators: parts that exist and add up, targets on the right side, peers of the same role."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from kpialign.definitions.indicators import Indicator, MeasureType
from kpialign.definitions.items import Behaviour
from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library
from kpialign.terms import Improves

_SECONDS = {"seconds": 1.0, "minutes": 1 / 60}


def check(library: Library) -> Iterator[Wrong]:
    """Check every indicator."""
    yield from _clocks(library)
    for indicator in library.indicators.values():
        yield from _parts(indicator, library)
        yield from _peers(indicator, library)
        yield from _targets(indicator)
        yield from _examples(indicator, library)
        known = [*library.indicators, *library.planned]
        costs, at = indicator.incentives.may_cost, ("incentives", "may_cost")
        yield from unknown(
            ("indicators", indicator.id, at), costs, known, "indicator (or planned one)"
        )


def _clocks(library: Library) -> Iterator[Wrong]:
    """Two clocks under one name are two figures that nobody can tell apart."""
    named: dict[str, Indicator] = {}
    for indicator in library.indicators.values():
        first = named.setdefault(" ".join(indicator.title.lower().split()), indicator)
        if first.clock != indicator.clock:
            what = f"{first.id} carries the same title and has another clock."
            todo = "Say in each title when the time starts and stops."
            yield Wrong(("indicators", indicator.id, ("title",)), what, todo)


def _parts(indicator: Indicator, library: Library) -> Iterator[Wrong]:
    measure = indicator.measure
    sides = (("numerator", measure.numerator_terms), ("denominator", measure.denominator_terms))
    for side, terms in sides:
        at = ("measure", side)
        yield from unknown(("indicators", indicator.id, at), terms, library.items, "item")
        items = [library.items[name] for name in terms if name in library.items]
        never = [item.id for item in items if item.over_organisations is Behaviour.NEVER]
        if never and measure.roll_up == "sum_parts":
            what = f"{', '.join(never)} never adds up over organisations."
            yield Wrong(("indicators", indicator.id, at), what, "Use totals, or say roll_up: none.")
        stocks = [item.id for item in items if item.over_months is Behaviour.NEVER]
        longer = [target.name for target in indicator.targets if target.basis != "month"]
        if stocks and longer:
            what = f"{', '.join(stocks)} never adds up over months, as {', '.join(longer)} needs."
            yield Wrong(("indicators", indicator.id, at), what, "Judge a stock by its month.")
    yield from _scale(indicator, library)
    if measure.type is MeasureType.REPORTED and len(measure.numerator_terms) != 1:
        what = "A reported figure is one item, not a sum."
        yield Wrong(("indicators", indicator.id, ("measure", "numerator")), what)


def _scale(indicator: Indicator, library: Library) -> Iterator[Wrong]:
    """A wait made of seconds and printed in minutes is the fault that is easiest to miss."""
    wanted = _SECONDS.get(indicator.unit)
    names = indicator.measure.numerator_terms
    timed = all(n in library.items and library.items[n].unit == "second" for n in names)
    if wanted and timed and not isclose(indicator.measure.scale, wanted):
        what = f"The parts are seconds and the unit is {indicator.unit}."
        todo = "Say scale: 1/60." if indicator.unit == "minutes" else "Leave out the scale."
        yield Wrong(("indicators", indicator.id, ("measure", "scale")), what, todo)


def _peers(indicator: Indicator, library: Library) -> Iterator[Wrong]:
    name, at = indicator.peers.set, ("peers", "set")
    yield from unknown(("indicators", indicator.id, at), [name], library.peer_sets, "peer set")
    peers = library.peer_sets.get(name)
    if peers and peers.role != indicator.accountable.role:
        what = f"{indicator.accountable.role} answers for it, but {name} is of role {peers.role}."
        yield Wrong(("indicators", indicator.id, at), what)


def _targets(indicator: Indicator) -> Iterator[Wrong]:
    sides = {Improves.UP: "at_least", Improves.DOWN: "at_most"}
    for i, target in enumerate(indicator.targets):
        side = "at_least" if target.at_least is not None else "at_most"
        wanted = sides.get(indicator.improves)
        if side != wanted:
            what = f"Target {target.name} says {side}; it improves {indicator.improves}."
            todo = f"Say {wanted}." if wanted else "Leave it out, or say which way is better."
            yield Wrong(("indicators", indicator.id, ("targets", i, side)), what, todo)


def _examples(indicator: Indicator, library: Library) -> Iterator[Wrong]:
    for i, example in enumerate(indicator.examples):
        for j, row in enumerate(example.items):
            at = ("examples", i, "items", j)
            names = row.figures
            yield from unknown(("indicators", indicator.id, at), names, library.items, "item")
        known = ["system", *(row.organisation for row in example.items)]
        where = ("indicators", indicator.id, ("examples", i, "expect"))
        kind = f"organisation of example {example.name!r}"
        yield from unknown(where, example.expect, known, kind)
