"""Whatever a file holds, a run ends: rows and cells add up, and a figure is where it was read.

Published months are spoiled in their bytes, rows and cells and sent through the whole of
``check``, beside a month that was published before.
"""

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from kpialign.findings import FileReading, Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.terms import Period
from store.test_kill import nothing_half_done, rows

MONTHS = ("May-2022", "July-2022", "Aug-22", "October-2022", "November-2022")
DATABASE = "kpialign.duckdb"
ATTENDANCES, INDICATOR = "ae.attendances.type1", "uec.ed.attendances.type1"
Row = list[str]
Change = Callable[[bytes], bytes]


def of_rows(change: Callable[[list[Row]], object]) -> Change:
    """A change to the rows of a CSV as a change to its bytes."""

    def changed(data: bytes) -> bytes:
        try:
            table = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
        except (UnicodeDecodeError, csv.Error):
            return data  # spoiled beyond rows already
        if len(table) > 2 and all(table):
            change(table)
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(table)
        return text.getvalue().encode()

    return changed


def put(table: list[Row], at: int, column: int, text: str) -> None:
    row = table[at % len(table)]
    row[column % len(row)] = text


def insert(table: list[Row], at: int, row: Row) -> None:
    table.insert(at % (len(table) + 1), row)


def splice(at: int, new: bytes, over: int) -> Change:
    return lambda data: data[: at % (len(data) + 1)] + new + data[at % (len(data) + 1) + over :]


PLACE = st.integers(0, 20_000)
WORDS = st.sampled_from([
    "", " ", "-", "n/a", "*", "1e5", "nan", "inf", "-3", "12,345", "12.6", "0x1F", "9" * 40, "１２",
    "#N/A", "=1+1", 'a"b', "two\nlines", "TOTAL", "MSitAE-APRIL-2022", "MSitAE-JUNE-2031", "RA4",
    "\u00a0", "\x1b[2J", "é",
])  # fmt: skip
BYTES = st.sampled_from([b'"', b"\0", b"\xff\xfe", b"\r", b"\n\n", b",", b"\x92", b"\xef\xbb\xbf"])
CHANGES = st.one_of(
    st.builds(splice, PLACE, st.binary(max_size=3) | BYTES, st.integers(0, 40)),
    st.integers(0, 20_000).map(lambda keep: lambda data: data[:keep]),
    st.sampled_from(["utf-16", "utf-8-sig", "cp1252", "utf-16-le"]).map(
        lambda code: lambda data: data.decode("utf-8", "ignore").encode(code, "replace")
    ),
    st.sampled_from([b";", b"\t", b"|", b", "]).map(
        lambda separator: lambda data: data.replace(b",", separator)
    ),
    st.sampled_from([b"\n", b"\r", b"\r\n\r\n"]).map(
        lambda end: lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", end)
    ),
    st.builds(lambda a, c, w: of_rows(lambda t: put(t, a, c, w)), PLACE, PLACE, WORDS),
    st.builds(lambda a, w: of_rows(lambda t: put(t, a, 1, w)), PLACE, WORDS),
    st.builds(lambda a, b: of_rows(lambda t: insert(t, b, list(t[a % len(t)]))), PLACE, PLACE),
    st.builds(lambda a: of_rows(lambda t: t.pop(a % len(t))), PLACE),
    st.builds(lambda a, n: of_rows(lambda t: t.__setitem__(a % len(t), t[a % len(t)][:n])), PLACE,
              st.integers(0, 21)),
    st.builds(lambda a: of_rows(lambda t: insert(t, a, [""] * 22)), PLACE),
    st.randoms(use_true_random=False).map(lambda r: of_rows(r.shuffle)),
    st.randoms(use_true_random=False).map(
        lambda r: of_rows(lambda t: t.__setitem__(slice(1, None), r.sample(t[1:], len(t) - 1)))
    ),
    st.builds(lambda a, b: of_rows(lambda t: [swap(row, a, b) for row in t]), PLACE, PLACE),
    # Without the printed total a missing figure holds back nothing but itself.
    st.just(of_rows(lambda t: t.pop())),
)  # fmt: skip


def swap(row: Row, a: int, b: int) -> None:
    a, b = a % len(row), b % len(row)
    row[a], row[b] = row[b], row[a]


class Months(dict[str, bytes]):
    """File name → bytes; told shortly where an example fails."""

    def __repr__(self) -> str:
        return f"Months({', '.join(self)})"


@pytest.fixture(scope="module")
def months(sample: Path) -> Months:
    found = {path.name: path.read_bytes() for path in (sample / "ae").glob("*.csv")}
    starts = tuple(f"Monthly-AE-{month}" for month in MONTHS)
    told = {name: data for name, data in found.items() if name.startswith(starts)}
    assert len(told) == len(MONTHS)
    return Months(sorted(told.items()))


