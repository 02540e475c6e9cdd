"""What those whom a finding names say of it, and whom it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpialign.findings import Finding


def of(finding: Finding) -> Sequence[Any]:
    """The narratives that stand beside a finding; none where a run carries none."""
    return tuple(getattr(finding, "narratives", ()))


def named(finding: Finding) -> dict[str, str]:
    """The bodies here that a finding names, code → name."""
    return {tie.tie: tie.name for tie in finding.here}


def answered(finding: Finding) -> frozenset[str]:
    """Codes of the bodies it names whose own words stand beside it."""
    return frozenset(one.organisation for one in of(finding)) & frozenset(named(finding))


def line(reply: Any) -> str:
    """A narrative as it is printed: the words, and whose they are."""
    by = f", {reply.by}" if reply.by else ""
    return f"“{reply.text}” ({reply.name}{by}, {reply.period})"
