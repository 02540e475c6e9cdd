"""Winter reports by trust and day, on invented rows: parts of months, rows printed twice."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tests.conftest import NOW

from kpialign.findings import Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome

HEADINGS = (
    "Code,Name,Region,Date,G&A beds occ'd,G&A Beds Open,Delays30,Delays60,"
    "CC Adult Open,CC Adult Occ,"
    '"No. beds occupied by long-stay patients (> 7 days)",'
    '"No. beds occupied by long-stay patients (> 21 days)",Closures'
)
TRUSTS = [f"ZR{n:03d}" for n in range(100)]
FIRST, LAST = date(2022, 11, 14), date(2023, 1, 12)
Figures = Callable[[str, date], str]


def figures(code: str, day: date) -> str:
    """Eight figures; one trust has no delays, one leaves out a day of December."""
    if code == "ZR001":
        return "450,500,,,20,15,200,50"
    if code == "ZR002" and day == date(2022, 12, 24):
        return "-,-,-,-,-,-,-,-"
    return f"{440 + day.day},500,3,7,20,15,200,50"


def reports(path: Path, say: Figures = figures, twice: Figures = figures) -> Path:
    lines = [HEADINGS]
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(n)
        lines.append(f"-,England,-,{day},45000,50000,999,999,2000,1500,20000,5000,0")
        lines += [f"{code},Trust {code},London,{day},{say(code, day)},-" for code in TRUSTS]
        lines.append(f"ZR003,Trust ZR003 NHS Foundation Trust,London,{day},{twice('ZR003', day)},-")
    path.write_text("\n".join(lines), "utf-8")
    return path


def run(path: Path) -> Outcome:
    settings = read_settings(path.parent, {"database": path.parent / "k.duckdb"}, environ={})
    return check(Request((path,), settings, now=NOW))


def held(folder: Path, code: str, item: str) -> list[tuple]:
    with open_database(folder / "k.duckdb") as connection:
        return connection.execute(
            "SELECT period, value, status FROM data_item_value "
            "WHERE organisation = ? AND item = ? AND known_to IS NULL ORDER BY period",
            [code, item],
        ).fetchall()


OVER_60, OCCUPIED = "sitrep.handover.over_60", "sitrep.beds.general_acute.occupied"


def test_parts_of_months_are_marked_and_a_missing_day_leaves_its_month_out(tmp_path: Path) -> None:
    outcome = run(reports(tmp_path / "days.csv"))
    (reading,) = outcome.readings
    assert (reading.state, reading.rejected) == ("published", 0)
    assert dict(reading.set_aside_why)["figures of england, which rows do not add up to"] == 60
    assert held(tmp_path, "ZR000", OVER_60) == [
        ("2022-11", 7.0 * 17, "partial_month"),
        ("2022-12", 7.0 * 31, "reported"),
        ("2023-01", 7.0 * 12, "partial_month"),
    ]
    assert held(tmp_path, "ZR000", OCCUPIED) == [
        ("2022-11", 440 + 22.0, "partial_month"),
        ("2022-12", 440 + 16.0, "reported"),
        ("2023-01", 440 + 6.5, "partial_month"),
    ]
    assert {status for _, _, status in held(tmp_path, "ZR001", OVER_60)} == {"not_reported"}
    assert held(tmp_path, "ZR002", OVER_60)[1] == ("2022-12", None, "not_reported")


def test_a_trust_printed_twice_with_the_same_figures_counts_once_and_is_told(
    tmp_path: Path,
) -> None:
    outcome = run(reports(tmp_path / "days.csv"))
    assert outcome.gate.outcome is GateOutcome.WARN
    warned = outcome.gate.at(GateOutcome.WARN)
    assert {(r.check, r.organisation) for r in warned} == {("KG-102", "ZR003")}
    assert [row.period for row in warned[0].rows] == ["2022-11", "2022-12", "2023-01"]
    assert held(tmp_path, "ZR003", OVER_60) == held(tmp_path, "ZR000", OVER_60)


def test_a_trust_printed_twice_with_other_figures_is_held_back(tmp_path: Path) -> None:
    def other(code: str, day: date) -> str:
        changed = day == date(2022, 12, 24)
        return "464,500,3,8,20,15,200,50" if changed else figures(code, day)

    outcome = run(reports(tmp_path / "days.csv", twice=other))
    failed = outcome.gate.at(GateOutcome.FAIL)
    assert {(r.check, r.organisation) for r in failed} == {("KG-102", "ZR003")}
    disagree = {row.value for row in failed[0].rows if "disagree" in row.message}
    assert disagree == {"7", "8"}
    assert [period for period, _, _ in held(tmp_path, "ZR003", OVER_60)] == ["2022-11", "2023-01"]
