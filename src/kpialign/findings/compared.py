"""Two runs side by side: the runs of the ledger, and what changed between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kpialign.findings.data import Revision


@dataclass(frozen=True)
class RunLine:
    """One run of the ledger.

    Attributes:
        files: files it took in.
        figures: figures it brought or closed.
        fingerprint: of what it found; empty where it found nothing.
        finished: whether it came to its end.
    """

    run_id: int
    recorded_at: datetime
    version: str
    audience: str
    definitions_hash: str
    files: int
    figures: int
    fingerprint: str
    finished: bool


@dataclass(frozen=True)
class FindingChange:
    """One arrow over all ties: ``became`` new, gone, verdict changed or still there."""

    rule: str
    arrow: str
    became: str
    was_verdict: str
    now_verdict: str
    was_r: float | None
    now_r: float | None


@dataclass(frozen=True)
class Difference:
    """What changed between two runs.

    Attributes:
        figures: what became of figures → how many.
        revised: figures that are others now, the largest changes first.
        definitions: files of definitions that differ, and what became of each; ``None``
            where one of the runs kept none.
    """

    was: RunLine
    now: RunLine
    figures: tuple[tuple[str, int], ...]
    revised: tuple[Revision, ...]
    findings: tuple[FindingChange, ...]
    definitions: tuple[tuple[str, str], ...] | None
