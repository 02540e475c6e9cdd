"""A composite from figures, stage by stage, every stage kept.

The stages are those of the OECD/JRC Handbook 2008: divided, imputed, treated, normalised,
aggregated. What a stage changed is recorded figure by figure; nothing is skipped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from kpialign.composites.means import Floats
from kpialign.composites.panel import Panel, panel_of
from kpialign.composites.plan import Plan, plan_of
from kpialign.composites.scales import SCALES, Ends
from kpialign.composites.treatment import Bounds, winsorise_then_log
from kpialign.definitions.composites import Composite, Impute, Treat
from kpialign.errors import UsageError
from kpialign.terms import Period

if TYPE_CHECKING:
    from kpialign.composites.doubt import Doubt

STAGES = ("reported", "divided", "imputed", "treated", "normalised")
_RECORD = {
    "unit": pl.String, "period": pl.String, "part": pl.String, "stage": pl.String,
    "was": pl.Float64, "now": pl.Float64, "how": pl.String,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Composed:
    """A composite of every unit and month, with all that it is made of.

    Attributes:
        definition: what was asked for.
        panel: the figures it was made of.
        plan: its tree.
        stages: stage → (months, units, leaves).
        levels: (months, units, columns of the plan); the last is the composite. NaN where a
            part is missing.
        record: every figure that was imputed or treated: ``unit, period, part, stage, was,
            now, how``.
        signs: (leaves,), 1 where more is better.
        ends: what the scale was held to.
    """

    definition: Composite
    panel: Panel = field(repr=False)
    plan: Plan = field(repr=False)
    stages: dict[str, Floats] = field(repr=False)
    levels: Floats = field(repr=False)
    record: pl.DataFrame = field(repr=False)
    signs: Floats = field(repr=False)
    ends: Ends = field(repr=False)

    @property
    def whole(self) -> Floats:
        """(months, units): the composite itself."""
        return self.levels[..., -1]

    @property
    def scores(self) -> pl.DataFrame:
        """``unit, period, value, state``; a state names the parts that are missing."""
        frame = self.panel.long(self.whole[..., None], [self.definition.id]).drop("part")
        missing = np.isnan(self.stages["imputed"]).reshape(-1, len(self.plan.leaves))
        names = np.array([leaf.name for leaf in self.plan.leaves])
        told = ["part missing: " + ", ".join(names[row]) if row.any() else "" for row in missing]
        state = pl.Series("state", told)
        known = pl.col("value").is_not_null()
        return frame.with_columns(state).with_columns(
            pl.when(known & (pl.col("state") == "")).then(pl.lit("reported"))
            .when(known).then(pl.lit("reweighted, ") + pl.col("state"))
            .when(pl.col("state") == "").then(pl.lit("no scale"))
            .otherwise(pl.col("state")).alias("state")
        )  # fmt: skip

    @property
    def parts(self) -> pl.DataFrame:
        """``unit, period, part, score``: every level's figure, leaves first."""
        return self.panel.long(self.levels, self.plan.names, "score")

    @property
    def weights(self) -> pl.DataFrame:
        """``part, level, within, effective``: its share of its level, and of the whole."""
        within = {self.plan.names[-1]: (self.plan.names[-1], 1.0)}
        for node in self.plan.nodes:
            for column, share in zip(node.columns, node.shares, strict=True):
                within[self.plan.names[column]] = (node.id, float(share))
        rows = [
            (name, *within[name], float(effective))
            for name, effective in zip(self.plan.names, self.plan.effective, strict=True)
        ]
        return pl.DataFrame(rows, schema=["part", "level", "within", "effective"], orient="row")

    def stage(self, name: str) -> pl.DataFrame:
        """``unit, period, part, value`` after one of :data:`STAGES`."""
        return self.panel.long(self.stages[name], [leaf.name for leaf in self.plan.leaves])

    def doubt(self, draws: int = 2000, seed: int = 20260401) -> Doubt:
        """Draw it again and again: intervals, changes and, for those who ask, ranks."""
        from kpialign.composites.doubt import doubt_of

        return doubt_of(self, draws, seed)

    def score(self, figures: Floats) -> Floats:
        """Normalise other figures of the same shape, months and units, by the same plan."""
        return SCALES[self.definition.normalise.method](figures, self.ends)


