"""``kpialign diff``: what changed between two runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpialign.errors import UsageError

if TYPE_CHECKING:
    from kpialign.findings.compared import Difference, FindingChange, RunLine

MOST = {"text": 20, "json": 1000}  # figures, and files of definitions, told one by one


@click.command("diff")
@click.option("--from", "was", type=int, metavar="RUN", help="The earlier run.")
@click.option("--to", "now", type=int, metavar="RUN", help="The later run; the last one if absent.")
@click.option("--list", "only_list", is_flag=True, help="List the runs and their numbers.")
@click.option("--workspace", type=click.Path(path_type=Path), help="Folder of your own facts.")
@click.option("--database", type=click.Path(path_type=Path), help="DuckDB file.")
@click.option("--format", "format", type=click.Choice(["text", "json"]), default="text")
def command(
    *,
    was: int | None,
    now: int | None,
    only_list: bool,
    workspace: Path | None,
    database: Path | None,
    format: str,  # noqa: A002  # named like its option, so that its environment variable is too
) -> None:
    """Say what changed between two runs: figures, findings, definitions.

    Without numbers: the last run and the latest before it that differs from it.

    \b
    kpialign diff
    kpialign diff --list
    kpialign diff --from 3 --to 5 --format json
    """
    from kpialign.library import in_force
    from kpialign.pipeline.comparing import compare, runs
    from kpialign.settings import find_workspace, read_settings

    settings = read_settings(find_workspace(workspace, ()), {"database": database})
    if not settings.database.is_file():
        raise UsageError(f"{settings.database}: there is no such database, so no runs.")
    if only_list:
        lines = runs(settings.database)
        told: Any = [_plain(line) for line in lines]
        text = [_run(line) for line in lines]
    else:
        found = compare(settings.database, in_force(settings.definitions), was, now)
        if found is None:
            click.echo("no two runs differ: nothing to compare", err=True)
            return
        told, text = _document(found), list(_text(found))
    if format == "json":
        click.echo(json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False))
    else:
        click.echo("\n".join(text))


def _run(line: RunLine) -> str:
    ended = "" if line.finished else ", did not finish"
    ended = f", {line.audience}{ended}" if line.audience != "public" else ended
    return (
        f"run {line.run_id}, {line.recorded_at:%Y-%m-%d %H:%M}, kpialign {line.version}: "
        f"{line.files:,} files taken in, {line.figures:,} figures new or closed{ended}"
    )


def _text(found: Difference) -> Iterator[str]:
    from kpialign.outputs.wording import phrases

    most = MOST["text"]
    if "internal" in (found.was.audience, found.now.audience):
        yield "NOT FOR PUBLICATION: an internal run is compared"
    yield f"from {_run(found.was)}"
    yield f"to   {_run(found.now)}"
    counts = dict(found.figures)
    yield "FIGURES  " + ", ".join(
        f"{counts.get(became, 0):,} {became}" for became in ("revised", "new", "gone")
    )
    yield from (f"  {phrases.revision(one)}; {one.now_file}" for one in found.revised[:most])
    yield from _more(len(found.revised), "revised figures")
    changed = [f for f in found.findings if f.became != "still there"]
    same = [f for f in found.findings if f.became == "still there"]
    yield f"FINDINGS  {len(changed):,} changed, {len(same):,} still there"
    yield from (f"  {_finding(one)}" for one in (*changed, *same))
    if found.definitions is None:
        yield "DEFINITIONS  not known: one of the runs kept none"
        return
    yield f"DEFINITIONS  {len(found.definitions):,} files differ"
    yield from (f"  {became}: {name}" for name, became in found.definitions[:most])
    yield from _more(len(found.definitions), "files")


def _more(many: int, noun: str) -> Iterator[str]:
    if many > MOST["text"]:
        yield f"  and {many - MOST['text']:,} more {noun}"


def _finding(change: FindingChange) -> str:
    was, now = _said(change.was_verdict, change.was_r), _said(change.now_verdict, change.now_r)
    told = {"new": now, "gone": f"was {was}"}.get(change.became, f"{was} → {now}")
    return f"{change.became}: {change.rule} {change.arrow}: {told}"


def _said(verdict: str, r: float | None) -> str:
    return verdict.replace("_", " ") + ("" if r is None else f", r {r:+.2f}")


def _document(found: Difference) -> dict[str, Any]:
    most = MOST["json"]
    definitions = found.definitions
    return {
        "from": _plain(found.was),
        "to": _plain(found.now),
        "figures": dict(found.figures),
        "revised": [asdict(one) for one in found.revised[:most]],
        "findings": [asdict(one) for one in found.findings],
        "definitions": None if definitions is None else dict(definitions[:most]),
        "definitions_changed": None if definitions is None else len(definitions),
    }


def _plain(line: RunLine) -> dict[str, Any]:
    return {**asdict(line), "recorded_at": line.recorded_at.isoformat()}
