"""The command line: parse, call, print, exit code."""

from __future__ import annotations

import pkgutil
import sys
import traceback
from importlib import import_module

import click

from kpialign.cli import commands
from kpialign.errors import KpialignError
from kpialign.shipped import VERSION


class Commands(click.Group):
    """Commands by the name of their module; only the one asked for is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands there are."""
        return sorted(m.name.rstrip("_") for m in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        for module in pkgutil.iter_modules(commands.__path__):
            if module.name.rstrip("_") == cmd_name:
                command = import_module(f"{commands.__name__}.{module.name}").command
                assert isinstance(command, click.Command)
                return command
        return None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="kpialign")
def cli() -> None:
    """Find indicators that reward one organisation at another's cost, and test them honestly.

    \b
    kpialign check extracts/              the month's run
    kpialign check extracts/ --system QRL with one system in front
    kpialign gate landing/                the checks alone, for jobs
    kpialign diff                         what changed since the run before
    kpialign report --format docx         the pack for a board, of what was published
    kpialign chart --list                 charts for a paper, of what was published
    kpialign export --star powerbi/       facts and dimensions for Power BI
    kpialign explain KA-UEC-002           what a rule, indicator or check means
    kpialign list conflicts               what there is
    kpialign calibrate                    how often the rules cry wolf on your figures
    kpialign lint                         whether the definitions hold together
    kpialign new layout FILE              draft a layout for a file nobody knows
    kpialign schema measures              what such a definition may hold, for editors
    kpialign doctor                       whether this machine and folder are ready
    kpialign wholes uec.ed.four_hour      an indicator at every system, region or service
    kpialign stays RECORDS                records of stays as counts in bands
    """


def main() -> None:
    """Run, and turn what a user can mend into one message and an exit code."""
    try:
        code = cli.main(standalone_mode=False)  # what a command exits with, or None
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except KpialignError as error:
        click.echo(f"kpialign: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception:
        # A fault of kpialign itself: not an answer of the gate, so not its exit code.
        traceback.print_exc()
        sys.exit(KpialignError.exit_code)
    sys.exit(code or 0)
