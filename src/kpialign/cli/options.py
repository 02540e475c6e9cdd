"""What commands that read extracts have in common: their options, and exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kpialign.errors import UsageError
from kpialign.terms import STATUSES, Period, Release

if TYPE_CHECKING:
    from kpialign.pipeline.request import AsOf, Request
    from kpialign.settings import Settings

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])
AUDIENCES = ("public", "internal")

_PLACES = (
    click.argument("extracts", nargs=-1, type=click.Path(path_type=Path)),
    click.option("--workspace", type=click.Path(path_type=Path), help="Folder of your own facts."),
    click.option(
        "--database", type=click.Path(path_type=Path), help="DuckDB file; made if absent."
    ),
)
_SAID = (
    click.option("--published", multiple=True, metavar="FILE=DATE", help="Date an undated file."),
    click.option("--allow", multiple=True, metavar="FILE:COLUMN",
                 help="Let a column through that looks like data of persons."),
    click.option("--period", multiple=True, metavar="FILE=MONTH",
                 help="Month of a file that carries none; FILE may be a pattern."),
    click.option("--status", multiple=True, metavar="FILE=STATUS",
                 help=f"Status of a file: {STATUSES}; FILE may be a pattern."),
    click.option("--audience", type=click.Choice(AUDIENCES), help="Whom the outputs are for: what "
                 "anybody may see (public, if nothing is said), or everything."),
)  # fmt: skip
_FAIL_ON = (
    click.option("--fail-on", type=click.Choice(["warn", "fail", "never"]), default="fail",
                 show_default=True, help="Gate outcome from which the exit code is 1."),
)  # fmt: skip


def places(command: Command) -> Command:
    """``EXTRACTS``, ``--workspace`` and ``--database``."""
    return _with(_PLACES, command)


def said_of_files(command: Command) -> Command:
    """What is said of files by hand, and whom the outputs are for."""
    return _with(_SAID, command)


def threshold(command: Command) -> Command:
    """``--fail-on``."""
    return _with(_FAIL_ON, command)


def _with(options: tuple[Callable[[Command], Command], ...], command: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def request_of(
    extracts: tuple[Path, ...],
    settings: Settings,
    *,
    published: Iterable[str],
    allow: Iterable[str],
    period: Iterable[str],
    status: Iterable[str],
    as_of: AsOf | None = None,
) -> Request:
    """What is asked of a run, with what is said of its files by hand."""
    from kpialign.pipeline.request import AsOf, Request, read_allow

    return Request(
        extracts,
        settings,
        _by_file("--published", published, date.fromisoformat, "YYYY-MM-DD"),
        _by_file("--period", period, Period.parse, "YYYY-MM"),
        allow=read_allow(allow),
        as_of=as_of or AsOf(),
        statuses=_by_file("--status", status, Release.parse, STATUSES),
    )


def gate_code(outcome: str, fail_on: str) -> int:
    """3 where something could not be evaluated, 1 at or above the threshold, else 0.

    >>> gate_code("fail", "fail"), gate_code("fail", "never"), gate_code("warn", "warn")
    (1, 0, 1)
    >>> gate_code("error", "never")
    3
    """
    if outcome == "error":
        return 3
    failing = {"warn": ("warn", "fail"), "fail": ("fail",), "never": ()}[fail_on]
    return 1 if outcome in failing else 0


def _by_file(
    option: str, given: Iterable[str], read: Callable[[str], T], form: str
) -> dict[str, T]:
    """Read ``FILE=…`` as file → what stands behind the last equals sign."""
    out = {}
    for text in given:
        name, _, value = text.rpartition("=")
        try:
            out[name] = read(value)
        except ValueError:
            raise UsageError(f"{option} {text}: write it as FILE={form}.") from None
    return out