def compose(
    frame: pl.DataFrame,
    definition: Composite,
    improves: dict[str, int] | None = None,
    period: Period | None = None,
) -> Composed:
    """Compute a composite from a long frame.

    Args:
        frame: ``unit, indicator, value`` and, where there are any, ``period, numerator,
            denominator``, and the column of groups that an imputation names.
        definition: a sound composite.
        improves: indicator → 1 or -1; else the definition's goalposts or ``improves`` say it.
        period: the month whose goalposts hold for all months; the frame's last without one.

    Raises:
        UsageError: the frame lacks a column, holds a figure twice, or nobody says which way an
            indicator improves.
    """
    plan = plan_of(definition)
    names = [leaf.name for leaf in plan.leaves]
    others = sorted({leaf.per for leaf in plan.leaves if leaf.per} - set(names))
    by = definition.impute.by if definition.impute else None
    panel = panel_of(frame, [*names, *others], by)
    last = period or (Period.parse(panel.months[-1]) if panel.months[-1:] != ("",) else None)
    ends = _ends(definition, plan, improves or {}, last)
    records: list[tuple[object, ...]] = []
    stages = {"reported": panel.value[..., : len(names)]}
    stages["divided"] = _divided(panel, plan)
    stages["imputed"] = _imputed(stages["divided"], definition.impute, panel, records)
    stages["treated"] = _treated(stages["imputed"], definition.treat, panel, records)
    stages["normalised"] = SCALES[definition.normalise.method](stages["treated"], ends)
    levels = plan.levels(stages["normalised"])
    record = pl.DataFrame(records, schema=_RECORD, orient="row")
    return Composed(definition, panel, plan, stages, levels, record, ends.sign, ends)


def _ends(
    definition: Composite, plan: Plan, improves: dict[str, int], period: Period | None
) -> Ends:
    worst, best, target, sign = (np.full(len(plan.leaves), np.nan) for _ in range(4))
    for i, leaf in enumerate(plan.leaves):
        if leaf.goalposts:
            posts = leaf.posts(period)
            worst[i], best[i] = posts.worst, posts.best
            sign[i] = np.sign(posts.best - posts.worst)
        if leaf.improves:
            sign[i] = 1 if leaf.improves == "up" else -1
        sign[i] = improves.get(leaf.name, sign[i])
        if leaf.target is not None:
            target[i] = leaf.target
        if not np.isfinite(sign[i]) or sign[i] == 0:
            raise UsageError(f"{leaf.name}: nobody says whether up or down is better.")
    how = definition.normalise
    return Ends(
        sign, how.low, how.high, how.centre, how.spread, worst, best, target, how.cap,
        pooled=how.over == "all_months",
    )  # fmt: skip


def _divided(panel: Panel, plan: Plan) -> Floats:
    out = panel.value[..., : len(plan.leaves)].copy()
    for i, leaf in enumerate(plan.leaves):
        if leaf.per:
            below = panel.value[..., panel.indicators.index(leaf.per)]
            out[..., i] = np.where(below != 0, out[..., i] / np.where(below, below, 1.0), np.nan)
    return out


def _imputed(
    x: Floats, how: Impute | None, panel: Panel, records: list[tuple[object, ...]]
) -> Floats:
    """Put a named stand-in where a figure is missing, and record each."""
    if how is None:
        return x
    out = x.copy()
    for m, u, k in np.argwhere(np.isnan(x)).tolist():
        if how.method == "last_month":
            known = x[:m, u, k][np.isfinite(x[:m, u, k])]
            found = known[-1] if known.size else np.nan
        else:
            alike = panel.groups[m] == panel.groups[m, u]  # all of them, where there is no group
            known = x[m, alike, k][np.isfinite(x[m, alike, k])]
            middle = np.median if how.method == "median" else np.mean
            found = middle(known) if known.size else np.nan
        out[m, u, k] = found
        if np.isfinite(found):
            what = how.method.replace("_", " ")
            records.append(_line(panel, (m, u, k), "imputed", (None, found), what))
    return out


def _treated(
    x: Floats, how: Treat | None, panel: Panel, records: list[tuple[object, ...]]
) -> Floats:
    """Treat each part over the units of a month, and record each figure that changed."""
    if how is None:
        return x
    bounds = Bounds(how.skew, how.kurtosis, how.most)
    out = x.copy()
    for m in range(x.shape[0]):
        for k in range(x.shape[2]):
            out[m, :, k], what = winsorise_then_log(x[m, :, k], bounds)
            changed = (out[m, :, k] != x[m, :, k]) & np.isfinite(x[m, :, k])
            for u in np.flatnonzero(changed).tolist():
                pair = (x[m, u, k], out[m, u, k])
                records.append(_line(panel, (m, u, k), "treated", pair, what))
    return out


def _line(
    panel: Panel,
    at: tuple[int, int, int],
    stage: str,
    pair: tuple[float | None, float],
    how: str,
) -> tuple[object, ...]:
    m, u, k = at
    was, now = pair
    return (
        panel.units[u], panel.months[m], panel.indicators[k], stage,
        None if was is None else float(was), float(now), how,
    )  # fmt: skip
