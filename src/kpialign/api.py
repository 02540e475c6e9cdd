"""The functions of the public face; ``kpialign`` resolves them when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kpialign.errors import UsageError
from kpialign.evidence import association, density_test, pool, step
from kpialign.findings import Outcome
from kpialign.terms import Period, Release
from kpialign.variation import spc

if TYPE_CHECKING:
    import altair as alt

T = TypeVar("T")

__all__ = ["association", "chart", "check", "density_test", "pool", "spc", "step"]


def check(
    extracts: str | Path | Iterable[str | Path],
    *,
    system: str | None = None,
    database: str | Path | None = None,
    workspace: str | Path | None = None,
    published: Mapping[str, date] | None = None,
    allow: Iterable[str] = (),
    periods: Mapping[str, str] | None = None,
    statuses: Mapping[str, str] | None = None,
    audience: str | None = None,
    boundaries: str | None = None,
) -> Outcome:
    """Read extracts, gate and publish them, and judge the incentives.

    Bad data never raises: it is in the outcome, see ``outcome.raise_for_gate()``.

    Args:
        extracts: files or folders.
        system: code of the system, region or service to put in front; England without one.
        database: the DuckDB file; made if absent.
        workspace: folder with ``kpialign.toml`` and your own definitions and facts.
        published: file name → publication date, for files that carry none.
        allow: ``FILE:COLUMN`` of columns that look like data of persons and are let through.
        periods: file name or pattern → month (``2025-02``), for files that carry none.
        statuses: file name or pattern → ``published``, ``management_information`` or
            ``embargoed:2026-12-10``.
        audience: ``public``, for what anybody may see (so if nothing is said), or ``internal``.
        boundaries: ``now`` counts every month of a whole with the places of the month told,
            ``then`` with its own; ``now`` unless the settings say otherwise.

    Raises:
        DefinitionError: definitions or workspace facts are wrong; all faults at once.
        UsageError: a path, setting or system is not there, or a month is not written so.
        DatabaseBusy: another run holds the database.
    """
    from kpialign.pipeline.request import Request, read_allow
    from kpialign.pipeline.run import check as run
    from kpialign.settings import find_workspace, read_settings

    given = [extracts] if isinstance(extracts, str | Path) else list(extracts)
    paths = tuple(Path(path) for path in given)
    folder = find_workspace(None if workspace is None else Path(workspace), paths)
    asked = {
        "system": system, "database": database, "audience": audience, "boundaries": boundaries
    }  # fmt: skip
    settings = read_settings(folder, asked)
    return run(
        Request(
            paths,
            settings,
            dict(published or {}),
            _read("periods", periods or {}, Period.parse),
            allow=read_allow(allow),
            statuses=_read("statuses", statuses or {}, Release.parse),
        )
    )


def _read(what: str, given: Mapping[str, str], read: Callable[[str], T]) -> dict[str, T]:
    try:
        return {name: read(text) for name, text in given.items()}
    except ValueError as error:
        raise UsageError(f"{what}: {error}.") from None


def chart(outcome: Outcome, about: str, *, kind: str = "") -> alt.VConcatChart:
    """Draw a chart of a run.

    Args:
        outcome: what :func:`check` returned.
        about: a rule (``KA-UEC-002``) or the code of a whole (``ENGLAND``).
        kind: which chart, where there is more than one about it: ``pair``, ``forest``, ``system``.

    Raises:
        UsageError: there is no such chart in this run.
    """
    from kpialign import charts

    return charts.chart(outcome, about, kind=kind)
