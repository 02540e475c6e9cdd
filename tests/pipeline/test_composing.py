"""Composites of the wholes of a level, out of figures and definitions."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from kpialign.definitions.events import Event
from kpialign.findings import CompositeValue
from kpialign.library import Library, load
from kpialign.pipeline.composing import at_level
from kpialign.shipped import shipped
from kpialign.terms import Period

NOW, MONTHS = Period(2026, 3), 24
PLAN = "system.discharge"


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


@pytest.fixture(scope="module")
def parts(library: Library) -> pl.DataFrame:
    rng = np.random.default_rng(1)
    names = [leaf.name for leaf in library.composites[PLAN].leaves]
    rows = [
        ("region", unit, unit, name, str(NOW + -back), 100 * top / 400, float(top), 400.0)
        for unit in ("Y1", "Y2") for name in names for back in range(MONTHS)
        for top in [int(rng.binomial(400, 0.12))]
    ]  # fmt: skip
    names = ["level", "unit", "name", "indicator", "period", "value", "numerator", "denominator"]
    return pl.DataFrame(rows, schema=names, orient="row")


def told(library: Library, parts: pl.DataFrame, *events: tuple[str, str, str]) -> CompositeValue:
    own = [
        Event.model_validate({
            "id": f"ev.{status}", "effect": "incomparable", "status": status, "why": "w",
            "source": "s", "scope": {"items": item, "from": since},
        })
        for item, since, status in events
    ]  # fmt: skip
    known = replace(library, events={event.id: event for event in own})
    return at_level(known, known.composites[PLAN], "region", parts, NOW)[0]


def test_a_change_across_a_break_of_one_part_is_refused_and_named(
    library: Library, parts: pl.DataFrame
) -> None:
    plain = told(library, parts)
    assert [move.since for move in plain.moves] == ["2026-02", "2025-03"]
    found = told(library, parts, ("ae.dta_over_12h", "2025-11", "confirmed"))
    assert found.value == plain.value
    assert [move.since for move in found.moves] == ["2026-02"]
    assert found.year_before is None
    held, waited = found.parts
    assert held.year_before is not None
    assert (waited.year_before, waited.last_month is None) == (None, False)
    assert any("from Nov 2025 does not compare with earlier months" in n for n in found.notes)
    assert found.coherence is not None
    assert found.coherence.alpha is None  # five months are left
    assert plain.coherence is not None
    assert plain.coherence.alpha is not None


def test_a_break_in_the_month_told_leaves_nothing_to_compare_with(
    library: Library, parts: pl.DataFrame
) -> None:
    found = told(library, parts, ("ae.dta_over_12h", "2026-03", "confirmed"))
    assert (found.moves, found.last_month, found.band_last_month) == ((), None, "")
    assert found.doubt is not None
    assert (found.doubt.significant, found.doubt.band_differs) == (None, None)
    assert found.doubt.words == "there is no month before to compare with"


def test_what_is_not_confirmed_bars_no_change(library: Library, parts: pl.DataFrame) -> None:
    found = told(library, parts, ("ae.dta_over_12h", "2025-11", "unconfirmed"))
    assert len(found.moves) == 2
