"""What `kpialign wholes` prints of the invented extracts."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from kpialign.cli.commands.wholes import command
from kpialign.definitions.events import Event
from kpialign.findings import Outcome
from kpialign.library import Library, load
from kpialign.pipeline.request import Request
from kpialign.pipeline.wholes import lines
from kpialign.shipped import shipped

NAMES = ("uec.ed.four_hour", "amb.cat2.mean")


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


@pytest.mark.usefixtures("sample_outcome")
def test_every_whole_of_a_level_is_printed_by_code_with_its_targets(
    sample_request: Request,
) -> None:
    database = str(sample_request.settings.database)
    ran = CliRunner().invoke(command, [*NAMES, "--database", database, "--level", "region"])
    assert ran.exit_code == 0, ran.output
    assert "Four-hour, all types \N{MIDDLE DOT} Mar 2026" in ran.output
    assert "standard, at least 95.0%: not met" in ran.output
    assert "over the financial year" in " ".join(ran.output.split())
    assert max(map(len, ran.output.splitlines())) <= 100
    rows = [line.split()[0] for line in ran.output.splitlines() if line.startswith("  Y")]
    half = len(rows) // 2
    assert rows[:half] == sorted(rows[:half])
    assert len(set(rows)) == 7


def test_an_indicator_nobody_knows_is_told() -> None:
    ran = CliRunner().invoke(command, ["uec.ed.four_hou"])
    assert "Did you mean uec.ed.four_hour" in str(ran.exception)


def test_england_is_what_the_run_told_and_regions_are_its_parts(
    sample_outcome: Outcome, library: Library
) -> None:
    for name in NAMES:
        values = [v for v in sample_outcome.system_values if v.indicator == name]
        told = next(v for v in values if v.scope == "ENGLAND")
        [england] = lines(sample_outcome, library, "england", [name])
        assert (england.value.value, england.value.targets) == (told.value, told.targets)
        assert (england.value.reported, england.value.expected) == (told.reported, told.expected)
        parts = sample_outcome.tables.parts
        assert parts is not None
        own = parts.filter(indicator=name, period=sample_outcome.period)
        for side in ("numerator", "denominator", "reported"):
            [whole] = own.filter(level="england")[side]
            assert own.filter(level="region")[side].sum() == pytest.approx(whole)


def test_no_month_across_a_confirmed_break_stands_beside(
    sample_outcome: Outcome, library: Library
) -> None:
    [plain] = lines(sample_outcome, library, "england", ["uec.ed.four_hour"])
    assert plain.last_month is not None
    assert plain.year_before is not None
    cut = Event.model_validate({
        "id": "ev.cut", "effect": "incomparable", "status": "confirmed", "why": "w",
        "source": "s", "scope": {"items": "ae.over_4h.type1", "from": "2025-11"},
    })  # fmt: skip
    known = replace(library, events={"ev.cut": cut})
    [found] = lines(sample_outcome, known, "england", ["uec.ed.four_hour"])
    assert (found.value.value, found.year_before) == (plain.value.value, None)
    assert found.last_month == plain.last_month
    cut = cut.model_copy(update={"scope": cut.scope.model_copy(update={"items": ("amb.cat2.*",)})})
    known = replace(library, events={"ev.cut": cut})
    [found] = lines(sample_outcome, known, "england", ["amb.cat2.mean"])
    told = {target.name: target for target in found.value.targets}
    assert told["standard"].met is not None
    assert told["ambition-2025-26"].met is None
    assert told["ambition-2025-26"].basis.endswith("12 of 12 months, with a break in it")
