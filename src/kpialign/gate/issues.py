"""One answer of Great Expectations → why it crashed, or the issues it found, in plain types."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from kpialign.findings import DataIssue
from kpialign.gate.checks import Check, Reach
from kpialign.terms import GateOutcome

PLACE = ("file", "sheet", "row", "organisation", "period")

Meta = Mapping[str, str]


def crash(answer: Any) -> str:
    """Why the answer cannot be relied on, or nothing.

    GX reports a crash as an ordinary ``success: False``; only ``exception_info`` tells them
    apart, which is flat where nothing was raised and one entry a metric where something was.
    """
    info = answer.exception_info
    for one in [info] if "raised_exception" in info else info.values():
        if one["raised_exception"]:
            return str(one["exception_message"]).strip().splitlines()[0]
    named = answer.result.get("unexpected_index_list")
    failed = answer.result.get("unexpected_count")
    if named is not None and len(named) != failed:
        return f"only {len(named)} of {failed} failing rows were named"
    return ""


def crashed_issue(check: Check, meta: Meta, file: str, reason: str) -> DataIssue:
    """The issue of a check that could not be evaluated."""
    return DataIssue(
        check.code,
        GateOutcome.ERROR,
        f"{meta['title']}: the check could not be evaluated: {reason}",
        file=file,
        column=meta["column"],
        todo="See that the column is there and holds numbers; else report it as a fault.",
    )


def issues(
    check: Check, meta: Meta, answer: Any, frame: pl.DataFrame, absent: Collection[str]
) -> Iterator[DataIssue]:
    """The issues of an answer that is no success; ``absent`` files left no row in the frame."""
    details = answer.result
    if "unexpected_index_list" not in details:
        yield from (_issue(check, meta, "no row", file=file) for file in absent or [""])
        return
    # GX's list of values stops at 200 without saying so; its list of row numbers does not.
    told = {meta["counted"], f"{meta['about']}.denominator"} & set(frame.columns)
    rows = frame.select(*PLACE, *told.difference(PLACE))[details["unexpected_index_list"]]
    if check.reach is Reach.FILE:
        # The derived column carries the file's figure in all its rows: one issue is enough.
        for row in rows.unique("file", keep="first").iter_rows(named=True):
            yield _issue(check, meta, _told(meta, row), file=row["file"])
        return
    for row in rows.iter_rows(named=True):
        place = {name: row[name] if name == "row" else row[name] or "" for name in PLACE}
        yield _issue(check, meta, _told(meta, row), **place)


def _told(meta: Meta, row: Mapping[str, Any]) -> str:
    """The value found: a key as it stands in the file, a numerator with its denominator."""
    about = meta["about"]
    if about in ("organisation", "period"):
        return row[about] or ""
    if about == "key":
        return "the same key again"
    value = number(row[meta["counted"]])
    whole = row[f"{about}.denominator"] if meta["counted"].endswith(".numerator") else None
    return value if whole is None else f"{value} of {number(whole)}"


def _issue(check: Check, meta: Meta, value: str, **place: Any) -> DataIssue:
    message = f"{meta['title']}: found {value or 'nothing'}, expected {meta['threshold']}"
    return DataIssue(
        check.code,
        check.severity,
        message,
        column=meta["column"],
        value=value,
        todo=check.todo,
        **place,
    )


def number(value: float) -> str:
    """A figure as it is told.

    >>> number(-3.0), number(100 / 3), number(1234567.0), number(float("inf"))
    ('-3', '33.333333', '1234567', 'not a number')
    """
    return f"{round(value, 6):.15g}" if math.isfinite(value) else "not a number"
