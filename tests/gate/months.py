"""Months of several organisations in files of one's own, and what an SQL check says of them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from kpialign import engine
from kpialign.extracts.workspace import read_workspace
from kpialign.library import in_force
from kpialign.pipeline import modelling, reading
from kpialign.pipeline.request import Request, arrivals
from kpialign.settings import read_settings
from kpialign.store.database import open_database
from kpialign.terms import Period

Figures = dict[tuple[str, str, str], float]
"""Organisation, month and item (or part of an indicator) → value."""

FIRST = Period(2023, 1)
BODIES = tuple(f"R{n:02d}" for n in range(10, 22))


def month(number: int) -> str:
    """The month with that number, from 0."""
    return str(FIRST + number)


def figures(months: int = 30, **items: float) -> Figures:
    """A figure around each size that follows the season and moves a little, for every body."""
    chance = random.Random(7)
    return {
        (body, month(n), item.replace("__", ".")): round(
            size * (1 + at / 20) * (1 + math.sin(n / 6 * math.pi) / 10) * chance.uniform(0.97, 1.03)
        )
        for at, body in enumerate(BODIES)
        for n in range(months)
        for item, size in items.items()
    }


def write(path: Path, told: Mapping[tuple[str, str, str], float], role: str = "ambulance") -> Path:
    """The figures as a file with a row for each, in the order in which they are given."""
    lines = [f"{b},{p},{i},{v:.12g},{role}" for (b, p, i), v in told.items()]
    path.write_text("\n".join(["organisation,period,item,value,role", *lines]) + "\n", "utf-8")
    return path


@contextmanager
def staged(place: Path, *files: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in which files are read and staged, and nothing is published yet."""
    settings = read_settings(place, {"database": place / "k.duckdb"}, environ={})
    request = Request(files, settings, now=datetime(2026, 11, 2))
    library = in_force(settings.definitions)
    with open_database(settings.database) as connection:
        modelling.know(connection, library, read_workspace(place), day=request.now.date())
        hand = reading.ByHand({}, {}, {}, internal=True)
        read = reading.read_files(connection, arrivals(request), library, hand)
        assert [one.why for one in read.refused] == []
        modelling.stage_files(connection, read.staged)
        yield connection


def wrong(place: Path, check: str, *told: Figures, role: str = "ambulance") -> pl.DataFrame:
    """The rows a check finds wrong in files of figures."""
    files = [write(place / f"{n}.csv", one, role) for n, one in enumerate(told)]
    with staged(place, *files) as connection:
        return engine.check(connection, check)


def line(told: Figures, body: str, period: str, item: str) -> int:
    """The row of a figure in its file, counted from 1."""
    return list(told).index((body, period, item)) + 2
