"""``kpialign new layout``: from a file nobody knows to a run that reads it, by the command line."""

from __future__ import annotations

import re
import shutil
import zipfile
from functools import partial
from pathlib import Path

import polars as pl
import pytest
import xlwt
from click.testing import CliRunner, Result
from tests.conftest import NOW

from cli.command import run
from kpialign.cli.commands.new import command
from kpialign.drafting import draft_layout, item_text, layout_text
from kpialign.drafting.layout import Asked
from kpialign.errors import UnreadableError, UsageError
from kpialign.extracts.document import fingerprint, read_document
from kpialign.extracts.recognise import recognise
from kpialign.findings import Outcome
from kpialign.library import in_force, load
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome, Period

CODES = [f"RZ{letter}" for letter in "ABCDEFGHIJ"]
NAMES = {code: f"Hospital {code[-1]} NHS Trust" for code in CODES}
SAID = ("--published", "--role", "hospital")


def rows(path: Path, *lines: list[object]) -> Path:
    path.write_text("\n".join(",".join(map(str, line)) for line in lines) + "\n", "utf-8")
    return path


def wide(folder: Path) -> Path:
    """Months in a column, a total a month, a percentage, a stray column."""
    months = {"Apr-25": 1, "May-25": 2}
    lines = [["Month", "Org Code", "Org Name", "Visits", "Late visits", "% late", ""]]
    for month, n in months.items():
        lines += [[month, c, NAMES[c], 100 * n, 10 * n, "10.0%", ""] for c in CODES]
        lines.append([month, "-", "England", 1000 * n, 100 * n, "10.0%", ""])
    return rows(folder / "visits-2025.csv", *lines)


def long(folder: Path) -> Path:
    """A row for each metric."""
    metrics = {"Patients waiting": 50, "Patients seen": 200}
    return rows(
        folder / "long.csv",
        ["Period", "Provider Code", "Metric", "Value"],
        *(["2025-04", c, m, v] for c in CODES for m, v in metrics.items()),
        *(["2025-05", c, m, v + 1] for c in CODES for m, v in metrics.items()),
    )


def parts_and_total(folder: Path) -> Path:
    """Parts beside the row that prints their sum."""
    each = {"Knees": (3, 4), "Hips": (5, 6), "Total": (8, 10)}
    return rows(
        folder / "joints.csv",
        ["Date", "Provider Code", "Joint", "Done", "Cancelled"],
        *(["01/04/2025", c, j, *f] for c in CODES for j, f in each.items()),
        *(["31/05/2025", c, j, *(2 * n for n in f)] for c in CODES for j, f in each.items()),
    )


def days(folder: Path) -> Path:
    return rows(
        folder / "daily.csv",
        ["Code", "Date", "Beds occupied"],
        *([c, f"2025-04-{day:02d}", 10 + day] for c in CODES for day in range(1, 31)),
    )


def book(folder: Path) -> Path:
    """Two sheets with a title block, the month beside its label, a heading above."""
    made = xlwt.Workbook()
    for name, add in (("Provider data", 0), ("Other data", 5)):
        sheet = made.add_sheet(name)
        block = [
            ["", "Visits by provider"],
            ["Period:", "April 2025"],
            ["Published:", "8 May 2025"],
        ]
        heads = [["", "", "Attendances", "", "Waits", ""],
                 ["Code", "Name", "Type 1", "Type 2", "Type 1", "Type 2"]]  # fmt: skip
        # The second sheet writes names in another way; they are the same bodies.
        names = {c: n.replace("Trust", "trust") if add else n for c, n in NAMES.items()}
        body = [[c, names[c], 10 + add, 20, 1, 2] for c in CODES]
        total = ["-", "England", 10 * (10 + add), 200, 10, 20]
        for r, line in enumerate([*block, [], *heads, total, [], *body]):
            for c, cell in enumerate(line):
                sheet.write(r, c, cell)
    made.save(folder / "book.xls")
    return folder / "book.xls"


def commissioners(folder: Path) -> Path:
    """A row for each commissioner, with a marker; the months stand beside a word."""
    return rows(
        folder / "contracts.tsv.csv",
        ["Reporting period", "Org Code", "Commissioner", "Calls"],
        *(
            [f"CALLS-{month}-2025", c, who, calls * times]
            for times, month in enumerate(("APRIL", "MAY"), 1)
            for c in CODES
            for who, calls in (("QAA", 5), ("QBB", 7))
        ),
    )


