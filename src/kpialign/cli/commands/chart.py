"""``kpialign chart``: one chart of what was published, as a picture or its table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpialign.errors import NotWritten, UsageError

if TYPE_CHECKING:
    from kpialign.charts import Picture
    from kpialign.findings import Outcome

ENDINGS = (".svg", ".png", ".json", ".csv", ".txt", ".md", ".qmd")


@click.command("chart")
@click.argument("about", nargs=-1)
@click.option("--kind", default="", help="Kind of chart, as --list names them.")
@click.option("--output", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
              help=f"Where to; the ending says as what: {', '.join(ENDINGS)}.")  # fmt: skip
@click.option("--list", "only_list", is_flag=True, help="List what can be drawn.")
@click.option("--system", help="Code of the system, region or service to put in front.")
@click.option("--workspace", type=click.Path(path_type=Path), help="Folder of your own facts.")
@click.option("--database", type=click.Path(path_type=Path), help="DuckDB file of earlier runs.")
@click.option("--audience", type=click.Choice(["public", "internal"]), help="Whom it is for.")
@click.option("--as-published-on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="The figures as published by that day.")  # fmt: skip
def command(
    *,
    about: tuple[str, ...],
    kind: str,
    output: tuple[Path, ...],
    only_list: bool,
    workspace: Path | None,
    as_published_on: datetime | None,
    **options: object,
) -> None:
    """Draw one chart of the figures that `kpialign check` published; nothing is read.

    ABOUT names a rule, system, organisation or indicator, or several that go together.
    Without --output a PNG of the chart's own name is written. Its alt text is printed.

    \b
    kpialign chart --list
    kpialign chart QRL uec.ed.four_hour --output four-hour.svg
    kpialign chart KA-UEC-002 --kind forest --output forest.png --output forest.csv
    kpialign chart QRL --kind system --output system.qmd
    """
    from kpialign import charts
    from kpialign.cli.again import settings_again
    from kpialign.pipeline.retelling import retold

    settings = settings_again(workspace, options)
    outcome = retold(settings, as_published_on and as_published_on.date())

    if only_list or not about:
        for name, subject in charts.listed(outcome):
            click.echo(f"{name}  {' '.join(subject)}")
        return
    drawn = charts.picture(outcome, *about, kind=kind)
    for path in output or (Path(f"{drawn.stem}.png"),):
        _write(drawn, path, outcome)
        click.echo(str(path), err=True)
    click.echo(drawn.alt_text)


def _write(drawn: Picture, path: Path, outcome: Outcome) -> None:
    from kpialign.charts import render
    from kpialign.outputs import atomic
    from kpialign.outputs.run import charts_folder

    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"--output {path}: end it in one of {', '.join(ENDINGS)}.")
    try:
        if ending == ".png":
            atomic.write_bytes(path, drawn.png)
        elif ending in (".md", ".qmd"):
            image = path.with_suffix(".svg")
            atomic.write_text(image, drawn.svg)
            atomic.write_text(
                path, charts_folder.snippet(drawn, image.name, quarto=ending == ".qmd")
            )
        else:
            text = {
                ".svg": lambda: drawn.svg,
                ".json": lambda: render.vega_lite(drawn.spec),
                ".csv": lambda: charts_folder.table(drawn, outcome.mark),
                ".txt": lambda: drawn.alt_text + "\n",
            }[ending]()
            atomic.write_text(path, text)
    except OSError as error:
        raise NotWritten(f"{path}: could not be written ({error.strerror or error}).") from error
