from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kpialign.library import Library, load
from kpialign.proving import lint
from kpialign.shipped import shipped

TODAY = date(2026, 11, 21)
MEASURE = """\
id: t.late
title: Late
short: late
why: Waiting harms.
kind: process
used_for: tests
unit: percent
improves: down
measure: {type: ratio, numerator: t.late, denominator: t.all, scale: 100}
accountable: {role: hospital}
peers: {set: all}
review: {owner: performance team, reviewed: 2025-01-01, next: 2026-11-20}
"""
ITEMS = """\
area: t
items:
  - {id: t.all, title: All, unit: person}
  - {id: t.late, title: Late, unit: person}
"""
PEERS = """\
source: invented
checked: 2026-01-01
peer_sets: [{id: all, title: All, role: hospital}]
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def invented(folder: Path, example: str, items: str = ITEMS) -> Library:
    files = {
        "items/t.yaml": items,
        "organisations/all.yaml": PEERS,
        "measures/t/late.yaml": MEASURE + example,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return load([folder])


def test_the_shipped_definitions_do_what_their_examples_say(library: Library) -> None:
    assert lint(library, TODAY).faults == ()
    assert lint(library, TODAY).warnings == ()


def test_every_shipped_indicator_shows_a_system_value(library: Library) -> None:
    for indicator in library.indicators.values():
        names = {name for example in indicator.examples for name in example.expect}
        assert "system" in names or indicator.id.endswith(("type1", "type3")), indicator.id


def test_a_wrong_expectation_is_a_fault_with_both_figures(tmp_path: Path) -> None:
    example = """\
examples:
  - name: an average of averages
    items:
      - {organisation: A, period: 2026-01, t.late: 50, t.all: 100}
      - {organisation: B, period: 2026-01, t.late: 0, t.all: 900}
    expect: {A: 50, B: 0, system: 25}
"""
    [fault] = lint(invented(tmp_path, example), TODAY).faults
    assert str(fault) == (
        f"{tmp_path}/measures/t/late.yaml:1: t.late, example 'an average of averages': "
        "system is 5, expected 25. Correct the measure or the example."
    )


@pytest.mark.parametrize("expected", ["A: 0", "A: 12", "system: 0"])
def test_a_missing_part_is_not_zero(expected: str, tmp_path: Path) -> None:
    example = (
        "examples:\n  - {name: gap, items: [{organisation: A, period: 2026-01, t.all: 9}], "
        f"expect: {{{expected}}}}}\n"
    )
    [fault] = lint(invented(tmp_path, example), TODAY).faults
    assert "is not known, expected" in fault.what


@pytest.mark.parametrize(("outside", "expected"), [("zero", "A: 50"), ("missing", "A: null")])
def test_what_was_not_yet_collected_is_zero_only_where_the_item_says_so(
    outside: str, expected: str, tmp_path: Path
) -> None:
    example = (
        "examples:\n  - {name: before, items: [{organisation: A, period: 2019-01, t.some: 4, "
        f"t.late: 2}}], expect: {{{expected}}}}}\n"
    )
    folder = tmp_path / "items"
    folder.mkdir()
    (folder / "u.yaml").write_text(f"""\
area: t
items:
  - {{id: t.some, title: Some, unit: person}}
  - {{id: t.more, title: More, unit: person, collected: {{from: 2020-08, outside: {outside}}}}}
  - {{id: t.all, title: All, unit: person, is: t.some + t.more}}
""")
    items = ITEMS.replace("  - {id: t.all, title: All, unit: person}\n", "")
    assert lint(invented(tmp_path, example, items), TODAY).faults == ()


def test_an_example_is_one_month(tmp_path: Path) -> None:
    example = """\
examples:
  - name: two months
    items:
      - {organisation: A, period: 2026-01, t.late: 50, t.all: 100}
      - {organisation: B, period: 2026-02, t.late: 0, t.all: 900}
    expect: {system: 5}
"""
    [fault] = lint(invented(tmp_path, example), TODAY).faults
    assert "more than one month" in fault.what


def test_warns_of_a_review_that_is_due_and_of_no_example(tmp_path: Path) -> None:
    warnings = lint(invented(tmp_path, ""), TODAY).warnings
    assert [w.what for w in warnings] == [
        "t.late has no example.",
        "t.late was to be reviewed by 2026-11-20.",
    ]
    assert len(lint(load([tmp_path]), date(2026, 11, 20)).warnings) == 1


def test_a_rule_is_looked_at_again_by_its_day(library: Library) -> None:
    rule = library.conflicts["KA-UEC-001"]
    assert rule.review is not None
    after = rule.review.next + timedelta(days=1)
    said = [str(w) for w in lint(library, after).warnings if "KA-UEC-001" in str(w)]
    assert len(said) == 1
    assert f"was to be reviewed by {rule.review.next}" in said[0]
    bare = rule.model_copy(update={"review": None})
    without = replace(library, conflicts={**library.conflicts, rule.id: bare})
    assert "names nobody who looks at it again" in str(lint(without, TODAY).warnings[0])
