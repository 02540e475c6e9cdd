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
    """Write what was asked, and of what, for each layout.

    ``<layout>.json`` and ``.parquet`` are of its rows, ``<layout>.files.*`` of its files.
    """
    from kpialign.gate.run import make_batches, suite_json

    for layout, frame in frames.items():
        names = [file.name for file in files if file.layout == layout]
        latest = latest_of(request)
        for ready, suite in make_batches(frame, library.layouts[layout], library, latest, names):
            first = [name for name in _FIRST if name in ready.columns]
            told = [*first, *sorted(set(ready.columns) - set(first))]  # they come in any order
            atomic.write_bytes(folder / f"{suite.name}.parquet", parquet(ready.select(told)))
            atomic.write_text(folder / f"{suite.name}.json", suite_json(suite))
