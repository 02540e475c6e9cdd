"""Thresholds and exceptions: how many failing rows are how bad, and what is let through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase

import polars as pl

from kpialign.definitions.thresholds import Excepted, Threshold
from kpialign.gate.asked import Asked
from kpialign.gate.checks import Check, Reach
from kpialign.gate.faults import reach
from kpialign.library import Library
from kpialign.terms import GateOutcome

_KEYS = ("layout", "about", "organisation")
RANKS = {str(outcome): outcome.rank for outcome in GateOutcome}


def rank() -> pl.Expr:
    """How bad the outcome of a row is."""
    return pl.col("outcome").replace_strict(RANKS, return_dtype=pl.Int64)


@dataclass(frozen=True)
class Weighing:
    """The thresholds and exceptions of a library as they hold on a day.

    The most specific threshold of a check decides; a crash is never weighed, nor is what would
    hold back a whole file made milder.
    """

    library: Library = field(default_factory=Library)
    today: date = date.min

    def weigh(self, asked: Asked) -> pl.DataFrame:
        """The failing rows with the outcome that holds; ``weighed`` says by which threshold."""
        faults = asked.faults.with_columns(pl.lit("").alias("weighed"))
        by_check: dict[str, list[Threshold]] = {}
        for threshold in self.library.thresholds.values():
            by_check.setdefault(threshold.check, []).append(threshold)
        for code in by_check.keys() & set(faults["check"].unique()):
            faults = self._by_threshold(asked, asked.checks[code], by_check[code], faults)
        for excepted in self.exceptions:
            faults = _let_through(faults, excepted)
        return faults

    @property
    def exceptions(self) -> list[Excepted]:
        """Those that hold; of several that fit a row the mildest is told."""
        holding = [e for e in self.library.exceptions.values() if e.holds(self.today)]
        return sorted(holding, key=lambda e: e.id)

    def words(self, weighed: Sequence[str], excepted: Sequence[str]) -> list[str]:
        """What a result says of its thresholds and exceptions."""
        told = [self.library.thresholds[name].words() for name in weighed if name]
        through = [self.library.exceptions[f"exception {id_}"] for id_ in excepted if id_]
        return [*dict.fromkeys(told), *(one.words() for one in through)]

    def _by_threshold(
        self, asked: Asked, check: Check, thresholds: Sequence[Threshold], faults: pl.DataFrame
    ) -> pl.DataFrame:
        """Rows as bad as their check says are counted; one that says it is milder stays so."""
        severe = (rank() >= check.severity.rank) & (pl.col("outcome") != str(GateOutcome.ERROR))
        counted = (pl.col("check") == check.code) & severe & ~_structural(check)
        faults = faults.with_row_index("at")
        mine = self._chosen(faults.filter(counted), thresholds)
        whose = pl.col("organisation") if check.reach is Reach.ROW else pl.lit("")
        mine = mine.with_columns(whose.alias("whose"))
        by = ["file", "whose", "chosen"]
        groups = mine.filter(pl.col("chosen") != "").group_by(by).agg(pl.len().alias("failed"))
        totals = self._totals(asked, check, thresholds, mine)
        decided = [
            str(self.library.thresholds[name].outcome(failed, totals.get((*of, name), failed)))
            for *of, name, failed in groups.iter_rows()
        ]
        groups = groups.with_columns(pl.Series("decided", decided, pl.String))
        mine = mine.join(groups, by, "left").select("at", "chosen", "decided")
        return (
            faults.join(mine, "at", "left", maintain_order="left")
            .with_columns(
                pl.coalesce("decided", "outcome").alias("outcome"),
                pl.coalesce("chosen", "weighed").alias("weighed"),
            )
            .drop("at", "chosen", "decided")
        )

    def _chosen(self, rows: pl.DataFrame, thresholds: Sequence[Threshold]) -> pl.DataFrame:
        """Rows with the threshold that is the most specific for each, if there is one."""
        keys = rows.select(_KEYS).unique()
        names = [self._most_specific(thresholds, *key) for key in keys.iter_rows()]
        return rows.join(keys.with_columns(pl.Series("chosen", names, pl.String)), _KEYS, "left")

    def _most_specific(
        self, thresholds: Sequence[Threshold], layout: str, about: str, organisation: str
    ) -> str:
        fitting = [t for t in thresholds if self._fits(t, layout, about, organisation)]
        return max(fitting, key=lambda t: t.narrow).id if fitting else ""

    def _fits(self, threshold: Threshold, layout: str, about: str, organisation: str) -> bool:
        kind = self.library.type_of(organisation) if threshold.types else ""
        asked = (
            (threshold.layouts, layout),
            ((*threshold.items, *threshold.indicators), about),
            (threshold.organisations, organisation),
            (threshold.types, kind),
        )
        return all(not names or found in names for names, found in asked)

    def _totals(
        self, asked: Asked, check: Check, thresholds: Sequence[Threshold], mine: pl.DataFrame
    ) -> Mapping[tuple[str, str, str], int]:
        """Figures looked at by file, organisation and the threshold that decides on them."""
        if not asked.metas:  # SQL counts for the check alone
            totals = asked.totals_of(check, mine)
            return {(file, who, t.id): n for (file, who), n in totals.items() for t in thresholds}
        figures = asked.looked_at(check, asked.near(check, mine)).with_columns(
            pl.lit(next(iter(asked.layouts.values()), "")).alias("layout")
        )
        summed = self._chosen(figures, thresholds).group_by("file", "organisation", "chosen")
        rows = summed.agg(pl.col("total").sum()).iter_rows()
        return {(file, who, name): total for file, who, name, total in rows}


def _structural(check: Check) -> pl.Expr:
    """Whether a row would hold back a whole file: no threshold may make that milder."""
    return (reach() == str(Reach.FILE)) & pl.lit(check.severity.holds_back)


def _let_through(faults: pl.DataFrame, excepted: Excepted) -> pl.DataFrame:
    """Make the rows an exception speaks of as mild as it says."""
    most = GateOutcome(excepted.at_most)
    files = [
        file
        for file in faults["file"].unique()
        if not excepted.files or any(fnmatchcase(file, pattern) for pattern in excepted.files)
    ]
    fits = (pl.col("check") == excepted.check) & pl.col("file").is_in(files)
    for column, names in (
        ("organisation", excepted.organisations),
        ("about", (*excepted.items, *excepted.indicators)),
        ("period", tuple(map(str, excepted.periods))),
    ):
        if names:
            fits &= pl.col(column).is_in(names)
    severe = pl.col("outcome").is_in([str(o) for o in GateOutcome if o.holds_back])
    fits &= (rank() > most.rank) & ~(severe & (reach() == str(Reach.FILE)))
    return faults.with_columns(
        pl.when(fits).then(pl.lit(str(most))).otherwise("outcome").alias("outcome"),
        pl.when(fits).then(pl.lit(excepted.id)).otherwise("exception").alias("exception"),
    )


def notes(library: Library, faults: pl.DataFrame, today: date) -> Iterator[str]:
    """What a run says loudly of its exceptions: applied, run out, about to, or for nothing."""
    for _, one in sorted(library.exceptions.items()):
        rows = faults.filter(pl.col("exception") == one.id)
        if not one.holds(today):
            yield f"exception {one.id} ran out on {one.until}: {one.check} speaks as before"
        elif rows.is_empty():
            yield f"exception {one.id} changed nothing; is it still needed?"
        else:
            # How many rows is not said: of a file nobody may see yet it would tell too much.
            files = rows["file"].n_unique()
            yield (
                f"exception {one.id} makes {one.check} {one.at_most} at most in {files:,} "
                f"file{'s' * (files > 1)}: {one.why} ({one.by})"
            )
        if one.runs_out(today):
            yield f"exception {one.id} runs out on {one.until}"
