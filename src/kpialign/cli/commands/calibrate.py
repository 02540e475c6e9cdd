"""``kpialign calibrate``: how often the rules cry wolf on your own figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kpialign.findings import Calibration

_HEADS = ("rule, arrow", "pairs", "model", "decides", "once", "ever")
_ROW = "{:<28} {:>7}  {:>14}  {:>14}  {:>7}  {:>7}"


@click.command("calibrate")
@click.option("--workspace", type=click.Path(path_type=Path), help="Folder of your own facts.")
@click.option("--database", type=click.Path(path_type=Path), help="DuckDB file of earlier runs.")
@click.option(
    "--draws",
    type=click.IntRange(min=20),
    default=100,
    show_default=True,
    help="Links to draw by lot for each arrow; 1000 for a share to one decimal.",
)
@click.option("--seed", type=int, default=2026, show_default=True)
@click.option("--dry-run", is_flag=True, help="Write nothing.")  # fmt: skip
def command(
    *, draws: int, seed: int, dry_run: bool, workspace: Path | None, **options: object
) -> None:
    """Measure false alarms on what `kpialign check` published, where no link can be.

    For each arrow: of the pairs of ties that cannot influence each other, the share flagged at
    one-sided p < .05, as the rule says and the other way, by the model's own p and by the one
    that decides; and of links drawn by lot the share called supported at the last look, and at
    any of twelve monthly looks. About 5% is honest. Written to calibration.csv of the
    workspace, and shown beside the findings from the next check on.

    \b
    kpialign calibrate
    kpialign calibrate --workspace qrl/ --draws 1000
    """
    from kpialign.errors import NotWritten
    from kpialign.outputs import atomic
    from kpialign.pipeline.calibrating import CALIBRATION_FILE, rendered
    from kpialign.proving.calibrate import calibrate
    from kpialign.settings import find_workspace, read_settings

    settings = read_settings(find_workspace(workspace, ()), options)
    click.echo(_ROW.format(*_HEADS))
    found = []
    for one in calibrate(settings, draws=draws, seed=seed):
        found.append(one)
        click.echo(_line(one))
    click.echo(f"links drawn: {draws} an arrow, seed {seed}", err=True)
    if not found:
        click.echo("no rule has figures yet", err=True)
    elif not dry_run:
        path = settings.workspace / CALIBRATION_FILE
        try:
            atomic.write_text(path, rendered(found))
        except OSError as error:
            told = error.strerror or error
            raise NotWritten(f"{path}: could not be written ({told}).") from error
        click.echo(f"{path}: written; the next check shows it", err=True)


def _line(one: Calibration) -> str:
    return _ROW.format(
        f"{one.rule} {one.arrow}",
        f"{one.unlinked:,}",
        f"{_share(one.model_declared)} {_share(one.model_other)}",
        f"{_share(one.deciding_declared)} {_share(one.deciding_other)}",
        _share(one.once),
        _share(one.ever),
    ).rstrip()


def _share(value: float | None) -> str:
    return "too few" if value is None else f"{100 * value:.1f}%"
