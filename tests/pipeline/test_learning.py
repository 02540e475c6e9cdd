"""Changes somebody made: checked at once, weighed against everyone else, told with their rank."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.conftest import NOW
from tests.pipeline.test_status import asked

from kpialign.conflicts.learning import learn
from kpialign.conflicts.network import Network
from kpialign.errors import DefinitionError
from kpialign.findings import Change, Outcome
from kpialign.library import load
from kpialign.outputs.run import report, screen
from kpialign.pipeline.request import Request
from kpialign.pipeline.retelling import retold
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.shipped import shipped
from kpialign.terms import Period, months_between

HEAD = "date,organisation,tried,by,aimed_at,might_harm,source,learned\n"
HANDOVER, RESPONSE, FOUR_HOUR = "amb.handover.mean", "amb.cat2.mean", "uec.ed.four_hour.type1"
FIRST, LAST = Period.parse("2023-04"), Period.parse("2025-09")
SERVICES = [f"ZA{n:02}" for n in range(1, 11)]


def change(**given: object) -> Change:
    told = {
        "organisation": "ZA03", "date": "2024-06-10", "since": "2024-06", "tried": "crews leave",
        "by": "", "aimed_at": (HANDOVER,), "might_harm": (RESPONSE,), "source": "", "learned": "",
        "line": 2,
    }  # fmt: skip
    return Change(**{**told, **given})


def network(fell: float = 0.0) -> Network:
    """Ten services that share a winter; one hands over sooner from June 2024 on."""
    months = list(months_between(FIRST, LAST))
    rng = np.random.default_rng(11)
    winter = 5 * np.cos(np.arange(len(months)) * np.pi / 6)
    rows = []
    for indicator in (HANDOVER, RESPONSE):
        for body in SERVICES:
            level = 30 + winter + rng.normal(0, 1.5, len(months))
            if body == "ZA03" and indicator == HANDOVER:
                level[14:] -= fell
            rows += [
                (indicator, body, "ambulance", str(month), 1.0, value * 100, 100.0)
                for month, value in zip(months, level, strict=True)
            ]
    schema = ["indicator", "organisation", "role", "period", "scale", "numerator", "denominator"]
    return Network(
        FIRST, LAST, pl.DataFrame(rows, schema=schema, orient="row"),
        pl.DataFrame(schema={"tie": pl.String, "unit": pl.String, "weight": pl.Float64}),
        {"ambulance_services": tuple(SERVICES)}, dict.fromkeys((HANDOVER, RESPONSE), "ambulance"),
        dict.fromkeys((HANDOVER, RESPONSE), "ambulance_services"), {("ambulance", "ZA03"): "Third"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def indicators() -> dict:
    return load([shipped("indicators")]).indicators


def test_a_planted_step_stands_out_on_what_it_was_aimed_at_alone(indicators: dict) -> None:
    (found,) = learn([change()], indicators, network(fell=8.0))
    aimed, harm = found.steps
    assert (found.name, aimed.whose) == ("Third", "Third")
    assert (aimed.word, aimed.place, aimed.places) == ("stands_out", 1, 10)
    assert aimed.effect == pytest.approx(-8, abs=2)
    assert aimed.low < aimed.effect < aimed.high < 0
    assert (aimed.months_before, aimed.months_after) == (14, 16)
    assert (aimed.direction, harm.direction) == (-1, 1)
    assert harm.word == "does_not_stand_out"


def test_no_step_does_not_stand_out(indicators: dict) -> None:
    (found,) = learn([change()], indicators, network())
    assert {seen.word for seen in found.steps} == {"does_not_stand_out"}


def test_a_change_for_the_worse_is_no_success(indicators: dict) -> None:
    (found,) = learn([change()], indicators, network(fell=-8.0))
    aimed = found.steps[0]
    assert (aimed.word, aimed.place) == ("does_not_stand_out", 10)
    harmful = change(aimed_at=(RESPONSE,), might_harm=(HANDOVER,))
    (found,) = learn([harmful], indicators, network(fell=-8.0))
    assert found.steps[1].word == "stands_out"


@pytest.mark.parametrize("since", ["2023-05", "2025-09", "2019-01", "2030-01"])
def test_too_few_months_on_a_side_are_told(indicators: dict, since: str) -> None:
    (found,) = learn([change(since=since)], indicators, network(fell=8.0))
    assert {(s.state, s.word) for s in found.steps} == {("too_little_data", "cannot_tell")}
    assert all(seen.effect is None for seen in found.steps)


def test_a_body_without_figures_is_told(indicators: dict) -> None:
    (found,) = learn([change(organisation="ZH01")], indicators, network())
    assert {seen.state for seen in found.steps} == {"no_figures"}


def write(folder: Path, text: str) -> None:
    (folder.parent / "changes.csv").write_text(text, "utf-8")


def test_everything_wrong_is_said_at_once(few: Path) -> None:
    write(
        few,
        HEAD + "June,ZH01,a,,amb.handover.mean,,,\n"
        "2022-05,QQ99,a,,amb.handover.mean,,,\n"
        "2022-05,ZH01,,,amb.handover.meen; amb.incidents,,,\n",
    )
    with pytest.raises(DefinitionError) as error:
        check(asked(few))
    told = str(error.value).replace(str(few.parent), "")
    for line in (
        "/changes.csv:2: date 'June' is no day and no month",
        "/changes.csv:3: No organisation of the data has the code QQ99",
        "/changes.csv:4: tried is empty",
        "/changes.csv:4: No indicator is called amb.handover.meen. Did you mean amb.handover.mean",
        "/changes.csv:4: amb.incidents has no better side",
    ):
        assert line in told
    assert len(told.splitlines()) == 5, told


def test_a_missing_column_is_named(few: Path) -> None:
    write(few, "date,organisation,tried\n2022-05,ZA01,a\n")
    with pytest.raises(DefinitionError, match="the column 'aimed_at' is missing"):
        check(asked(few))


@pytest.fixture(scope="module")
def told(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    place = tmp_path_factory.mktemp("learned")
    for name in ("links.csv", "membership.csv", "organisations.csv", "succession.csv"):
        (place / name).write_bytes((sample / name).read_bytes())
    evil = "<b>=1+1</b>"
    (place / "changes.csv").write_text(
        HEAD + f"2024-10,ZA06,{evil},the service,{HANDOVER},{FOUR_HOUR},{evil},{evil}\n", "utf-8"
    )
    (place / "narrative.csv").write_text(
        "organisation,indicator,period,kind,text,by\n"
        f"ZA06,{HANDOVER},2025-08,staff_story,{evil},control room\n"
        "ZA06,amb.incidents,2025-08,,more calls,\n",
        "utf-8",
    )
    settings = read_settings(place, {"database": place / "k.duckdb", "system": "ZQK"}, environ={})
    return check(Request((sample,), settings, now=NOW))


def test_a_service_is_seen_at_its_hospitals_through_its_tie(told: Outcome) -> None:
    (found,) = told.learned
    own, hospitals = found.steps
    assert own.whose == found.name
    assert hospitals.whose == f"all linked to {found.name}"
    assert own.places == hospitals.places == 11
    assert {own.word, hospitals.word} <= {"does_not_stand_out", "stands_out"}


def test_it_is_told_on_screen_and_page_with_what_was_learned(told: Outcome, tmp_path: Path) -> None:
    text = screen.render(told)
    assert "LEARNED" in text
    assert "learned: <b>=1+1</b>" in text
    answered = next(f for f in told.findings if f.narratives)
    fewer = replace(told, findings=(answered,), system_values=())
    page = report.write(fewer, tmp_path).read_text("utf-8")
    assert "What was learned from changes" in page
    assert "In their own words" in page
    assert "<b>=1+1" not in page


def test_narratives_stand_beside_the_findings_they_answer(told: Outcome) -> None:
    answered = {f.rule for f in told.findings if f.narratives}
    assert {"KA-UEC-001", "KA-UEC-002"} <= answered
    note = "narrative.csv, line 3: no finding of this run looks at amb.incidents"
    assert note in told.notes
    text = screen.render(told, width=300)
    assert "Aug 2025 (handover, mean): \u201c<b>=1+1</b>\u201d (control room)" in text


@pytest.mark.real
def test_release_to_respond(real_outcome: Outcome, real_place: Path, tmp_path: Path) -> None:
    shutil.copy(real_place / "k.duckdb", tmp_path)
    (tmp_path / "changes.csv").write_text(
        HEAD + f"2024-12-10,RYE,Release to Respond,,{HANDOVER};{RESPONSE},"
        f"{FOUR_HOUR};uec.ed.over_12h_from_dta_share,,\n",
        "utf-8",
    )
    settings = read_settings(tmp_path, {"database": tmp_path / "k.duckdb"}, environ={})
    outcome = retold(settings)
    assert outcome.period == real_outcome.period
    handover, response, four_hour, twelve = outcome.learned[0].steps
    assert (round(handover.effect, 1), round(response.effect, 1)) == (-7.2, -8.6)
    assert (round(response.low, 1), round(response.high, 1)) == (-13.7, -3.5)
    assert (response.place, response.places, round(response.share, 3)) == (1, 10, 0.026)
    assert {four_hour.word, twelve.word} == {"does_not_stand_out"}
