"""An indicator's value from the rows of one of its examples.

The same arithmetic as the SQL models, in Python: sums are written out, parts are added,
organisations that lack a part are left out of both parts of a system's value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpialign.definitions.expression import evaluate, expand
from kpialign.definitions.indicators import Example, ExampleRow, Indicator
from kpialign.library import Library
from kpialign.terms import Period

Parts = tuple[float, float]


def values(indicator: Indicator, example: Example, library: Library) -> dict[str, float | None]:
    """The value of each organisation, and of the ``system`` where parts may be added up."""
    parts = {row.organisation: _parts(indicator, row, library) for row in example.items}
    out = {name: _divided(indicator, [part]) for name, part in parts.items()}
    if indicator.measure.roll_up == "sum_parts":
        out["system"] = _divided(indicator, list(parts.values()))
    return out


def _parts(indicator: Indicator, row: ExampleRow, library: Library) -> Parts | None:
    """Numerator and denominator, or ``None`` when an item of either is missing."""
    measure = indicator.measure
    above = _added(measure.numerator_terms, row, library)
    if measure.per == "day":
        below: float | None = row.period.days
    elif measure.denominator_terms:
        below = _added(measure.denominator_terms, row, library)
    else:
        below = 1.0
    return None if above is None or below is None else (above, below)


def _added(terms: Mapping[str, float], row: ExampleRow, library: Library) -> float | None:
    # A row may give a sum itself, so that an example need not list six columns.
    sums = {name: parts for name, parts in library.sums.items() if name not in row.figures}
    written_out = expand(terms, sums)
    sent = {name for name in written_out if row.figures.get(name) is not None}
    counts = [n for n in written_out if n in sent or not _outside(n, row.period, library)]
    # A part of which nothing was collected is no zero: there was nothing to count.
    return evaluate({n: written_out[n] for n in counts}, row.figures) if counts else None


def _outside(name: str, period: Period, library: Library) -> bool:
    item = library.items[name]
    return item.collected.outside == "zero" and not item.collected.covers(period)


def _divided(indicator: Indicator, parts: Sequence[Parts | None]) -> float | None:
    """Divide the sums of the parts; a day's count of a system adds counts, not days."""
    # A body without activity has no rate, so it is left out of the whole's.
    whole = [part for part in parts if part is not None and part[1]]
    below = sum(part[1] for part in whole)
    if indicator.measure.denominator is None:
        below = whole[0][1] if whole else 0.0
    if not below:
        return None
    return indicator.measure.scale * sum(part[0] for part in whole) / below
