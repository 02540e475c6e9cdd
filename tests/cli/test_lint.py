"""``kpialign lint`` with and without the tests that rules carry."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kpialign.cli.commands.lint import command
from kpialign.shipped import shipped

TOO_SHORT = """\
tests:
  - name: a year is too short
    simulate: {months: 12, ties: 11, effect: 0.6}
    expect: {too_little_data: "SHARE"}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The shipped rules as one's own, with one quick test between them."""
    folder = tmp_path / "definitions" / "conflicts"
    folder.mkdir(parents=True)
    for path in (shipped("indicators") / "conflicts").rglob("*.yaml"):
        rule = path.read_text("utf-8").partition("\ntests:")[0] + "\n"
        own = TOO_SHORT if path.stem == "handover_response" else ""
        (folder / path.name).write_text(rule + own.replace("SHARE", ">= 0.99"), "utf-8")
    return tmp_path


def run(workspace: Path, *args: str) -> Result:
    return CliRunner().invoke(command, ["--workspace", str(workspace), *args])


def test_without_seeds_it_says_that_the_rules_own_tests_were_not_run(workspace: Path) -> None:
    done = run(workspace)
    assert done.exit_code == 0
    assert "0 faults" in done.stderr
    assert "the rules' own tests were not run" in done.stderr.splitlines()[-1]


def test_with_seeds_it_says_how_many_were_run(workspace: Path) -> None:
    done = run(workspace, "--seeds", "2")
    assert done.exit_code == 0, done.output
    assert "1 tests of rules run on 2 invented systems each" in done.stderr.splitlines()[-1]


def test_a_rule_that_does_not_do_what_its_test_says_is_a_fault_and_ends_with_2(
    workspace: Path,
) -> None:
    rule = workspace / "definitions" / "conflicts" / "handover_response.yaml"
    rule.write_text(rule.read_text("utf-8").replace(">= 0.99", "<= 0.5"), "utf-8")
    assert run(workspace).exit_code == 0
    done = run(workspace, "--seeds", "1")
    assert done.exit_code == 2
    assert re.search(
        r"handover_response\.yaml:\d+: KA-UEC-002, test 'a year is too short': "
        r"too little data in 1\.000, expected <= 0\.5\.",
        done.stdout,
    )
    assert "1 faults" in done.stderr


def test_fewer_than_no_seeds_is_a_users_mistake(workspace: Path) -> None:
    assert run(workspace, "--seeds", "-1").exit_code == 2


def test_one_rule_alone_is_proved_while_it_is_edited(workspace: Path) -> None:
    rule = workspace / "definitions" / "conflicts" / "handover_response.yaml"
    rule.write_text(rule.read_text("utf-8").replace(">= 0.99", "<= 0.5"), "utf-8")
    assert run(workspace, "--seeds", "1", "--only", "ka-uec-002").exit_code == 2
    other = run(workspace, "--seeds", "1", "--only", "KA-UEC-001")
    assert other.exit_code == 0
    assert "0 tests of rules run" in other.stderr.splitlines()[-1]
    unknown = run(workspace, "--seeds", "1", "--only", "KA-UEC-022")
    assert "no rule is called KA-UEC-022" in str(unknown.exception)
