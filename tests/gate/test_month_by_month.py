"""Checks on one month's file beside those before: who is missing, late, revised, renamed."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.gate.months import staged, write
from tests.pipeline.test_status import asked, changed, month

from kpialign import engine
from kpialign.findings import CheckResult, Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.shipped import shipped

BOOKED = "A&E attendances Booked Appointments Type 1"
Change = Callable[[str], str]


def of_check(outcome: Outcome, code: str) -> list[CheckResult]:
    return [r for r in outcome.gate.results if r.check == code and r.failed]


def spring(place: Path, change: Change = str) -> list[Path]:
    """The sample's files of April to July 2022, the last one changed."""
    months = ("April", "May", "June", "July")
    files = []
    for name in months:
        source = next((shipped("sample_data") / "ae").glob(f"*{name}-2022*.csv"))
        text = source.read_text("utf-8-sig")
        files.append(place / source.name)
        files[-1].write_text(change(text) if name == "July" else text, "utf-8")
    return files


def wrong(place: Path, name: str, change: Change = str) -> pl.DataFrame:
    with staged(place, *spring(place, change)) as connection:
        return engine.check(connection, name)


def without(body: str) -> Change:
    return lambda text: "".join(
        line for line in text.splitlines(keepends=True) if f",{body}," not in line
    )


def turned(text: str) -> str:
    """The same table, its last columns first."""
    return "\n".join(",".join(reversed(line.split(","))) for line in text.splitlines()) + "\n"


@pytest.mark.parametrize("name", ["everyone_there", "in_time", "revised_with_notice"])
def test_months_as_they_are_are_silent(tmp_path: Path, name: str) -> None:
    assert wrong(tmp_path, name).is_empty()


def test_who_stops_sending_is_missed(tmp_path: Path) -> None:
    row = wrong(tmp_path, "everyone_there", without("ZH02")).row(0, named=True)
    assert (row["organisation"], row["period"], row["row"]) == ("ZH02", "2022-07", None)
    assert "July-2022" in row["file"]
    assert row["message"].endswith("which reported in each of the 3 months before")


def test_who_closed_is_not_missed(tmp_path: Path) -> None:
    (tmp_path / "organisations.csv").write_text(
        "code,name,role,type,closed\nZH02,,hospital,,2022-06\n", "utf-8"
    )
    assert wrong(tmp_path, "everyone_there", without("ZH02")).is_empty()


def test_columns_in_another_order_are_silent(tmp_path: Path) -> None:
    assert wrong(tmp_path, "columns_kept", turned).is_empty()


def test_a_column_that_was_renamed_is_told_with_both_headings(tmp_path: Path) -> None:
    found = wrong(
        tmp_path, "columns_kept", lambda text: text.replace(BOOKED, "Attendances Booked Type 1")
    )
    gone, new = found.sort("column").iter_rows(named=True)
    assert gone["column"] == BOOKED
    assert gone["message"].endswith("is not here; renamed: is it Attendances Booked Type 1?")
    assert "June-2022" in gone["message"]
    assert new["message"] == (
        "the column Attendances Booked Type 1 is not in the layout and was not read"
    )


def test_a_file_without_a_needed_column_is_refused_with_the_nearest_heading(few: Path) -> None:
    june = month(few, "June")
    text = june.read_text("utf-8")
    june.write_text(text.replace("Other emergency admissions", "Other emerg. admissions"), "utf-8")
    refused = next(r for r in check(asked(few)).readings if r.file == june.name)
    assert refused.why.startswith(
        f"{june.name}:1: the column Other emergency admissions is missing"
    )
    assert "Did you mean Other emerg. admissions?" in refused.why


def run(few: Path, files: str, now: datetime) -> Outcome:
    return check(asked(few, files=files, now=now))


@pytest.mark.parametrize(("day", "told"), [(17, 0), (18, 1)])
def test_the_newest_month_is_late_some_days_after_it_was_due(
    few: Path, day: int, told: int
) -> None:
    run(few, "*[AM][pa][ry]*2022*", datetime(2022, 6, 10))
    late = of_check(run(few, "*June*", datetime(2022, 7, day)), "KG-117")
    assert len(late) == told
    if told:
        row = late[0].rows[0]
        assert (row.period, row.value) == ("2022-06", "2022-07-18")
        assert "4 days after it was due (2022-07-14)" in row.message


def again(few: Path, name: str, published: date | None = None) -> list[CheckResult]:
    """What is said of a file that changes a figure of June after it was published."""
    check(asked(few, now=datetime(2022, 7, 15)))
    june = month(few, "June")
    copy = changed(june, 5, name)
    request = asked(few, files=copy.name, now=datetime(2022, 7, 16))
    told = {copy.name: published} if published else {}
    return of_check(
        check(Request(request.extracts, request.settings, told, now=request.now)), "KG-118"
    )


def test_a_figure_revised_without_notice_is_told_with_what_it_was(few: Path) -> None:
    first = month(few, "June").name
    (found,) = again(few, "other.csv")
    row = found.rows[0]
    assert (row.organisation, row.period) == ("ZH01", "2022-06")
    assert row.column.endswith("Type 1")
    was = int(row.value) - 5
    assert row.message.startswith(f"was {was} in {first}")


def test_a_revision_that_says_so_is_silent(few: Path) -> None:
    assert again(few, "revised.csv") == []


def test_a_revision_that_is_dated_is_silent(few: Path) -> None:
    assert again(few, "other.csv", date(2022, 7, 16)) == []


