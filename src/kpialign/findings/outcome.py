"""All that a run says; every output is made of it and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpialign.findings.composites import CompositeValue
from kpialign.findings.data import DataIssue, FileReading, GateVerdict, Revision
from kpialign.findings.evidence import Finding
from kpialign.findings.facts import Expected, Unpublished, mark
from kpialign.findings.learned import Learned
from kpialign.findings.ledger import Ledger
from kpialign.findings.movement import Movement
from kpialign.findings.shapes import Shape, Stakes
from kpialign.findings.wholes import SystemValue
from kpialign.terms import GateOutcome

if TYPE_CHECKING:
    import polars as pl


def no_points() -> pl.DataFrame:
    """The frame of points behind looks at shape, without any."""
    import polars as pl

    words = dict.fromkeys(("rule", "look", "kind", "series", "period"), pl.String)
    return pl.DataFrame(schema={**words, "at": pl.Float64, "value": pl.Float64,
                                "width": pl.Float64})  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """Frames behind the charts.

    Attributes:
        pairs: one row per rule, arrow, side (``from``/``to``), tie and month, with columns
            ``rule, arrow, side, tie, tie_name, indicator, title, unit, period (YYYY-MM),
            value, peer_low, peer_mid, peer_high``; value and peers may be null in a month
            without reports. The band is the peers' lower quartile, median, upper quartile.
            ``turn`` is -1 where the figure falls as the side moves, ``lag`` the arrow's in months,
            ``less_season, less_peers, less_memory`` what is left of the figure step by step.
        values: one row per indicator, scope, basis and month: ``indicator, scope, scope_name,
            basis, period, numerator, denominator, value, reported, expected, trusts_reported,
            trusts_expected``.
        points: the same months with their process limits and signals: ``indicator, scope,
            basis, period, value``, and the columns of ``kpialign.variation.Spc.points``; in the
            month from which limits might start anew ``level_before, level_since`` (means) and
            ``months_before, months_after``; ``ghost`` says why a month is shown and not counted.
        parts: every indicator of every system, service, region and of England: ``level, unit,
            name, indicator, period, value, numerator, denominator, reported, expected,
            trusts_reported, trusts_expected``.
        bodies: one row per indicator, organisation and month, with the target of the month:
            ``indicator, organisation, name, role, here, period, numerator, denominator, value,
            state, target, published``; ``here`` says whether it belongs to what is in front.
        shapes: points behind looks at shape, none of which names a body: ``rule, look, kind,
            series, period, at, value, width``.
        rebases: months from which limits start anew, or that are shown and not counted (``kind``
            is ``rebase`` or ``ghost``): ``organisation, indicator, period, reason, kind``.
    """

    pairs: pl.DataFrame
    values: pl.DataFrame
    points: pl.DataFrame
    parts: pl.DataFrame | None = None
    bodies: pl.DataFrame | None = None
    shapes: pl.DataFrame = field(default_factory=no_points)
    rebases: pl.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """Everything a run found; bad data is in here, never raised. Each is equal to itself alone.

    ``returned`` was rejected or held back; it goes to whoever sent it and nowhere else.
    """

    version: str
    system: str
    system_name: str
    basis_note: str
    period: str
    readings: tuple[FileReading, ...]
    revisions: tuple[Revision, ...]
    holes: tuple[tuple[str, tuple[str, ...]], ...]
    gate: GateVerdict
    findings: tuple[Finding, ...]
    system_values: tuple[SystemValue, ...]
    composites: tuple[CompositeValue, ...]
    tie_basis: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    tables: Tables = field(repr=False)
    audience: str = "public"
    unpublished: tuple[Unpublished, ...] = ()
    expected: tuple[Expected, ...] = ()
    returned: tuple[DataIssue, ...] = field(default=(), repr=False)
    learned: tuple[Learned, ...] = ()
    shapes: tuple[Shape, ...] = ()
    stakes: tuple[Stakes, ...] = ()
    movements: tuple[Movement, ...] = ()
    ledgers: tuple[Ledger, ...] = ()

    @property
    def mark(self) -> str:
        """What every output of a run that is not for everyone has to carry; else nothing."""
        return mark(self.audience, self.unpublished)

    @property
    def issues(self) -> tuple[DataIssue, ...]:
        """Every row that a check found wrong, worst checks first."""
        worst = sorted(self.gate.results, key=lambda r: -r.outcome.rank)
        return tuple(row for result in worst for row in result.rows)

    def raise_for_gate(self, at: GateOutcome = GateOutcome.FAIL) -> None:
        """Stop a job whose data did not pass.

        Raises:
            GateFailed: the gate's outcome is at or above ``at``.
        """
        self.gate.raise_for_gate(at)
