"""``kpialign lint``: whether the definitions hold together and prove themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpialign.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from kpialign.definitions.conflicts import Conflict
    from kpialign.definitions.shapes import ShapeRule
    from kpialign.library import Library


@click.command("lint")
@click.option("--workspace", type=click.Path(path_type=Path), default=Path(), show_default=True)
@click.option("--seeds", type=click.IntRange(min=0), default=0, show_default=True,
              help="Also judge every rule on this many invented systems a test; 200 is a proof, "
                   "fewer a look.")  # fmt: skip
@click.option("--only", multiple=True, metavar="RULE", help="With --seeds: this rule alone.")
def command(*, workspace: Path, seeds: int, only: tuple[str, ...]) -> None:
    """Check all definitions, shipped and your own, and run their examples.

    \b
    kpialign lint
    kpialign lint --workspace qrl/
    kpialign lint --seeds 200             also the rules' own tests; takes its time
    kpialign lint --seeds 20 --only KA-UEC-001    a quick look at a rule you edit
    """
    from kpialign.pipeline.excepting import library_of
    from kpialign.proving import lint
    from kpialign.settings import Settings

    library = library_of(Settings(workspace=workspace))
    found = lint(library)
    faults = list(found.faults)
    if seeds:
        from kpialign.proving.rules import proofs
        from kpialign.proving.shapes import shape_tests

        asked = _asked(library, only)
        for proof in proofs(asked, seeds=seeds):
            click.echo(f"proved on {seeds}: {proof}", err=True)
            faults += [proof.fault] if proof.fault else []
        faults += shape_tests(asked, seeds=seeds)
    for fault in (*faults, *found.warnings):
        click.echo(str(fault))
    click.echo(
        f"{len(library.indicators)} indicators, {len(_rules(library))} rules, "
        f"{len(library.layouts)} layouts: {len(faults)} faults, "
        f"{len(found.warnings)} warnings; {_rules_own(_asked(library, only), seeds)}",
        err=True,
    )
    if faults:
        raise click.exceptions.Exit(2)


def _asked(library: Library, only: tuple[str, ...]) -> Library:
    """The library with the rules named and no other; with all where none is named."""
    if not only:
        return library
    names = {name.upper() for name in only}
    known = {rule.id for rule in _rules(library)}
    for name in sorted(names - known):
        raise UsageError(f"no rule is called {name}. {did_you_mean(name, known)}".strip())
    return replace(
        library,
        conflicts={name: one for name, one in library.conflicts.items() if name in names},
        shapes={name: one for name, one in library.shapes.items() if name in names},
    )


def _rules_own(library: Library, seeds: int) -> str:
    if not seeds:
        return "the rules' own tests were not run (--seeds N)"
    tests = sum(len(rule.tests) for rule in _rules(library))
    return f"{tests} tests of rules run on {seeds} invented systems each"


def _rules(library: Library) -> list[Conflict | ShapeRule]:
    return [*library.conflicts.values(), *library.shapes.values()]
