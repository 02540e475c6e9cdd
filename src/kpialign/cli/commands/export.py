"""``kpialign export``: facts and dimensions for Power BI and the like."""

from __future__ import annotations

from pathlib import Path

import click

from kpialign.errors import NotWritten


@click.command("export")
@click.option("--star", required=True, type=click.Path(path_type=Path, file_okay=False),
              metavar="DIR", help="Folder for the tables, as Parquet and CSV.")  # fmt: skip
@click.option("--system", help="Code of the system, region or service to put in front.")
@click.option("--workspace", type=click.Path(path_type=Path), help="Folder of your own facts.")
@click.option("--database", type=click.Path(path_type=Path), help="DuckDB file of earlier runs.")
@click.option("--audience", type=click.Choice(["public", "internal"]), help="Whom it is for.")
def command(*, star: Path, workspace: Path | None, **options: object) -> None:
    """Write what `kpialign check` published as facts and dimensions; nothing is read.

    Every month's figures of every organisation, of what stands in front and of England, their
    process limits and signals, and the findings by tie. Names, types and order of the columns
    stay; `columns.csv` says what each is.

    \b
    kpialign export --star powerbi/
    """
    from kpialign.cli.again import settings_again
    from kpialign.outputs import star as tables
    from kpialign.pipeline.retelling import retold

    settings = settings_again(workspace, options)
    outcome = retold(settings)
    try:
        written = tables.write(outcome, star)
    except OSError as error:
        raise NotWritten(
            f"{star}: could not be written ({error.strerror or error}). If a table is open in "
            "another program, close it there or name another folder."
        ) from error
    for path in written:
        click.echo(str(path), err=True)
