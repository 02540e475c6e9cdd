"""One finding step by step, as `kpialign explain RULE --finding` tells it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from tests.fixtures.told import told

from kpialign.cli.commands.explain import command
from kpialign.conflicts.judge import judge
from kpialign.errors import UsageError
from kpialign.findings import Finding, Lead
from kpialign.library import load
from kpialign.outputs.run import report, screen
from kpialign.outputs.terminal import finding as walk
from kpialign.proving.rules import invent
from kpialign.shipped import shipped
from kpialign.terms import LocalWord


@pytest.fixture(scope="module")
def finding() -> Finding:
    """A rule judged on an invented system with its link planted."""
    library = load([shipped("indicators")])
    rule = library.conflicts["KA-UEC-002"]
    [found] = judge(
        [rule], library.indicators, invent(rule, rule.tests[0], library, 1), {}
    ).findings
    return found


def test_the_steps_lead_to_the_estimate_and_clear_the_unlinked(finding: Finding) -> None:
    [arrow] = finding.arrows
    names = ["as_reported", "less_season", "less_peers", "less_memory", "held_fixed", "control"]
    assert [step.step for step in arrow.steps] == names
    assert arrow.steps[3].estimate == arrow.pooled
    assert arrow.steps[4].estimate == arrow.held
    assert arrow.steps[5].estimate == finding.controls[0].pooled
    shares = [step.unlinked for step in arrow.steps[:4]]
    assert shares[0] > 0.5, shares
    assert shares[3] < 0.15, shares
    assert [step.unlinked for step in arrow.steps[4:]] == [None, None]
    assert finding.controls[0].steps == ()


def test_it_is_told_in_order_with_what_would_make_it_go_away(finding: Finding) -> None:
    text = walk.render(told(), finding, tie="T003")
    at = [text.index(f"  {n} ") for n in ("1 figures", "2 less", "3 less", "4 less")]
    assert at == sorted(at)
    for words in (
        "SUPPORTED · harm if true: high", "WHAT WOULD MAKE IT GO AWAY", "with ambulance incidents",
        "control, handover, mean → 999 call answering, mean: an interval that leaves 0 out",
        "T003:", "unlinked pairs look as strong", "minutes per minute", "not proof of intent",
    ):  # fmt: skip
        assert words in " ".join(text.split())
    assert "T004:" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_what_cannot_be_estimated_says_why(finding: Finding) -> None:
    lacking = told().findings[2]
    text = walk.render(told(), lacking)
    assert "Not estimated: 24 months of 30 needed." in text
    assert "WHAT STANDS AGAINST MORE" in text


def test_a_terminal_is_told_no_escapes(finding: Finding) -> None:
    text = walk.render(told(), replace(finding, title="a\x1b[31m"))
    assert "\x1b" not in text


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    missing = ["KA-UEC-002", "--finding", "--database", str(tmp_path / "k.duckdb")]
    error = CliRunner().invoke(command, missing).exception
    assert isinstance(error, UsageError)
    assert "Run `kpialign check` first" in str(error)


def test_a_tie_that_stands_out_is_a_lead_with_what_would_make_it_go_away(finding: Finding) -> None:
    [arrow] = finding.arrows
    assert [tie.lead is not None for tie in arrow.ties] == [
        tie.word is LocalWord.STANDS_OUT for tie in arrow.ties
    ]
    lead = Lead("2021-05", 0.48, 0.05, 0.75)
    tie = replace(arrow.ties[3], word=LocalWord.STANDS_OUT, lead=lead)
    changed = replace(finding, arrows=(replace(arrow, ties=(tie,)),), here=(tie,))
    words = (
        "a lead, no verdict, as about 1 tie in 20 is by accident: with a change of level from "
        "May 2021 allowed for r is +0.48 (+0.05 to +0.75); ask first whether recording changed"
    )
    run = replace(told(), findings=(changed,))
    for text in (walk.render(run, changed), screen.render(run), report.render(run)):
        assert words in " ".join(text.split())


def test_a_change_of_recording_at_one_tie_is_what_its_lead_names() -> None:
    """Eleven ties without a link; at one both figures jump in one month, as they are recorded."""
    library = load([shipped("indicators")])
    rule = library.conflicts["KA-UEC-002"]
    planted = next(test for test in rule.tests if test.name == "shared winter and shock only")
    network = invent(rule, planted, library, 4)
    jumped = pl.col("numerator") + 15 * (
        (pl.col("organisation") == "T003") & (pl.col("period") >= "2022-10")
    )
    [found] = judge(
        [rule],
        library.indicators,
        replace(network, parts=network.parts.with_columns(numerator=jumped)),
        {},
    ).findings
    [tie] = [one for one in found.arrows[0].ties if one.tie == "T003"]
    assert tie.word is LocalWord.STANDS_OUT
    assert tie.lead is not None
    assert tie.lead.since == "2022-10"
    assert abs(tie.lead.r) < tie.r
