"""The functions of the public face; ``kpialign`` resolves them when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from kpialign.errors import UsageError, did_you_mean
from kpialign.evidence import association, density_test, pool, step
from kpialign.findings import Gated, Outcome
from kpialign.terms import Period, Release
from kpialign.variation import spc

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from kpialign.composites.stages import Composed
    from kpialign.definitions.composites import Composite
    from kpialign.pipeline.request import Request

T = TypeVar("T")

__all__ = [
    "association", "chart", "check", "composite", "density_test", "gate", "pool", "spc", "step",
]  # fmt: skip


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
    from kpialign.pipeline.run import check as run

    asked = {
        "system": system, "database": database, "audience": audience, "boundaries": boundaries
    }  # fmt: skip
    request = _request(
        _paths(extracts),
        workspace,
        asked,
        published=published,
        allow=allow,
        periods=periods,
        statuses=statuses,
    )
    return run(request)


def gate(
    extracts: Any,
    *,
    database: str | Path | None = None,
    workspace: str | Path | None = None,
    published: Mapping[str, date] | None = None,
    allow: Iterable[str] = (),
    periods: Mapping[str, str] | None = None,
    statuses: Mapping[str, str] | None = None,
    audience: str | None = None,
) -> Gated:
    """Ask the gate of files or frames, and publish nothing.

    Bad data never raises: it is in what comes back, see ``.raise_for_gate()``; ``.good`` and
    ``.rejected`` are Polars frames. Files that are as they were on the same day are answered
    from the database.

    Args:
        extracts: a file or folder, several of them, a frame, or a mapping of names to any of
            these. A frame is a Polars, pandas or Arrow one or a relation of DuckDB, with the
            headings a layout knows; it is called ``NAME.parquet`` (``frame.parquet``
            without a name), and ``row`` counts its rows from 1. A named index of pandas counts
            as columns. A file keeps its own name.
        database: the DuckDB file whose figures are history to the checks, and which keeps the
            answer; else the workspace's. Where there are frames alone and no database yet, a
            throwaway one is used and nothing is kept.
        workspace: as for :func:`check`.
        published: as for :func:`check`.
        allow: as for :func:`check`.
        periods: as for :func:`check`.
        statuses: as for :func:`check`.
        audience: as for :func:`check`; figures nobody may see yet are told to ``internal`` alone.

    Raises:
        DefinitionError: definitions or workspace facts are wrong; all faults at once.
        UsageError: a path or setting is not there, or a frame cannot be read.
        DatabaseBusy: another run holds the database.
    """
    from kpialign.pipeline.frames import write_frames
    from kpialign.pipeline.remembering import answer

    paths, frames = _files_and_frames(extracts)
    with TemporaryDirectory(prefix="kpialign-", ignore_cleanup_errors=True) as folder:
        files = (*paths, *write_frames(frames, Path(folder)))
        asked = {"database": database, "audience": audience}
        request = _request(
            files,
            workspace,
            asked,
            published=published,
            allow=allow,
            periods=periods,
            statuses=statuses,
        )
        settings = request.settings
        if not paths and database is None and not settings.database.is_file():
            throwaway = settings.model_copy(update={"database": Path(folder) / "gate.duckdb"})
            request = replace(request, settings=throwaway)
        return answer(request)[0]


def _files_and_frames(given: Any) -> tuple[tuple[Path, ...], dict[str, Any]]:
    from kpialign.pipeline.frames import is_frame

    if not isinstance(given, Mapping):
        return ((), {"frame": given}) if is_frame(given) else (_paths(given), {})
    frames = {str(name): one for name, one in given.items() if is_frame(one)}
    return _paths(one for one in given.values() if not is_frame(one)), frames


def _paths(given: str | Path | Iterable[str | Path]) -> tuple[Path, ...]:
    paths = (given,) if isinstance(given, str | Path) else tuple(given)
    for path in paths:
        if not isinstance(path, str | Path):
            raise UsageError(
                f"{type(path).__name__}: is neither a path nor a frame with a name. Give several "
                "frames as {name: frame}."
            )
    return tuple(Path(path) for path in paths)


def _request(
    paths: tuple[Path, ...],
    workspace: str | Path | None,
    asked: Mapping[str, object],
    *,
    published: Mapping[str, date] | None,
    allow: Iterable[str],
    periods: Mapping[str, str] | None,
    statuses: Mapping[str, str] | None,
) -> Request:
    from kpialign.pipeline.request import Request, read_allow
    from kpialign.settings import find_workspace, read_settings

    folder = find_workspace(None if workspace is None else Path(workspace), paths)
    return Request(
        paths,
        read_settings(folder, asked),
        dict(published or {}),
        _read("periods", periods or {}, Period.parse),
        allow=read_allow(allow),
        statuses=_read("statuses", statuses or {}, Release.parse),
    )


def _read(what: str, given: Mapping[str, str], read: Callable[[str], T]) -> dict[str, T]:
    try:
        return {name: read(text) for name, text in given.items()}
    except ValueError as error:
        raise UsageError(f"{what}: {error}.") from None


def chart(outcome: Outcome, *about: str, kind: str = "") -> alt.VConcatChart:
    """Draw a chart of a run.

    Args:
        outcome: what :func:`check` returned.
        about: a rule (``KA-UEC-002``) or the code of a whole (``ENGLAND``); with it, where there
            are more about one, an arrow, a tie or an indicator (``"QRL", "uec.ed.four_hour"``).
        kind: which chart: ``forest``, ``matrix``, ``process``…; `kpialign chart --list` names them.

    Raises:
        UsageError: there is no such chart in this run.
    """
    from kpialign import charts

    return charts.chart(outcome, *about, kind=kind)


def composite(
    frame: pl.DataFrame,
    definition: Composite | Mapping[str, Any] | str,
    *,
    workspace: str | Path | None = None,
    period: str | None = None,
) -> Composed:
    """Compute a composite from a frame, every stage kept.

    Args:
        frame: Polars, ``unit, indicator, value`` and, where there are any, ``period``
            (YYYY-MM), ``numerator, denominator`` (for the noise of shares), and the column of
            groups that an imputation names.
        definition: a mapping as a YAML file has it, or the id of one that is shipped or stands
            in the workspace's ``definitions/``.
        workspace: folder with your own definitions.
        period: the month whose goalposts hold for all months; the frame's last without one.

    Raises:
        UsageError: the frame lacks something, or the plan would answer another question; all
            faults of the plan at once, before anything is computed.
    """
    from kpialign.composites.stages import compose
    from kpialign.definitions.composite_plan import sound

    month = None if period is None else _read("period", {"period": period}, Period.parse)["period"]
    if not isinstance(definition, str):
        return compose(frame, sound(definition), period=month)
    from kpialign.library import in_force
    from kpialign.settings import find_workspace, read_settings

    folder = find_workspace(None if workspace is None else Path(workspace), ())
    library = in_force(read_settings(folder, {}).definitions)
    found = library.composites.get(definition)
    if found is None:
        hint = did_you_mean(definition, library.composites)
        raise UsageError(f"no composite {definition!r}. {hint}".strip())
    improves = {leaf.name: library.indicators[leaf.name].improves.sign for leaf in found.leaves}
    return compose(frame, found, improves, month)
