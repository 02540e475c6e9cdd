"""Records of stays become counts in bands; nothing else of them is kept."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from kpialign.cli import cli
from kpialign.errors import UnreadableError
from kpialign.pipeline.staying import count_stays, told


def records(folder: Path, name: str, *rows: str, heading: str = "") -> Path:
    path = folder / name
    heading = heading or "organisation,arrival,departure"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def bands(found: pl.DataFrame) -> dict[tuple[str, str, int], int]:
    return {row[:3]: row[3] for row in found.iter_rows() if row[3]}


def test_a_minute_counts_when_it_is_complete_and_a_stay_in_the_month_of_departure(
    tmp_path: Path,
) -> None:
    file = records(
        tmp_path, "r.csv",
        "RAA,2026-03-31 22:00:30,2026-04-01 02:00:10",  # 239 minutes and 40 seconds
        "RAA,2026-03-31 22:00:30,2026-04-01 02:00:30",
        "RAA,2026-03-01T10:00,2026-03-01T10:00",
        "RAB,2026-03-01 10:00,2026-03-02 10:00",
    )  # fmt: skip
    found = count_stays([file])
    assert bands(found.bands) == {
        ("RAA", "2026-04", 230): 1, ("RAA", "2026-04", 240): 1,
        ("RAA", "2026-03", 0): 1, ("RAB", "2026-03", 600): 1,
    }  # fmt: skip
    assert found.bands.height == 3 * 61  # a band without a stay is a true zero
    assert found.fates == {"counted": 4}


def test_every_record_is_accounted_for(tmp_path: Path) -> None:
    good = "RAA,2026-03-01 10:00,2026-03-01 11:00"
    file = records(
        tmp_path, "r.csv", good, good, "RAA,2026-03-01 10:00,",
        ",2026-03-01 10:00,2026-03-01 11:00", "RAA,01/03/2026 10:00,2026-03-01 11:00",
        "RAA,2026-03-01 10:00:30,2026-03-01 10:00:10",
    )  # fmt: skip
    found = count_stays([file, records(tmp_path, "again.csv", good)])
    assert bands(found.bands) == {("RAA", "2026-03", 60): 3}
    assert list(told(found)) == [
        "7 records read: 3 counted, 4 left out",
        "left out: 1, departure before arrival",
        "left out: 1, no organisation",
        "left out: 1, no time of arrival that can be read",
        "left out: 1, no time of departure that can be read",
    ]


def test_a_row_may_stand_for_several_stays(tmp_path: Path) -> None:
    heading = "Organisation,Arrival,Departure,Stays"
    start = "RAA,2026-03-01 10:00,2026-03-01 11:00"
    file = records(
        tmp_path, "r.csv", f"{start},40", f"{start},2", f"{start},-1", f"{start},x", heading=heading
    )
    found = count_stays([file])
    assert bands(found.bands) == {("RAA", "2026-03", 60): 42}
    assert found.fates == {"counted": 2, "no count that can be read": 2}
    typed = pl.DataFrame({
        "organisation": ["RAA"], "arrival": [datetime(2026, 3, 1, 10)],
        "departure": [datetime(2026, 3, 1, 11)],
    })  # fmt: skip
    typed.write_parquet(tmp_path / "r.parquet")
    both = count_stays([file, tmp_path / "r.parquet"])
    assert bands(both.bands) == {("RAA", "2026-03", 60): 43}


@pytest.mark.parametrize(
    ("heading", "row", "said", "unsaid"),
    [
        ("organisation,arrival,departure,nhs_number", "RAA,a,b,1", "'nhs_number'", "RAA"),
        ("organisation,arrival", "RAA,a", "no column 'departure'", "RAA"),
        ("RAA,2026-03-01 10:00,2026-03-01 11:17", "RAA,x,y", "no column 'arrival'", "11:17"),
    ],
)
def test_any_other_column_stops_the_file_and_no_value_is_shown(
    tmp_path: Path, heading: str, row: str, said: str, unsaid: str
) -> None:
    file = records(tmp_path, "r.csv", row, heading=heading)
    with pytest.raises(UnreadableError) as refused:
        count_stays([file])
    assert said in str(refused.value)
    assert unsaid not in str(refused.value)


def test_the_command_writes_counts_and_says_what_it_left_out(tmp_path: Path) -> None:
    rows = ["RAA,2026-03-01 10:00,2026-03-01 13:59", "RAA,2026-03-01 10:00,"]
    file = records(tmp_path, "r.csv", *rows)
    out = tmp_path / "extracts" / "stays.csv"
    ran = CliRunner().invoke(cli, ["stays", str(file), "--output", str(out)])
    assert ran.exit_code == 0, ran.output
    assert "2 records read: 1 counted, 1 left out" in ran.stderr
    lines = out.read_text("utf-8").splitlines()
    assert lines[0] == "organisation,period,minutes_from,stays"
    assert "RAA,2026-03,230,1" in lines
    assert "13:59" not in out.read_text("utf-8")
