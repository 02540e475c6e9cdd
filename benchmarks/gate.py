"""What the gate costs: ``python benchmarks/gate.py [--rows N]``.

One wide frame of eight columns is asked the same ten things by kpialign, by Great Expectations
alone, by DuckDB in one statement and, where it is installed, by pandera (``pip install
'pandera[polars]'``). Each is a process of its own; imports and answers are timed apart, once
with nothing wrong and once with one thing wrong in every row.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made
import numpy as np
import polars as pl
from month import child

LATEST = 2026 * 12 + 2
CALENDAR = r"^\d{4}-(0[1-9]|1[0-2])$"
ITEMS = ("made.item000", "made.item001")


def frame(rows: int, *, wrong: bool) -> pl.DataFrame:
    """A row an organisation and month; with something wrong, one figure of each is negative."""
    rng = np.random.default_rng(1)
    months = [f"{1900 + m // 12}-{m % 12 + 1:02}" for m in range(1500)]
    at = np.arange(rows)
    figures = {name: rng.integers(1, 100_000, rows).astype(float) for name in ITEMS}
    if wrong:
        figures[ITEMS[1]] = -figures[ITEMS[1]]
    return pl.DataFrame({
        "file": "a.csv", "sheet": "", "row": at + 2, "rows": np.ones(rows, int), "role": "hospital",
        "organisation": [f"R{n // 1500:05}" for n in at], "period": [months[n % 1500] for n in at],
        **figures,
    })  # fmt: skip


def kpialign(path: Path) -> Callable[[], int]:
    """Everything ``kpialign gate`` does with a frame, to the verdict and what is held back."""
    from kpialign.gate.run import run_suite
    from kpialign.gate.verdict import held_back, judge
    from kpialign.library import in_force
    from kpialign.settings import Settings

    library = in_force(Settings(workspace=path.parent).definitions)
    table = pl.read_parquet(path)

    def ask() -> int:
        asked = run_suite(table, library.layouts["made.wide"], library, "2026-03", ["a.csv"])
        verdict = judge([asked], pl.DataFrame(), {"a.csv": "made.wide"})
        return len(held_back(verdict).rows)

    return ask


def great_expectations(path: Path) -> Callable[[], int]:
    """The ten expectations written by hand, with the rows that fail."""
    import great_expectations as gx
    import pandas as pd
    from great_expectations import expectations as gxe

    table = pd.read_parquet(path)
    year, month = table["period"].str[:4].astype(int), table["period"].str[5:].astype(int)
    table["period/month"] = year * 12 + month - 1
    top = sys.float_info.max
    asked = [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="organisation"),
        gxe.ExpectColumnValuesToNotBeNull(column="period"),
        gxe.ExpectColumnValuesToMatchRegex(column="period", regex=CALENDAR),
        gxe.ExpectColumnValuesToBeBetween(column="period/month", max_value=LATEST),
        gxe.ExpectColumnValuesToBeBetween(column="rows", max_value=1),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["organisation", "role", "period", "file"]),
        *(gxe.ExpectColumnValuesToBeBetween(column=i, min_value=0, max_value=top) for i in ITEMS),
        gxe.ExpectColumnDistinctValuesToContainSet(column="file", value_set=["a.csv"]),
    ]
    suite = gx.ExpectationSuite(name="wide", expectations=asked)
    form = {"result_format": "COMPLETE", "return_unexpected_index_query": False,
            "partial_unexpected_count": 0}  # fmt: skip

    def ask() -> int:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("wide").add_dataframe_asset("wide")
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch(
            batch_parameters={"dataframe": table}
        )
        results = batch.validate(suite, result_format=form).results
        return sum(r.result.get("unexpected_count") or 0 for r in results)

    return ask


def duckdb(path: Path) -> Callable[[], int]:
    """One statement that counts what fails; it names no row."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("CREATE TABLE wide AS SELECT * FROM read_parquet(?)", [str(path)])
    months = "CAST(period[1:4] AS BIGINT) * 12 + CAST(period[6:7] AS BIGINT) - 1"
    wrong = [
        "organisation IS NULL", "period IS NULL", f"NOT regexp_matches(period, '{CALENDAR}')",
        f"{months} > {LATEST}", "rows > 1", "file <> 'a.csv'",
        *(f'NOT "{item}" BETWEEN 0 AND 1e308' for item in ITEMS),
    ]  # fmt: skip
    counts = " + ".join(f"count(*) FILTER ({what})" for what in wrong)
    twice = "SELECT organisation FROM wide GROUP BY organisation, role, period, file"
    text = f"SELECT {counts}, (SELECT count(*) FROM ({twice} HAVING count(*) > 1)) FROM wide"
    return lambda: int(connection.execute(text).fetchall()[0][0])


