"""What was due and has not come."""

from datetime import date, datetime
from pathlib import Path

import pytest
from tests.pipeline.test_status import asked, changed, month

from kpialign.definitions.calendars import Calendar, Due
from kpialign.findings import Outcome
from kpialign.library import load
from kpialign.outputs.run import screen
from kpialign.outputs.wording import phrases
from kpialign.pipeline.request import AsOf
from kpialign.pipeline.run import check
from kpialign.shipped import shipped
from kpialign.terms import MANAGEMENT_INFORMATION, Period


def late(outcome: Outcome) -> list[tuple[str, str]]:
    return [(one.period, one.due) for one in outcome.expected]


def test_a_month_is_expected_from_the_day_it_is_due(few: Path) -> None:
    eve = check(asked(few, now=datetime(2022, 9, 7)))
    assert late(eve) == [("2022-07", "2022-08-11")]
    assert phrases.expected(eve) == [
        "expected, not in the folder: A&E for Jul 2022 (due 11 Aug 2022)"
    ]
    day = check(asked(few, now=datetime(2022, 9, 8)))
    assert late(day) == [("2022-07", "2022-08-11"), ("2022-08", "2022-09-08")]
    line = "expected, not in the folder: A&E for Jul–Aug 2022 (the last due 8 Sep 2022)"
    assert line in screen.render(day)


def test_a_hole_is_expected_and_a_file_held_back_is_in_the_folder(few: Path) -> None:
    now = datetime(2022, 7, 15)
    may = month(few, "May")
    text = may.read_text("utf-8")
    may.unlink()
    assert late(check(asked(few, now=now))) == [("2022-05", "2022-06-09")]
    may.write_text(text, "utf-8")
    changed(may, 900, total=False)
    outcome = check(asked(few, now=now.replace(hour=3)))
    assert {r.file: r.state for r in outcome.readings}[may.name] == "held_back"
    assert late(outcome) == []


def test_management_information_is_not_what_is_due(few: Path) -> None:
    said = {month(few, "June").name: MANAGEMENT_INFORMATION}
    outcome = check(asked(few, said, now=datetime(2022, 7, 15)))
    assert late(outcome) == [("2022-06", "2022-07-14")]


def test_looking_back_expects_nothing_and_no_file_no_calendar(few: Path) -> None:
    check(asked(few))
    back = check(asked(few, as_of=AsOf(known_on=date(2026, 12, 1))))
    assert back.expected == ()
    empty = check(asked(few, files="Monthly*April*", now=datetime(2022, 5, 13)))
    assert {one.calendar for one in empty.expected} <= {"cal.nhse.ae"}


def test_a_workspace_may_move_a_day(few: Path) -> None:
    own = few.parent / "definitions" / "calendars"
    own.mkdir(parents=True)
    (own / "ae.yaml").write_text(
        "id: cal.nhse.ae\ntitle: A&E\nlayouts: [nhse.ae.csv]\nsource: told\n"
        "due: {weekday: thursday, nth: 2, months_after: 1}\nmoved: {2022-07: 2022-08-25}\n",
        "utf-8",
    )
    assert late(check(asked(few, now=datetime(2022, 8, 24)))) == []
    moved = check(asked(few, now=datetime(2022, 8, 25)))
    assert phrases.expected(moved) == [
        "expected, not in the folder: A&E for Jul 2022 (due about 25 Aug 2022)"
    ]


@pytest.mark.parametrize(
    ("calendar", "of", "due"),
    [
        # Printed in the published workbooks.
        ("cal.nhse.ae", "2023-03", "2023-04-13"),
        ("cal.nhse.ae", "2023-10", "2023-11-09"),
        ("cal.nhse.ae", "2024-01", "2024-02-08"),
        ("cal.nhse.ae", "2025-06", "2025-07-10"),
        ("cal.nhse.ae", "2026-05", "2026-06-11"),
        ("cal.nhse.dm01", "2024-08", "2024-10-10"),
        ("cal.nhse.rtt", "2023-08", "2023-10-12"),
    ],
)
def test_shipped_calendars_give_the_days_that_were(calendar: str, of: str, due: str) -> None:
    found = load([shipped("indicators")]).calendars[calendar]
    assert str(found.day(Period.parse(of))) == due


def test_a_month_that_starts_on_the_weekday_counts_it() -> None:
    due = Due(weekday="thursday", nth=1, months_after=0)
    assert due.day(Period(2026, 10)) == date(2026, 10, 1)
    moved = Calendar(
        id="c", title="c", layouts="x", due=due, source="s", moved={Period(2026, 10): date.max}
    )
    assert moved.day(Period(2026, 10)) == date.max
    assert moved.day(Period(2026, 11)) == date(2026, 11, 5)
