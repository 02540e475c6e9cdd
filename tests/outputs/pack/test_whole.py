"""What a pack says of the whole: parts and movement before any one figure."""

from __future__ import annotations

from dataclasses import replace

from fixtures.told import told
from kpialign.findings import (
    CompositeDoubt,
    Ledger,
    LedgerStage,
    Movement,
    MovementStep,
    StageLoss,
    StageMeasure,
)
from kpialign.outputs.pack import Told
from kpialign.outputs.pack.choice import Choice
from kpialign.outputs.pack.content import Wanted, said
from kpialign.outputs.pack.sections import whole

NOW = "2026-03"


def test_movement_and_stages_stand_before_composites() -> None:
    outcome = told()
    move = Movement(
        "uec.ed.four_hour", "four-hour, all types", "percent", "up", "QRL", "Q", "b", "2026-02",
        NOW, 70.0, 70.0, 72.0, (MovementStep("rate", "RHU", "Portsmouth", 2.0),),
    )  # fmt: skip
    stage = LedgerStage(
        "one", "First", ("ambulance",),
        (StageMeasure("a", "A", "minutes", "down", 27.3, "reported", None, "b"),),
        (StageLoss("a", "hours", "incidents", 4408.0, 155.7, None, "b", ""),), (),
    )  # fmt: skip
    way = Ledger("way", "A way", "Because.", "stages", "QRL", "Q", NOW, (stage,), "not linked")
    doubt = CompositeDoubt(52, 61, 50, 65, -4, 6, 0.3, 0.4, False, "not significant", (), 9, 1)
    first = replace(outcome.composites[0], doubt=doubt, rewards=("this composite rewards X",))
    full = replace(outcome, movements=(move,), ledgers=(way,), composites=(first,))
    section = whole.section(Told(full, None, Choice()))
    assert section is not None
    ids = [part.id for part in section.parts]
    assert ids[-3:] == ["whole-moved", "whole-ways", "composite-uec.flow-QRL"]
    text = " ".join(said(section))
    for words in ("rate +2.00", "most by Portsmouth", "first 4,408 hours", "52.0 to 61.0",
                  "This composite rewards X."):  # fmt: skip
        assert words in text
    wanted = {block.kind for part in section.parts for block in part.blocks
              if isinstance(block, Wanted)}  # fmt: skip
    assert {"waterfall", "ledger", "composite"} <= wanted


def test_signs_that_would_come_by_accident_are_counted() -> None:
    outcome = told()
    chances = [v.process.false_alarm for v in outcome.system_values if v.process]
    section = whole.section(Told(outcome, None, Choice()))
    assert section is not None
    assert f"Of {len(chances)} signs of change about" in " ".join(said(section))


def test_a_run_without_them_says_nothing_of_them() -> None:
    section = whole.section(Told(told(), None, Choice()))
    assert section is not None
    assert not {"whole-moved", "whole-ways"} & {part.id for part in section.parts}
