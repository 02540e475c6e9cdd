"""The gate's suites and frames as files, for teams that run Great Expectations themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kpialign.outputs import atomic
from kpialign.pipeline.admitting import latest_of
from kpialign.pipeline.remembering import parquet
from kpialign.pipeline.request import Request
from kpialign.store.staging import StagedFile

if TYPE_CHECKING:
    import polars as pl

    from kpialign.library import Library

_FIRST = ("organisation", "organisation_name", "role", "period", "file", "sheet", "row", "rows")


def export(
    frames: Mapping[str, pl.DataFrame],
    files: Sequence[StagedFile],
    library: Library,
    request: Request,
    folder: Path,
) -> None:
    """Write ``<layout>.parquet`` and ``<layout>.json``: what was asked, and of which rows."""
    from kpialign.gate.run import make_batch, suite_json

    for layout, frame in frames.items():
        names = [file.name for file in files if file.layout == layout]
        ready, suite = make_batch(
            frame, library.layouts[layout], library, latest_of(request), names
        )
        told = [*_FIRST, *sorted(set(ready.columns) - set(_FIRST))]  # they come in any order
        atomic.write_bytes(folder / f"{layout}.parquet", parquet(ready.select(told)))
        atomic.write_text(folder / f"{layout}.json", suite_json(suite))
