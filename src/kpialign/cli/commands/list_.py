"""``kpialign list``: what there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kpialign.library import Library

KINDS = (
    "indicators", "conflicts", "composites", "layouts", "calendars", "items", "events", "checks",
)  # fmt: skip


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--workspace", type=click.Path(path_type=Path), default=Path(), show_default=True)
def command(*, kind: str | None, workspace: Path) -> None:
    """List definitions and checks: id, status, title.

    \b
    kpialign list
    kpialign list conflicts
    """
    from kpialign.library import in_force
    from kpialign.settings import Settings

    library = in_force(Settings(workspace=workspace).definitions)
    for one in [kind] if kind else KINDS:
        rows = sorted(_rows(library, one))
        click.echo(f"{one} ({len(rows)})")
        width = max((len(row[0]) for row in rows), default=0)
        for id_, status, title in rows:
            click.echo(f"  {id_:<{width}}  {status:<8} {title}")


def _rows(library: Library, kind: str) -> Iterator[tuple[str, str, str]]:
    if kind == "checks":
        from kpialign.gate.checks import CHECKS

        yield from ((c.code, str(c.severity), c.title) for c in CHECKS.values())
        return
    for one in getattr(library, kind).values():
        status = str(getattr(one, "status", ""))
        yield one.id, status, getattr(one, "title", "") or getattr(one, "why", "")
