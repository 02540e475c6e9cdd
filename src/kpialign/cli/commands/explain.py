"""``kpialign explain``: what a rule, indicator, item, layout, event or check means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from kpialign.definitions.tolerances import Tolerance
    from kpialign.findings import Outcome
    from kpialign.gate.checks import Check
    from kpialign.library import Library

WIDTH = 100


@click.command("explain")
@click.argument("name", metavar="ID")
@click.option("--workspace", type=click.Path(path_type=Path), default=Path(), show_default=True)
@click.option("--finding", is_flag=True, help="Of a rule: walk through its evidence instead.")
@click.option("--tie", default="", metavar="CODE", help="With --finding: and through one tie's.")
@click.option("--charts", type=click.Path(path_type=Path), metavar="FOLDER",
              help="With --finding: draw each step there, at the tie named, one here or a typical "
                   "one.")  # fmt: skip
@click.option("--system", help="With --finding: what stands in front.")
@click.option("--database", type=click.Path(path_type=Path), help="DuckDB file of earlier runs.")
def command(
    *,
    name: str,
    workspace: Path,
    finding: bool,
    tie: str,
    charts: Path | None,
    **options: object,
) -> None:
    """Explain an id: where it is defined and everything its definition says.

    With --finding, walk through a rule's evidence on the figures that `kpialign check`
    published: from the figures as reported to the verdict, and what would make it go away; of a
    rule of unusual shape, every look.

    \b
    kpialign explain KA-UEC-002
    kpialign explain KA-UEC-002 --finding
    kpialign explain KA-UEC-002 --finding --tie RYE --charts walk/
    kpialign explain amb.cat2.mean
    kpialign explain KG-101
    """
    from kpialign.gate.checks import CHECKS
    from kpialign.library import in_force
    from kpialign.settings import Settings

    if finding or tie or charts:
        _walk(name.upper(), tie.upper(), workspace, charts, options)
        return
    settings = Settings(workspace=workspace)
    library = in_force(settings.definitions, settings.exceptions)
    if name.upper() in CHECKS:
        told = CHECKS[name.upper()]
        lines = [f"{told.code} {told.title}", f"severity: {told.severity}", told.means, told.todo]
        lines += [_number(t) for t in library.tolerances.values() if t.check == told.code]
        lines += [*_judged(told, library), *_excepted(told, library)]
        click.echo("\n".join(part for line in lines for part in wrap(line, WIDTH)))
        return
    definition = library.find(name)
    title = getattr(definition, "title", "")
    click.echo(f"{name} {title}".strip())
    if name in library.sources:
        click.echo(f"defined in {library.sources[name]}")
    skip = {"id", "title", "examples", "tests"}
    for line in _lines(definition.model_dump(mode="json", by_alias=True, exclude=skip), 0):
        click.echo(line)


def _walk(
    rule: str, tie: str, workspace: Path, charts: Path | None, options: dict[str, object]
) -> None:
    from kpialign.errors import UsageError, did_you_mean
    from kpialign.outputs.terminal import finding as walk
    from kpialign.outputs.terminal import shape as looked
    from kpialign.pipeline.retelling import retold
    from kpialign.settings import find_workspace, read_settings

    # A look, not a workspace of one's own: the folder named, or the one that is found.
    folder = find_workspace(workspace if workspace != Path() else None, ())
    outcome = retold(read_settings(folder, options))
    found = {finding.rule: finding for finding in outcome.findings}
    shapes = {shape.rule: shape for shape in outcome.shapes}
    if rule in shapes:
        click.echo(looked.render(shapes[rule]), nl=False)
        return
    if rule not in found:
        hint = did_you_mean(rule, [*found, *shapes]) or "`kpialign list conflicts` names the rules."
        raise UsageError(f"no rule {rule} was judged on these figures. {hint}")
    ties = {one.tie for arrow in found[rule].arrows for one in arrow.ties}
    if tie and tie not in ties:
        hint = did_you_mean(tie, ties) or f"It has {', '.join(sorted(ties)) or 'no ties'}."
        raise UsageError(f"{rule} has no tie {tie}. {hint}")
    click.echo(walk.render(outcome, found[rule], tie), nl=False)
    if charts is not None:
        _draw(outcome, rule, tie, charts)


def _draw(outcome: Outcome, rule: str, tie: str, folder: Path) -> None:
    """Write the steps of each arrow of a rule as SVG."""
    from kpialign import charts
    from kpialign.errors import NotWritten
    from kpialign.outputs import atomic

    wanted = {
        about[1]: about
        for about in reversed(charts.subjects(outcome, "walk"))
        if about[0] == rule and tie in ("", about[2])
    }
    for about in wanted.values():
        drawn = charts.picture(outcome, *about, kind="walk")
        path = folder / f"{drawn.stem}.svg"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            atomic.write_text(path, drawn.svg)
        except OSError as error:
            raise NotWritten(f"{path}: not written ({error.strerror or error}).") from error
        click.echo(f"{path}: {drawn.alt_text}", err=True)
    if not wanted:
        click.echo(f"{rule}: nothing estimated, so no step to draw", err=True)


def _judged(check: Check, library: Library) -> Iterator[str]:
    """From how many failing rows a check warns or fails, and where that is said."""
    from kpialign.gate.checks import Reach

    if check.reach is Reach.FILE and check.severity.holds_back:
        yield "threshold: none; it speaks of whole files, and nothing makes it milder"
        return
    thresholds = [t for t in library.thresholds.values() if t.check == check.code]
    for one in sorted(thresholds, key=lambda t: (t.narrow, t.id), reverse=True):
        yield f"{one.id}: {one.words()}, because {one.why} ({library.sources[one.id]})"
    if not any(not any(one.narrow) for one in thresholds):
        yield f"threshold: {check.severity} from the first failing row"
    yield "to change it: definitions/thresholds.yaml of your workspace (docs/gate.md)"


def _excepted(check: Check, library: Library) -> Iterator[str]:
    for name, one in sorted(library.exceptions.items()):
        if one.check == check.code:
            yield f"{one.words()} ({library.sources[name]})"


def _number(tolerance: Tolerance) -> str:
    value = "not asked" if tolerance.value is None else f"{tolerance.value:g}"
    of = "" if tolerance.of == "*" else f" of {tolerance.of}"
    return f"{tolerance.name}{of}: {value} ({tolerance.why})"


def _lines(value: dict[str, Any], depth: int) -> Iterator[str]:
    """A definition as indented text, empty parts left out."""
    pad = "  " * depth
    for key, inner in value.items():
        if inner in (None, "", [], {}):
            continue
        label = f"{pad}{key.replace('_', ' ')}:"
        if isinstance(inner, dict):
            yield label
            yield from _lines(inner, depth + 1)
        elif isinstance(inner, list):
            yield label
            for one in inner:
                yield from _entry(one, depth + 1)
        else:
            yield from wrap(f"{label} {inner}", WIDTH, subsequent_indent=pad + "  ")


def _entry(value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, dict):
        first, *rest = list(_lines(value, depth)) or [""]
        yield f"{pad}- {first.strip()}"
        yield from (f"  {line}" for line in rest)
    else:
        yield from wrap(f"{pad}- {value}", WIDTH, subsequent_indent=pad + "  ")
