"""``kpialign stays``: records of stays as counts in bands, which `check` can read."""

from __future__ import annotations

from pathlib import Path

import click

from kpialign.errors import NotWritten


@click.command("stays")
@click.argument(
    "files", nargs=-1, required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("stays.csv"),
    show_default=True,
    help="Where the counts go.",
)
def command(*, files: tuple[Path, ...], output: Path) -> None:
    """Count stays in A&E in bands of ten minutes, out of FILES with a row for each stay.

    FILES are CSV or Parquet with the columns organisation, arrival, departure (written as
    2026-03-01 13:45) and, where a row stands for several stays, stays. A file with any other
    column is refused. Only counts by organisation and month are written; no record is kept.

    \b
    kpialign stays records.csv --output extracts/stays.csv
    kpialign check extracts/ --status 'stays.csv=management_information' --audience internal
    """
    from kpialign.outputs import atomic
    from kpialign.pipeline.staying import count_stays, told

    found = count_stays(files)
    for line in told(found):
        click.echo(line, err=True)
    try:
        atomic.write_text(output, found.bands.write_csv())
    except OSError as error:
        raise NotWritten(f"{output}: could not be written ({error.strerror or error}).") from error
    click.echo(output)
