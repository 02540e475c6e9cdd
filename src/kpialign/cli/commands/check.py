"""``kpialign check``: the month's run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpialign.cli.options import gate_code, places, request_of, said_of_files, threshold
from kpialign.errors import UsageError

if TYPE_CHECKING:
    from kpialign.pipeline.ledger import Earlier, Summary
    from kpialign.pipeline.request import Request

SEVERITIES = ("low", "medium", "high")


@click.command("check")
@places
@click.option("--system", help="Code of the system, region or service to put in front.")
@click.option("--report", type=click.Path(path_type=Path), help="Folder for report and charts.")
@click.option("--boundaries", type=click.Choice(["now", "then"]),
              help="Count months with the places of now (default) or of then.")  # fmt: skip
@said_of_files
@click.option(
    "--as-known-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Look back: the figures this database knew by the end of that day.",
)
@click.option("--as-published-on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Look back: the figures as published by that day.")  # fmt: skip
@click.option("--format", "format", type=click.Choice(["text", "json"]), default="text")
@threshold
@click.option("--fail-on-finding", type=click.Choice(SEVERITIES),
              help="Also exit 1 for a supported finding of this severity or above.")  # fmt: skip
def command(
    *,
    extracts: tuple[Path, ...],
    workspace: Path | None,
    published: tuple[str, ...],
    allow: tuple[str, ...],
    period: tuple[str, ...],
    status: tuple[str, ...],
    as_known_on: datetime | None,
    as_published_on: datetime | None,
    format: str,  # noqa: A002  # named like its option, so that its environment variable is too
    fail_on: str,
    fail_on_finding: str | None,
    **options: object,
) -> None:
    """Read extracts, gate them, judge the incentives and write a report.

    EXTRACTS are files or folders; folders are searched through. What was published before
    stays in the database; a file that is there already is not read again.

    \b
    kpialign check extracts/
    kpialign check extracts/ --system QRL --report pack/
    kpialign check landing/*.csv --format json --fail-on warn
    kpialign check --as-published-on 2025-10-01
    kpialign check extracts/ --status 'AE-Nov*=embargoed:2026-12-10' --audience internal

    With a day to look back to nothing is read or published, whatever EXTRACTS are named;
    the outputs go to a folder of the report named after the day.
    """
    from kpialign.pipeline.request import AsOf
    from kpialign.settings import find_workspace, read_settings

    settings = read_settings(find_workspace(workspace, extracts), options)  # named alike
    as_of = AsOf(as_known_on and as_known_on.date(), as_published_on and as_published_on.date())
    if not extracts and not as_of:
        raise click.UsageError("Missing argument 'EXTRACTS...'.")
    request = request_of(
        extracts,
        settings,
        published=published,
        allow=allow,
        period=period,
        status=status,
        as_of=as_of,
    )
    earlier = _look_back(request) if as_of else run_month(request)
    click.echo(earlier.screen if format == "text" else earlier.findings_json, nl=False)
    code = exit_code(earlier.summary, fail_on, fail_on_finding)
    if code:
        raise click.exceptions.Exit(code)


def run_month(request: Request) -> Earlier:
    """Make the run, or tell the last one where nothing is new."""
    from kpialign.pipeline.ledger import find_earlier, inputs_hash
    from kpialign.pipeline.request import arrivals

    found = arrivals(request)
    inputs = inputs_hash(request, found)
    earlier = find_earlier(request, inputs, found)
    if earlier is None:
        from kpialign.cli.fresh import run

        return run(request, inputs)
    click.echo("nothing new since the last run", err=True)
    return earlier


def _look_back(request: Request) -> Earlier:
    from kpialign.cli.fresh import look_back

    database = request.settings.database
    if not database.is_file():
        raise UsageError(f"{database}: there is no such database, so nothing was known.")
    click.echo(f"{request.as_of.words()}: nothing is read or published", err=True)
    return look_back(request)


def exit_code(summary: Summary, fail_on: str, fail_on_finding: str | None) -> int:
    """3 where something could not be evaluated, 1 at or above a threshold, else 0.

    >>> from kpialign.pipeline.ledger import Summary
    >>> exit_code(Summary("fail", (), ()), "fail", None)
    1
    >>> exit_code(Summary("fail", (), ("high",)), "never", "medium")
    1
    >>> exit_code(Summary("pass", ("a.csv",), ()), "never", None)
    3
    """
    if code := gate_code("error" if summary.refused else summary.gate, fail_on):
        return code
    if fail_on_finding and any(
        SEVERITIES.index(found) >= SEVERITIES.index(fail_on_finding) for found in summary.supported
    ):
        return 1
    return 0
