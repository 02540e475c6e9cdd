"""The tables of the star, made of an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from kpialign.charts import judged
from kpialign.findings import ArrowResult, Finding, Outcome
from kpialign.outputs.star.columns import TABLES, schema
from kpialign.terms import Period

_KEY = pl.concat_str("role", "organisation", separator=":").alias("organisation_key")


def all_of(outcome: Outcome) -> dict[str, pl.DataFrame]:
    """Every table by its name, with the columns promised."""
    bodies = judged.bodies(outcome)
    if bodies.is_empty():
        bodies = pl.DataFrame(schema={**schema("dim_organisation"), **schema("fact_observation")})
        points = pl.DataFrame(schema=schema("fact_spc"))
    else:
        bodies = bodies.with_columns(_KEY)
        points = judged.with_key(judged.charts(outcome).points).with_columns(_KEY)
    made = {
        "fact_observation": bodies,
        "fact_spc": points,
        "fact_system": outcome.tables.values,
        "fact_finding": _frame("fact_finding", _findings(outcome)),
        "dim_indicator": _frame("dim_indicator", _indicators(outcome)),
        "dim_organisation": bodies.unique("organisation_key", keep="last", maintain_order=True),
        "dim_period": _frame("dim_period", _periods(outcome, bodies)),
        "dim_rule": _frame("dim_rule", _rules(outcome)),
    }
    return {name: _kept(name, made[name]) for name in TABLES}


def _kept(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns promised, in their order; no figure that is none."""
    own = schema(name)
    return frame.select(pl.col(c).cast(kind) for c, kind in own.items()).with_columns(
        pl.selectors.float().fill_nan(None)
    )


def _frame(name: str, rows: Iterator[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema(name), orient="row")


def _indicators(outcome: Outcome) -> Iterator[tuple[object, ...]]:
    for indicator, v in sorted(judged.told(outcome).items()):
        yield indicator, v.title, v.unit, v.improves, v.headline


def _periods(outcome: Outcome, bodies: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    months = {*bodies["period"], *outcome.tables.values["period"]}
    for text in sorted(months):
        period = Period.parse(text)
        start = period.year - (period.month < 4)
        yield (
            text, date(period.year, period.month, 1), period.year, period.month,
            f"{start}-{(start + 1) % 100:02d}",
        )  # fmt: skip


def _rules(outcome: Outcome) -> Iterator[tuple[object, ...]]:
    for f in outcome.findings:
        yield (
            f.rule, f.title, f.kind, f.severity, f.verdict.value, f.sentence, f.here_words,
            f.version, f.plan_hash,
        )  # fmt: skip


def _findings(outcome: Outcome) -> Iterator[tuple[object, ...]]:
    for finding in outcome.findings:
        for arrow in (*finding.arrows, *finding.controls):
            yield from _arrow(finding, arrow)


def _arrow(finding: Finding, arrow: ArrowResult) -> Iterator[tuple[object, ...]]:
    head = (finding.rule, arrow.id, arrow.control)
    verdict = arrow.verdict.value
    if arrow.pooled is not None:
        p = arrow.pooled
        yield (
            *head, "ENGLAND", "England", "estimated", verdict, p.r, p.low, p.high, p.slope,
            arrow.units, p.p, arrow.months, "",
        )  # fmt: skip
    for tie in arrow.ties:
        figures: tuple[float | None, ...] = (None, None, None, None)
        chance = None
        if tie.state == "estimated":
            figures, chance = (tie.r, tie.low, tie.high, tie.slope), tie.p
        yield (
            *head, tie.tie, tie.name, tie.state, verdict, *figures, arrow.units, chance,
            tie.months, tie.word.value,
        )  # fmt: skip
