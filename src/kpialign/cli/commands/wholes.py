"""``kpialign wholes``: an indicator at every system, region, service or in England."""

from __future__ import annotations

from pathlib import Path

import click

from kpialign.errors import UsageError, did_you_mean


@click.command("wholes")
@click.argument("indicators", nargs=-1, metavar="[INDICATOR]...")
@click.option(
    "--level", default="icb", show_default=True,
    type=click.Choice(["icb", "region", "service", "england"]), help="Which wholes.",
)  # fmt: skip
@click.option("--boundaries", type=click.Choice(["now", "then"]),
              help="Count months with the places of now (default) or of then.")  # fmt: skip
@click.option("--workspace", type=click.Path(path_type=Path), help="Folder of your own facts.")
@click.option("--database", type=click.Path(path_type=Path), help="DuckDB file of earlier runs.")
@click.option("--audience", type=click.Choice(["public", "internal"]), help="Whom it is for.")
def command(
    *, indicators: tuple[str, ...], level: str, workspace: Path | None, **options: object
) -> None:
    """Print an INDICATOR at every whole of a level, by code, each a sum of parts.

    Beside each stand who reported of whom expected, the month and the year before, and each
    target in force on its own basis. Without INDICATOR, the headline ones. Nothing is read.

    \b
    kpialign wholes uec.ed.four_hour
    kpialign wholes amb.cat2.mean --level region
    kpialign wholes uec.ed.four_hour --boundaries then
    """
    from kpialign.library import in_force
    from kpialign.outputs.terminal import wholes
    from kpialign.pipeline.retelling import retold
    from kpialign.pipeline.wholes import lines
    from kpialign.settings import find_workspace, read_settings

    settings = read_settings(find_workspace(workspace, ()), options)
    library = in_force(settings.definitions)
    for name in indicators:
        if name not in library.indicators:
            hint = did_you_mean(name, library.indicators)
            raise UsageError(f"no indicator {name!r}. {hint}".strip())
    names = indicators or tuple(i.id for i in library.indicators.values() if i.headline)
    outcome = retold(settings)
    found = list(lines(outcome, library, level, names))
    if not found:
        raise UsageError(f"no {level} has a figure of {', '.join(names)}.")
    if outcome.mark:
        click.echo(outcome.mark)
    click.echo(wholes.render(found, settings.boundaries), nl=False)
