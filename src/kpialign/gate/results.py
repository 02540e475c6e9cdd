"""What was asked and found → results: for each check, file and organisation.

Rows that fail are told for each organisation of a file by itself; where nothing failed, one
line for the check and the file says that it was asked, and of how many figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import polars as pl

from kpialign.findings import CheckResult, DataIssue
from kpialign.gate.asked import Asked
from kpialign.gate.checks import Check, Reach
from kpialign.gate.weigh import Weighing, rank
from kpialign.terms import GateOutcome

ROWS_SHOWN = 20  # of a result
FILE_SHOWN = 200  # of a check in a file, beyond the first row of every result

Key = tuple[str, str]


def tell(asked: Asked, faults: pl.DataFrame, weighing: Weighing) -> Iterator[CheckResult]:
    """Results of what was asked; ``faults`` as thresholds and exceptions left them."""
    for code, check in asked.checks.items():
        yield from _of_check(check, asked, faults.filter(pl.col("check") == code), weighing)


def _of_check(
    check: Check, asked: Asked, faults: pl.DataFrame, weighing: Weighing
) -> Iterator[CheckResult]:
    whose = pl.col("organisation") if check.reach is Reach.ROW else pl.lit("")
    faults = faults.with_columns(whose.alias("whose"), rank().alias("rank"))
    totals, whole = asked.totals_of(check, faults), asked.totals_by_file(check)
    rows = _shown(check, faults)
    for group in _groups(faults).iter_rows(named=True):
        key = group["file"], group["whose"]
        crashed = group["rank"] == GateOutcome.ERROR.rank
        total = whole.get(key[0], 0) if crashed else totals.get(key, group["failed"])
        through = weighing.words(group["weighed"], group["exception"])
        yield CheckResult(
            check=check.code,
            title=check.title,
            layout=group["layout"],
            file=key[0],
            organisation=key[1],
            outcome=list(GateOutcome)[group["rank"]],
            observed=_observed(group, total),
            threshold="; ".join([*_thresholds(group["expected"]), *through]),
            failed=group["failed"],
            total=total,
            rows=tuple(rows[key]),
            severity=check.severity,
        )
    yield from _of_spared(check, asked, whole, set(faults["file"].unique()))


def _of_spared(
    check: Check, asked: Asked, totals: Mapping[str, int], found: set[str]
) -> Iterator[CheckResult]:
    """One line for the check and each file in which it found nothing, or was not asked."""
    unasked = {file: why for (code, file), why in asked.skipped.items() if code == check.code}
    for file in sorted({*asked.files, *totals, *unasked} - found):
        total = 0 if file in unasked else totals.get(file, 0)
        yield CheckResult(
            check=check.code,
            title=check.title,
            layout=asked.layout_of(file),
            file=file,
            organisation="",
            outcome=GateOutcome.PASS if total else GateOutcome.SKIPPED,
            observed="nothing wrong" if total else "nothing to look at",
            threshold=unasked.get(file) or "; ".join(_thresholds(asked.expected(check))),
            failed=0,
            total=total,
            severity=check.severity,
        )


def in_order(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """Results by check, layout, file and organisation."""
    return tuple(
        sorted(results, key=lambda r: (r.check, r.layout, r.file, r.organisation, r.outcome.rank))
    )


def _groups(faults: pl.DataFrame) -> pl.DataFrame:
    """A row for each result: its worst outcome, and the first few of what it says."""
    crashed = pl.col("outcome") == str(GateOutcome.ERROR)
    value = pl.when(pl.col("value") == "").then(pl.lit("nothing")).otherwise("value")
    told = pl.when(crashed).then(pl.lit("could not be evaluated")).otherwise(value)

    def few(what: pl.Expr, most: int = 4) -> pl.Expr:
        return what.unique(maintain_order=True).head(most)

    return faults.group_by("file", "whose", maintain_order=True).agg(
        pl.col("layout").first(),
        pl.col("rank").max(),
        pl.len().alias("failed"),
        few(told).alias("values"),
        few(pl.col("expected")),
        few(pl.col("weighed")),
        few(pl.col("exception")),
    )


def _shown(check: Check, faults: pl.DataFrame) -> dict[Key, list[DataIssue]]:
    """A sample of failing rows by file and organisation, the worst of each result among them."""
    places = faults.select("file", "whose", "rank").with_row_index("at")
    if places["rank"].n_unique() > 1:
        places = places.sort("rank", descending=True, maintain_order=True)
    places = places.with_columns(pl.int_range(pl.len()).over("file", "whose").alias("nth"))
    places = places.filter(pl.col("nth") < ROWS_SHOWN).with_columns(
        (pl.col("nth") > 0).cum_sum().over("file").alias("further")
    )
    kept = places.filter((pl.col("nth") == 0) | (pl.col("further") <= FILE_SHOWN))
    few = faults[kept["at"].sort()]
    out: dict[Key, list[DataIssue]] = defaultdict(list)
    names = [f.name for f in fields(DataIssue) if f.name in few.columns]
    for row in few.select("whose", *names).iter_rows(named=True):
        whose, outcome = row.pop("whose"), GateOutcome(row.pop("outcome"))
        out[row["file"], whose].append(DataIssue(code=check.code, outcome=outcome, **row))
    return out


def _observed(group: Mapping[str, Any], total: int) -> str:
    """The values found, the first three; how many of how many where that was judged.

    >>> group = {"values": ["1", "2", "3", "4"], "weighed": [""], "failed": 5}
    >>> _observed(group, 100), _observed({**group, "weighed": ["warn from 2"]}, 100)
    ('1, 2, 3, …', '5 of 100 (5 %): 1, 2, 3, …')
    """
    values = group["values"]
    told = ", ".join([*values[:3], *(["…"] if len(values) > 3 else [])])
    if not any(group["weighed"]):
        return told
    share = group["failed"] / max(total, group["failed"])
    return f"{group['failed']:,} of {total:,} ({100 * share:.3g} %): {told}"


def _thresholds(words: Sequence[str]) -> list[str]:
    told = [word for word in dict.fromkeys(words) if word]
    return told if len(told) <= 3 else ["as each definition says"]
