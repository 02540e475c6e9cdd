"""``kpialign doctor``: whether this machine and this folder are ready for a run."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click

from kpialign.errors import KpialignError
from kpialign.shipped import VERSION

NEEDED = ("duckdb", "polars", "great_expectations", "altair", "vl-convert-python")
_ROOM = 2 * 10**9  # bytes; a run of ten years may spill as much beside the database


@click.command("doctor")
@click.option("--workspace", type=click.Path(path_type=Path), default=Path(), show_default=True)
def command(*, workspace: Path) -> None:
    """Say what kpialign finds here and what is missing for a run.

    Exit code 0: ready. 3: something has to be mended first; each line says what.

    \b
    kpialign doctor
    kpialign doctor --workspace qrl/
    """
    wrong = 0
    looks: tuple[Callable[[], str], ...] = (
        _programs, _papers, lambda: _settings(workspace), lambda: _definitions(workspace),
        lambda: _database(workspace), lambda: _room(workspace), _text,
    )  # fmt: skip
    for look in looks:
        try:
            click.echo(f"ok     {look()}")
        except KpialignError as error:
            wrong += 1
            click.echo(f"mend   {error}")
    if wrong:
        raise click.exceptions.Exit(3)


def _programs() -> str:
    told = ", ".join(f"{name} {version(name)}" for name in NEEDED)
    return f"kpialign {VERSION}, Python {platform.python_version()} on {sys.platform}; {told}"


def _papers() -> str:
    from kpialign.outputs import pack

    missing = {kind: tuple(pack.lacking(kind)) for kind in pack.kinds()}
    unwritten = [kind for kind, libraries in missing.items() if libraries]
    if unwritten:
        return (
            f"papers: `kpialign report` cannot write {', '.join(unwritten)} yet "
            '(pip install "kpialign[report]")'
        )
    return "papers: `kpialign report` writes every format"


def _settings(workspace: Path) -> str:
    from kpialign.settings import CONFIG, read_settings

    settings = read_settings(workspace, {})
    there = "read" if (workspace / CONFIG).is_file() else "not there: defaults"
    front = settings.system or "England"
    return f"settings: {workspace / CONFIG} {there}; {front} in front, report to {settings.report}"


def _definitions(workspace: Path) -> str:
    from kpialign.extracts.workspace import read_workspace
    from kpialign.pipeline.excepting import library_of
    from kpialign.settings import Settings

    library = library_of(Settings(workspace=workspace))
    read_workspace(workspace)
    replaced = f", {len(library.replaced)} replaced here" if library.replaced else ""
    rules = len(library.conflicts) + len(library.shapes)
    return (
        f"definitions: {len(library.indicators)} indicators, {rules} rules, "
        f"{len(library.layouts)} layouts{replaced}"
    )


def _database(workspace: Path) -> str:
    import duckdb

    from kpialign.settings import read_settings
    from kpialign.store.troubles import cannot_open, is_busy

    path = read_settings(workspace, {}).database
    if not path.is_file():
        return f"database: {path} is not there yet; `kpialign check` makes it"
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            ((files,),) = connection.execute("SELECT count(*) FROM file").fetchall()
    except duckdb.Error as error:
        if is_busy(error):
            return f"database: {path} is held by another run just now"
        raise cannot_open(error, path) from error
    return f"database: {path} opens; it knows {files} files"


def _room(workspace: Path) -> str:
    free = shutil.disk_usage(workspace).free
    if free < _ROOM:
        raise KpialignError(
            f"disk: {free / 10**9:.1f} GB free; a long run may need 2 GB. Make room."
        )
    return f"disk: {free / 10**9:.0f} GB free"


def _text() -> str:
    from kpialign.charts.icons import Icon, assurance

    sign = assurance("pass")
    blank = Icon("blank", "", "", sign.svg.replace(f">{sign.letter}</text>", "></text>"))
    if sign.png == blank.png:
        raise KpialignError(
            "charts: text is drawn without ink. Install a font, such as fonts-liberation."
        )
    return "charts: text has ink"
