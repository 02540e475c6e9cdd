"""The library: every definition by id, and where it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property

from kpialign.definitions.calendars import Calendar
from kpialign.definitions.composites import Composite
from kpialign.definitions.conflicts import Conflict
from kpialign.definitions.declared import Declared
from kpialign.definitions.events import Event
from kpialign.definitions.exemptions import Exempted
from kpialign.definitions.indicators import Indicator
from kpialign.definitions.items import Item
from kpialign.definitions.layouts import Layout
from kpialign.definitions.model import Definition
from kpialign.definitions.organisations import (
    OrganisationType,
    Override,
    PeerSet,
    Placed,
    Region,
    Serves,
    Succession,
    System,
)
from kpialign.definitions.pathways import Pathway
from kpialign.definitions.planned import Planned
from kpialign.definitions.shapes import ShapeRule
from kpialign.definitions.thresholds import Excepted, Threshold
from kpialign.definitions.tolerances import Tolerance
from kpialign.errors import UsageError, did_you_mean


@dataclass(frozen=True)
class Replaced:
    """A definition of a later folder that stands in for an earlier one of the same id."""

    id: str
    file: str
    was_file: str


@dataclass(frozen=True)
class Library:
    """All definitions in force.

    Attributes:
        shapes: rules of unusual shape.
        serves: by ambulance service; a later period of the same service by ``RYE from 2026-04``.
        overrides: by hospital.
        regions: by code.
        types: kinds of bodies, in the order in which the shapes of their codes are tried.
        systems: by code and first month, ``QRL from 2025-04``.
        placed: bodies shared by several parents.
        successions: by predecessor.
        planned: indicators that may be named before they are built.
        thresholds: of checks, by check and scope.
        exceptions: of checks, of the workspace, by ``exception`` and id.
        exempted: exceptions of findings, named alike.
        tolerances: numbers of the gate's checks, a later one standing before an earlier.
        declared: documented conflicts that no figures can judge yet.
        sources: id → ``file:line``.
        replaced: what a later folder changed; a run says so loudly.
        hash: of all files' bytes, whatever their order.
    """

    items: Mapping[str, Item] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    shapes: Mapping[str, ShapeRule] = field(default_factory=dict)
    composites: Mapping[str, Composite] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    regions: Mapping[str, Region] = field(default_factory=dict)
    serves: Mapping[str, Serves] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    peer_sets: Mapping[str, PeerSet] = field(default_factory=dict)
    types: Mapping[str, OrganisationType] = field(default_factory=dict)
    systems: Mapping[str, System] = field(default_factory=dict)
    placed: Mapping[str, Placed] = field(default_factory=dict)
    successions: Mapping[str, Succession] = field(default_factory=dict)
    planned: Mapping[str, Planned] = field(default_factory=dict)
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    exceptions: Mapping[str, Excepted] = field(default_factory=dict)
    exempted: Mapping[str, Exempted] = field(default_factory=dict)
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    declared: Mapping[str, Declared] = field(default_factory=dict)
    pathways: Mapping[str, Pathway] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    replaced: tuple[Replaced, ...] = ()
    hash: str = ""

    @cached_property
    def sums(self) -> dict[str, dict[str, float]]:
        """Item → its terms, for the items that are sums of others."""
        return {item.id: item.terms for item in self.items.values() if item.sum_of}

    @cached_property
    def region_codes(self) -> dict[str, str]:
        """Every way of writing a region, in capitals with single blanks → its code."""
        return {
            as_written(text): region.code
            for region in self.regions.values()
            for text in (region.code, region.name, *region.also)
        }

    @cached_property
    def loadable(self) -> frozenset[str]:
        """What a row may name: the value of a collected item, and parts of an indicator."""
        items = {f"{item.id}.value" for item in self.items.values() if item.sum_of is None}
        parts = {name for indicator in self.indicators.values() for name in indicator.part_names}
        return frozenset(items | parts)

    def type_of(self, code: str) -> str:
        """The kind of body a code stands for, by the codes named, else by its shape.

        ``unknown`` is no kind: nothing named the code and no shape fits it.
        """
        named = self._named_types.get(code)
        if named:
            return named
        fitting = (
            kind.id
            for kind in self.types.values()
            if any(re.fullmatch(shape, code) for shape in kind.shapes)
        )
        return next(fitting, "unknown")

    @cached_property
    def _named_types(self) -> dict[str, str]:
        return {code: kind.id for kind in self.types.values() for code in kind.codes}

    def collected(self, pattern: str) -> tuple[str, ...]:
        """The collected items (no sums) that an id or a pattern such as ``ae.over_4h.*`` names."""
        return tuple(
            item.id
            for item in self.items.values()
            if item.sum_of is None and fnmatchcase(item.id, pattern)
        )

    def find(self, name: str) -> Definition:
        """Return whatever carries that id: an indicator, rule, item, layout or event.

        Raises:
            UsageError: nothing does.
        """
        everything = self._by_id
        if name not in everything:
            hint = did_you_mean(name, everything) or "`kpialign list` shows what there is."
            raise UsageError(f"Nothing is called {name}. {hint}")
        return everything[name]

    @cached_property
    def _by_id(self) -> dict[str, Definition]:
        return {
            **self.regions,
            **self.planned,
            **self.declared,
            **self.pathways,
            **self.peer_sets,
            **self.calendars,
            **self.events,
            **self.layouts,
            **self.composites,
            **self.items,
            **self.shapes,
            **self.conflicts,
            **self.indicators,
        }


def as_written(text: str) -> str:
    r"""Fold letter case and white space, which publishers vary.

    >>> as_written("NHS England East Of England\xa0")
    'NHS ENGLAND EAST OF ENGLAND'
    """
    return " ".join(text.split()).upper()
