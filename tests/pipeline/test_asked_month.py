"""Files that carry no month and print a total beside its parts, on invented rows."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import NOW

from kpialign.errors import UsageError
from kpialign.findings import FileReading, Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import CONFIG, read_settings
from kpialign.store.database import open_database
from kpialign.terms import GateOutcome, Period

HEADINGS = (
    "Region Code,Provider Code,Provider Name,Treatment Function Code,Treatment Function,>0-1,"
    "Total number of incomplete pathways,Total within 18 weeks,% within 18 weeks,"
    "Total 52 plus weeks,Total 78 plus weeks,Total 65 plus weeks"
)
FEBRUARY, MARCH = Period(2025, 2), Period(2025, 3)


def provider(code: str, total: str = '"1,500"') -> list[str]:
    key = f"Y56,{code},TRUST {code}"
    return [
        f'{key},C_100,General Surgery Service,-,"1,200",700,58.30%,9,-,2',
        f"{key},C_101,Urology Service,-,300,200,66.70%,1,-,-",
        f"{key},C_999,Total,-,{total},900,60.00%,10,-,2",
    ]


def write(folder: Path, *changes: tuple[str, str]) -> Path:
    """Sixty invented providers, the last with the changes made to its rows."""
    rows = [row for n in range(59) for row in provider(f"ZR{n:02d}")]
    last = "\n".join(provider("ZR99"))
    for old, new in changes:
        last = last.replace(old, new)
    path = folder / "Incomplete-Provider-Feb25.csv"
    path.write_text("\n".join([HEADINGS, *rows, last]), "utf-8")
    return path


def asked(path: Path, month: Period | None = None) -> Request:
    settings = read_settings(path.parent, {"database": path.parent / "k.duckdb"}, environ={})
    return Request((path,), settings, periods={path.name: month} if month else {}, now=NOW)


def told(outcome: Outcome) -> FileReading:
    (reading,) = outcome.readings
    return reading


def figures(path: Path, where: str) -> list[tuple[object, ...]]:
    with open_database(path.parent / "k.duckdb") as connection:
        return connection.execute(
            "SELECT period, item, value, status FROM data_item_value "
            f"WHERE known_to IS NULL AND {where} ORDER BY ALL"
        ).fetchall()


def test_without_a_month_the_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    reading = told(check(asked(write(tmp_path))))
    assert reading.state == "refused"
    assert "carry no month" in reading.why
    assert "--period 'Incomplete-Provider-Feb25.csv=YYYY-MM'" in reading.why
    assert "[periods]" in reading.why


def test_the_total_is_loaded_and_its_parts_are_set_aside(tmp_path: Path) -> None:
    path = write(tmp_path)
    outcome = check(asked(path, month=FEBRUARY))
    reading = told(outcome)
    assert (reading.state, reading.periods) == ("published", ("2025-02",))
    assert (reading.read, reading.loaded, reading.set_aside, reading.rejected) == (181, 60, 121, 0)
    assert ("part of a total, added up", 120) in reading.set_aside_why
    assert outcome.gate.outcome is GateOutcome.PASS
    assert figures(path, "organisation = 'ZR00'") == [
        ("2025-02", "rtt.incomplete.all", 1500.0, "reported"),
        ("2025-02", "rtt.incomplete.over_52w", 10.0, "reported"),
        ("2025-02", "rtt.incomplete.over_65w", 2.0, "reported"),
        ("2025-02", "rtt.incomplete.over_78w", 0.0, "reported"),  # a dash is a zero here
        ("2025-02", "rtt.incomplete.within_18w", 900.0, "reported"),
    ]
    values = outcome.tables.values.filter(pl.col("scope") == "ENGLAND")
    (row,) = values.filter(indicator="elective.rtt.within_18_weeks").rows(named=True)
    assert (row["value"], row["reported"], row["expected"]) == (60.0, 60, 60)
    # Who sends no A&E figures is not asked for them.
    assert values.filter(indicator="uec.ed.four_hour").is_empty()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"1,500"', '"1,501"'), "printed total 1501 but its parts add up to 1500"),
        (('"1,200"', "n/a"), "printed total 1500 but its parts add up to 300"),
        (("C_999", "C_998"), "parts without the row that prints their total"),
    ],
)
def test_a_total_that_is_not_its_parts_holds_back_its_organisation_alone(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    path = write(tmp_path, change)
    outcome = check(asked(path, month=FEBRUARY))
    failed = outcome.gate.at(GateOutcome.FAIL)
    assert {(r.check, r.organisation) for r in failed} == {("KG-106", "ZR99")}
    assert failed[0].rows[0].message == message
    assert figures(path, "organisation = 'ZR99'") == []
    assert len(figures(path, "item = 'rtt.incomplete.all'")) == 59


def test_a_month_said_wrong_can_be_said_again(tmp_path: Path) -> None:
    path = write(tmp_path)
    check(asked(path, month=MARCH))
    again = replace(asked(path, month=FEBRUARY), now=NOW + timedelta(hours=1))
    assert told(check(again)).periods == ("2025-02",)
    assert {row[0] for row in figures(path, "true")} == {"2025-02"}
    # Said once, it need not be said again.
    later = replace(asked(path), now=NOW + timedelta(hours=2))
    assert told(check(later)).state == "unchanged"


def test_the_workspace_may_say_the_month_by_a_pattern(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / CONFIG).write_text('[periods]\n"Incomplete-*-Feb25*" = "2025-02"\n', "utf-8")
    assert asked(path).month_of(path.name) == FEBRUARY
    assert asked(path, month=MARCH).month_of(path.name) == MARCH  # what is said now stands first
    assert asked(path).month_of("other.csv") is None


def test_patterns_that_contradict_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / CONFIG).write_text(
        '[periods]\n"Inc*" = "2025-02"\n"*25.csv" = "2025-03"\n', "utf-8"
    )
    with pytest.raises(UsageError, match="two periods are given"):
        asked(path).month_of(path.name)


def test_a_month_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text('[periods]\n"*.csv" = "Feb 25"\n', "utf-8")
    with pytest.raises(UsageError, match="periods"):
        read_settings(tmp_path, {}, environ={})


def test_the_same_bytes_cannot_be_two_months(tmp_path: Path) -> None:
    path = write(tmp_path)
    twin = tmp_path / "Incomplete-Provider-Mar25.csv"
    twin.write_bytes(path.read_bytes())
    request = asked(path)
    request = replace(
        request, extracts=(path, twin), periods={path.name: FEBRUARY, twin.name: MARCH}
    )
    states = {r.file: (r.state, r.why) for r in check(request).readings}
    assert states[path.name][0] == "published"
    assert states[twin.name][0] == "refused"
    assert "another month" in states[twin.name][1]
