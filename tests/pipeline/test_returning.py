"""Every row and cell that was not used goes back to its sender, with the reason."""

from datetime import datetime
from pathlib import Path

import pytest

from fixtures.totalled import bare, totalled
from kpialign.findings import DataIssue, Outcome
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings


@pytest.fixture(scope="module")
def outcomes(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Outcome]:
    """A month with a word for a figure, a row sent twice, rows cut short and without a code."""
    folder = tmp_path_factory.mktemp("returning")
    text = (sample / "ae" / "Monthly-AE-April-2022.csv").read_text("utf-8")
    lines = bare(text)
    lines[3][4] = "n/a"
    lines[5][1] = ""
    lines[6] = lines[6][:9]
    lines[7] = lines[7][:1]
    counted = [row for row in lines[1:] if row[1:2] not in ([], [""])]
    lines.append(lines[8])
    (folder / "april.csv").write_text(totalled(lines, counted), "utf-8")
    settings = read_settings(folder, {"database": folder / "k.duckdb"}, environ={})
    request = Request((folder,), settings, now=datetime(2026, 11, 2))
    return check(request), check(request)


def of(outcome: Outcome, row: int, code: str) -> list[DataIssue]:
    return [issue for issue in outcome.returned if issue.row == row and issue.code == code]


def test_a_cell_a_row_and_a_month_held_back_are_returned_with_the_reason(
    outcomes: tuple[Outcome, Outcome],
) -> None:
    outcome, _ = outcomes
    (cell,) = of(outcome, 4, "KG-103")
    assert (cell.value, cell.message) == ("n/a", "a figure was expected")
    assert cell.organisation
    assert cell.column
    (nobody,) = of(outcome, 6, "KG-104")
    assert (nobody.organisation, nobody.message) == ("", "no organisation code")
    (short,) = of(outcome, 7, "KG-104")
    assert short.organisation
    assert short.message.startswith("cut short: 9 of ")
    (shorter,) = of(outcome, 8, "KG-104")
    assert shorter.organisation == ""
    held = [issue for issue in of(outcome, 9, "KG-005") if "held back" in issue.message]
    assert len(held) == 18
    assert all(issue.todo and issue.column and issue.value != "" for issue in held)
    assert {issue.organisation for issue in held} != {""}
    assert all(issue.todo and issue.message and issue.file for issue in outcome.returned)


def test_a_file_not_read_again_is_returned_again(outcomes: tuple[Outcome, Outcome]) -> None:
    first, again = outcomes
    assert [reading.state for reading in again.readings] == ["unchanged"]
    assert again.returned == first.returned


def test_what_was_used_is_not_returned(outcomes: tuple[Outcome, Outcome]) -> None:
    outcome, _ = outcomes
    assert {issue.row for issue in outcome.returned if issue.row} <= {4, 6, 7, 8, 9, 73, 74}
