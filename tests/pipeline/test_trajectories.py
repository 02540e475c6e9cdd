"""Planning submissions: checked at once, judged on their own month, shown beside the figure."""

from pathlib import Path

import polars as pl
import pytest
from tests.pipeline.test_status import asked

from kpialign.charts import render, system
from kpialign.composites import Scope, system_values
from kpialign.definitions.indicators import Target
from kpialign.errors import DefinitionError
from kpialign.findings import Outcome, SystemValue
from kpialign.library import load
from kpialign.outputs.run import report, screen
from kpialign.pipeline.run import check
from kpialign.pipeline.trajectories import of_scope
from kpialign.shipped import shipped
from kpialign.terms import Period

HEAD = "organisation,indicator,period,value\n"
FOUR_HOUR = "uec.ed.four_hour"


def write(folder: Path, text: str) -> None:
    (folder.parent / "trajectory.csv").write_text(text, "utf-8")


def value(outcome: Outcome) -> SystemValue:
    return next(v for v in outcome.system_values if v.indicator == FOUR_HOUR)


def test_everything_wrong_is_said_at_once(few: Path) -> None:
    write(
        few,
        "organisation,indicator,period,value,submitted_on\n"
        "ENGLAND,uec.ed.four_hour,June 2022,78,\n"
        "ENGLAND,uec.ed.for_hour,2022-06,78,\n"
        "ZH001,uec.ed.four_hour,2022-06,78 %,\n"
        "ENGLAND,uec.ed.four_hour,2022-05,70,last week\n"
        "England,uec.ed.four_hour,2022-05,71,\n"
        "ENGLAND,uec.ed.attendances,2022-05,71,\n",
    )
    with pytest.raises(DefinitionError) as error:
        check(asked(few))
    told = str(error.value).replace(str(few.parent), "")
    for line in (
        "/trajectory.csv:2: 'June 2022' is not a month written as YYYY-MM",
        "/trajectory.csv:3: No indicator is called uec.ed.for_hour. Did you mean uec.ed.four_hour",
        "/trajectory.csv:4: value '78 %' is no number",
        "/trajectory.csv:4: No organisation of the data has the code ZH001. Did you mean ZH01",
        "/trajectory.csv:5: submitted_on 'last week' is no day",
        "/trajectory.csv:6: ENGLAND uec.ed.four_hour 2022-05 stands here twice, first on line 5",
        "/trajectory.csv:7: uec.ed.attendances has no better side",
    ):
        assert line in told
    assert len(told.splitlines()) == 7


def test_a_missing_column_is_named(few: Path) -> None:
    write(few, "organisation,indicator,month,value\n")
    with pytest.raises(DefinitionError, match=r"trajectory\.csv:1: the column 'period' is missing"):
        check(asked(few))


def test_a_plan_is_judged_on_its_month_and_shown(few: Path) -> None:
    plain = value(check(asked(few)))
    assert plain.value is not None
    write(few, f"{HEAD}ENGLAND,{FOUR_HOUR},2022-06,{plain.value - 0.1:.2f}\n"
               f"ENGLAND,{FOUR_HOUR},2022-05,99\nZH01,{FOUR_HOUR},2022-06,99\n")  # fmt: skip
    outcome = check(asked(few))
    own = [t for t in value(outcome).targets if t.kind == "trajectory"]
    assert [(t.met, t.at_least, t.source) for t in own] == [(True, True, "planning submission")]
    assert [t for t in value(outcome).targets if t.kind != "trajectory"] == list(plain.targets)
    steps = [s for s in value(outcome).target_steps if s.kind == "trajectory"]
    assert next((s.since, s.until, s.level) for s in steps) == ("2022-05", "2022-05", 99.0)
    assert "trajectory, at least" in screen.render(outcome)
    assert "trajectory, at least" in report.render(outcome)
    text = render.vega_lite(system.chart(outcome, "ENGLAND").to_dict())
    assert "its own trajectory" in text


def judged(numerator: float, level: float, indicator: str = FOUR_HOUR) -> bool | None:
    """700 of 1,000 within four hours is 70 %; 45,000 s of 1,500 handovers are 0.5 min."""
    found = load([shipped("indicators")]).indicators[indicator]
    side = "at_least" if found.improves.sign > 0 else "at_most"
    target = Target.model_validate(
        {"name": "trajectory", "kind": "trajectory", side: level, "for": "2026-03"}
    )
    frame = pl.DataFrame(
        {
            "indicator": [indicator], "scope_level": ["icb"], "scope": ["QRL"],
            "period": ["2026-03"], "numerator": [numerator], "denominator": [1000.0],
            "value": [found.measure.scale * numerator / 1000], "reported": [1], "expected": [1],
        }
    )  # fmt: skip
    scope = Scope("icb", "QRL", "Hampshire", found.accountable.role, "providers")
    (told,) = system_values(
        [found], [scope], frame, Period(2026, 3), plans=lambda _: {indicator: (target,)}
    )
    (own,) = [t for t in told.targets if t.kind == "trajectory"]
    return own.met


@pytest.mark.parametrize(
    ("numerator", "level", "met"), [(700.0, 70.0, True), (699.0, 70.0, False), (700.0, 69.9, True)]
)
def test_hand_computed_shares(numerator: float, level: float, met: bool) -> None:
    assert judged(numerator, level) is met


@pytest.mark.parametrize(("seconds", "met"), [(1_200_000.0, True), (1_206_000.0, False)])
def test_hand_computed_means_are_met_from_below(seconds: float, met: bool) -> None:
    """1,200,000 s over 1,000 handovers are 20 minutes."""
    assert judged(seconds, 20.0, "amb.handover.mean") is met


def test_a_plan_stands_only_beside_the_figure_of_its_own_body() -> None:
    target = Target.model_validate(
        {"name": "trajectory", "kind": "trajectory", "at_most": 20, "for": "2026-03"}
    )
    plans = {("QRL", "amb.handover.mean"): (target,), ("RYD", "amb.handover.mean"): (target,)}

    def seen(level: str, code: str, role: str) -> bool:
        return bool(of_scope(plans, Scope(level, code, code, role, "")))

    assert seen("icb", "QRL", "hospital")
    assert seen("service", "RYD", "ambulance")
    assert not seen("icb_services", "QRL", "ambulance")  # the whole area of the service
    assert not seen("service", "RYD", "hospital")
    assert not seen("england", "ENGLAND", "ambulance")
