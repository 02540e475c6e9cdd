"""What a layout's files carry: items under their headings, and the indicators they make."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from kpialign.definitions.expression import expand
from kpialign.definitions.indicators import Indicator
from kpialign.definitions.layouts import Column, Layout, Table
from kpialign.library import Library


@dataclass(frozen=True)
class Scope:
    """A layout seen with the library, and with the columns of the frame its files gave.

    Columns say what a long table carries, whose rows name their items themselves.
    """

    layout: Layout
    library: Library
    columns: Collection[str] = ()

    @property
    def loaded(self) -> list[Table]:
        """The tables that give observations; the others are printed for control."""
        return [table for table in self.layout.tables if table.use == "load"]

    @cached_property
    def headings(self) -> dict[str, str]:
        """Each loaded item with the heading, or the alternative headings, it stands under."""
        named = {
            item: " or ".join(str(column) for column in choice)
            for table in self.loaded
            for item, choice in table.items.items()
        }
        for table in self.loaded:
            if table.long and table.long.value:
                present = set(self.columns) & self.library.items.keys()
                named |= dict.fromkeys(sorted(present - named.keys()), str(table.long.value))
        return named

    @property
    def required(self) -> list[str]:
        """The items whose heading must be there; an optional one may be absent from a file."""
        optional = {item for table in self.loaded for item in table.optional}
        named = [item for table in self.loaded for item in table.items]
        return [item for item in named if item not in optional]

    @cached_property
    def carried(self) -> list[Indicator]:
        """The indicators of the layout's roles all of whose parts its files give, by id."""
        roles = {table.organisation.role for table in self.loaded}
        any_role = any(isinstance(role, Column) for role in roles)
        return [
            indicator
            for _, indicator in sorted(self.library.indicators.items())
            if (any_role or indicator.accountable.role in roles)
            and (
                self.headings.keys() >= set(self.parts(indicator))
                or set(self.columns) >= indicator.part_names.keys()
            )
        ]

    def parts(self, indicator: Indicator) -> list[str]:
        """The collected items an indicator is made of, those of the numerator first."""
        measure, sums = indicator.measure, self.library.sums
        return list(expand(measure.numerator_terms, sums) | expand(measure.denominator_terms, sums))

    def place(self, indicator: Indicator) -> str:
        """The headings behind an indicator while they fit a line, else the sum as it is defined."""
        items = self.parts(indicator)
        if len(items) <= 3 and self.headings.keys() >= set(items):
            return ", ".join(dict.fromkeys(self.headings[item] for item in items))
        return indicator.measure.numerator