def blocks(folder: Path) -> Path:
    """Months above headings that are repeated for each."""
    return rows(
        folder / "blocks.csv",
        ["", "", "Apr-25", "", "May-25", ""],
        ["Code", "Name", "Known", "Unknown", "Known", "Unknown"],
        *([c, NAMES[c], 1, 2, 3, 4] for c in CODES),
        ["-", "England", 10, 20, 30, 40],
    )


def packed(folder: Path) -> Path:
    data = wide(folder).read_bytes()
    with zipfile.ZipFile(folder / "visits.zip", "w") as archive:
        archive.writestr("inner/visits.csv", data)
    return folder / "visits.zip"


CASES = {
    # file → rows loaded, rows set aside, figures of RZA in April
    "wide": (wide, 20, 3, {"visits": 100.0, "late_visits": 10.0}),
    "long": (long, 40, 1, {"patients_waiting": 50.0, "patients_seen": 200.0}),
    "total": (parts_and_total, 20, 41, {"done": 8.0, "cancelled": 10.0}),
    "days": (days, 300, 1, {"beds_occupied": 25.5}),
    "book": (
        book,
        20,
        16,
        {"provider_data.type_1_attendances": 10.0, "other_data.type_2_waits": 2.0},
    ),
    "adds": (commissioners, 40, 1, {"calls": 12.0}),
    "blocks": (blocks, 10, 3, {"known": 1.0, "unknown": 2.0}),
    "zip": (packed, 20, 3, {"visits": 100.0}),
}


def new(path: Path, *said: str) -> Result:
    """Ask for a draft in the workspace that ``path`` lies in."""
    return CliRunner().invoke(
        command, ["layout", str(path), "--workspace", str(path.parent), *said]
    )


def outcome_of(path: Path, month: Period | None = None) -> Outcome:
    settings = read_settings(path.parent, {"database": path.parent / "k.duckdb"}, environ={})
    periods = {path.name: month} if month else {}
    return check(Request((path,), settings, periods=periods, now=NOW))


def held(path: Path, code: str) -> dict[str, float]:
    with open_database(path.parent / "k.duckdb") as connection:
        rows = connection.execute(
            "SELECT item, value FROM data_item_value "
            "WHERE organisation = ? AND period = '2025-04' AND status = 'reported'",
            [code],
        ).fetchall()
    return {item.partition(".")[2]: value for item, value in rows}


@pytest.mark.parametrize("case", CASES)
def test_a_draft_reads_the_file_it_was_made_from(tmp_path: Path, case: str) -> None:
    make, loaded, aside, figures = CASES[case]
    path = make(tmp_path)
    made = new(path, *SAID)
    assert made.exit_code == 0, made.output
    outcome = outcome_of(path)
    (reading,) = outcome.readings
    assert reading.state == "published", reading.why
    assert (reading.loaded, reading.set_aside, reading.rejected) == (loaded, aside, 0)
    assert outcome.gate.outcome in (GateOutcome.PASS, GateOutcome.SKIPPED), outcome.issues
    assert figures.items() <= held(path, "RZA").items()
    again = new(path, *SAID)
    assert isinstance(again.exception, UsageError)
    assert "recognises this file already" in str(again.exception)


def test_the_two_commands_are_enough(tmp_path: Path) -> None:
    kpialign = partial(run, cwd=tmp_path)
    path = wide(tmp_path)
    refused = kpialign("check", path.name)
    assert refused.returncode == 3
    assert "`kpialign new layout visits-2025.csv` drafts one" in " ".join(refused.stdout.split())
    made = kpialign("new", "layout", path.name, *SAID)
    assert made.returncode == 0, made.stderr
    assert made.stdout.split() == [
        "definitions/layouts/own_visits.yaml",
        "definitions/items/visits.yaml",
    ]
    assert made.stderr == ""
    assert kpialign("lint").returncode == 0
    checked = kpialign("check", path.name)
    assert checked.returncode == 0, checked.stdout
    assert "own.visits: 1 file (1 published)" in checked.stdout


