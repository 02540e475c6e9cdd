from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from fixtures.told import MONTHS, told
from kpialign.charts import judged, process, words
from kpialign.errors import DefinitionError
from kpialign.library import Library, load
from kpialign.pipeline import rebasing
from kpialign.pipeline.steadying import steadied
from kpialign.shipped import shipped

BODIES = frozenset({"QRL", "RH0"})


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def read(folder: Path, library: Library, *lines: str) -> pl.DataFrame:
    text = "\n".join(("organisation,indicator,period,reason", *lines))
    (folder / "rebases.csv").write_text(text + "\n", encoding="utf-8")
    return rebasing.read(folder, library.indicators, BODIES)


def test_without_a_file_there_is_none(tmp_path: Path, library: Library) -> None:
    assert rebasing.read(tmp_path, library.indicators, BODIES).is_empty()


def test_a_rebase_is_read_with_its_reason(tmp_path: Path, library: Library) -> None:
    frame = read(tmp_path, library, "qrl,uec.ed.four_hour,2025-02,new front door")
    assert frame.rows() == [("QRL", "uec.ed.four_hour", "2025-02", "new front door", "rebase")]


def test_everything_wrong_is_said_at_once(tmp_path: Path, library: Library) -> None:
    with pytest.raises(DefinitionError) as error:
        read(tmp_path, library, "QRL,uec.ed.four_hour,2025-02,", "QRX,uec.ed.four_hour,Feb,a",
             "QRL,uec.ed.four_hur,2025-02,a", "QRL,uec.ed.four_hour,2025-02,b")  # fmt: skip
    told_of = str(error.value)
    for said in ("rebases.csv:2: reason is empty", "rebases.csv:3:", "2026-03", "QRX",
                 "Did you mean uec.ed.four_hour", "rebases.csv:5:", "here twice"):  # fmt: skip
        assert said in told_of
    (tmp_path / "rebases.csv").write_text("organisation,indicator,month,reason\n")
    with pytest.raises(DefinitionError, match="column 'period' is missing"):
        rebasing.read(tmp_path, library.indicators, BODIES)


def test_a_month_that_is_a_ghost_is_shown_with_its_reason_and_not_counted(
    tmp_path: Path, library: Library
) -> None:
    outcome = told()
    (tmp_path / "rebases.csv").write_text(
        "organisation,indicator,period,reason,kind\n"
        f"QRL,uec.ed.four_hour,{MONTHS[14]},a flood,ghost\n"
        f"RH0,uec.ed.four_hour,{MONTHS[14]},a flood,ghost\n"
        "QRL,uec.ed.four_hour,2001-01,long ago,ghost\n"
    )
    ghosts = rebasing.read(tmp_path, library.indicators, BODIES)
    values, points = steadied(outcome.system_values, outcome.tables.values, "mdc-2023", ghosts)
    own = points.filter(indicator="uec.ed.four_hour", scope="QRL")
    assert own["segment"].max() == 1
    assert own.filter(variation="left_out").select("period", "ghost").rows() == [
        (MONTHS[14], "a flood")
    ]
    tables = replace(outcome.tables, points=points, rebases=ghosts)
    again = replace(outcome, system_values=values, tables=tables)
    drawn = process.chart(again, "QRL", "uec.ed.four_hour").to_dict()
    said = " ".join(drawn["vconcat"][0]["title"]["subtitle"])
    assert f"Shown and not counted, {words.month(MONTHS[14])}: a flood." in said
    bodies = judged.with_key(judged.charts(again).points).filter(organisation="RH0")
    assert bodies.filter(variation="left_out").height == 1
    (tmp_path / "rebases.csv").write_text(
        "organisation,indicator,period,reason,kind\nQRL,uec.ed.four_hour,2025-02,a,gost\n"
    )
    with pytest.raises(DefinitionError, match="Write rebase or ghost"):
        rebasing.read(tmp_path, library.indicators, BODIES)


def test_limits_of_the_whole_and_of_a_body_start_anew_with_the_reason() -> None:
    outcome = told()
    rebases = pl.DataFrame(
        {"organisation": ["QRL", "RH0"], "indicator": ["uec.ed.four_hour"] * 2,
         "period": [MONTHS[14]] * 2, "reason": ["a new front door"] * 2,
         "kind": ["rebase"] * 2}
    )  # fmt: skip
    _, points = steadied(outcome.system_values, outcome.tables.values, "mdc-2023", rebases)
    own = points.filter(indicator="uec.ed.four_hour").sort("period")
    assert own["segment"].max() == 2
    assert own.filter(pl.col("segment") == 2)["reason"].unique().to_list() == ["a new front door"]
    again = replace(outcome, tables=replace(outcome.tables, rebases=rebases))
    bodies = judged.with_key(judged.charts(again).points).filter(organisation="RH0")
    assert bodies.sort("period").filter(segment=2)["period"][0] == MONTHS[14]
