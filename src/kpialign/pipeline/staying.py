"""Stays in bands of ten minutes, out of records of single stays; no record is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kpialign import engine
from kpialign.errors import UnreadableError
from kpialign.store.rows import insert

if TYPE_CHECKING:
    import duckdb

NEEDED = ("organisation", "arrival", "departure")
COUNT = "stays"  # a row may stand for several
LAST = 600  # where the open band begins
WIDTH = 10
COUNTED = "counted"


@dataclass(frozen=True)
class Stays:
    """Stays in bands, and what became of the records.

    Attributes:
        bands: ``organisation, period, minutes_from, stays``, every band of every month.
        fates: reason → records; :data:`COUNTED` are those in a band.
    """

    bands: pl.DataFrame
    fates: dict[str, int]

    @property
    def counted(self) -> int:
        """Records that are in a band."""
        return self.fates.get(COUNTED, 0)


def count_stays(files: Sequence[Path]) -> Stays:
    """Add up records by organisation, month of departure and band of ten minutes.

    Args:
        files: CSV or Parquet files with the columns ``organisation, arrival, departure`` and,
            where a row stands for several stays, ``stays``.

    Raises:
        UnreadableError: a file cannot be read, lacks a column or has one that is not needed.
    """
    import duckdb

    with duckdb.connect() as connection:
        starts = [(float(start),) for start in range(0, LAST + 1, WIDTH)]
        insert(connection, "stay_start", {"minutes_from": pl.Float64}, starts)
        try:
            whole, *others = [_records(connection, file) for file in files]
            for each in others:
                whole = whole.union(each)
            whole.create_view("stay_record")
            engine.build(connection, "stays")
        except duckdb.Error as error:
            names = ", ".join(file.name for file in files)
            raise UnreadableError(f"{names}: {str(error).splitlines()[0]}") from None
        fates = engine.query(connection, "stay_fate")
        bands = engine.query(connection, "stay_band")
    return Stays(bands.with_columns(pl.col("minutes_from").cast(pl.Int64)), dict(fates.iter_rows()))


def _records(connection: duckdb.DuckDBPyConnection, file: Path) -> duckdb.DuckDBPyRelation:
    if file.suffix.lower() == ".parquet":
        found = connection.read_parquet(str(file))
    else:
        found = connection.read_csv(str(file), header=True, all_varchar=True)
    _guard(file, found.columns)
    names = {name.strip().lower() for name in found.columns}
    return found.project(
        "organisation, arrival, departure, stays"
        if COUNT in names
        else "organisation, arrival, departure, 1 AS stays"
    )


def _guard(file: Path, columns: Sequence[str]) -> None:
    """Nothing that could point to a person comes in: any further column stops the file."""
    names = [name.strip().lower() for name in columns]
    wrong = [f"no column {name!r}" for name in NEEDED if name not in names]
    if not wrong:  # else the first row may be no headings, but somebody's times
        wrong = [f"a column {name!r} that is not needed" for name in names if name not in _ALLOWED]
    if wrong:
        raise UnreadableError(
            f"{file.name}: {'; '.join(wrong)}. Records of stays have {', '.join(NEEDED)} and "
            f"nothing else, but for {COUNT!r} where a row stands for several. Leave out the rest, "
            "above all what points to a person."
        )


_ALLOWED = {*NEEDED, COUNT}


def told(stays: Stays) -> Iterator[str]:
    """Every record is accounted for."""
    read = sum(stays.fates.values())
    yield f"{read:,} records read: {stays.counted:,} counted, {read - stays.counted:,} left out"
    for fate, records in sorted(stays.fates.items()):
        if fate != COUNTED:
            yield f"left out: {records:,}, {fate}"
