"""Organisations: their kinds, where they belong, who took over, who conveys to whom, peers."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from kpialign.definitions.model import Definition, Fraction, Identifier, Month, OneOrMore


def _shape(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no pattern of codes: {error}") from error
    return text


class Region(Definition):
    """A region, and the ways in which publishers write it."""

    code: str
    name: str
    also: OneOrMore = ()


class Serves(Definition):
    """An ambulance service and the systems whose hospitals it conveys to."""

    service: str
    name: str
    systems: OneOrMore
    since: Annotated[Month | None, Field(alias="from")] = None
    until: Month | None = None


class Override(Definition):
    """A hospital served otherwise than its system; weights over services add up to 1."""

    hospital: str
    services: dict[str, float]
    why: str


class PeerSet(Definition):
    """Organisations of one kind: those reporting ``item`` above ``above`` all along."""

    id: Identifier
    title: str
    role: str
    item: Identifier | None = None
    above: float = 0.0
    leave_out: tuple[str, ...] = ()
    why: str = ""


class OrganisationType(Definition):
    """A kind of body: the codes known to be of it, and the shapes its codes have.

    Attributes:
        trust: whether such a body is expected to report when it reported before.
        shapes: regular expressions that a whole code must fit.
    """

    id: Identifier
    title: str
    trust: bool = False
    codes: OneOrMore = ()
    shapes: tuple[Annotated[str, AfterValidator(_shape)], ...] = ()


class System(Definition):
    """A system, its region, and the bodies that belong to it from a month on."""

    code: str
    name: str
    region: str
    since: Annotated[Month, Field(alias="from")]
    organisations: OneOrMore = ()


class Placed(Definition):
    """A body shared by several parents from a month on; the shares add up to 1."""

    organisation: str
    role: str = "hospital"
    level: str = "icb"
    since: Annotated[Month, Field(alias="from")]
    parents: dict[str, Fraction]
    why: str


class Succession(Definition):
    """One body that took over from another.

    Attributes:
        on: the first month of the successor alone, by law.
        sources: area of items (``ae``, ``beds``) → the first month in which that
            collection's figures of the successor hold the predecessor's.
    """

    predecessor: Annotated[str, Field(alias="from")]
    successor: Annotated[str, Field(alias="to")]
    on: Month
    sources: dict[str, Month] = Field(default_factory=dict)
    why: str
    inferred: str = ""


class OrganisationFile(Definition):
    """What one organisations file may hold; a file usually holds one of these lists."""

    source: str
    checked: date
    regions: tuple[Region, ...] = ()
    serves: tuple[Serves, ...] = ()
    overrides: tuple[Override, ...] = ()
    peer_sets: tuple[PeerSet, ...] = ()
    types: tuple[OrganisationType, ...] = ()
    systems: tuple[System, ...] = ()
    placed: tuple[Placed, ...] = ()
    successions: tuple[Succession, ...] = ()