@pytest.fixture(scope="module")
def april(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that knows one month already."""
    folder = tmp_path_factory.mktemp("april")
    extracts = folder / "extracts"
    extracts.mkdir()
    shutil.copy(sample / "ae" / "Monthly-AE-April-2022.csv", extracts)
    run(folder)
    return folder


def run(folder: Path) -> Outcome:
    options = {"database": folder / DATABASE, "report": folder / "report"}
    request = read_settings(folder, options, environ={})
    return check(Request((folder / "extracts",), request, now=datetime(2026, 11, 2)))


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a run a step: too slow to shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(spoiling=st.lists(st.lists(CHANGES, max_size=3), min_size=5, max_size=5))
def test_whatever_files_hold_nothing_is_lost_and_nothing_invented(
    april: Path,
    months: Months,
    tmp_path_factory: pytest.TempPathFactory,
    spoiling: list[list[Change]],
) -> None:
    folder = tmp_path_factory.mktemp("any") / "place"
    shutil.copytree(april, folder)
    before = rows(folder, "SELECT * EXCLUDE known_to FROM data_item_value ORDER BY ALL")
    for (name, data), changes in zip(months.items(), spoiling, strict=True):
        for change in changes:
            data = change(data)  # noqa: PLW2901  # one change after another
        (folder / "extracts" / name).write_bytes(data)
    outcome = run(folder)
    nothing_half_done(folder)
    for reading in outcome.readings:
        event(reading.state)
        adds_up(reading)
    after = rows(folder, "SELECT * EXCLUDE known_to FROM data_item_value ORDER BY ALL")
    assert not [row for row in before if row not in after]
    figures_are_where_they_were_read(folder, outcome)
    england_is_the_sum(folder, outcome)
    shutil.rmtree(folder)


def adds_up(reading: FileReading) -> None:
    assert reading.read == reading.loaded + reading.set_aside + reading.rejected
    if reading.state == "refused":
        assert reading.why
        return
    assert reading.read == reading.counted
    cells = reading.cells
    if cells is not None:
        assert cells.read == cells.figures + cells.missing + cells.rejected + cells.repeated
    assert cells is not None or "same bytes" in reading.why


def as_rows(data: bytes) -> dict[int, Row]:
    """Rows by the line on which they begin; what a person would read."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    table, line = {}, 1
    for row in reader:
        table[line], line = [cell.strip() for cell in row], reader.line_num + 1
    return table


def figures_are_where_they_were_read(folder: Path, outcome: Outcome) -> None:
    """Every figure is what its cell says, and every good row is published or sent back."""
    published = {reading.file for reading in outcome.readings if reading.state == "published"}
    for file in published:
        table = as_rows((folder / "extracts" / file).read_bytes())
        heading = next(row for row in table.values() if "Org Code" in row)
        code, period = heading.index("Org Code"), heading.index("Period")
        stored = rows(
            folder,
            "SELECT v.organisation, v.period, v.row, v.position, v.value, v.status "
            "FROM data_item_value v JOIN submission s USING (submission_id) "
            f"JOIN file f USING (file_id) WHERE f.name = '{file}'",
        )
        for organisation, month, row, position, value, status in stored:
            cells = table[int(str(row))]
            text = cells[int(str(position)) - 1].strip()
            assert cells[code].strip().upper() == organisation
            assert str(Period.read(cells[period].strip(), "MSitAE-%B-%Y")) == month
            if status == "reported":
                assert float(text.replace(",", "")) == value
            else:  # a cell that says nothing, no figure, or a zero that means neither
                assert value is None
        told = {one[0] for one in stored} | {issue.organisation for issue in outcome.returned}
        good = {
            row[code].strip().upper()
            for row in table.values()
            if len(row) >= len(heading) and row is not heading and row[code].strip()
            and row[period].upper().startswith("MSITAE-")
        }  # fmt: skip
        assert good - told <= {"TOTAL"} | totals(table, heading)


def totals(table: dict[int, Row], heading: Row) -> set[str]:
    name = heading.index("Org name")
    return {
        row[heading.index("Org Code")].strip().upper()
        for row in table.values()
        if len(row) >= len(heading) and row[name].strip().lower() == "total"
    }


def england_is_the_sum(folder: Path, outcome: Outcome) -> None:
    told = outcome.tables.values.filter(indicator=INDICATOR, scope="ENGLAND")
    summed = {
        str(period): value
        for period, value in rows(
            folder,
            "SELECT period, sum(value) FROM data_item_value "
            f"WHERE known_to IS NULL AND status = 'reported' AND item = '{ATTENDANCES}' "
            "GROUP BY period",
        )
    }
    assert "2022-04" in summed
    for row in told.iter_rows(named=True):
        if row["numerator"] is not None:
            assert row["numerator"] == pytest.approx(summed[row["period"]])


def test_the_command_line_ends_without_a_trace(tmp_path: Path, months: Months) -> None:
    data, other, *_ = months.values()
    for name, spoiled in {
        "cut.csv": data[: len(data) // 2],
        "quote.csv": data.replace(b",ZH", b',"ZH', 1),
        "binary.csv": data[:900] + bytes(range(256)) + data[900:],
        "utf16.csv": other.decode("utf-8").encode("utf-16"),
        "semicolons.csv": data.replace(b",", b";"),
        "short.csv": b"Period,Org Code\n",
        "nothing.csv": b"\n\n\n",
        "book.xlsx": data,
    }.items():
        (tmp_path / name).write_bytes(spoiled)
    done = subprocess.run(
        [sys.executable, "-m", "kpialign", "check", ".", "--fail-on", "never"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    told = json.loads((tmp_path / "report" / "findings.json").read_text("utf-8"))["readings"]
    states = {reading["file"]: reading["state"] for reading in told}
    assert states.pop("utf16.csv") == "published"
    assert states.pop("cut.csv") == "held_back"
    assert states == dict.fromkeys(states, "refused")
    assert len(states) == 6
    assert all(reading["why"] for reading in told if reading["state"] != "published")
