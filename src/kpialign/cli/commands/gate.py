"""``kpialign gate``: the checks alone, for jobs that bring extracts to a warehouse."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kpialign.cli.options import gate_code, places, request_of, said_of_files, threshold
from kpialign.cli.targets import Targets, write_all
from kpialign.outputs.gate import FORMATS


@click.command("gate")
@places
@said_of_files
@click.option("--format", "format", type=click.Choice(FORMATS), default="text",
              show_default=True, help="What goes to standard output.")  # fmt: skip
@click.option("--output", multiple=True, metavar="FORMAT=FILE",
              help="Write a format to a file, whatever the outcome; repeatable.")  # fmt: skip
@click.option("--save", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write good, rejected and gate_result as Parquet.")  # fmt: skip
@click.option("--export-suite", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write each layout's Great Expectations suite and its frame.")  # fmt: skip
@threshold
def command(
    *,
    extracts: tuple[Path, ...],
    workspace: Path | None,
    published: tuple[str, ...],
    allow: tuple[str, ...],
    period: tuple[str, ...],
    status: tuple[str, ...],
    format: str,  # noqa: A002  # named like its option, so that its environment variable is too
    output: tuple[str, ...],
    save: Path | None,
    export_suite: Path | None,
    fail_on: str,
    **options: object,
) -> None:
    """Ask the gate of extracts, and publish nothing.

    Figures that `kpialign check` published to the database are history to the checks; none of
    it is changed. Files that are as they were are answered from the last time, on the same day.

    \b
    kpialign gate landing/
    kpialign gate landing/ --save checked/ --output junit=gate.xml --fail-on warn
    kpialign gate landing/*.csv --format json --database history.duckdb
    kpialign gate landing/ --export-suite suites/

    Exit code 0: go on. 1: the outcome is at or above --fail-on. 2: the command is wrong.
    3: something could not be evaluated. 75: the database is busy, try again.
    """
    from kpialign.pipeline.remembering import answer
    from kpialign.settings import find_workspace, read_settings

    if not extracts:
        raise click.UsageError("Missing argument 'EXTRACTS...'.")
    targets = Targets.of(output, save, export_suite)
    settings = read_settings(find_workspace(workspace, extracts), options)  # named alike
    request = request_of(
        extracts, settings, published=published, allow=allow, period=period, status=status
    )
    targets.guard(request)
    gated, asked = answer(request, targets.suites)
    if not asked:
        click.echo("nothing new since the last run", err=True)
    told = write_all(gated, targets, format, os.environ.get("GITHUB_STEP_SUMMARY", ""))
    click.echo(told, nl=False)
    if code := gate_code(str(gated.outcome), fail_on):
        raise click.exceptions.Exit(code)
