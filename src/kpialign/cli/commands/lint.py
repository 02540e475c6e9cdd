"""``kpialign lint``: whether the definitions hold together and their examples come out."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("lint")
@click.option("--workspace", type=click.Path(path_type=Path), default=Path(), show_default=True)
def command(*, workspace: Path) -> None:
    """Check all definitions, shipped and your own, and run their examples.

    \b
    kpialign lint
    kpialign lint --workspace qrl/
    """
    from kpialign.library import in_force
    from kpialign.proving import lint
    from kpialign.settings import Settings

    library = in_force(Settings(workspace=workspace).definitions)
    found = lint(library)
    for fault in (*found.faults, *found.warnings):
        click.echo(str(fault))
    click.echo(
        f"{len(library.indicators)} indicators, {len(library.conflicts)} rules, "
        f"{len(library.layouts)} layouts: {len(found.faults)} faults, "
        f"{len(found.warnings)} warnings",
        err=True,
    )
    if found.faults:
        raise click.exceptions.Exit(2)
