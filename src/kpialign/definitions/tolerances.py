"""Tolerances: the numbers by which a check of the gate tells unusual from usual."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import Field

from kpialign.definitions.model import Definition


class Tolerance(Definition):
    """One number of a check, for everything or for what ``of`` names.

    Attributes:
        check: the code of the check.
        name: which of its numbers.
        of: an id of an item, indicator or layout, or a pattern; a later entry of the file, or
            of a later file, stands before an earlier one.
        value: the number; ``null`` takes the check away from what ``of`` names.
        why: where the number comes from.
    """

    check: Annotated[str, Field(pattern=r"^KG-\d{3}$")]
    name: str
    of: str = "*"
    value: float | None
    why: str

    @cached_property
    def id(self) -> str:
        """What a workspace's own tolerance has to share to stand in for a shipped one."""
        return f"{self.check} {self.name} of {self.of}"


class ToleranceFile(Definition):
    """The numbers of all checks."""

    tolerances: tuple[Tolerance, ...]
