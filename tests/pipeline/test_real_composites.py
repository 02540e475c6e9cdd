"""Urgent care of the seven regions on the published months."""

from __future__ import annotations

import pytest

from kpialign.findings import CompositeValue, Outcome
from kpialign.library import load
from kpialign.pipeline.composing import at_level
from kpialign.shipped import shipped
from kpialign.terms import Period

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def regions(real_outcome: Outcome) -> tuple[CompositeValue, ...]:
    library = load([shipped("indicators")])
    assert real_outcome.tables.parts is not None
    return at_level(
        library, library.composites["system.urgent_care"], "region", real_outcome.tables.parts,
        Period.parse(real_outcome.period),
    )  # fmt: skip


def test_seven_regions_have_a_figure_an_interval_and_what_moved_it(
    regions: tuple[CompositeValue, ...],
) -> None:
    assert len(regions) == 7
    for region in regions:
        assert region.value is not None
        assert region.doubt is not None
        assert region.doubt.low < region.value < region.doubt.high
        assert region.doubt.wide_high > region.doubt.high  # an arithmetic mean makes up for more
        assert [move.since for move in region.moves] == ["2026-02", "2025-03"]
        for move in region.moves:
            told = sum(step.amount for step in move.steps)
            assert told == pytest.approx(move.after - move.before, abs=1e-9)


def test_most_changes_of_a_month_are_not_told_as_progress(
    regions: tuple[CompositeValue, ...],
) -> None:
    significant = [r.scope_name for r in regions if r.doubt and r.doubt.significant]
    assert len(significant) <= 5


def test_what_stands_in_front_has_its_ledger_and_says_what_the_rules_found(
    real_outcome: Outcome,
) -> None:
    way = next(w for w in real_outcome.ledgers if (w.id, w.scope) == ("urgent_care", "QRL"))
    losses = {stage.id: stage.losses for stage in way.stages if stage.losses}
    assert {"response", "handover", "department", "bed"} <= set(losses)
    whole = next(c for c in real_outcome.composites if c.id == "system.urgent_care")
    assert any("KA-UEC-003" in text for text in whole.rewards)
    assert not any(text.startswith("this composite rewards") for text in whole.rewards)
