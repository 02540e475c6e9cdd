"""What was agreed to be said beside a finding until a day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Exemption:
    """An exception of the workspace that holds for a finding; it changes no verdict.

    Attributes:
        action: ``annotate``, ``lower_severity`` or ``mute``.
        bodies: names of the organisations it is about; none where it is about the rule.
        by: who agreed to it.
        until: the last day on which it holds, ``2026-12-31``.
        was: the harm told without it, where it lowers it; else empty.
    """

    id: str
    action: str
    bodies: tuple[str, ...]
    why: str
    by: str
    until: str
    was: str = ""

    @property
    def mutes_all(self) -> bool:
        """Whether the whole finding is told in short."""
        return self.action == "mute" and not self.bodies
