"""The words of narrative.csv: refused by row, and put beside the findings they answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fixtures.told import findings

from kpialign.errors import DefinitionError
from kpialign.extracts.workspace import read_workspace
from kpialign.library import Library, load
from kpialign.pipeline.narrating import Narrated, narrated
from kpialign.shipped import shipped

HEAD = "organisation,indicator,rule,period,kind,text,by\n"
NAMES = {("hospital", "RHU"): "Portsmouth", ("ambulance", "RYE"): "South Central"}


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def read(folder: Path, library: Library, rows: str, head: str = HEAD) -> Narrated:
    (folder / "narrative.csv").write_text(head + rows, "utf-8")
    return narrated(
        findings(),
        read_workspace(folder),
        library,
        NAMES,
        {"RHU", "RYE", "QRL"},
    )


def test_words_stand_with_every_finding_that_looks_at_their_indicator(
    tmp_path: Path, library: Library
) -> None:
    told = read(
        tmp_path, library,
        "RYE,amb.handover.mean,,2025-11,,a new handover area opened,operations\n"
        "rhu,amb.handover.mean,,2026-01,patient_story,I waited in the ambulance,\n",
    )  # fmt: skip
    response, hold, _ = told.findings
    assert [n.name for n in response.narratives] == ["Portsmouth", "South Central"]
    assert response.narratives == hold.narratives
    first = response.narratives[1]
    assert (first.kind, first.by, first.title) == ("reason", "operations", "handover, mean")
    assert told.notes == ()


def test_words_on_a_rule_answer_that_rule_alone(tmp_path: Path, library: Library) -> None:
    row = "QRL,amb.handover.mean,ka-uec-001,2026-01,,we stopped holding,"
    told = read(tmp_path, library, row)
    assert [len(f.narratives) for f in told.findings] == [0, 1, 0]


def test_words_that_answer_nothing_are_named(tmp_path: Path, library: Library) -> None:
    told = read(tmp_path, library, "RHU,uec.ed.four_hour.type3,,2026-01,,the unit moved,\n")
    assert told.notes == (
        "narrative.csv, line 2: no finding of this run looks at uec.ed.four_hour.type3",
    )


def test_every_refused_row_is_named_at_once(tmp_path: Path, library: Library) -> None:
    with pytest.raises(DefinitionError) as error:
        read(
            tmp_path, library,
            "XX9,amb.handover.mean,,2026-01,,words,\n"
            "RHU,amb.handover.men,,2026-01,,words,\n"
            "RHU,,KA-UEC-999,2026-01,,words,\n"
            "RHU,,,2026-01,,,\n"
            "RHU,amb.handover.mean,,January,,words,\n"
            "RHU,amb.handover.mean,,2026-01,pateint_story,words,\n"
            "RHU,amb.handover.mean,,2026-01,,NHS number 943 476 5919 waited,\n"
            "RHU,amb.handover.mean,,2026-01,,she lives at PO1 2AB,\n",
        )  # fmt: skip
    told = str(error.value)
    for line, words in (
        (2, "No organisation of the data has the code XX9"),
        (3, "No indicator is called amb.handover.men. Did you mean amb.handover.mean"),
        (4, "No rule is called KA-UEC-999"),
        (5, "text is empty"),
        (5, "neither indicator nor rule is named"),
        (6, "Write the month as 2026-03"),
        (7, "kind 'pateint_story' is not known. Did you mean patient_story"),
        (8, "the words hold an NHS number"),
        (9, "the words hold a full postcode"),
    ):
        assert any(f"narrative.csv:{line}:" in row and words in row for row in told.splitlines()), (
            line, told,
        )  # fmt: skip
    assert "943 476" not in told
    assert "PO1" not in told


def test_a_missing_column_is_named(tmp_path: Path, library: Library) -> None:
    with pytest.raises(DefinitionError, match="the column 'period' is missing"):
        read(tmp_path, library, "RHU,words\n", head="organisation,text\n")
