"""What the last run was about holds for what is told of it, unless something else is said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kpialign.settings import Settings

ENGLAND = "ENGLAND"


def settings_again(workspace: Path | None, options: Mapping[str, object]) -> Settings:
    """The settings of a command that reads nothing, with the last run's workspace and system.

    A workspace that is named, or the current folder if it is one, stands before the last run's;
    so does a system that is said. ``ENGLAND`` says none.
    """
    from kpialign.pipeline.ledger import remembered
    from kpialign.settings import CONFIG, find_workspace, read_settings

    folder = find_workspace(workspace, ())
    settings = read_settings(folder, options)
    last = remembered(settings.database)
    taken = []
    own = workspace is not None or (folder / CONFIG).is_file()
    if not own and last.workspace is not None and last.workspace != folder:
        settings = read_settings(last.workspace, {**options, "database": settings.database})
        taken.append(f"workspace {last.workspace}")
    if settings.system.upper() == ENGLAND:
        return settings.model_copy(update={"system": ""})
    if not settings.system and last.system:
        settings = settings.model_copy(update={"system": last.system})
        taken.append(f"system {last.system}")
    if taken:
        click.echo(f"as in the last run: {', '.join(taken)}", err=True)
    return settings
