"""What the checks of a layout, or those in SQL, found, and of how many figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from kpialign.findings import no_faults
from kpialign.gate.checks import CHECKS, Check, Reach
from kpialign.gate.faults import Meta, crash, crashed, found, of_sql, together

KEYS = ("file", "organisation")
BY_FILE = {check.sql: check for check in CHECKS.values() if check.sql}


@dataclass(frozen=True)
class Asked:
    """What was asked of whom.

    Attributes:
        checks: by code, those that were asked.
        faults: the failing rows, in order.
        layouts: of each file.
        files: of which each check says at least that it was asked.
        metas: what the expectations of a check are about, by code; nothing for SQL.
        counts: figures by file, organisation and column of the frame.
        given: the ``total`` that SQL checks say, by check, file and organisation.
        skipped: by check and file, why it could not be asked.
    """

    checks: Mapping[str, Check]
    faults: pl.DataFrame
    layouts: Mapping[str, str]
    files: tuple[str, ...] = ()
    metas: Mapping[str, Sequence[Meta]] = field(default_factory=dict)
    counts: pl.DataFrame = field(default_factory=pl.DataFrame)
    given: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    skipped: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def layout_of(self, file: str) -> str:
        """The layout a file was read as; empty where that is not known."""
        return self.layouts.get(file, "")

    def expected(self, check: Check) -> list[str]:
        """What the expectations of a check ask for, in words."""
        return [meta["threshold"] for meta in self.metas.get(check.code, ())]

    def looked_at(self, check: Check, counts: pl.DataFrame) -> pl.DataFrame:
        """Figures a check looked at, by file, organisation and what it is ``about``.

        Of a check of whole files it is the columns that have figures.
        """
        metas = self.metas.get(check.code, ())
        if check.reach is Reach.FILE:
            metas = list({meta["counted"]: meta for meta in metas}.values())
            counts = counts.select(*KEYS, (pl.exclude(*KEYS) > 0).cast(pl.Int64))
        return pl.concat(
            counts.select(
                *KEYS,
                pl.lit(meta["about"]).alias("about"),
                pl.col(meta["counted"]).cast(pl.Int64).alias("total"),
            )
            for meta in metas
        )

    def totals_of(self, check: Check, faults: pl.DataFrame) -> Mapping[tuple[str, str], int]:
        """Figures looked at by the file and organisation of failing rows (``whose``)."""
        if not self.metas:
            return {
                (f, whose): n for (code, f, whose), n in self.given.items() if code == check.code
            }
        return _summed(self.looked_at(check, self.near(check, faults)))

    def near(self, check: Check, faults: pl.DataFrame) -> pl.DataFrame:
        """The counts of the files, or their organisations, that failing rows speak of."""
        if check.reach is not Reach.ROW:
            return self._by_file
        wanted = faults.select("file", "organisation").unique()
        return self.counts.join(wanted, list(KEYS), "semi")

    def totals_by_file(self, check: Check) -> Mapping[str, int]:
        """Figures looked at in each file."""
        if self.metas:
            summed = _summed(self.looked_at(check, self._by_file))
            return {file: total for (file, _), total in summed.items()}
        out: dict[str, int] = defaultdict(int)
        for (code, file, _), total in self.given.items():
            if code == check.code:
                out[file] += total
        return out

    @cached_property
    def _by_file(self) -> pl.DataFrame:
        counts = self.counts.drop("organisation").group_by("file").sum()
        return counts.with_columns(pl.lit("").alias("organisation"))


def of_answers(
    answers: Sequence[tuple[pl.DataFrame, Iterable[Any]]], layout: str, files: Collection[str]
) -> Asked:
    """Answers of Great Expectations on each frame, matched by ``meta``, for GX reorders them."""
    asked = [(a.expectation_config.meta, a, frame) for frame, told in answers for a in told]
    metas: dict[str, list[Meta]] = defaultdict(list)
    for meta, _, _ in asked:
        metas[meta["check"]].append(meta)
    there = {file for frame, _ in answers for file in frame["file"].unique()}
    named = tuple(sorted(there | set(files)))
    absent = sorted(set(files) - there)

    def wrong(meta: Meta, answer: Any, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        if why := crash(answer):
            yield crashed(meta, layout, named, why)
        elif not answer.success:
            yield found(answer, frame, layout, absent)

    return Asked(
        {code: CHECKS[code] for code in metas},
        together(rows for one in asked for rows in wrong(*one)),
        dict.fromkeys(named, layout),
        named,
        metas,
        _counts([frame for frame, _ in answers], {meta["counted"] for meta, _, _ in asked}),
    )


def of_sql_rows(rows: pl.DataFrame, layouts: Mapping[str, str]) -> Asked:
    """The rows SQL checks returned.

    One whose outcome is ``pass`` says that nothing was found, one that is ``skipped`` why the
    check could not be asked of a file.
    """
    if rows.is_empty():
        return Asked({}, no_faults(), layouts)
    names = rows["check"].unique().to_list()
    named = {name: CHECKS.get(name) or BY_FILE.get(name) or _own(name) for name in names}
    checks = {check.code: check for check in named.values()}
    faults = together([of_sql(rows, named, layouts)])
    given: Mapping[tuple[str, str, str], int] = {}
    if "total" in rows.columns:
        given = _given(rows.filter(pl.col("total").is_not_null()), named)
    unasked = faults.filter(pl.col("outcome") == "skipped").select("check", "file", "message")
    return Asked(
        checks,
        faults.filter(~pl.col("outcome").is_in(["pass", "skipped"])),
        layouts,
        given=given,
        skipped={(code, file): why for code, file, why in unasked.iter_rows()},
    )


def _given(rows: pl.DataFrame, named: Mapping[str, Check]) -> dict[tuple[str, str, str], int]:
    """The total of each check in a file, or of an organisation in it."""

    def of_check(facts: Mapping[str, object], type_: type[pl.DataType]) -> pl.Expr:
        return pl.col("check").replace_strict(facts, return_dtype=type_)

    codes = of_check({name: check.code for name, check in named.items()}, pl.String)
    by_organisation = {name: check.reach is Reach.ROW for name, check in named.items()}
    whose = pl.when(of_check(by_organisation, pl.Boolean)).then("organisation").fill_null("")
    keys = (codes, pl.col("file").fill_null(""), whose.alias("whose"))
    totals = rows.group_by(*keys).agg(pl.col("total").max())
    return {(code, file, who): total for code, file, who, total in totals.iter_rows()}


def _counts(frames: Iterable[pl.DataFrame], names: Collection[str]) -> pl.DataFrame:
    """Figures by file, organisation and column; a column that is in no frame has none."""
    counts = pl.concat((_counted(frame, names) for frame in frames), how="diagonal")
    absent = [pl.lit(0).alias(name) for name in sorted(set(names) - set(counts.columns))]
    return counts.with_columns(*absent, pl.exclude(*KEYS).fill_null(0))


def _counted(frame: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    whose = pl.col("organisation") if "organisation" in frame.columns else pl.lit("")
    there = [name for name in frame.columns if name in names and name not in KEYS]
    return frame.group_by("file", whose.fill_null("").alias("organisation")).agg(
        pl.col(name).count().cast(pl.Int64) for name in there
    )


def _own(name: str) -> Check:
    """A check that came as a file of its own: it reaches as far as its rows name."""
    return Check(name, name.replace("_", " "), "", "")


def _summed(looked_at: pl.DataFrame) -> dict[tuple[str, str], int]:
    totals = looked_at.group_by(*KEYS).agg(pl.col("total").sum())
    return {(file, organisation): total for file, organisation, total in totals.iter_rows()}
