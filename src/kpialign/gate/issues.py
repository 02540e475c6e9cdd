"""One answer of Great Expectations → why it crashed, or the issues it found, in plain types."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from kpialign.findings import DataIssue
from kpialign.gate.checks import Check, Reach
from kpialign.terms import GateOutcome

Meta = Mapping[str, str]


def crash(answer: Any) -> str:
    """Why the check could not be evaluated, or nothing.

    GX reports a crash as an ordinary ``success: False``; only ``exception_info`` tells them
    apart, which is flat where nothing was raised and one entry a metric where something was.
    """
    info = answer.exception_info
    for one in [info] if "raised_exception" in info else info.values():
        if one["raised_exception"]:
            return str(one["exception_message"]).strip().splitlines()[0]
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


def issues(check: Check, meta: Meta, answer: Any, absent: Collection[str]) -> Iterator[DataIssue]:
    """The issues of an answer that is no success; ``absent`` files left no row in the frame."""
    details = answer.result
    if "unexpected_index_list" not in details:
        yield from (_issue(check, meta, "no row", file=file) for file in absent or [""])
        return
    pairs = zip(details["unexpected_list"], details["unexpected_index_list"], strict=True)
    if check.reach is Reach.FILE:
        # The derived column carries the file's figure in all its rows: one issue is enough.
        values = {str(place["file"]): value for value, place in pairs}
        yield from (_issue(check, meta, words(v), file=file) for file, v in values.items())
        return
    for value, place in pairs:
        where = _place(place)
        # A key is told as it stands in the file, not as the number derived from it.
        told = where[meta["about"]] if meta["about"] in where else words(value)
        yield _issue(check, meta, told, **where)


def _place(place: Mapping[str, Any]) -> dict[str, Any]:
    texts = ("file", "sheet", "organisation", "period")
    row = place["row"]
    return {
        **{name: "" if _is_missing(place[name]) else str(place[name]) for name in texts},
        "row": None if _is_missing(row) else int(row),
    }


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


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def words(value: Any) -> str:
    """A value as it is told: a pair as part of the whole, a repeated key as such.

    >>> words(-3.0), words((100.0, 120.0)), words(float("inf"))
    ('-3', '120 of 100', 'not a number')
    """
    if isinstance(value, tuple):
        below, above = value
        return f"{words(above)} of {words(below)}"
    if isinstance(value, dict):
        return "the same key again"
    if _is_missing(value):
        return ""
    if isinstance(value, float):
        return f"{value:.12g}" if math.isfinite(value) else "not a number"
    return str(value)
