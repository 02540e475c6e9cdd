"""What `kpialign composite` prints of the invented extracts."""

from click.testing import CliRunner

from kpialign.cli.commands.composite import command
from kpialign.findings import Outcome
from kpialign.pipeline.request import Request


def test_it_prints_parts_before_the_one_figure(
    sample_outcome: Outcome, sample_request: Request
) -> None:
    database = str(sample_request.settings.database)
    ran = CliRunner().invoke(
        command, ["system.urgent_care", "--database", database, "--level", "region", "--ranks"]
    )
    assert ran.exit_code == 0, ran.output
    headings = ("PART ", "THE ONE FIGURE", "WHAT MOVED IT", "DO THE PARTS GO TOGETHER", "RANKS")
    order = [ran.output.index(words) for words in headings]
    assert order == sorted(order)
    assert "95 % interval from chance in the figures" in ran.output
    assert max(map(len, ran.output.splitlines())) <= 100
    assert sample_outcome.composites


def test_it_lists_them_and_says_what_is_not_there() -> None:
    runner = CliRunner()
    listed = runner.invoke(command, []).output
    assert "system.urgent_care  Urgent care" in listed
    wrong = runner.invoke(command, ["system.urgent_car"])
    assert "Did you mean system.urgent_care" in str(wrong.exception)