def pandera(path: Path) -> Callable[[], int]:
    """The same as a schema of pandera on Polars, all failures gathered."""
    import pandera.polars as pa

    table = pl.read_parquet(path)
    months = pl.col("period").str.slice(0, 4).cast(int) * 12 + pl.col("period").str.slice(5).cast(
        int
    )
    table = table.with_columns((months - 1).alias("month"))
    figures = {item: pa.Column(float, pa.Check.in_range(0, 1e308)) for item in ITEMS}
    schema = pa.DataFrameSchema(
        {
            "organisation": pa.Column(str), "file": pa.Column(str, pa.Check.isin(["a.csv"])),
            "period": pa.Column(str, pa.Check.str_matches(CALENDAR)),
            "month": pa.Column(int, pa.Check.le(LATEST)),
            "rows": pa.Column(int, pa.Check.le(1)), **figures,
        },
        unique=["organisation", "role", "period", "file"],
    )  # fmt: skip

    def ask() -> int:
        try:
            schema.validate(table, lazy=True)
        except pa.errors.SchemaErrors as error:
            return len(error.failure_cases)
        return 0

    return ask


ASKED: dict[str, Callable[[Path], Callable[[], int]]] = {
    "great_expectations": great_expectations, "kpialign": kpialign, "duckdb": duckdb,
    "pandera": pandera,
}  # fmt: skip
LAYOUT = """
id: made.wide
title: Invented wide extract
publisher: nobody
published: true
recognise: {columns: [body, period]}
replaces: organisation_period
period: {columns: [period], reads: ["%Y-%m"]}
tables:
  - header: [body, period]
    organisation: {code: body, role: hospital}
    items: {made.item000: first, made.item001: second}
"""


def answer(name: str, path: Path) -> None:
    """Ask once for the imports and three times for the best time, and tell it as JSON."""
    began = time.perf_counter()
    ask = ASKED[name](path)
    ask()
    first = time.perf_counter() - began
    times = []
    for _ in range(3):
        began = time.perf_counter()
        found = ask()
        times.append(time.perf_counter() - began)
    print(json.dumps({"import": first, "answer": min(times), "found": found}), file=sys.stderr)


def measured(name: str, path: Path) -> dict[str, Any]:
    """A process of its own: what it told, and its peak memory."""
    run = child([str(Path(__file__).resolve()), "--ask", name, str(path)], path.parent)
    if run.code:
        sys.exit(run.errors)
    told: dict[str, Any] = json.loads(run.errors.strip().splitlines()[-1])
    return told | {"peak": run.megabytes, "import": told["import"] - told["answer"]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What the gate costs.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--ask", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        answer(given.ask[0], Path(given.ask[1]))
        return
    there = [n for n in ASKED if n != "pandera" or importlib.util.find_spec("pandera")]
    for wrong in (False, True):
        print(f"{given.rows:,} rows, {'one thing wrong in each' if wrong else 'nothing wrong'}")
        with tempfile.TemporaryDirectory() as name:
            made.workspace(Path(name), len(ITEMS))
            (Path(name) / "definitions" / "layouts" / "made_wide.yaml").write_text(LAYOUT, "utf-8")
            path = Path(name) / "wide.parquet"
            frame(given.rows, wrong=wrong).write_parquet(path)
            told = {one: measured(one, path) for one in there}
        alone = told["great_expectations"]["answer"]
        for one, run in told.items():
            print(
                f"  {one:<20}{run['import']:6.1f} s to import and read {run['answer']:7.2f} s "
                f"{run['peak']:6.0f} MB peak {run['found']:>10,} found "
                f"{run['answer'] / alone:6.2f} × GX alone"
            )


if __name__ == "__main__":
    main()
