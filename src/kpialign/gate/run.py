"""Runs the suites of a layout on its frames: the only place that meets Great Expectations."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl

from kpialign.definitions.layouts import Layout
from kpialign.gate.asked import Asked, of_answers
from kpialign.gate.frame import make_ready, of_files
from kpialign.gate.scope import Scope
from kpialign.gate.suite import make_suites
from kpialign.library import Library

Batch = tuple[pl.DataFrame, Any]  # a frame, and the suite that is asked of it

RESULT_FORMAT = {
    "result_format": "COMPLETE",
    # Otherwise GX writes one string that lists every failing row.
    "return_unexpected_index_query": False,
    "partial_unexpected_count": 0,
}


def run_suite(
    frame: pl.DataFrame,
    layout: Layout,
    library: Library,
    latest: str,
    files: Collection[str] = (),
) -> Asked:
    """Ask everything the definitions say of one layout's frame.

    Args:
        frame: one row per organisation, role, period and file; columns ``organisation``,
            ``organisation_name``, ``role``, ``period``, ``file``, ``sheet``, ``row``, ``rows``,
            one per item and two per indicator, ``<indicator>.numerator`` and ``.denominator``.
        layout: the layout the files were read as.
        library: the definitions.
        latest: the last month that is not in the future, ``YYYY-MM``.
        files: the files read as this layout, so that one that left no row is missed.

    Returns:
        What every check found, and of how much it was asked. One that crashed is an
        ``error``, never a pass or a fail.
    """
    with _quiet():
        batches = make_batches(frame, layout, library, latest, files)
        answers = validate(batches)
    return of_answers(answers, layout.id, files)


def make_batches(
    frame: pl.DataFrame,
    layout: Layout,
    library: Library,
    latest: str,
    files: Collection[str] = (),
) -> tuple[Batch, ...]:
    """The frame made ready and that of its files, each with the suite that is asked of it."""
    scope = Scope(layout, library, frozenset(frame.columns))
    ready = make_ready(frame, scope)
    of_rows, in_files = make_suites(scope, latest, files)
    return (ready, of_rows), (of_files(ready, scope), in_files)


def suite_json(suite: Any) -> str:
    """A suite as Great Expectations reads it again, ``meta`` included."""
    told = suite.to_json_dict()
    return json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@contextmanager
def _quiet() -> Iterator[None]:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when GX is imported
    with warnings.catch_warnings():
        # What pandas and GX deprecate among themselves is nothing a user can act on.
        warnings.simplefilter("ignore")
        yield


def validate(batches: Iterable[Batch]) -> list[tuple[pl.DataFrame, Any]]:
    """Let Great Expectations answer suites on their frames, in memory and in silence."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("wide")
    answers = []
    for frame, suite in batches:
        compared = _columns(suite)
        used = [name for name in frame.columns if name in compared] or frame.columns[:1]
        asset = source.add_dataframe_asset(suite.name)
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch(
            batch_parameters={"dataframe": frame.select(used).to_pandas()}
        )
        answers.append((frame, batch.validate(suite, result_format=RESULT_FORMAT).results))
    return answers


def _columns(suite: Any) -> set[str]:
    """The columns that the expectations compare; a row count compares none."""
    asked = [expectation.configuration.kwargs for expectation in suite.expectations]
    one = {kwargs.get(key) for kwargs in asked for key in ("column", "column_A", "column_B")}
    return one | {name for kwargs in asked for name in kwargs.get("column_list", ())}
