"""What came and what the gate said of it: readings, revisions, checks, the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpialign.errors import GateFailed
from kpialign.terms import PUBLISHED, GateOutcome, Release

if TYPE_CHECKING:
    import polars as pl

FAULTS = (
    *("check", "about", "outcome", "layout", "file", "sheet", "row", "column", "value"),
    *("expected", "organisation", "period", "message", "todo", "exception"),
)
"""Columns of the failing rows: text, but for ``row``; what does not apply is an empty text.

``about`` is an item or indicator, ``exception`` what made the outcome milder.
"""


def no_faults() -> pl.DataFrame:
    """The frame of failing rows without one."""
    import polars as pl

    return pl.DataFrame(schema={n: pl.Int64 if n == "row" else pl.String for n in FAULTS})


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
class CellCount:
    """Cells that carry an item, in rows loaded; ``read``, the second count, is the sum of the rest.

    ``missing`` are marked so or by a rule, ``repeated`` of a later row with the same key.
    """

    read: int
    figures: int
    missing: int
    rejected: int
    repeated: int


@dataclass(frozen=True)
class FileReading:
    """What became of one file; ``read = loaded + set_aside + rejected`` and ``counted`` agrees.

    Attributes:
        counted: physical rows counted by a second reader.
        state: ``published``, ``unchanged``, ``superseded``, ``held_back`` or ``refused``; from
            the gate alone ``admitted`` instead of published (less what is rejected of it).
        set_aside_why: reason → rows, for rows that are no observations (titles, totals…).
        why: for a refused or held back file, the reason and what to do; for any other, the
            columns that look personal and were let through.
        release: whether its figures are published, embargoed or management information.
        cells: ``None`` where a file was refused, or read by a version that did not count them.
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
    release: Release = PUBLISHED
    cells: CellCount | None = None


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
    """One check on one organisation of one file (or on the whole file).

    Attributes:
        severity: the outcome of the check where it does not hold, whatever it was here.
        rows: some of what failed, worst first found; ``failed`` counts them all.
    """

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
    severity: GateOutcome = GateOutcome.FAIL


@dataclass(frozen=True)
class GateVerdict:
    """The outcome of the gate: the worst of its checks.

    ``faults`` has every failing row of every result, with the columns of :data:`FAULTS`.
    """

    results: tuple[CheckResult, ...]
    faults: pl.DataFrame = field(default_factory=no_faults, compare=False, repr=False)

    @property
    def outcome(self) -> GateOutcome:
        """The worst outcome of what was asked; ``skipped`` when nothing was."""
        asked = (r.outcome for r in self.results if r.outcome is not GateOutcome.SKIPPED)
        return max(asked, key=lambda o: o.rank, default=GateOutcome.SKIPPED)

    def __add__(self, other: GateVerdict) -> GateVerdict:
        """One verdict of both."""
        import polars as pl

        return GateVerdict(self.results + other.results, pl.concat([self.faults, other.faults]))

    def at(self, outcome: GateOutcome) -> tuple[CheckResult, ...]:
        """The results with that outcome."""
        return tuple(r for r in self.results if r.outcome is outcome)

    def raise_for_gate(self, at: GateOutcome = GateOutcome.FAIL) -> None:
        """Stop a job whose data did not pass.

        Raises:
            GateFailed: the outcome is at or above ``at``.
        """
        if self.outcome.rank >= at.rank:
            failed = [r for r in self.results if r.outcome.rank >= at.rank]
            raise GateFailed(f"gate: {self.outcome} ({len(failed)} checks)")


@dataclass(frozen=True, eq=False)
class Gated:
    """What the gate alone said of extracts, with their figures told apart.

    Attributes:
        readings: a line for each file, also those refused.
        notes: what a reader has to know of the run as a whole.
        good: a row per figure that may go on: ``file, sheet, row, column, layout, role,
            organisation, period (YYYY-MM), item, value, status``; ``value`` is null where
            ``status`` is not ``reported`` (or ``partial_month``).
        rejected: a row for everything that may not: ``file, sheet, row, column, value (text),
            organisation, period, check, outcome, reason, todo``. Where a whole row was
            rejected ``column`` is empty; a file held back without a figure has one row, whose
            ``row`` is null. A refused file was not read and stands in ``readings`` alone.
    """

    version: str
    verdict: GateVerdict
    readings: tuple[FileReading, ...]
    notes: tuple[str, ...]
    good: pl.DataFrame = field(repr=False)
    rejected: pl.DataFrame = field(repr=False)

    @property
    def outcome(self) -> GateOutcome:
        """The worst outcome of the checks; ``error`` where a file could not be read."""
        if any(reading.state == "refused" for reading in self.readings):
            return GateOutcome.ERROR
        return self.verdict.outcome

    def results(self) -> pl.DataFrame:
        """The verdict as a frame, a row a check, organisation and file.

        Columns: ``check, title, layout, file, organisation, outcome, severity, observed,
        threshold, failed, total``; ``organisation`` is empty where a whole file is meant.
        """
        import polars as pl

        texts = ("check", "title", "layout", "file", "organisation", "outcome", "severity",
                 "observed", "threshold")  # fmt: skip
        numbers = ("failed", "total")
        return pl.DataFrame(
            [
                [*(str(getattr(one, n)) for n in texts), *(getattr(one, n) for n in numbers)]
                for one in self.verdict.results
            ],
            schema={**dict.fromkeys(texts, pl.String), **dict.fromkeys(numbers, pl.Int64)},
            orient="row",
        )

    def raise_for_gate(self, at: GateOutcome = GateOutcome.FAIL) -> None:
        """Stop a job whose data did not pass, or could not be read.

        Raises:
            GateFailed: the outcome is at or above ``at``.
        """
        refused = [r.file for r in self.readings if r.state == "refused"]
        if refused:
            raise GateFailed(f"gate: {', '.join(refused)} could not be read")
        self.verdict.raise_for_gate(at)
