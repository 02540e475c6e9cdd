"""Definitions → the Great Expectations suites of a layout: of its rows, and of its files.

Every expectation carries in ``meta`` what a result needs to be told in the words of the
definitions: the check, its severity, the organisation column, the item or indicator it is
``about``, its title, the headings, the column whose figures are counted, and the threshold.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from kpialign.definitions.indicators import Indicator, MeasureType
from kpialign.gate import checks
from kpialign.gate.checks import Check
from kpialign.gate.frame import CALENDAR_MONTH, part_columns
from kpialign.gate.scope import Scope
from kpialign.terms import Period

KEY = ["organisation", "role", "period", "file"]


def make_suites(scope: Scope, latest: str, files: Collection[str] = ()) -> tuple[Any, Any]:
    """The suites of a layout's rows and of its files.

    ``latest`` is the last month that is not in the future.
    """
    of_rows = [*_of_keys(scope, latest), *_of_items(scope), *_of_indicators(scope)]
    return _suite(scope.layout.id, of_rows), _suite(
        f"{scope.layout.id}.files", _of_files(scope, files)
    )


def _suite(name: str, expectations: Iterable[Any]) -> Any:
    from great_expectations import ExpectationSuite

    # Adding them one by one costs 21 ms each; the constructor takes 200 in 0.04 s.
    return ExpectationSuite(name=name, expectations=list(expectations))


def _meta(
    check: Check, threshold: str, *, about: str, title: str, column: str, counted: str
) -> dict[str, str]:
    return {
        "check": check.code,
        "severity": check.severity.value,
        "organisation": "organisation",
        "about": about,
        "title": title,
        "column": column,
        "counted": counted,
        "threshold": threshold,
    }


def _of_files(scope: Scope, files: Collection[str]) -> Iterator[Any]:
    from great_expectations import expectations as gxe

    floor = f"at least {scope.layout.row_floor}"
    meta = _meta(checks.ROWS, floor, about="rows", title="Rows", column="", counted="file/rows")
    if files:  # a file that left no row is not in the frame, so it has to be asked for by name
        yield gxe.ExpectColumnDistinctValuesToContainSet(
            column="file", value_set=sorted(files), meta=meta
        )
    else:
        yield gxe.ExpectTableRowCountToBeBetween(min_value=1, meta=meta)
    yield gxe.ExpectColumnValuesToBeBetween(
        column="file/rows", min_value=scope.layout.row_floor, meta=meta
    )
    names = scope.headings
    for id_ in scope.required:
        meta = _meta(
            checks.FIGURES,
            "at least one figure",
            about=id_,
            title=scope.library.items[id_].title,
            column=names[id_],
            counted=f"{id_}/reported",
        )
        yield gxe.ExpectColumnValuesToBeBetween(column=meta["counted"], min_value=1, meta=meta)


def _of_keys(scope: Scope, latest: str) -> Iterator[Any]:
    from great_expectations import expectations as gxe

    tables = max(Counter(table.sheet for table in scope.loaded).values())
    period = scope.layout.period.place
    codes = (str(table.organisation.code) for table in scope.loaded)
    organisation = " or ".join(dict.fromkeys(codes))

    def month(check: Check, threshold: str) -> dict[str, str]:
        return _meta(check, threshold, about="period", title="Month", column=period, counted="row")

    meta = _meta(
        checks.ORGANISATION,
        "an organisation code",
        about="organisation",
        title="Organisation",
        column=organisation,
        counted="row",
    )
    yield gxe.ExpectColumnValuesToNotBeNull(column="organisation", meta=meta)
    yield gxe.ExpectColumnValuesToNotBeNull(column="period", meta=month(checks.MONTH, "a month"))
    yield gxe.ExpectColumnValuesToMatchRegex(
        column="period", regex=CALENDAR_MONTH, meta=month(checks.CALENDAR, "a month as YYYY-MM")
    )
    yield gxe.ExpectColumnValuesToBeBetween(
        column="period/month",
        max_value=Period.parse(latest).index,
        meta=month(checks.FUTURE, f"{latest} or earlier"),
    )
    # An organisation may stand once in every table of a sheet, and no more.
    once = "one row" if tables == 1 else f"at most {tables} rows, one in each table"
    meta = _meta(
        checks.ONE_ROW, once, about="rows", title="Rows", column=organisation, counted="rows"
    )
    yield gxe.ExpectColumnValuesToBeBetween(column="rows", max_value=tables, meta=meta)
    yield gxe.ExpectCompoundColumnsToBeUnique(column_list=KEY, meta={**meta, "about": "key"})


def _of_items(scope: Scope) -> Iterator[Any]:
    from great_expectations import expectations as gxe

    for id_, heading in scope.headings.items():
        item = scope.library.items[id_]
        threshold = f"a number not below {item.least:g}"
        meta = _meta(
            checks.LEAST, threshold, about=id_, title=item.title, column=heading, counted=id_
        )
        yield gxe.ExpectColumnValuesToBeBetween(
            column=id_, min_value=item.least, max_value=sys.float_info.max, meta=meta
        )


def _of_indicators(scope: Scope) -> Iterator[Any]:
    for indicator in scope.carried:
        column = scope.place(indicator)
        quality = indicator.quality
        if indicator.measure.type is MeasureType.RATIO and quality.numerator_within_denominator:
            yield from _within(indicator, column)
        if quality.range is not None:
            yield _value(checks.RANGE, indicator, column, *quality.range)
        if quality.warn_above is not None:
            yield _value(checks.WARNING, indicator, column, None, quality.warn_above)


def _within(indicator: Indicator, column: str) -> Iterator[Any]:
    from great_expectations import expectations as gxe

    above, below = part_columns(indicator)

    def meta(threshold: str) -> dict[str, str]:
        return _meta(
            checks.WITHIN,
            threshold,
            about=indicator.id,
            title=indicator.title,
            column=column,
            counted=above,
        )

    yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=below,
        column_B=above,
        or_equal=True,
        ignore_row_if="either_value_is_missing",
        meta=meta("a numerator not above the denominator"),
    )
    # Only a difference can fall below nothing while all its items are right by themselves.
    if min(indicator.measure.numerator_terms.values()) < 0:
        yield gxe.ExpectColumnValuesToBeBetween(
            column=above, min_value=0, meta=meta("a numerator not below 0")
        )


def _value(check: Check, indicator: Indicator, column: str, low: float | None, high: float) -> Any:
    from great_expectations import expectations as gxe

    words = f"not above {high:g}" if low is None else f"from {low:g} to {high:g}"
    meta = _meta(
        check,
        f"{words} {indicator.unit}",
        about=indicator.id,
        title=indicator.title,
        column=column,
        counted=f"{indicator.id}/value",
    )
    return gxe.ExpectColumnValuesToBeBetween(
        column=meta["counted"], min_value=low, max_value=high, meta=meta
    )
