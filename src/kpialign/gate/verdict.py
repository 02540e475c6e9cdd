"""One verdict from both kinds of check, and what it holds back from publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kpialign.findings import GateVerdict
from kpialign.gate.asked import Asked, of_sql_rows
from kpialign.gate.checks import Reach
from kpialign.gate.faults import reach, together
from kpialign.gate.results import in_order, tell
from kpialign.gate.weigh import Weighing
from kpialign.terms import GateOutcome


@dataclass(frozen=True)
class HeldBack:
    """What must not be published.

    Attributes:
        files: files held back as a whole.
        rows: ``(file, organisation, period)`` held back; a missing key is an empty text.
        everything: a check of all files at once crashed, so that nothing is known to be right.
    """

    files: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]
    everything: bool = False


def judge(
    asked: Iterable[Asked],
    sql_rows: pl.DataFrame,
    layouts: Mapping[str, str] | None = None,
    weighing: Weighing | None = None,
) -> GateVerdict:
    """Bring what was asked of all layouts and the rows the SQL checks returned to one verdict.

    Args:
        asked: of each layout's frame.
        sql_rows: columns check, file, sheet, row, column, value, organisation, period and
            message; ``check`` is the name of the check's file, or a code. ``outcome``,
            ``total``, ``about`` and ``expected`` may be missing: a row is then as severe as
            its check. A row whose outcome is ``pass`` says that its check found nothing in
            the file, one that is ``skipped`` why it could not be asked.
        layouts: the layout of each file.
        weighing: the thresholds and exceptions that hold.
    """
    weighing = weighing or Weighing()
    parts = [*asked, of_sql_rows(sql_rows, layouts or {})]
    weighed = [weighing.weigh(part) for part in parts]
    results = [
        result
        for part, faults in zip(parts, weighed, strict=True)
        for result in tell(part, faults, weighing)
    ]
    return GateVerdict(in_order(results), together(f.drop("weighed") for f in weighed))


def held_back(verdict: GateVerdict) -> HeldBack:
    """Files with a structural failure or a crashed check, and months of organisations."""
    holding = [str(outcome) for outcome in GateOutcome if outcome.holds_back]
    faults = verdict.faults.filter(pl.col("outcome").is_in(holding)).with_columns(
        reach().alias("reach")
    )
    whole = faults.filter(pl.col("reach") == str(Reach.FILE))
    months = faults.filter(pl.col("reach") == str(Reach.ROW))
    return HeldBack(
        tuple(sorted(set(whole["file"].unique()) - {""})),
        tuple(months.select("file", "organisation", "period").unique(maintain_order=True).rows()),
        everything=not whole.filter((pl.col("file") == "") & (pl.col("layout") == "")).is_empty(),
    )
