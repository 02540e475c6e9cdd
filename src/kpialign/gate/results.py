"""Answers of Great Expectations → results: for each check, file and organisation.

Rows that fail are told for each organisation of a file by itself; where nothing failed, one
line for the check and the file says that it was asked, and of how many figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import polars as pl

from kpialign.findings import CheckResult, DataIssue
from kpialign.gate.checks import CHECKS, Check, Reach
from kpialign.gate.issues import Meta, crash, crashed_issue, issues
from kpialign.terms import GateOutcome

ROWS_SHOWN = 20


@dataclass(frozen=True)
class Batch:
    """What was validated: the files asked for, those without rows, and the figures seen.

    ``figures`` counts by file, organisation and column.
    """

    layout: str
    files: tuple[str, ...]
    absent: tuple[str, ...]
    figures: Mapping[str, Mapping[str, Mapping[str, int]]]

    @classmethod
    def of(cls, frame: pl.DataFrame, layout: str, files: Collection[str]) -> Batch:
        """Count the figures of every column by file and organisation."""
        keys = ["file", "organisation"]
        figures: dict[str, dict[str, Mapping[str, int]]] = defaultdict(dict)
        for row in frame.group_by(keys).agg(pl.all().exclude(keys).count()).iter_rows(named=True):
            figures[row["file"]][row["organisation"] or ""] = row
        return cls(
            layout,
            tuple(sorted({*figures, *files})),
            tuple(sorted({*files} - set(figures))),
            figures,
        )

    def looked_at(self, check: Check, metas: Iterable[Meta], file: str, whose: str | None) -> int:
        """Figures a check looked at, or columns where it is asked of the whole file."""
        by_organisation = self.figures.get(file, {})
        rows = list(by_organisation.values()) if whose is None else [by_organisation[whose]]
        columns = [meta["counted"] for meta in metas]
        if check.reach is Reach.FILE:
            return len({c for c in columns if any(row.get(c) for row in rows)})
        return sum(row.get(column, 0) for row in rows for column in columns)


def tell(answers: Iterable[Any], frame: pl.DataFrame, batch: Batch) -> tuple[CheckResult, ...]:
    """Results of a validation in order; answers are matched by ``meta``, GX reorders them."""
    by_check: dict[str, list[Any]] = defaultdict(list)
    for answer in answers:
        by_check[answer.expectation_config.meta["check"]].append(answer)
    return in_order(
        chain.from_iterable(
            _of_check(CHECKS[c], group, frame, batch) for c, group in by_check.items()
        )
    )


def _of_check(
    check: Check, answers: Collection[Any], frame: pl.DataFrame, batch: Batch
) -> Iterator[CheckResult]:
    crashed = [(a.expectation_config.meta, why) for a in answers if (why := crash(a))]
    found: dict[tuple[str, str], list[tuple[Meta, DataIssue]]] = defaultdict(list)
    for answer in answers:
        if answer.success or crash(answer):
            continue
        meta = answer.expectation_config.meta
        for issue in issues(check, meta, answer, frame, batch.absent):
            found[issue.file, issue.organisation].append((meta, issue))
    metas = [answer.expectation_config.meta for answer in answers]
    for (file, organisation), pairs in found.items():
        whose = None if check.reach is Reach.FILE else organisation
        yield result(
            check,
            [issue for _, issue in pairs],
            layout=batch.layout,
            file=file,
            organisation=organisation,
            threshold=_thresholds(meta for meta, _ in pairs),
            total=batch.looked_at(check, metas, file, whose),
        )
    spared = set(batch.files) - {file for file, _ in found}
    for file in batch.files if crashed else spared:
        yield result(
            check,
            [crashed_issue(check, meta, file, why) for meta, why in crashed],
            layout=batch.layout,
            file=file,
            organisation="",
            threshold=_thresholds(metas),
            total=batch.looked_at(check, metas, file, None),
        )


def result(
    check: Check,
    wrong: Collection[DataIssue],
    *,
    layout: str,
    file: str,
    organisation: str,
    threshold: str,
    total: int,
) -> CheckResult:
    """One result; without issues a pass, or skipped where there was nothing to look at."""
    quiet = GateOutcome.PASS if total else GateOutcome.SKIPPED
    wrong = sorted(wrong, key=lambda i: (i.sheet, i.row or 0, i.period, i.column, i.message))
    return CheckResult(
        check=check.code,
        title=check.title,
        layout=layout,
        file=file,
        organisation=organisation,
        outcome=max((issue.outcome for issue in wrong), key=lambda o: o.rank, default=quiet),
        observed=_observed(wrong) or ("nothing wrong" if total else "nothing to look at"),
        threshold=threshold,
        failed=len(wrong),
        total=total,
        rows=_bounded(wrong),
        severity=check.severity,
    )


def in_order(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """Results by check, layout, file and organisation."""
    return tuple(
        sorted(results, key=lambda r: (r.check, r.layout, r.file, r.organisation, r.outcome.rank))
    )


def _bounded(wrong: Sequence[DataIssue]) -> tuple[DataIssue, ...]:
    """The first issue of every month and outcome, and others while there is room.

    No month is dropped, because what is held back is read from these rows.
    """
    first_of = {(i.period, i.outcome): n for n, i in reversed(list(enumerate(wrong)))}
    kept = set(first_of.values())
    others = [n for n in range(len(wrong)) if n not in kept]
    kept.update(others[: max(0, ROWS_SHOWN - len(kept))])
    return tuple(wrong[n] for n in sorted(kept))


def _observed(wrong: Iterable[DataIssue]) -> str:
    """The values found, the first three of them.

    >>> _observed(DataIssue("KG-006", GateOutcome.FAIL, "", value=v) for v in "12345")
    '1, 2, 3, …'
    """
    values = list(
        dict.fromkeys(
            "could not be evaluated" if i.outcome is GateOutcome.ERROR else i.value or "nothing"
            for i in wrong
        )
    )
    return ", ".join([*values[:3], *(["…"] if len(values) > 3 else [])])


def _thresholds(metas: Iterable[Meta]) -> str:
    words = list(dict.fromkeys(meta["threshold"] for meta in metas))
    return "; ".join(words) if len(words) <= 3 else "as each definition says"
