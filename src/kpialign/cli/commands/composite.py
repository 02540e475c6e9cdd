"""``kpialign composite``: one composite with its parts, its doubt and what moved it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpialign.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from kpialign.findings import CompositeValue, Outcome
    from kpialign.library import Library

LEVELS = ("england", "region", "icb", "service")


@click.command("composite")
@click.argument("name", metavar="[ID]", required=False)
@click.option("--level", type=click.Choice(LEVELS), help="Every whole of a level, by its code.")
@click.option("--ranks", is_flag=True, help="With --level: intervals of ranks, which say little.")
@click.option("--system", help="Code of the system, region or service to put in front.")
@click.option("--workspace", type=click.Path(path_type=Path), help="Folder of your own facts.")
@click.option("--database", type=click.Path(path_type=Path), help="DuckDB file of earlier runs.")
@click.option("--audience", type=click.Choice(["public", "internal"]), help="Whom it is for.")
def command(
    *,
    name: str | None,
    level: str | None,
    ranks: bool,
    workspace: Path | None,
    **options: object,
) -> None:
    """Print a composite of the figures that `kpialign check` published; nothing is read.

    Without ID, the composites there are.

    \b
    kpialign composite system.urgent_care
    kpialign composite system.urgent_care --system QRL
    kpialign composite system.urgent_care --level region
    """
    from kpialign.cli.again import settings_again
    from kpialign.library import in_force
    from kpialign.outputs.terminal import composite
    from kpialign.pipeline.retelling import retold

    settings = settings_again(workspace, options)
    library = in_force(settings.definitions)
    if name is None:
        for found in library.composites.values():
            click.echo(f"{found.id}  {found.title}")
        return
    if name not in library.composites:
        hint = did_you_mean(name, library.composites)
        raise UsageError(f"no composite {name!r}. {hint}".strip())
    outcome = retold(settings)
    if outcome.mark:
        click.echo(outcome.mark)
    if level is None:
        values = [value for value in outcome.composites if value.id == name]
        if not values:
            raise UsageError(f"{name}: no figure of any of its parts was published.")
        click.echo("\n".join(composite.render(v, outcome.movements) for v in values), nl=False)
        return
    values = list(_level(library, outcome, name, level))
    if not values:
        raise UsageError(f"{name}: no {level} has a figure of any of its parts.")
    click.echo("\n".join(composite.render(value) for value in values), nl=False)
    if ranks:
        _print_ranks(library, outcome, name, level)


def _level(library: Library, outcome: Outcome, name: str, level: str) -> tuple[CompositeValue, ...]:
    from kpialign.pipeline.composing import at_level, with_rewards
    from kpialign.terms import Period

    if outcome.tables.parts is None:
        return ()
    period = Period.parse(outcome.period)
    found = at_level(library, library.composites[name], level, outcome.tables.parts, period)
    return with_rewards(found, outcome.findings, library)


def _print_ranks(library: Library, outcome: Outcome, name: str, level: str) -> None:
    """Ranks with their intervals, in the order of codes and never of ranks."""
    import polars as pl

    from kpialign.composites.doubt import doubt_of
    from kpialign.composites.stages import compose
    from kpialign.terms import Period

    assert outcome.tables.parts is not None
    composite = library.composites[name]
    leaves = [leaf.name for leaf in composite.leaves]
    wanted = (pl.col("level") == level) & pl.col("indicator").is_in(leaves)
    improves = {leaf: library.indicators[leaf].improves.sign for leaf in leaves}
    rows = outcome.tables.parts.filter(wanted)
    composed = compose(rows, composite, improves, Period.parse(outcome.period))
    ranks = doubt_of(composed, months=slice(-1, None)).ranks(-1)
    titles = dict(rows.select("unit", "name").unique().iter_rows())
    click.echo(f"\nRANKS of {len(titles)}, 95 % interval, 1 = highest; by code, not by rank")
    for unit, (low, high) in sorted(zip(composed.panel.units, ranks, strict=True)):
        click.echo(f"  {titles[unit]}: {low:.0f} to {high:.0f}")
