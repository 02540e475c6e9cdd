"""The figures of each organisation, for what sets them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.findings import SystemValue
from kpialign.pipeline.steadying import aim
from kpialign.terms import Period

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    "indicator": pl.String, "organisation": pl.String, "name": pl.String, "role": pl.String,
    "here": pl.Boolean, "period": pl.String, "numerator": pl.Float64, "denominator": pl.Float64,
    "value": pl.Float64, "state": pl.String, "target": pl.Float64,
    "published": pl.Boolean,
}  # fmt: skip


def figures(
    connection: duckdb.DuckDBPyConnection,
    values: Sequence[SystemValue],
    here: Mapping[str, frozenset[str]],
    period: Period,
    names: Mapping[tuple[str, str], str],
) -> pl.DataFrame:
    """A row per indicator told, organisation and month up to the month told.

    ``published`` says whether anybody may see all of the figure on the day of the run.

    Args:
        connection: the open database, its models built.
        values: figures of wholes; whose indicators are told, with their targets.
        here: role → the organisations of what is in front.
        period: the month told.
        names: (role, code) → name.
    """
    told = engine.query(connection, "observation").filter(
        pl.col("indicator").is_in([v.indicator for v in values]),
        pl.col("period") <= str(period),
    )
    held = engine.query(connection, "unpublished_figure").with_columns(
        pl.lit(value=False).alias("published")
    )
    steps = {v.indicator: v.target_steps for v in values}
    months = told.select("indicator", "period").unique()
    aims = pl.DataFrame(
        [(i, p, aim(steps[i], Period.parse(p))) for i, p in months.iter_rows()],
        schema={n: COLUMNS[n] for n in ("indicator", "period", "target")}, orient="row",
    )  # fmt: skip
    bodies = told.select("role", "organisation").unique()
    known = pl.DataFrame(
        [
            (role, code, names.get((role, code), code), code in here.get(role, frozenset()))
            for role, code in bodies.iter_rows()
        ],
        schema={n: COLUMNS[n] for n in ("role", "organisation", "name", "here")}, orient="row",
    )  # fmt: skip
    return (
        told.join(known, on=["role", "organisation"])
        .join(aims, on=["indicator", "period"], how="left")
        .join(held, on=["indicator", "organisation", "role", "period"], how="left")
        .with_columns(pl.col("published").fill_null(value=True))
        .select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
        .sort("indicator", "role", "organisation", "period")
    )


def none() -> pl.DataFrame:
    """The frame without a figure."""
    return pl.DataFrame(schema=COLUMNS)
