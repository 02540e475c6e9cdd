"""One answer of Great Expectations → why it crashed, or the rows it found wrong, as a frame."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import polars as pl

from kpialign.findings import no_faults
from kpialign.gate.checks import CHECKS, Check, Reach
from kpialign.terms import GateOutcome

PLACE = ("file", "sheet", "row", "organisation", "period")

Meta = Mapping[str, str]


def crash(answer: Any) -> str:
    """Why the answer cannot be relied on, or nothing.

    GX reports a crash as an ordinary ``success: False``; only ``exception_info`` tells them
    apart, which is flat where nothing was raised and one entry a metric where something was.
    """
    info = answer.exception_info
    for one in [info] if "raised_exception" in info else info.values():
        if one["raised_exception"]:
            return str(one["exception_message"]).strip().splitlines()[0]
    named = answer.result.get("unexpected_index_list")
    failed = answer.result.get("unexpected_count")
    if named is not None and len(named) != failed:
        return f"only {len(named)} of {failed} failing rows were named"
    return ""


def crashed(meta: Meta, layout: str, files: Collection[str], why: str) -> pl.DataFrame:
    """A row for each file of which a check could not be evaluated."""
    return _frame(
        pl.DataFrame({"file": list(files or [""])}),
        check=meta["check"],
        about=meta["about"],
        outcome=GateOutcome.ERROR,
        layout=layout,
        column=meta["column"],
        expected=meta["threshold"],
        message=f"{meta['title']}: the check could not be evaluated: {why}",
        todo="See that the column is there and holds numbers; else report it as a fault.",
    )


def found(
    answer: Any, frame: pl.DataFrame, layout: str, absent: Collection[str] = ()
) -> pl.DataFrame:
    """The rows of an answer that is no success; ``absent`` files left no row in the frame."""
    meta = answer.expectation_config.meta
    check = CHECKS[meta["check"]]
    words = {
        "check": check.code,
        "about": meta["about"],
        "outcome": check.severity,
        "layout": layout,
        "column": meta["column"],
        "expected": meta["threshold"],
        "todo": check.todo,
    }
    numbers = answer.result.get("unexpected_index_list")
    if numbers is None:
        rows = pl.DataFrame({"file": list(absent or [""])})
        rows = rows.with_columns(pl.lit("no row").alias("value"))
        return _frame(rows.with_columns(_message(meta)), **words)
    # GX's list of values stops at 200 without saying so; its list of row numbers does not.
    told = {meta["counted"], f"{meta['about']}.denominator"} & set(frame.columns)
    places = [name for name in PLACE if name in frame.columns]
    rows = frame.select(*places, *told.difference(PLACE))[numbers].with_columns(_value(meta, frame))
    return _frame(rows.with_columns(_message(meta)), **words)


def of_sql(
    rows: pl.DataFrame, checks: Mapping[str, Check], layouts: Mapping[str, str]
) -> pl.DataFrame:
    """The rows that SQL checks returned, each as severe as it says or as its check is.

    ``checks`` is by the name in the column ``check``, ``layouts`` by file.
    """

    def of_check(facts: Mapping[str, str]) -> pl.Expr:
        return pl.col("check").replace_strict(facts, default="", return_dtype=pl.String)

    severity = of_check({name: str(check.severity) for name, check in checks.items()})
    given = [name for name in ("outcome", "about") if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in given)
    return _frame(
        rows.with_columns(
            of_check({name: check.code for name, check in checks.items()}).alias("check"),
            pl.coalesce("outcome", severity).alias("outcome"),
            of_check({name: check.todo for name, check in checks.items()}).alias("todo"),
            pl.col("file")
            .replace_strict(layouts, default="", return_dtype=pl.String)
            .alias("layout"),
        )
    )


def reach() -> pl.Expr:
    """What a failing row holds back where its outcome does, by its check and what it names.

    A crashed check holds back its file, and so does a row that names neither an organisation
    nor a month, because nothing smaller can be told apart. A check that came as a file of its
    own has to name an organisation.
    """
    own = {code: str(check.reach) for code, check in CHECKS.items()}
    nobody, never = pl.col("organisation") == "", pl.col("period") == ""
    named = pl.col("check").replace_strict(own, default="", return_dtype=pl.String)
    row, file = pl.lit(str(Reach.ROW)), pl.lit(str(Reach.FILE))
    of_row = pl.when(nobody & (never | (named == ""))).then(file).otherwise(row)
    return (
        pl.when(pl.col("outcome") == str(GateOutcome.ERROR))
        .then(file)
        .when(named.is_in(["", str(Reach.ROW)]))
        .then(of_row)
        .otherwise(named)
    )


def together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All failing rows in one frame, in a stable order."""
    whole = pl.concat([no_faults(), *frames])
    texts = ("check", "layout", "file", "sheet", "column", "organisation", "period")
    *before, column, organisation, period = (pl.col(t).cast(pl.Categorical) for t in texts)
    return whole.sort(*before, "row", column, organisation, period, "message", nulls_last=False)


def _frame(rows: pl.DataFrame, **words: str) -> pl.DataFrame:
    """Rows with every column of the faults; what is not said is an empty text."""
    schema = no_faults().schema
    missing = schema.keys() - set(rows.columns) - words.keys()
    return (
        rows.with_columns(
            *(pl.lit(str(word)).alias(name) for name, word in words.items()),
            *(pl.lit(None).alias(name) for name in missing),
        )
        .select(pl.col(name).cast(type_) for name, type_ in schema.items())
        .with_columns(pl.col(pl.String).fill_null(""))
    )


def _value(meta: Meta, frame: pl.DataFrame) -> pl.Expr:
    """The value found: a key as it stands in the file, a numerator with its denominator."""
    about, counted = meta["about"], meta["counted"]
    if about in ("organisation", "period"):
        return pl.col(about).alias("value")
    if about == "key":
        return pl.lit("the same key again").alias("value")
    value = number(pl.col(counted))
    whole = f"{about}.denominator"
    if counted.endswith(".numerator") and whole in frame.columns:
        value = pl.concat_str(
            value, pl.concat_str(pl.lit(" of "), number(pl.col(whole))).fill_null("")
        )
    return value.alias("value")


def _message(meta: Meta) -> pl.Expr:
    value = pl.when(pl.col("value") != "").then("value").otherwise(pl.lit("nothing"))
    return pl.concat_str(
        pl.lit(f"{meta['title']}: found "), value, pl.lit(f", expected {meta['threshold']}")
    ).alias("message")


def number(value: pl.Expr) -> pl.Expr:
    """Figures as they are told.

    >>> told = pl.Series([-3.0, 100 / 3, 1234567.0, float("inf"), None])
    >>> pl.select(number(pl.lit(told))).to_series().to_list()
    ['-3', '33.333333', '1234567', 'not a number', None]
    """
    figure = value.cast(pl.Float64)
    text = figure.round(6).cast(pl.String).str.strip_suffix(".0")
    return (
        pl.when(figure.is_finite())
        .then(text)
        .when(figure.is_not_null())
        .then(pl.lit("not a number"))
    )
