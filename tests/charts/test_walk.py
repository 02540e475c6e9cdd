"""The steps of an arrow at one tie: what is drawn is what was weighed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from fixtures.told import told
from kpialign import charts
from kpialign.charts import walk
from kpialign.cli.commands import explain
from kpialign.conflicts.judge import judge
from kpialign.findings import Outcome
from kpialign.library import load
from kpialign.pipeline import retelling
from kpialign.proving.rules import invent
from kpialign.shipped import shipped

# The second follows a month later; the ends of the third have figures that part.
RULES = ("KA-UEC-002", "KA-ELE-002", "KA-ELE-001")


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """Two rules judged on invented systems with their links planted."""
    library = load([shipped("indicators")])
    rules = [library.conflicts[name] for name in RULES]
    judged = [
        judge([rule], library.indicators, invent(rule, rule.tests[0], library, 1), {})
        for rule in rules
    ]
    run = told()
    return replace(
        run,
        findings=tuple(found for one in judged for found in one.findings),
        tables=replace(run.tables, pairs=pl.concat([one.pairs for one in judged])),
    )


@pytest.mark.parametrize("rule", RULES)
def test_what_is_drawn_last_correlates_as_the_tie_was_found_to(outcome: Outcome, rule: str) -> None:
    [finding] = [one for one in outcome.findings if one.rule == rule]
    [arrow] = finding.arrows
    for tie in arrow.ties[:5]:
        rows = walk.frame(outcome, rule, arrow.id, tie.tie)
        drawn = rows.filter(step="less_memory").drop_nulls(["start", "end"])
        assert drawn.select(pl.corr("start", "end")).item() == pytest.approx(tie.r, abs=1e-9)
        assert drawn.height == tie.months - 2 - (rule == "KA-ELE-002")


def test_each_step_has_a_panel_with_its_own_words(outcome: Outcome) -> None:
    drawn = charts.picture(outcome, "KA-UEC-002", "starve", "T003", kind="walk")
    assert drawn.chart.to_dict(validate=True) == drawn.spec
    for n, words in enumerate(("as reported", "less trend", "less what the peers", "echo"), 1):
        assert f"{n} " in drawn.alt_text
        assert words in drawn.alt_text.lower()
    assert drawn.alt_text.count("of unlinked pairs look linked") == 4
    assert "All ties together: +0." in drawn.alt_text


def test_explain_writes_the_steps_of_the_tie_that_is_named(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retelling, "retold", lambda *_: outcome)
    asked = ["KA-UEC-002", "--finding", "--tie", "T003", "--charts", str(tmp_path / "walk")]
    told_ = CliRunner().invoke(explain.command, asked)
    assert told_.exit_code == 0, told_.output
    [path] = (tmp_path / "walk").iterdir()
    assert path.name == "KA-UEC-002_starve_T003_walk.svg"
    assert "<svg" in path.read_text("utf-8")
    assert "WHAT WOULD MAKE IT GO AWAY" in told_.output
