"""``kpialign report``: the pack for a board, in the formats authors work in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpialign.errors import NotWritten, UsageError

if TYPE_CHECKING:
    from kpialign.outputs.pack.choice import Choice
    from kpialign.settings import Settings

FORMATS = ("html", "docx", "pptx", "pdf", "xlsx", "md")


@click.command("report")
@click.argument("extracts", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "format", multiple=True, type=click.Choice(FORMATS),
              help="As what; may be said several times. html, if nothing is said.")  # fmt: skip
@click.option("--output", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
              help="Where to; the ending says as what.")  # fmt: skip
@click.option("--only", multiple=True, metavar="NAME", help="A section, or the id of a rule.")
@click.option("--systems", metavar="CODES", help="A pack for each, such as QRL,QU9.")
@click.option("--template", multiple=True, type=click.Path(path_type=Path, exists=True),
              metavar="FILE", help="Your own .docx or .pptx to write into.")  # fmt: skip
@click.option("--system", help="Code of the system, region or service to put in front.")
@click.option("--workspace", type=click.Path(path_type=Path), help="Folder of your own facts.")
@click.option("--database", type=click.Path(path_type=Path), help="DuckDB file of earlier runs.")
@click.option("--report", type=click.Path(path_type=Path), help="Folder to write to.")
@click.option("--audience", type=click.Choice(["public", "internal"]), help="Whom it is for.")
@click.option("--as-published-on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="The figures as published by that day.")  # fmt: skip
def command(
    *,
    extracts: tuple[Path, ...],
    format: tuple[str, ...],  # noqa: A002  # named like its option
    output: tuple[Path, ...],
    only: tuple[str, ...],
    systems: str | None,
    template: tuple[Path, ...],
    workspace: Path | None,
    as_published_on: datetime | None,
    **options: object,
) -> None:
    """Write the pack of the figures that `kpialign check` published.

    With EXTRACTS, `check` is run first; without, workspace and system are the last run's unless
    you say others. Sections: headline, findings, whole, learned, changed,
    quality, public, sentences, glossary, method. `pack.toml` in the workspace chooses and
    orders them. docx, pptx, pdf and xlsx need `pip install "kpialign[report]"`.

    \b
    kpialign report
    kpialign report --format docx --format pptx
    kpialign report --output board.pdf --only headline --only KA-UEC-002
    kpialign report --systems QRL,QU9 --format docx --template board.docx
    """
    from kpialign.cli.again import settings_again
    from kpialign.outputs.pack import choice
    from kpialign.settings import find_workspace, read_settings

    settings = (
        read_settings(find_workspace(workspace, extracts), options)
        if extracts
        else settings_again(workspace, options)
    )
    wanted = _wanted(choice.read(settings.workspace), only, template)
    targets = list(_targets(format, output, settings))
    if extracts:
        from kpialign.cli.commands.check import run_month
        from kpialign.pipeline.request import Request

        run_month(Request(extracts, settings))
    codes = [code.strip() for code in systems.split(",") if code.strip()] if systems else [""]
    for code in codes:
        own = settings.model_copy(update={"system": code}) if code else settings
        tail = f"-{code}" if len(codes) > 1 else ""
        _write(own, wanted, targets, tail, as_published_on)


def _write(
    settings: Settings, wanted: Choice, targets: list[tuple[str, Path]], tail: str,
    as_published_on: datetime | None,
) -> None:  # fmt: skip
    from kpialign.outputs import atomic, pack
    from kpialign.pipeline.retelling import difference, retold

    outcome = retold(settings, as_published_on and as_published_on.date())
    changed = None if as_published_on else difference(settings)
    kept = settings.database.with_name(f"{settings.database.name}.charts")
    built = pack.build(outcome, changed, wanted, kept, _Bar())
    for kind, given in targets:
        path = given.with_name(f"{given.stem}{tail}{given.suffix}")
        template = wanted.templates.get(kind)
        made = pack.render(kind, built, Path(template) if template else None)
        try:
            atomic.write_bytes(path, made)
        except OSError as error:
            raise NotWritten(
                f"{path}: could not be written ({error.strerror or error}). If it is open in "
                "another program, close it there or name another file."
            ) from error
        click.echo(str(path), err=True)


class _Bar:
    """How many charts are drawn, on a terminal; nothing where standard error is a file."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, label="charts", file=sys.stderr)
        self._bar.update(1)
        if done == total:
            self._bar.render_finish()


def _wanted(known: Choice, only: tuple[str, ...], templates: tuple[Path, ...]) -> Choice:
    """What ``pack.toml`` says, with what the options say put in its place."""
    from dataclasses import replace

    from kpialign.outputs import pack

    sections = tuple(name for name in only if name in pack.names())
    rules = tuple(name for name in only if name not in sections)
    if rules and "findings" not in sections:
        sections = (*sections, "findings")
    own = {path.suffix.lower().removeprefix("."): str(path) for path in templates}
    odd = [kind for kind in own if kind not in ("docx", "pptx")]
    if odd:
        raise UsageError(f"--template: a .{odd[0]} file cannot be one. Give a .docx or .pptx.")
    return replace(
        known,
        sections=sections or known.sections,
        rules=rules or known.rules,
        templates={**known.templates, **own},
    )


def _targets(
    formats: tuple[str, ...], output: tuple[Path, ...], settings: Settings
) -> Iterator[tuple[str, Path]]:
    for path in output:
        kind = path.suffix.lower().removeprefix(".")
        if kind not in FORMATS:
            raise UsageError(f"--output {path}: end it in one of {', '.join(FORMATS)}.")
        yield kind, path
    for kind in formats or (() if output else ("html",)):
        yield kind, settings.pack / f"pack.{kind}"
