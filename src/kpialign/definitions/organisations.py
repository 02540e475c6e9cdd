"""Organisations: regions in their vocabularies, who conveys to whom, peer sets."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from kpialign.definitions.model import Definition, Identifier, Month, OneOrMore


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


class OrganisationFile(Definition):
    """What one organisations file may hold; a file usually holds one of these lists."""

    source: str
    checked: date
    regions: tuple[Region, ...] = ()
    serves: tuple[Serves, ...] = ()
    overrides: tuple[Override, ...] = ()
    peer_sets: tuple[PeerSet, ...] = ()