def test_what_cannot_be_told_is_asked_in_the_draft_and_on_the_screen(tmp_path: Path) -> None:
    path = rows(
        tmp_path / "asks.csv",
        ["Org Code", "Beds occupied"],
        *([code, n or "*"] for n, code in enumerate(CODES)),
    )
    made = new(path)
    text = (tmp_path / "definitions" / "layouts" / "own_asks.yaml").read_text("utf-8")
    for words in ("Are these figures published?", "What are these organisations?",
                  "What does the publisher mean by '*'?"):  # fmt: skip
        assert f"? {words}" in made.stderr
        assert re.search(rf"^ *# \? {re.escape(words)}", text, re.MULTILINE)
    assert "--period" in made.stderr
    layout = in_force(tmp_path / "definitions").layouts["own.asks"]
    assert layout.period.asked
    assert not layout.published
    assert layout.missing == {"*": "suppressed"}
    (reading,) = outcome_of(path, Period(2025, 4)).readings
    assert "`published: false`" in reading.why


def test_the_order_of_day_and_month_is_asked_and_not_guessed(tmp_path: Path) -> None:
    months = ("01/04/2025", "01/05/2025", "01/06/2025")
    lines = [[code, month, 5] for code in CODES for month in months]
    path = rows(tmp_path / "dates.csv", ["Org Code", "Period", "Visits"], *lines)
    made = new(path, *SAID)
    assert isinstance(made.exception, UsageError)
    assert 'Say --reads "%d/%m/%Y" or --reads "%m/%d/%Y"' in str(made.exception)
    assert not (tmp_path / "definitions").exists()
    assert new(path, *SAID, "--reads", "%d/%m/%Y").exit_code == 0
    (reading,) = outcome_of(path).readings
    assert reading.periods == ("2025-04", "2025-05", "2025-06")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = wide(tmp_path)
    items = tmp_path / "definitions" / "items" / "visits.yaml"
    items.parent.mkdir(parents=True)
    items.write_text("area: other\nitems: []\n", "utf-8")
    made = new(path, *SAID)
    assert isinstance(made.exception, UsageError)
    assert "is not overwritten" in str(made.exception)
    assert items.read_text("utf-8") == "area: other\nitems: []\n"
    assert not (tmp_path / "definitions" / "layouts").exists()


def test_words_of_one_organisation_alone_are_not_repeated(tmp_path: Path) -> None:
    """Names of patients would be words that tell rows apart; a draft does not show them."""
    people = [f"Person{letter}{other} Surname" for letter in "abcdef" for other in "xyz"]
    lines = [[CODES[n % 5], "2025-04", who, n] for n, who in enumerate(people)]
    path = rows(tmp_path / "people.csv", ["Org Code", "Period", "Who", "Visits"], *lines)
    made = new(path, *SAID)
    assert isinstance(made.exception, UnreadableError)
    assert "differ by Who, and no two organisations share a word there" in str(made.exception)
    assert "Surname" not in made.output + made.stderr + str(made.exception)
    assert list(tmp_path.rglob("*.yaml")) == []
    shared = [[code, "2025-04", "clinic", 9] for code in CODES[:5]]
    path = rows(tmp_path / "mixed.csv", ["Org Code", "Period", "Who", "Visits"], *lines, *shared)
    made = new(path, *SAID)
    assert made.exit_code == 0, made.exception
    written = "".join(p.read_text("utf-8") for p in tmp_path.rglob("*.yaml"))
    assert "clinic" in written
    assert "Surname" not in written + made.output + made.stderr


@pytest.mark.parametrize(
    ("column", "cell"), [("NHS Number", "943 476 5919"), ("Home", "LS1 4AP"), ("DOB", "1950-01-02")]
)
def test_a_personal_column_stops_a_draft(tmp_path: Path, column: str, cell: str) -> None:
    lines = [[code, "2025-04", cell, 5] for code in CODES]
    path = rows(tmp_path / "x.csv", ["Org Code", "Period", column, "Visits"], *lines)
    made = new(path, *SAID)
    assert isinstance(made.exception, UnreadableError)
    assert cell not in str(made.exception)
    assert list(tmp_path.rglob("*.yaml")) == []


def test_a_heading_that_is_a_person_is_not_repeated(tmp_path: Path) -> None:
    lines = [[code, "2025-04", 5] for code in CODES]
    path = rows(tmp_path / "x.csv", ["Org Code", "Period", "943 476 5919"], *lines)
    made = new(path, *SAID)
    assert isinstance(made.exception, UnreadableError)
    assert "looks like data of a person" in str(made.exception)
    assert list(tmp_path.rglob("*.yaml")) == []


