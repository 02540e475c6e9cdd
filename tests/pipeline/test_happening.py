"""Events beside the figures of a whole, and in the data."""

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.pipeline.test_status import asked

from kpialign.charts import render, system
from kpialign.definitions.events import Event
from kpialign.findings import Outcome, SystemValue
from kpialign.findings.facts import EventMark
from kpialign.outputs.run import report, screen
from kpialign.pipeline.run import check
from kpialign.store.database import open_database
from kpialign.terms import Period


def event(folder: Path, name: str, effect: str, scope: str, status: str = "confirmed") -> None:
    own = folder.parent / "definitions" / "events"
    own.mkdir(parents=True, exist_ok=True)
    text = f"id: ev.{name}\ntitle: {name}\nscope: {{{scope}}}\neffect: {effect}\n"
    (own / f"{name}.yaml").write_text(f"{text}status: {status}\nwhy: w\nsource: s\n", "utf-8")


def value(outcome: Outcome, indicator: str) -> SystemValue:
    return next(v for v in outcome.system_values if v.indicator == indicator)


TYPE_1 = "uec.ed.four_hour.type1"


@pytest.fixture(scope="module")
def known(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A place that knows April 2022 and April 2023, and what type 1 was a year before."""
    place = tmp_path_factory.mktemp("known")
    (place / "few").mkdir()
    for name in ("Monthly-AE-April-2022.csv", "April-2023-AE-hgm53 copy.csv"):
        shutil.copy(sample / "ae" / name, place / "few")
    before = value(check(asked(place / "few")), TYPE_1).year_before
    assert before is not None
    return place, before


@pytest.mark.parametrize(
    ("status", "scope", "barred"),
    [
        ("confirmed", "from: 2022-10", True),
        ("confirmed", "from: 2023-04", True),
        ("confirmed", "from: 2022-04", False),
        ("confirmed", "from: 2021-04, until: 2022-07", True),
        ("confirmed", "from: 2022-10, organisations: [ZH01]", False),
        ("confirmed", "from: 2022-10, roles: [ambulance]", None),
        ("unconfirmed", "from: 2022-10", False),
    ],
)
def test_a_change_across_a_break_is_named_and_not_printed(
    known: tuple[Path, float],
    tmp_path: Path,
    status: str,
    scope: str,
    barred: bool | None,
) -> None:
    before, plain = known
    folder = shutil.copytree(before, tmp_path / "known") / "few"
    event(folder, "anew", "incomparable", f"items: [ae.over_4h.type1], {scope}", status)
    outcome = check(asked(folder))
    found = value(outcome, TYPE_1)
    told = "anew (incomparable" in screen.render(outcome)
    if barred:
        assert (found.year_before, found.year_before_state) == (None, "incomparable")
        assert told
        alone = replace(outcome, system_values=(found,), findings=())
        assert "anew (incomparable, confirmed)" in report.render(alone)
    else:
        assert found.year_before == plain
        assert told == (barred is False and scope != "from: 2022-04")
    moved = {move.indicator for move in outcome.movements if move.since == "2022-04"}
    assert (TYPE_1 in moved) != bool(barred)
    assert "uec.ed.over_12h_from_dta" in moved
    # All types hold type 1, twelve hours do not.
    everything = value(outcome, "uec.ed.four_hour")
    assert (everything.year_before is None) == bool(barred)
    assert value(outcome, "uec.ed.over_12h_from_dta").year_before is not None


def test_a_chart_marks_events_and_says_what_they_are(few: Path) -> None:
    event(few, "moved", "step", "items: [ae.over_4h.type1], from: 2022-05")
    event(few, "ended", "shock", "items: [ae.*], from: 2020-01, until: 2020-02")
    drawing = system.chart(check(asked(few)), "ENGLAND")
    text = render.vega_lite(drawing.to_dict())
    said = "a: from May 2022: moved (step, confirmed)."
    assert said in text
    assert said in str(drawing.description)
    assert "ended" not in text
    letters = [rows for rows in drawing.to_dict()["datasets"].values() if "letter" in rows[0]]
    assert {row["letter"] for rows in letters for row in rows} == {"a"}


def test_a_span_of_everyone_or_of_a_role_takes_values_away(few: Path) -> None:
    event(few, "strike", "not_reported",
          "items: [ae.attendances.type1], from: 2022-05, until: 2022-05")  # fmt: skip
    event(few, "other", "not_reported",
          "items: [ae.attendances.type3], from: 2022-05, roles: [ambulance]")  # fmt: skip
    event(few, "again", "not_reported",
          "items: [ae.attendances.*], organisations: [ZH01], from: 2022-05")  # fmt: skip
    outcome = check(asked(few))
    rows = outcome.tables.values.filter(scope="ENGLAND", indicator="uec.ed.attendances.type1")
    assert dict(rows.select("period", "reported").iter_rows())["2022-05"] == 0
    last = rows.filter(pl.col("period") == "2022-06").row(0, named=True)
    assert last["expected"] - last["reported"] == 1
    with open_database(few.parent / "k.duckdb") as connection:
        kept = connection.execute(
            "SELECT count(*) FROM data_item_value WHERE value IS NULL AND period = '2022-05' "
            "AND item = 'ae.attendances.type1'"
        ).fetchall()
    assert kept == [(0,)]  # the ledger keeps what was sent


@pytest.mark.parametrize(
    ("effect", "since", "until", "between"),
    [
        ("step", "2025-11", "", True),
        ("step", "2025-03", "", False),
        ("step", "2026-04", "", False),
        ("shock", "2025-01", "2025-03", True),
        ("shock", "2025-06", "2025-08", False),
        ("shock", "2026-03", "", True),
        ("not_reported", "2025-03", "2025-03", True),
        ("incomparable", "2024-01", "2025-06", True),
        ("incomparable", "2024-01", "2026-06", False),
    ],
)
def test_what_stands_between_two_months(effect: str, since: str, until: str, between: bool) -> None:
    mark = EventMark("e", "e", effect, True, since, until)
    assert mark.between("2025-03", "2026-03") is between


def test_the_cut_is_the_last_break_before_the_end() -> None:
    made = Event.model_validate(
        {"id": "e", "effect": "incomparable", "status": "confirmed", "why": "w", "source": "s",
         "scope": {"items": "a.b", "from": "2024-01", "until": "2024-06", "organisations": "X"}}
    )  # fmt: skip
    months = ("2023-12", "2024-03", "2025-01")
    cuts = [made.cut(Period.parse(month)) for month in months]
    assert cuts == [None, Period(2024, 1), Period(2024, 7)]
