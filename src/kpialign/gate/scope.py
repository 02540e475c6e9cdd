"""What a layout carries: its items under their headings, and the indicators it can make."""

from __future__ import annotations

from kpialign.definitions.expression import expand
from kpialign.definitions.indicators import Indicator
from kpialign.definitions.layouts import Layout, Table
from kpialign.library import Library


def loaded(layout: Layout) -> list[Table]:
    """The tables that give observations; the others are printed for control."""
    return [table for table in layout.tables if table.use == "load"]


def headings(layout: Layout) -> dict[str, str]:
    """Each loaded item with the heading, or the alternative headings, it stands under."""
    return {
        item: " or ".join(str(column) for column in choice)
        for table in loaded(layout)
        for item, choice in table.items.items()
    }


def required(layout: Layout) -> list[str]:
    """The loaded items whose heading must be there; an optional one may be absent from a file."""
    optional = {item for table in loaded(layout) for item in table.optional}
    return [item for item in headings(layout) if item not in optional]


def parts(indicator: Indicator, library: Library) -> list[str]:
    """The collected items an indicator is made of, those of the numerator first."""
    measure = indicator.measure
    above = expand(measure.numerator_terms, library.sums)
    return list(above | expand(measure.denominator_terms, library.sums))


def carried(layout: Layout, library: Library) -> list[Indicator]:
    """The indicators of the layout's roles all of whose items it loads, by id."""
    items = set(headings(layout))
    roles = {table.organisation.role for table in loaded(layout)}
    return [
        indicator
        for _, indicator in sorted(library.indicators.items())
        if indicator.accountable.role in roles and items.issuperset(parts(indicator, library))
    ]


def place(indicator: Indicator, layout: Layout, library: Library) -> str:
    """The headings behind an indicator while they fit a line, else the sum as it is defined."""
    found = headings(layout)
    items = parts(indicator, library)
    if len(items) <= 3:
        return ", ".join(found[item] for item in items)
    return indicator.measure.numerator
