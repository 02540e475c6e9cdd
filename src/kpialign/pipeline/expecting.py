"""What is due by the publication calendars and has not come; how long a run stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from kpialign import engine
from kpialign.definitions.calendars import Calendar
from kpialign.findings.facts import Expected
from kpialign.terms import Period, months_between

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library

Submitted = Collection[tuple[str, str]]


def expected(
    connection: duckdb.DuckDBPyConnection, library: Library, folder: Submitted, today: date
) -> tuple[Expected, ...]:
    """Months that were due by ``today`` and are neither in the database nor in the folder.

    Args:
        connection: the open database, its models built.
        library: whose calendars hold.
        folder: layout and month of files of this run, also of those held back.
        today: the day of the run.
    """
    there = {*folder, *_submitted(connection)}
    return tuple(
        Expected(calendar.id, calendar.title, str(period), str(due), calendar.checked is not None)
        for calendar, months in _asked_for(connection, library)
        for period in months_between(min(months), Period(today.year, today.month))
        if (due := calendar.day(period)) <= today
        and not any((layout, str(period)) in there for layout in calendar.layouts)
    )


def stands_until(
    connection: duckdb.DuckDBPyConnection, library: Library, today: date
) -> date | None:
    """The next day on which an embargo ends or figures fall due: a run then says more."""
    ends = connection.execute(
        "SELECT DISTINCT shown_from FROM submission "
        "WHERE shown_from > ? AND shown_from < DATE '9999-12-31'",
        [today],
    ).fetchall()
    month = Period(today.year, today.month)
    days = [
        calendar.day(period)
        for calendar, _ in _asked_for(connection, library)
        for period in months_between(month + -24, month + 1)
    ]
    return min((day for day in (*days, *(end for (end,) in ends)) if day > today), default=None)


def _asked_for(
    connection: duckdb.DuckDBPyConnection, library: Library
) -> Iterator[tuple[Calendar, list[Period]]]:
    """Calendars of which the database ever had a month, and the months it has."""
    submitted = _submitted(connection)
    for _, calendar in sorted(library.calendars.items()):
        months = [Period.parse(p) for layout, p in submitted if layout in calendar.layouts]
        if months:
            yield calendar, months


def _submitted(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return list(engine.query(connection, "submitted_period").iter_rows())
