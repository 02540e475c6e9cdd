"""``kpialign list``: what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kpialign.definitions.declared import Declared
    from kpialign.library import Library
    from kpialign.library.declared import Cost, Gap

KINDS = (
    "indicators", "conflicts", "shapes", "composites", "pathways", "layouts", "calendars", "items",
    "events", "checks",
)  # fmt: skip
WIDTH = 100


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--declared", is_flag=True,
              help="What the definitions say without figures: who is rewarded at whose cost, "
                   "steps nobody measures, conflicts that wait for figures.")  # fmt: skip
@click.option("--workspace", type=click.Path(path_type=Path), default=Path(), show_default=True)
def command(*, kind: str | None, declared: bool, workspace: Path) -> None:
    """List definitions and checks: id, status, title.

    \b
    kpialign list
    kpialign list conflicts
    kpialign list --declared
    """
    from kpialign.library import in_force
    from kpialign.settings import Settings

    if declared and kind:
        raise click.UsageError("--declared lists what all definitions say: leave the kind out.")
    library = in_force(Settings(workspace=workspace).definitions)
    if declared:
        for line in _declared(library):
            click.echo(line)
        return
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


def _declared(library: Library) -> Iterator[str]:
    from kpialign.library import declared

    counts = declared.kinds(library)
    counted = ", ".join(f"{n} {kind}" for kind, n in counts.items())
    now, year, long = declared.horizons(library).values()
    yield (
        f"Of {sum(counts.values())} measures: {counted}. {now} show what a month does, {year} what "
        f"builds up over a year, {long} the long term."
    )
    costs = declared.costs_between(library)
    inside = declared.costs_inside(library)
    yield f"\nOne body may be rewarded at another's cost ({len(costs)}; {inside} inside one kind)"
    yield from _costs(costs, library)
    reach = declared.chains(library)
    short = {i.id: i.short for i in library.indicators.values()}
    yield f"\nArrows that reach a third figure ({len(reach)}; each is weighed by itself)"
    for chain in reach:
        ends = " → ".join(f"{short[end.indicator]} {end.moves}" for end in chain.ends)
        yield f"  {ends}: {', '.join(chain.rules)}"
    for title, gaps in (
        ("Steps that nothing measures", declared.unmeasured(library)),
        ("Steps that nobody is named for", declared.unanswered(library)),
    ):
        yield f"\n{title} ({len(gaps)})"
        yield from _gaps(gaps)
    waiting = declared.without_figures(library)
    yield f"\nDocumented, and waiting for figures ({len(waiting)}; in no report)"
    yield "  `kpialign explain ID` gives the references."
    for one in waiting:
        yield from _waiting(one)


def _costs(costs: Sequence[Cost], library: Library) -> Iterator[str]:
    short = {i.id: i.short for i in library.indicators.values()}
    pairs = {(cost.gains, cost.pays) for cost in costs}
    for (gains, pays, tie), own in groupby(costs, key=lambda c: (c.gains, c.pays, c.tie)):
        both = ", and the other way round" if (pays, gains) in pairs else ""
        yield f"  {gains} at the cost of {pays}{both}: {tie or 'no tie is known'}"
        for cost in own:
            weighed = f"weighed by {', '.join(cost.rules)}" if cost.rules else "no rule weighs it"
            yield f"    {short[cost.indicator]} → {short[cost.cost]}: {weighed}"


def _gaps(gaps: Iterable[Gap]) -> Iterator[str]:
    for gap in gaps:
        answers = ", ".join(gap.answers) or "nobody named"
        yield f"  {gap.pathway}: {gap.stage} ({answers})"


def _waiting(one: Declared) -> Iterator[str]:
    strength = f", {one.strength.replace('_', ' ')}" if one.strength else ""
    yield f"  {one.id}  {one.kind.replace('_', '-')}{strength}"
    lag = f", {one.lag.words()}" if one.lag else ""
    parties = f"gains: {', '.join(one.gains)}; pays: {', '.join(one.pays)}{lag}"
    for text in (
        one.title,
        f"{one.mechanism} {parties[0].upper()}{parties[1:]}. Lacks {one.lacks}.",
    ):
        yield from wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