HOSTILE = [
    *("a: b #c", "'x", '"q', "- dash", "{a}", "[b", "*star", "&amp", "!tag", "%p", "@at", "`t"),
    *("yes", "null", "1_000", "é–ü", "../../etc", "a\tb", "=1+1", "? q", "| p", "> f", "\x07bell"),
]


def test_headings_are_quoted_whatever_they_are(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {"Org Code": CODES, "Period": ["2025-04"] * 10, **{h: range(10) for h in HOSTILE}}
    )
    path = tmp_path / "evil name; rm -rf $(pwd).parquet"
    table.write_parquet(path)
    made = new(path, *SAID)
    assert made.exit_code == 0, made.exception
    (written,) = (tmp_path / "definitions" / "layouts").iterdir()
    assert written.name == "own_evil_name_rm_rf_pwd.yaml"
    (reading,) = outcome_of(path).readings
    assert (reading.state, reading.loaded) == ("published", 10), reading.why
    assert len(held(path, "RZB")) == len(HOSTILE) - 1  # one heading is a share by its words


def test_a_file_without_organisations_or_headings_is_told(tmp_path: Path) -> None:
    path = rows(tmp_path / "x.csv", ["word", "another"], ["a", "b"])
    made = new(path)
    assert "no sheet has a row of headings above codes" in str(made.exception)


def test_a_file_without_headings_is_told(tmp_path: Path) -> None:
    path = rows(tmp_path / "x.csv", *([c, "2025-04", n, n + 1] for n, c in enumerate(CODES)))
    made = new(path, *SAID)
    assert isinstance(made.exception, UnreadableError)
    assert "Add headings" in str(made.exception)


def test_output_says_the_id(tmp_path: Path) -> None:
    path = wide(tmp_path)
    bad = CliRunner().invoke(command, ["layout", str(path), "--output", str(tmp_path / "x.yaml")])
    assert "in a folder named layouts" in str(bad.exception)
    place = tmp_path / "definitions" / "layouts" / "clinic_visits.yaml"
    made = new(path, *SAID, "--output", str(place))
    assert made.exit_code == 0, made.exception
    assert "clinic_visits" in in_force(tmp_path / "definitions").layouts


@pytest.mark.real
@pytest.mark.parametrize(
    "name",
    ["ae/2024-26/February-2026-CSV-Dl8t54.csv", "ae/workbooks/May-26-AE-by-provider-QVPHP.xls",
     "ambulance/AmbSYS-to-Mar-2026-UI7FG.csv", "beds/acute-beds-by-trust-monthly-2022-25.csv",
     "discharge/criteria-to-reside-by-trust-daily-2022-25.csv",
     "dm01/Monthly-Diagnostics-Web-File-Provider-August-2024_1J4M9.xls",
     "dm01/Monthly-Diagnostics-Web-File-Provider-September-2024_9CL34R.csv",
     "rtt/Incomplete-Provider-Feb25-XLSX-9M-76538.csv", "iuc/iuc-adc-sample.csv",
     "sitrep/winter-sitrep-2022-23-by-trust-daily.csv",
     "cancer/DECEMBER-2024-CWT-CRS-PROVIDER-WORKBOOK-FINAL.xlsx"],
)  # fmt: skip
def test_a_published_file_gives_a_draft_that_loads(
    extracts: Path, tmp_path: Path, name: str
) -> None:
    bare = tmp_path / "indicators"
    shutil.copytree(
        shipped("indicators"), bare, ignore=shutil.ignore_patterns("layouts", "calendars")
    )
    path = extracts / name
    draft = draft_layout(
        read_document(path, fingerprint(path)), load([bare]), Asked(published=True)
    )
    own = tmp_path / "definitions"
    for folder, stem, text in (
        ("layouts", draft.layout["id"].replace(".", "_"), layout_text(draft)),
        ("items", draft.items["area"], item_text(draft)),
    ):
        (own / folder).mkdir(parents=True)
        (own / folder / f"{stem}.yaml").write_text(text, "utf-8")
    library = load([bare, own])
    layout, _ = recognise(read_document(path, "x"), library.layouts.values())
    assert layout.id == draft.layout["id"]