def said_otherwise(place: Path, bodies: int) -> pl.DataFrame:
    """April as the sample says it, and type 1 of some of its trusts otherwise in another layout."""
    april = spring(place)[0]
    rows = [line.split(",") for line in april.read_text("utf-8").splitlines()]
    at = rows[0].index("A&E attendances Type 1")
    trusts = [row for row in rows[1:] if row[1].startswith("ZH") and int(row[at]) > 0]
    told = {
        (row[1], "2022-04", "ae.attendances.type1"): float(row[at]) + (1 if n < bodies else 0)
        for n, row in enumerate(trusts)
    }
    with staged(place, april, write(place / "own.csv", told, "hospital")) as connection:
        return engine.check(connection, "layouts_agree")


def test_two_layouts_that_differ_for_many_organisations_are_told(tmp_path: Path) -> None:
    found = said_otherwise(tmp_path, 20)
    assert found["file"].to_list() == ["own.csv"]
    row = found.row(0, named=True)
    assert (row["period"], row["column"]) == ("2022-04", "value")
    said = (tmp_path / "own.csv").read_text("utf-8").splitlines()[row["row"] - 1]
    assert said.split(",")[0] in row["message"]
    assert row["message"].startswith("20 of ")
    assert "(nhse.ae.csv), the first of them ZH" in row["message"]


def test_two_layouts_that_differ_for_a_few_are_not_two_definitions(tmp_path: Path) -> None:
    assert said_otherwise(tmp_path, 2).is_empty()


def test_last_month_sent_again_under_a_new_month_is_held_back(few: Path) -> None:
    check(asked(few, now=datetime(2022, 7, 15)))
    june = month(few, "June")
    text = june.read_text("utf-8").replace("June-2022", "July-2022").replace("JUNE", "JULY")
    july = few / "again.csv"
    july.write_text(text, "utf-8")
    outcome = check(asked(few, files="again.csv", now=datetime(2022, 8, 12)))
    (found,) = of_check(outcome, "KG-110")
    assert (found.outcome, found.file) == ("fail", "again.csv")
    assert {r.file: r.state for r in outcome.readings}["again.csv"] == "held_back"


def cells(change: Callable[[list[str], list[str]], list[str]]) -> Change:
    """A change of each line's cells below the headings, which it is given too."""

    def changed(text: str) -> str:
        head, *lines = (line.split(",") for line in text.splitlines())
        return (
            "\n".join(",".join(line) for line in [head, *(change(head, x) for x in lines)]) + "\n"
        )

    return changed


def without_totals(text: str) -> str:
    return "".join(x for x in text.splitlines(keepends=True) if "TOTAL" not in x.upper())


def to_zero(head: list[str], line: list[str]) -> list[str]:
    at = head.index("Other emergency admissions")
    return [*line[:at], "0", *line[at + 1 :]]


def all_but_one_to_zero(head: list[str], line: list[str]) -> list[str]:
    return line if "ZH02" in line else to_zero(head, line)


def decimal(head: list[str], line: list[str]) -> list[str]:
    at = head.index("Other emergency admissions")
    return [*line[:at], f'"{line[at]},5"', *line[at + 1 :]] if "ZH02" in line else line


def to_the_right(_: list[str], line: list[str]) -> list[str]:
    return [*line[:4], "", *line[4:]] if "ZH02" in line else line


def test_a_file_without_its_printed_total_is_told_with_its_last_row(tmp_path: Path) -> None:
    told = wrong(tmp_path, "totals_there", without_totals)
    assert told.select("row", "organisation").rows() == [
        (len(without_totals(spring(tmp_path)[-1].read_text("utf-8")).splitlines()), "")
    ]
    assert "July-2022" in told["file"][0]


def test_files_with_their_totals_are_silent(tmp_path: Path) -> None:
    assert wrong(tmp_path, "totals_there").is_empty()


def test_a_column_that_turns_to_zeros_is_told_of_who_had_figures(tmp_path: Path) -> None:
    told = wrong(tmp_path, "column_of_zeros", cells(to_zero))
    assert told["column"].unique().to_list() == ["Other emergency admissions"]
    assert told["organisation"].n_unique() == told.height >= 5
    assert "ZH02" in told["organisation"].to_list()


def test_a_column_in_which_one_has_a_figure_is_no_column_of_zeros(tmp_path: Path) -> None:
    assert wrong(tmp_path, "column_of_zeros", cells(all_but_one_to_zero)).is_empty()


def test_a_decimal_comma_is_no_thousand(tmp_path: Path) -> None:
    told = wrong(tmp_path, "figures_read", cells(decimal))
    assert told.select("organisation", "column").rows() == [("ZH02", "Other emergency admissions")]
    assert told["value"][0].endswith(",5")


def test_a_row_with_a_cell_beyond_the_headings_is_told_as_too_wide(tmp_path: Path) -> None:
    told = wrong(tmp_path, "rows_read", cells(to_the_right))
    assert told["message"].to_list() == ["too wide: 23 cells under 22 headings"]


def test_a_name_in_broken_letters_is_told_and_one_with_an_accent_is_not(tmp_path: Path) -> None:
    def named(text: str) -> Change:
        return cells(lambda _, line: [*line[:3], text, *line[4:]] if "ZH02" in line else line)

    broken = ["Caf\u00c3\u00a9", "St Mary\u00e2\u20ac\u2122s", "Trust \ufffd"]
    for text in broken:
        assert wrong(tmp_path, "names_read", named(text))["organisation"].to_list() == ["ZH02"]
        (tmp_path / "k.duckdb").unlink()
    assert wrong(
        tmp_path, "names_read", named("Ysbyty M\u00f4n, Caf\u00e9 \u00c2".replace(",", ""))
    ).is_empty()
