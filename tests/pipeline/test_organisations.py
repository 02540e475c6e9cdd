"""A hospital that stops sending, and a month's run in the boundaries asked for."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.conftest import NOW

from fixtures.totalled import bare, totalled
from kpialign.errors import DefinitionError
from kpialign.findings import Outcome, SystemValue
from kpialign.outputs.run import findings_json, report, screen, values_csv
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.settings import read_settings

BEFORE, NOW_FILE = "June-2022-CSV-ne5k9.csv", "Monthly-AE-June-2023.csv"


@pytest.fixture(scope="module")
def without(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Two Junes of the sample; in the second, one of the system's hospitals sent nothing."""
    folder = tmp_path_factory.mktemp("without")
    for path in (*sample.glob("*.csv"), sample / "kpialign.toml", sample / "ae" / BEFORE):
        shutil.copy(path, folder)
    lines = bare((sample / "ae" / NOW_FILE).read_text("utf-8"))
    kept = [line for line in lines if line[1] != "ZH29"]
    assert len(kept) == len(lines) - 1
    (folder / NOW_FILE).write_text(totalled(kept), "utf-8")
    return run(folder)


def run(folder: Path, **asked: str) -> Outcome:
    settings = read_settings(folder, {"database": folder / "k.duckdb", **asked}, environ={})
    return check(Request((folder,), settings, now=NOW))


def four_hour(outcome: Outcome, scope: str = "ZQK") -> SystemValue:
    return next(
        v for v in outcome.system_values
        if v.scope == scope and v.indicator == "uec.ed.four_hour"
    )  # fmt: skip


def test_who_stopped_sending_is_expected_and_named(without: Outcome) -> None:
    value = four_hour(without)
    assert (value.state, value.reported, value.expected) == ("incomplete", 2, 3)
    assert value.missing == ("Gorsegarth Hospitals Group (ZH29), absent",)
    assert four_hour(without, "ENGLAND").state == "incomplete"


def test_the_year_is_compared_over_those_in_both_months(without: Outcome) -> None:
    value = four_hour(without)
    assert (value.year_before, value.year_before_state) == (None, "not_like_for_like")
    assert value.like_for_like is not None
    assert value.like_for_like.members == 2
    assert value.like_for_like.value == pytest.approx(value.value)
    assert value.like_for_like.apart == ("Gorsegarth Hospitals Group (ZH29), a year before only",)


def test_every_output_says_who_reported_of_whom_expected(without: Outcome) -> None:
    text = " ".join(screen.render(without).split())
    assert "2 of 3 trusts reported" in text
    assert "incomplete, without Gorsegarth Hospitals Group (ZH29), absent" in text
    assert re.search(r"the 2 bodies in both months: [\d.]+% → [\d.]+%", text)
    page = report.render(without)
    assert page.count("2 of 3 trusts reported") > 3
    assert "incomplete, without Gorsegarth" in page
    told = json.loads(findings_json.render(without))["system_values"]
    assert {(v["reported"], v["expected"]) for v in told if v["scope"] == "ZQK"} >= {(2, 3)}
    assert ",incomplete,2,3,2,3," in values_csv.render(without)


def test_trusts_are_told_apart_from_other_providers(sample_outcome: Outcome) -> None:
    text = " ".join(screen.render(sample_outcome).split())
    assert "3 of 3 trusts reported" in text
    england = four_hour(sample_outcome, "ENGLAND")
    assert (england.trusts_reported, england.trusts_expected) == (59, 59)
    assert england.expected - england.trusts_expected == 12
    assert four_hour(sample_outcome).year_before is not None


def test_the_sample_has_a_whole_year_before_and_after_its_merger(sample_outcome: Outcome) -> None:
    values = sample_outcome.tables.values.filter(indicator="uec.ed.four_hour", scope="ENGLAND")
    assert values["trusts_expected"].unique().sort().to_list() == [59, 60]
    assert "boundaries of Mar 2026" in sample_outcome.basis_note


@pytest.fixture
def moved(few: Path) -> Path:
    """Three months of the sample; one hospital of ZQK has only belonged to it since the last."""
    (few / "membership.csv").write_text(
        "organisation,role,level,parent,from,until,share\n"
        "ZH27,hospital,icb,ZQK,,,1\n"
        "ZH29,hospital,icb,ZQL,,2022-05,1\nZH29,hospital,icb,ZQK,2022-06,,1\n",
        "utf-8",
    )
    return few


@pytest.mark.parametrize(
    ("boundaries", "expected", "said"),
    [("now", [2, 2, 2], "boundaries of Jun 2022"), ("then", [1, 1, 2], "boundaries of each month")],
)
def test_months_are_counted_in_the_boundaries_asked_for(
    moved: Path, boundaries: str, expected: list[int], said: str
) -> None:
    outcome = run(moved, system="ZQK", boundaries=boundaries)
    series = outcome.tables.values.filter(indicator="uec.ed.attendances", scope="ZQK")
    assert series.sort("period")["expected"].to_list() == expected
    assert said in outcome.basis_note


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("organisations.csv", "code,role,name,type\nZH01,hospital,,hospitl\n",
         "no type is called hospitl. Did you mean hospital?"),
        ("succession.csv", "predecessor,successor,on,area\nA,B,2025-01,\nA,B,2025-02,aee\n",
         "no area of items is called aee. Did you mean ae?"),
    ],
)  # fmt: skip
def test_a_word_that_nothing_knows_is_a_fault_of_its_file(
    few: Path, file: str, text: str, said: str
) -> None:
    (few / file).write_text(text, "utf-8")
    with pytest.raises(DefinitionError, match=re.escape(said)):
        run(few)
