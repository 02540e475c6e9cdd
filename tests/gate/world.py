"""A small layout, its definitions, and a clean wide frame of three trusts and two files."""

from __future__ import annotations

from functools import cache

import polars as pl

from kpialign.definitions.indicators import Indicator
from kpialign.definitions.items import Item
from kpialign.definitions.layouts import Layout
from kpialign.findings import CheckResult, GateVerdict
from kpialign.gate.run import run_suite
from kpialign.gate.verdict import judge
from kpialign.library import Library

LATEST = "2026-03"
APRIL, MAY = "april.csv", "may.csv"
NO_SQL = pl.DataFrame(
    schema={
        **dict.fromkeys(("check", "outcome", "file", "sheet"), pl.String),
        "row": pl.Int64,
        **dict.fromkeys(("column", "value", "organisation", "period", "message"), pl.String),
        "total": pl.Int64,
    }
)


@cache
def layout(row_floor: int = 2) -> Layout:
    return Layout.model_validate(
        {
            "id": "test.ae",
            "title": "A&E",
            "publisher": "nobody",
            "published": True,
            "recognise": {"columns": ["Org Code"]},
            "period": {"columns": "Period", "reads": "%Y-%m"},
            "row_floor": row_floor,
            "tables": [
                {
                    "header": ["Org Code"],
                    "organisation": {"code": "Org Code", "role": "hospital"},
                    "items": {
                        "ae.seen": "Seen",
                        "ae.late": [
                            {"heading": "Over 4hrs"},
                            {"heading": "Number over 4hrs"},
                        ],
                        "ae.wait": "Minutes waited",
                        "ae.new": "New count",
                        "ae.booked": "Booked",
                    },
                    "optional": ["ae.booked"],
                }
            ],
        }
    )


@cache
def library() -> Library:
    items = [
        Item(id="ae.seen", title="Attendances", unit="attendance"),
        Item(id="ae.late", title="Over four hours", unit="attendance"),
        Item(id="ae.wait", title="Time waited", unit="minute"),
        Item.model_validate(
            {"id": "ae.new", "title": "New", "unit": "x", "collected": {"from": "2026-02"}}
        ),
        Item(id="ae.booked", title="Booked", unit="attendance"),
    ]
    within = indicator("ae.four_hour", "percent", "ratio", "ae.seen - ae.late")
    mean = indicator("ae.mean_wait", "minutes", "mean", "ae.wait", range=[0, 300], warn_above=200)
    elsewhere = indicator("amb.other", "percent", "ratio", "amb.nowhere")
    return Library(
        items={item.id: item for item in items},
        indicators={i.id: i for i in (within, mean, elsewhere)},
    )


def indicator(id_: str, unit: str, kind: str, numerator: str, **quality: object) -> Indicator:
    return Indicator.model_validate(
        {
            "id": id_,
            "title": id_,
            "short": id_,
            "why": "test",
            "kind": "process",
            "used_for": "test",
            "unit": unit,
            "improves": "up",
            "clock": {"starts": "arrival", "stops": "departure"},
            "measure": {
                "type": kind,
                "numerator": numerator,
                "denominator": "ae.seen",
                "scale": 100 if unit == "percent" else 1,
            },
            "accountable": {"role": "hospital"},
            "peers": {"set": "all"},
            "quality": {"min_denominator": 20, **quality},
            "review": {"owner": "x", "reviewed": "2026-01-15", "next": "2027-01-15"},
        }
    )


def clean() -> pl.DataFrame:
    """Three trusts; January (`april.csv`) without the new item, which is collected since."""
    rows = [
        {
            "organisation": trust,
            "organisation_name": f"Trust {trust}",
            "role": "hospital",
            "period": period,
            "file": file,
            "sheet": "",
            "row": number,
            "rows": 1,
            "ae.seen": 100.0 + number,
            "ae.late": 30.0,
            "ae.wait": 9_000.0,
            "ae.new": None if file == APRIL else 5.0,
            "ae.booked": None,
        }
        for file, period in ((APRIL, "2026-01"), (MAY, "2026-02"))
        for number, trust in enumerate(("RAA", "RBB", "RCC"), start=2)
    ]
    types = {"ae.new": pl.Float64, "ae.booked": pl.Float64, "row": pl.Int64, "rows": pl.Int64}
    return with_parts(pl.DataFrame(rows, schema_overrides=types))


def with_parts(frame: pl.DataFrame) -> pl.DataFrame:
    """What the store's SQL adds: the parts of each indicator."""
    return frame.with_columns(
        (pl.col("ae.seen") - pl.col("ae.late")).alias("ae.four_hour.numerator"),
        pl.col("ae.seen").alias("ae.four_hour.denominator"),
        pl.col("ae.wait").alias("ae.mean_wait.numerator"),
        pl.col("ae.seen").alias("ae.mean_wait.denominator"),
    )


def planted(column: str, value: object, organisation: str = "RBB", file: str = MAY) -> pl.DataFrame:
    """The clean frame with one wrong cell, its parts computed again."""
    frame = clean()
    here = (pl.col("organisation") == organisation) & (pl.col("file") == file)
    literal = pl.lit(value, frame.schema[column])
    return with_parts(
        frame.with_columns(pl.when(here).then(literal).otherwise(pl.col(column)).alias(column))
    )


def run(frame: pl.DataFrame, row_floor: int = 2, files: tuple[str, ...] = ()) -> GateVerdict:
    return judge([run_suite(frame, layout(row_floor), library(), LATEST, files)], NO_SQL)


def bad(verdict: GateVerdict) -> list[CheckResult]:
    return [result for result in verdict.results if result.failed]
