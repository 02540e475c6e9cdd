"""What held on a day: as known here, and as published."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.store.test_publish import publish_files

from kpialign.extracts.document import fingerprint
from kpialign.extracts.workspace import read_workspace
from kpialign.library import Library, load
from kpialign.pipeline import modelling
from kpialign.pipeline.reading import ByHand, read_files
from kpialign.pipeline.request import Arrival, AsOf
from kpialign.shipped import shipped
from kpialign.store import publish
from kpialign.store.database import open_database

CSV, WORKBOOK = datetime(2023, 4, 13, 9), datetime(2023, 6, 1, 9)
Figures = dict[tuple[str, str, str], float | None]


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def held(database: Path, library: Library, as_of: AsOf) -> Figures:
    """Organisation, item, month → the figure that held."""
    with open_database(database) as connection:
        modelling.know(connection, library, read_workspace(Path("nowhere")), as_of)
        publish.no_run(connection)
        modelling.build_core(connection)
        rows = connection.execute("SELECT organisation, item, period, value FROM data_item")
        return {(o, i, p): v for o, i, p, v in rows.fetchall()}


def known(day: str) -> AsOf:
    return AsOf(known_on=date.fromisoformat(day))


def published(day: str) -> AsOf:
    return AsOf(published_on=date.fromisoformat(day))


REVISED = ("ZH29", "ae.attendances.type3", "2023-03")


@pytest.fixture(scope="module")
def revised(sample: Path, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """March 2023 of the sample: the CSV in April, the workbook of 11 May in June."""
    database = tmp_path_factory.mktemp("revised") / "k.duckdb"
    publish_files(database, [sample / "ae" / "Monthly-AE-March-2023.csv"], library, CSV)
    publish_files(database, list((sample / "ae").glob("*.xls")), library, WORKBOOK)
    return database


@pytest.mark.parametrize(
    ("as_of", "figure"),
    [
        (AsOf(), 7213),
        (known("2023-04-12"), None),
        (known("2023-04-13"), 6167),  # the whole day counts
        (known("2023-05-31"), 6167),
        (known("2023-06-01"), 7213),
        (published("2023-04-12"), None),
        (published("2023-04-13"), 6167),  # undated: from its recording
        (published("2023-05-10"), 6167),
        (published("2023-05-11"), 7213),
        (AsOf(date(2023, 5, 31), date(2023, 5, 31)), 6167),
        (AsOf(date(2023, 6, 1), date(2023, 5, 10)), 6167),
    ],
)
def test_march_2023_as_it_was_first_published_and_as_revised(
    revised: Path, library: Library, as_of: AsOf, figure: float | None
) -> None:
    assert held(revised, library, as_of).get(REVISED) == figure


def test_every_day_gives_the_whole_month(revised: Path, library: Library) -> None:
    now = held(revised, library, AsOf())
    first = held(revised, library, published("2023-05-01"))
    assert first.keys() == now.keys()
    assert 0 < sum(first[key] != now[key] for key in now) < 20
    assert held(revised, library, published("2099-01-01")) == now
    assert held(revised, library, known("2099-01-01")) == now


def publish_dated(
    database: Path, files: Mapping[Path, date], library: Library, now: datetime
) -> None:
    with open_database(database) as connection:
        modelling.know(connection, library, read_workspace(Path("nowhere")))
        found = [Arrival(path, path.name, fingerprint(path)) for path in files]
        days = {path.name: day for path, day in files.items()}
        read = read_files(connection, found, library, ByHand(days))
        run = publish.next_run(connection, now)
        modelling.stage_files(connection, read.staged)
        publish.choose_good(connection, [], [])
        publish.publish(connection, run, [(f, "published", "") for f in read.staged])


def editions(few: Path) -> dict[Path, date]:
    """April in three editions: a figure that changes and changes back, a body that goes."""
    (april,) = few.glob("*April*")
    lines = april.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if ",ZH01," in line)
    cells = lines[at].split(",")
    cells[4] = str(int(cells[4]) + 5)
    other = [*lines[:at], ",".join(cells), *lines[at + 1 :]]
    out = {}
    for month, text in ((1, lines), (2, other), (3, lines)):
        path = few / f"edition {month}.csv"
        kept: Sequence[str] = text if month < 3 else [x for x in text if ",ZH02," not in x]
        path.write_text("\n".join(kept) + "\n", "utf-8")
        out[path] = date(2023, month, 1)
    return out


def test_the_order_of_loading_does_not_change_what_was_published_when(
    tmp_path: Path, few: Path, library: Library
) -> None:
    """Dated editions loaded in any order, apart or together, tell the same history."""
    files = editions(few)
    days = ["2022-12-31", "2023-01-15", "2023-02-15", "2023-03-15"]
    told = {}
    one, two, three = files
    orders = [(one, two, three), (two, three, one), (three, one, two)]
    for number, order in enumerate([*orders, ()]):
        database = tmp_path / f"{number}.duckdb"
        if not order:
            publish_dated(database, files, library, datetime(2026, 11, 2))
        else:
            for hour, path in enumerate(order):
                publish_dated(database, {path: files[path]}, library, datetime(2026, 11, 2, hour))
        told[number] = [held(database, library, published(day)) for day in days]
        assert told[number][-1] == held(database, library, AsOf())
    first = told[0]
    key = ("ZH01", "ae.attendances.type1", "2022-04")
    was = first[1][key]
    assert was is not None
    assert [one.get(key) for one in first] == [None, was, was + 5, was]
    assert [any(k[0] == "ZH02" for k in one) for one in first] == [False, True, True, False]
    for number, days_told in told.items():
        assert days_told == first, number


@pytest.mark.real
def test_june_2025_as_published_before_and_after_its_revision(
    tmp_path: Path, extracts: Path, library: Library
) -> None:
    database = tmp_path / "k.duckdb"
    csv = list((extracts / "ae" / "2024-26").glob("*June-2025*"))
    workbook = list((extracts / "ae" / "workbooks").glob("June-2025*"))
    publish_files(database, csv, library, datetime(2025, 7, 10, 9, 30))
    publish_files(database, workbook, library, datetime(2026, 11, 2, 9, 30))
    first = held(database, library, published("2025-10-01"))
    last = held(database, library, published("2025-11-13"))
    assert first.keys() == last.keys()
    assert held(database, library, published("2025-11-12")) == first
    assert last == held(database, library, AsOf())
    revised = {key: (first[key], last[key]) for key in first if first[key] != last[key]}
    assert revised == {
        ("RFS", "ae.admissions.other", "2025-06"): (604, 212),
        ("RFS", "ae.admissions.type1", "2025-06"): (2723, 2176),
        ("RFS", "ae.admissions.type3", "2025-06"): (161, 145),
        ("RTD", "ae.attendances.booked.type3", "2025-06"): (1098, 1103),
        ("RTD", "ae.attendances.type3", "2025-06"): (5194, 6292),
    }
