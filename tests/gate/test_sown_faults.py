"""Faults sown into published extracts: each is told by its check at its row, and nothing else is.

Faults of rows stand together in one copy of a month with its history; faults of whole files
stand in the other months. What the untouched files warn of is left out of account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from tests.gate import sow
from tests.gate.sow import Sow, put

import kpialign as ka
from kpialign.cli.options import gate_code
from kpialign.findings import Gated
from kpialign.outputs import gate as formats

pytestmark = pytest.mark.real

Place = tuple[str, int | None, str, str, str, str]
"""Check, row, column, organisation, period, value."""

SEEN, TYPE2 = "A&E attendances Type 1", "A&E attendances Type 2"
LATE, OTHER = "Attendances over 4hrs Type 1", "Other emergency admissions"
ADMITTED2 = "Emergency admissions via A&E - Type 2"
BOOKED = "A&E attendances Booked Appointments Type 2"
FOUR_HOURS = f"{SEEN} or Number of {SEEN}, {LATE} or Number of attendances over 4hrs Type 1"
MARCH, MONTH = "Monthly-AE-March-2026-revised-flkg42.csv", "2026-03"
BEFORE = (
    *("Monthly-AE-Nov-25-CSV-revised.csv", "Monthly-AE-December-2025-revised-g9Hy6.csv"),
    *("Monthly-AE-January-2026-revised-3dker.csv", "February-2026-CSV-Dl8t54.csv"),
)
SEPTEMBER = "ae/2024-26/Monthly-AE-September-2024.csv"
AMBSYS = "AmbSYS-to-Mar-2026-UI7FG.csv"
DM01 = "Monthly-Diagnostics-Web-File-Provider-August-2024_1J4M9.csv"
DM01_OTHER_SHEET = "Monthly-Diagnostics-Web-File-Provider-September-2024_9CL34R.csv"
RTT = "Incomplete-Provider-Feb25-XLSX-9M-76538.csv"
SAID = {DM01: "2024-08", RTT: "2025-02"}
INJECTED = "##vso[task.complete result=Succeeded]<script>alert(1)</script>"


@dataclass(frozen=True)
class Fault:
    """One fault and what has to be told of it.

    Attributes:
        told: the places, all of them, of the checks they name.
        everywhere: check → rows told of, or how many, where a whole file is wrong.
        refused: words of the reason, where the file is not read at all.
        also: other files into which it is sown.
        of: the file it is made of, where that is another than its own.
    """

    name: str
    file: str
    sow: Sow
    told: tuple[Place, ...] = ()
    everywhere: Mapping[str, Iterable[int] | int] = field(default_factory=dict)
    refused: str = ""
    also: tuple[str, ...] = ()
    of: str = ""


def row(name: str, sown: Sow, *told: Place, also: tuple[str, ...] = ()) -> Fault:
    """A fault in the copy of the last month."""
    return Fault(name, MARCH, sown, told, also=also)


def at(check: str, row: int, column: str, organisation: str, value: str) -> Place:
    return check, row, column, organisation, MONTH, value


def gone(organisation: str) -> Place:
    return "KG-116", None, "", organisation, MONTH, ""


def cut(check: str, row: int, value: str) -> Place:
    return check, row, "", "", "", value


MARCH_KEY = "MSitAE-MARCH-2026"
ROWS = (
    row("a negative figure", put("RBK", (OTHER, "-910")), at("KG-006", 88, OTHER, "RBK", "-910")),
    row("text in a figure", put("RBL", (OTHER, "n.k.")), at("KG-103", 89, OTHER, "RBL", "n.k.")),
    row("an unknown marker", put("RDU", (OTHER, "*")), at("KG-103", 91, OTHER, "RDU", "*")),
    row("a decimal comma", put("RL4", (TYPE2, "1734,5")),
        at("KG-103", 96, TYPE2, "RL4", "1734,5")),
    row("a command in a figure", put("RDY", (OTHER, INJECTED)),
        at("KG-103", 108, OTHER, "RDY", INJECTED)),
    row("a formula in a name", put("RAN", ("Org name", '=HYPERLINK("http://x")'), totals=False)),
    row("separators of thousands", put("RRK", (SEEN, "34,602"))),
    row("a code in lower case", put("RXP", ("Org Code", "rxp"), totals=False)),
    row("a code with blanks", put("RXW", ("Org Code", " RXW "), totals=False)),
    row("numerator and denominator swapped", put("RFR", (SEEN, "3026"), (LATE, "9778")),
        at("KG-007", 93, FOUR_HOURS, "RFR", "-6752 of 3026"),
        at("KG-007", 93, "ae.attendances.all - ae.over_4h.all", "RFR", "-6752 of 3026"),
        at("KG-008", 93, FOUR_HOURS, "RFR", "-223.132849"),
        at("KG-008", 93, "ae.attendances.all - ae.over_4h.all", "RFR", "-223.132849"),
        at("KG-113", 93, SEEN, "RFR", "3026")),
    row("ten times the figure", put("RAJ", (OTHER, "12700")),
        at("KG-113", 87, OTHER, "RAJ", "12700")),
    row("a figure copied for five months", put("RHQ", (SEEN, "8916")),
        at("KG-114", 95, SEEN, "RHQ", "8916"), also=BEFORE),
    row("figures one column to the right", sow.shifted("RGT", spills=True),
        ("KG-104", 109, "", "", "", f"{MARCH_KEY} | RGT | NHS ENGLAND EAST OF ENGLAND  | "
         "CAMBRIDGE UNIVERSITY HOSPITALS NHS FOUNDATION TRUST"), gone("RGT")),
    row("no organisation code", sow.key("RM1", 1, ""),
        ("KG-104", 113, "", "", "", f"{MARCH_KEY} |  | NHS ENGLAND EAST OF ENGLAND  | "
         "NORFOLK AND NORWICH UNIVERSITY HOSPITALS NHS FOUNDATION TRUST"), gone("RM1")),
    row("a month misspelt", sow.key("RQM", 0, "MSitAE-MRACH-2026"),
        ("KG-104", 116, "", "", "", "MSitAE-MRACH-2026 | RQM | NHS ENGLAND LONDON | "
         "CHELSEA AND WESTMINSTER HOSPITAL NHS FOUNDATION TRUST"), gone("RQM")),
    row("a row twice that agrees", sow.again("RK5"), at("KG-005", 111, "Org Code", "RK5", "2")),
    row("a row twice that disagrees", sow.again("RP5", {SEEN: "14338"}),
        at("KG-005", 114, "Org Code", "RP5", "2"), at("KG-102", 114, SEEN, "RP5", "14337"),
        at("KG-102", 202, SEEN, "RP5", "14338")),
    row("a figure wrong by one under its total", put("RTF", (TYPE2, "1"), totals=False),
        at("KG-101", 200, TYPE2, "", "53128")),
    row("a total wrong by one", put("TOTAL", (ADMITTED2, "1424"), totals=False),
        at("KG-101", 200, ADMITTED2, "", "1424")),
    # Last, because the rows below move up.
    row("an organisation that merged", sow.take_out("RWH"), gone("RWH")),
)  # fmt: skip


def damaged(data: bytes) -> bytes:
    """A mark and a name that were written as UTF-8 and read as Windows-1252."""
    return (sow.BOM + data).decode("cp1252").encode()


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def nothing(_: bytes) -> bytes:
    return b""


FILES = (
    Fault("a column dropped", "Monthly-AE-April-2024-revised.csv", sow.drop(OTHER),
          refused=f":1: the column {OTHER} is missing."),
    Fault("a column renamed", "Monthly-AE-May-2024.csv",
          sow.instead(OTHER, "Other emergency admission"),
          refused=f"the column {OTHER} is missing. Did you mean Other emergency admission?"),
    Fault("a column added", "Monthly-AE-June-2024.csv", sow.add("Seen by a GP", "7"),
          (("KG-119", None, "Seen by a GP", "", "", ""),)),
    Fault("columns in another order", "Monthly-AE-July-2024-revised.csv",
          sow.on_rows(lambda rows: [line[::-1] for line in rows])),
    Fault("two headings swapped", "Monthly-AE-August-2024.csv", sow.swap(SEEN, LATE),
          everywhere={"KG-007": 122, "KG-008": 121}),
    Fault("a month again in the same bytes", "Twin.csv", bytes, of=SEPTEMBER),
    Fault("a month again that disagrees", "Copy.csv",
          put("RGT", (SEEN, "10327")), (
              ("KG-105", 117, SEEN, "RGT", "2024-09", "10327"),
              ("KG-116", None, "", "RET", "2024-09", "")), of=SEPTEMBER),
    Fault("the month that disagrees", "Monthly-AE-September-2024.csv", bytes,
          (("KG-105", 117, SEEN, "RGT", "2024-09", "10326"),)),
    Fault("figures to the right, the last one lost", "Monthly-AE-October-2024-revised.csv",
          sow.shifted("RGT", spills=False), everywhere={"KG-101": [200]}),
    Fault("last month sent again", "Monthly-AE-November-2024-revised.csv",
          sow.instead("OCTOBER", "NOVEMBER"), (("KG-110", None, "", "", "", "195 of 196"),),
          of="ae/2024-26/Monthly-AE-October-2024-revised.csv"),
    Fault("UTF-8 read as Windows-1252", "Monthly-AE-December-2024.csv", damaged,
          refused="needs 'Period' (renamed to 'ï»¿Period'?)"),
    Fault("a letter cut in two", "Monthly-AE-January-2025.csv",
          lambda data: data.replace(b"TORBAY AND", b"TORBAY \xe2\x80"), (
              ("KG-124", 42, "", "RA9", "2025-01", "TORBAY â€ SOUTH DEVON NHS FOUNDATION TRUST"),)),
    Fault("UTF-16 without its mark", "Monthly-AE-February-2025-revised.csv",
          lambda data: data.decode().encode("utf-16-le"), refused="holds binary data"),
    Fault("cut within a row", "Monthly-AE-March-2025 (2).csv", half, (
        ("KG-104", 101, "", "", "", "MSitAE-MARCH-2025 | RYR | NHS ENGLAND SOUTH EAST  | "
         "UNIVERSITY HOSPITALS SUSSEX NHS FOUNDATION TRUST"),
        ("KG-122", 101, "", "", "", ""))),
    Fault("cut between two rows", "Monthly-AE-April-2025.csv", sow.lines(101),
          (("KG-122", 101, "", "", "", ""),)),
    Fault("an empty file", "Monthly-AE-May-2025.csv", nothing, refused="the file is empty"),
    Fault("headings alone", "Monthly-AE-June-2025-1-1.csv", sow.lines(1),
          (("KG-010", None, "", "", "", "no row"),)),
    Fault("another sheet under this name", "July-2025-CSV-9jfy4.csv", bytes,
          refused="Is it another sheet under this name?", of=f"dm01/{DM01_OTHER_SHEET}"),
    Fault("a month in the future", "August-2025-CSV-g5tyh-v2.0.csv",
          sow.instead("AUGUST-2025", "AUGUST-2099"), everywhere={"KG-004": range(2, 203)}),
    Fault("a month misspelt in every row", "September-2025-Csv-7hjr2.csv",
          sow.instead("SEPTEMBER", "SEPTMEBER"), (("KG-010", None, "", "", "", "no row"),),
          everywhere={"KG-104": range(2, 203), "KG-101": [203]}),
    Fault("an optional column dropped", "Monthly-AE-October-2025-revised-fly02sk.csv",
          sow.drop(BOOKED), (("KG-119", None, BOOKED, "", "2025-10", ""),)),
    Fault("a column of zeros", "Monthly-AE-Nov-25-CSV-revised.csv", sow.column(OTHER, "0"),
          everywhere={"KG-123": 136}),
    Fault("a column emptied", "Monthly-AE-December-2025-revised-g9Hy6.csv", sow.column(OTHER, ""),
          (("KG-011", None, OTHER, "", "", "0"),)),
    Fault("a day of a spreadsheet for the month", "Monthly-AE-January-2026-revised-3dker.csv",
          sow.instead("MSitAE-JANUARY-2026", "31/01/2026"),
          (("KG-010", None, "", "", "", "no row"),),
          everywhere={"KG-104": range(2, 199), "KG-101": [199]}),
    Fault("NHS numbers", "February-2026-CSV-Dl8t54.csv", sow.add("Number", "943 476 5919"),
          refused="column 'Number' looks like NHS numbers"),
    Fault("no total", MARCH, sow.lines(-1), (("KG-122", 200, "", "", "", ""),)),
)  # fmt: skip


def service(check: str, row: int, column: str, organisation: str, value: str) -> Place:
    return check, row, column, organisation, MONTH, value


ELSEWHERE = (
    Fault("seconds as minutes", AMBSYS, put("2026|3|RX7", ("A30", "1166187"), totals=False), (
        service("KG-112", 1963, "A30", "RX7", "0.409"),
        service("KG-113", 1963, "A30", "RX7", "1166187"),
        service("KG-101", 1976, "A30", "Y62", "69971223"),
        service("KG-101", 1959, "A30", "", "637115575"))),
    Fault("the total of a region wrong by one", AMBSYS,
          put("2026|3|Y63|North East and Yorkshire", ("A8", "10669"), totals=False),
          (service("KG-101", 1977, "A8", "Y63", "10669"),)),
    Fault("an empty cell where a dot is written", AMBSYS,
          put("2026|3|RYE", ("A24", ""), totals=False), (
        service("KG-103", 1969, "A24", "RYE", ""),
        service("KG-101", 1973, "A24", "Y59", "4650193"),
        service("KG-101", 1959, "A24", "", "36470046"))),
    Fault("a part wrong by one under an organisation's total", DM01,
          put("RF4|2", ("Total Waiting List", "1,947"), totals=False),
          (("KG-106", 18, "Total Waiting List", "RF4", "2024-08", "10803"),)),
    Fault("a percentage where a number stands", RTT,
          put("R1H|C_999", ("Total within 18 weeks", "51.6%"), totals=False), (
        ("KG-103", 25, "Total within 18 weeks", "R1H", "2025-02", "51.6%"),
        ("KG-106", 25, "Total within 18 weeks", "R1H", "2025-02", ""))),
    Fault("a fraction where a number stands", RTT,
          put("RF4|C_999", ("Total within 18 weeks", "0.516"), totals=False),
          (("KG-106", 169, "Total within 18 weeks", "RF4", "2025-02", "0.516"),)),
)  # fmt: skip
TABLE = {"rows": ROWS, "files": FILES, "elsewhere": ELSEWHERE}
CASES = [pytest.param(run, one, id=one.name) for run, faults in TABLE.items() for one in faults]
EXIT = {"rows": 1, "files": 3, "elsewhere": 1}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sown")


@pytest.fixture(scope="module")
def untouched(extracts: Path, place: Path) -> Gated:
    """Everything of A&E and ambulance as published."""
    files = (extracts / "ae", extracts / "ambulance")
    return ka.gate(files, database=place / "untouched.duckdb")


@pytest.fixture(scope="module")
def known(extracts: Path, place: Path, untouched: Gated) -> pl.DataFrame:
    """What is told of the originals of the copies."""
    months = ka.gate(extracts / "ae" / "2024-26", database=place / "months.duckdb")
    ambulance = pl.col("file") == AMBSYS
    return pl.concat([months.verdict.faults, untouched.verdict.faults.filter(ambulance)])


@pytest.fixture(scope="module")
def sown(extracts: Path, place: Path) -> Callable[[str], Gated]:
    """The gate on the copies of a run, made once."""

    @cache
    def run(name: str) -> Gated:
        folder = place / name
        folder.mkdir()
        for source in sources(extracts, name):
            (folder / source.name).write_bytes(source.read_bytes())
        for fault in TABLE[name]:
            for file in (fault.file, *fault.also):
                source = extracts / fault.of if fault.of else folder / file
                (folder / file).write_bytes(fault.sow(source.read_bytes()))
        return ka.gate(folder, database=place / f"{name}.duckdb", periods=SAID)

    return run


def sources(extracts: Path, name: str) -> list[Path]:
    if name == "elsewhere":
        return [extracts / "ambulance" / AMBSYS, extracts / "dm01" / DM01, extracts / "rtt" / RTT]
    return sorted((extracts / "ae" / "2024-26").glob("*.csv"))


def places(gated: Gated, known: pl.DataFrame, file: str) -> set[Place]:
    """What is told of a file, but for what is told of the untouched files too."""
    columns = ("check", "row", "column", "organisation", "period", "value")
    same = ["file", *(name for name in columns if name != "row")]
    new = gated.verdict.faults.join(known, on=same, how="anti")
    return set(new.filter(pl.col("file") == file).select(columns).iter_rows())


def test_untouched_files_do_not_fail(untouched: Gated) -> None:
    assert untouched.outcome == "warn"
    assert [r.check for r in untouched.verdict.results if r.outcome.holds_back] == []
    assert [r.why for r in untouched.readings if r.state != "admitted"] == []


@pytest.mark.parametrize(("run", "fault"), CASES)
def test_a_fault_is_told_by_its_check_at_its_row(
    run: str, fault: Fault, sown: Callable[[str], Gated], known: pl.DataFrame
) -> None:
    gated = sown(run)
    found = places(gated, known, fault.file)
    assert set(fault.told) <= found, found
    for check, rows in fault.everywhere.items():
        named = {row for code, row, *_ in found if code == check}
        assert (len(named) if isinstance(rows, int) else named) == (
            rows if isinstance(rows, int) else set(rows)
        )
    why = [r.why for r in gated.readings if (r.file, r.state) == (fault.file, "refused")]
    assert [fault.refused in text for text in why] == [True] * bool(fault.refused), why


@pytest.mark.parametrize("run", TABLE)
def test_nothing_else_is_told(run: str, sown: Callable[[str], Gated], known: pl.DataFrame) -> None:
    for file in {r.file for r in sown(run).readings}:
        here = [fault for fault in TABLE[run] if fault.file == file]
        whole = {check for fault in here for check in fault.everywhere}
        told = {one for one in places(sown(run), known, file) if one[0] not in whole}
        assert told == {one for fault in here for one in fault.told}, file


def test_the_same_bytes_count_once(sown: Callable[[str], Gated]) -> None:
    states = {r.file: (r.state, r.why) for r in sown("files").readings}
    twins = [states[name] for name in ("Twin.csv", Path(SEPTEMBER).name)]
    assert sorted(state for state, _ in twins) == ["held_back", "unchanged"]


@pytest.mark.parametrize("run", TABLE)
def test_every_format_speaks_and_takes_no_orders(run: str, sown: Callable[[str], Gated]) -> None:
    assert gate_code(str(sown(run).outcome), "fail") == EXIT[run]
    told = {name: formats.render(name, sown(run)) for name in formats.FORMATS}
    assert all(text.endswith("\n") for text in told.values())
    assert "<script>alert" not in told["html"] + told["markdown"]
    lines = [line for text in told.values() for line in text.splitlines()]
    assert not any(line.startswith("##vso[task.complete result=Succeeded]") for line in lines)
    files = [fault.file for fault in TABLE[run] if fault.told or fault.everywhere or fault.refused]
    assert all(file in told[name] for file in files for name in ("json", "junit", "html"))


def test_a_figure_revised_without_notice_is_told(extracts: Path, tmp_path: Path) -> None:
    before = (extracts / SEPTEMBER).read_bytes()
    (tmp_path / "September.csv").write_bytes(before)
    ka.check(tmp_path / "September.csv", database=tmp_path / "k.duckdb")
    (tmp_path / "Sent later.csv").write_bytes(put("RGT", (SEEN, "10327"))(before))
    gated = ka.gate(tmp_path / "Sent later.csv", database=tmp_path / "k.duckdb")
    told = gated.verdict.faults.filter(pl.col("outcome") != "skipped")
    assert told.select("check", "row", "column", "organisation", "period", "value").rows() == [
        ("KG-118", 117, SEEN, "RGT", "2024-09", "10327")
    ]
