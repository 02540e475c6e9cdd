"""What a run says: readings, gate results, findings, system values, and the outcome.

All are frozen. Tables are Polars frames; their columns are listed on :class:`Tables`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpialign.errors import GateFailed
from kpialign.terms import GateOutcome, LocalWord, Verdict

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class DataIssue:
    """One thing wrong in the data: where it stands, what was found, what to do."""

    code: str
    outcome: GateOutcome
    message: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    organisation: str = ""
    period: str = ""
    todo: str = ""

    @property
    def place(self) -> str:
        """The place as editors link it: ``file:row``, with sheet and column where known."""
        place = self.file + (f" [{self.sheet}]" if self.sheet else "")
        place += f":{self.row}" if self.row is not None else ""
        return place + (f", column {self.column!r}" if self.column else "")


@dataclass(frozen=True)
class FileReading:
    """What became of one file; ``read = loaded + set_aside + rejected`` and ``counted`` agrees.

    Attributes:
        counted: physical rows counted by a second reader.
        state: ``published``, ``unchanged``, ``superseded``, ``held_back`` or ``refused``.
        set_aside_why: reason → rows, for rows that are no observations (titles, totals…).
        why: for a refused or held back file, the reason and what to do; for a published one,
            the columns that look personal and were let through.
    """

    file: str
    sha256: str
    layout: str
    published_on: str
    periods: tuple[str, ...]
    read: int
    loaded: int
    set_aside: int
    rejected: int
    counted: int
    state: str
    set_aside_why: tuple[tuple[str, int], ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Revision:
    """A figure that a later submission changed."""

    item: str
    organisation: str
    period: str
    was: float | None
    now: float | None
    was_file: str
    now_file: str
    published_on: str


@dataclass(frozen=True)
class CheckResult:
    """One check on one organisation of one file (or on the whole file)."""

    check: str
    title: str
    layout: str
    file: str
    organisation: str
    outcome: GateOutcome
    observed: str
    threshold: str
    failed: int
    total: int
    rows: tuple[DataIssue, ...] = ()


@dataclass(frozen=True)
class GateVerdict:
    """The outcome of the gate: the worst of its checks."""

    results: tuple[CheckResult, ...]

    @property
    def outcome(self) -> GateOutcome:
        """The worst outcome; ``skipped`` when nothing was checked."""
        if not self.results:
            return GateOutcome.SKIPPED
        return max((r.outcome for r in self.results), key=lambda o: o.rank)

    def at(self, outcome: GateOutcome) -> tuple[CheckResult, ...]:
        """The results with that outcome."""
        return tuple(r for r in self.results if r.outcome is outcome)


@dataclass(frozen=True)
class Estimate:
    """A partial correlation and the same effect in the indicators' own units, with intervals.

    ``p`` is one-sided in the declared direction. ``units`` says what the slope counts,
    for example ``min of Category 2 mean per min of handover mean``.
    """

    r: float
    low: float
    high: float
    slope: float
    slope_low: float
    slope_high: float
    p: float
    ties: int


@dataclass(frozen=True)
class TieEstimate:
    """One arrow at one tie.

    ``stronger`` of ``unlinked`` unlinked pairs look at least as strong; ``p`` is the
    larger of the model's p and that share. ``shrunk_*`` is the estimate shrunk to the
    national one. ``state`` is ``estimated`` or the name of why there is none; every
    figure is meaningful only where it is ``estimated``.
    """

    tie: str
    name: str
    state: str
    months: int = 0
    peers_from: int = 0
    peers_to: int = 0
    r: float = 0.0
    low: float = 0.0
    high: float = 0.0
    slope: float = 0.0
    slope_low: float = 0.0
    slope_high: float = 0.0
    p: float = 1.0
    stronger: int = 0
    unlinked: int = 0
    shrunk_r: float = 0.0
    shrunk_low: float = 0.0
    shrunk_high: float = 0.0
    word: LocalWord = LocalWord.CANNOT_TELL


@dataclass(frozen=True)
class ArrowResult:
    """One arrow (or negative control) judged over all ties.

    ``pooled``, ``held`` (held-fixed indicators added), ``first_24`` and ``last_24`` are
    ``None`` where they could not be estimated; ``reasons`` says why, in words. Estimates
    are signed so that positive is the declared direction. ``smallest_effect`` is the
    partial correlation below which the rule says a link would not matter.
    """

    id: str
    control: bool
    from_indicator: str
    from_title: str
    from_moves: str
    to_indicator: str
    to_title: str
    to_moves: str
    units: str
    first_month: str
    last_month: str
    months: int
    verdict: Verdict
    reasons: tuple[str, ...]
    pooled: Estimate | None
    held: Estimate | None
    held_fixed: tuple[str, ...]
    first_24: Estimate | None
    last_24: Estimate | None
    relabel_p: float | None
    family_p: float | None
    smallest_detectable_r: float | None
    robust: tuple[tuple[str, bool], ...]
    ties: tuple[TieEstimate, ...]
    left_out: tuple[str, ...] = ()
    smallest_effect: float | None = None


@dataclass(frozen=True)
class Citation:
    """A reference and whether it ``supports`` the mechanism, cautions or speaks ``against``."""

    cite: str
    url: str
    says: str


@dataclass(frozen=True)
class Finding:
    """A rule judged on the data: what was seen, how sure, who gains and pays, what to ask."""

    rule: str
    version: int
    status: str
    kind: str
    title: str
    mechanism: str
    severity: str
    verdict: Verdict
    sentence: str
    arrows: tuple[ArrowResult, ...]
    controls: tuple[ArrowResult, ...]
    here: tuple[TieEstimate, ...]
    here_words: str
    family: str
    plan_hash: str
    people: str
    organisations: tuple[tuple[str, str], ...]
    public_purse: str
    ask: tuple[str, ...]
    involve: tuple[str, ...]
    shared_measure: str
    other_explanations: tuple[str, ...]
    references: tuple[Citation, ...]


@dataclass(frozen=True)
class TargetState:
    """One target in force, and whether it was met on its own basis; ``partial``: trusts miss."""

    name: str
    kind: str
    level: float
    at_least: bool
    basis: str
    value: float | None
    met: bool | None
    source: str = ""
    partial: bool = False


@dataclass(frozen=True)
class TargetStep:
    """A target over the months in which it was asked for; ``until`` is empty where it still is."""

    name: str
    kind: str
    level: float
    at_least: bool
    basis: str
    since: str
    until: str = ""


@dataclass(frozen=True)
class LikeForLike:
    """A whole in two months over the ``members`` in both; ``apart`` are those in one of them."""

    members: int
    trusts: int
    value: float | None
    year_before: float | None
    apart: tuple[str, ...]


@dataclass(frozen=True)
class SystemValue:
    """An indicator of the whole, as a sum of parts, this month and the same month last year.

    ``basis`` says whose parts were added (``providers of the system``, ``service area``…);
    ``reported`` of ``expected`` organisations gave their part, so many of both are trusts, and
    ``missing`` names who did not. ``state`` is ``reported``, ``incomplete`` where trusts miss,
    or why ``value`` is ``None``. ``year_before`` is ``None`` with its state where the months
    are of other bodies; ``like_for_like`` compares those in both. ``target_steps`` are its
    targets over time, for the charts; ``headline`` puts it on the first screen.
    """

    indicator: str
    title: str
    unit: str
    improves: str
    scope: str
    scope_name: str
    basis: str
    period: str
    value: float | None
    state: str
    reported: int
    expected: int
    year_before: float | None
    targets: tuple[TargetState, ...] = ()
    target_steps: tuple[TargetStep, ...] = ()
    headline: bool = True
    trusts_reported: int = 0
    trusts_expected: int = 0
    missing: tuple[str, ...] = ()
    year_before_state: str = "not_reported"
    like_for_like: LikeForLike | None = None


@dataclass(frozen=True)
class CompositePart:
    """A component of a composite: its value, its 0–100 score and its weight."""

    indicator: str
    title: str
    value: float | None
    score: float | None
    weight: float
    worst: float
    best: float
    state: str


@dataclass(frozen=True)
class CompositeValue:
    """A composite with its parts; ``value`` is ``None`` when a part is missing, which is named."""

    id: str
    title: str
    scope: str
    scope_name: str
    period: str
    value: float | None
    year_before: float | None
    other_aggregate: float | None
    aggregate: str
    state: str
    parts: tuple[CompositePart, ...]


@dataclass(frozen=True)
class Tables:
    """Frames behind the charts.

    Attributes:
        pairs: one row per rule, arrow, side (``from``/``to``), tie and month, with columns
            ``rule, arrow, side, tie, tie_name, indicator, title, unit, period (YYYY-MM),
            value, peer_low, peer_mid, peer_high``; value and peers may be null in a month
            without reports. The band is the peers' lower quartile, median, upper quartile.
        values: one row per indicator, scope and month: ``indicator, scope, scope_name,
            period, numerator, denominator, value, reported, expected, trusts_reported,
            trusts_expected``.
    """

    pairs: pl.DataFrame
    values: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Outcome:
    """Everything a run found; bad data is in here, never raised. Each is equal to itself alone."""

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
        if self.gate.outcome.rank >= at.rank:
            failed = [r for r in self.gate.results if r.outcome.rank >= at.rank]
            raise GateFailed(f"gate: {self.gate.outcome} ({len(failed)} checks)")
