"""Frames of figures without the small ones, and without what would give them away."""

from __future__ import annotations

import polars as pl

from kpialign.disclosure.presets import Preset

HIDDEN = "suppressed"
_MONTH = ("indicator", "role", "period")


def bodies(frame: pl.DataFrame, preset: Preset) -> pl.DataFrame:
    """Figures of organisations: small parts hidden, a second one where one could be worked out.

    Args:
        frame: ``numerator, denominator, value, state, published`` by indicator, organisation,
            role, period, ``here``; published figures stay as they are.
        preset: what is small.
    """
    first = frame.with_columns(_small(preset).alias("_hidden"))
    # All bodies of England, then those of what is in front: each has a total somewhere.
    second = _alone(_alone(first, None), "here")
    return _shown(second, preset)


def wholes(frame: pl.DataFrame, marked: pl.DataFrame, preset: Preset) -> pl.DataFrame:
    """Figures of wholes, hidden where they are small and hold a figure not published.

    Args:
        frame: the same columns less ``published``, by indicator, scope and period.
        marked: indicator and period of figures that are not published.
        preset: what is small.
    """
    held = marked.select("indicator", "period").unique().with_columns(published=pl.lit(value=False))
    known = frame.join(held, on=["indicator", "period"], how="left", maintain_order="left")
    known = known.with_columns(pl.col("published").fill_null(value=True))
    hidden = known.with_columns(_small(preset).alias("_hidden"))
    return _shown(hidden, preset).select(frame.columns)


def _small(preset: Preset) -> pl.Expr:
    """A part, or what is left of the whole without it, is small and not published."""
    seen, whole = pl.col("numerator"), pl.col("denominator")
    rest = pl.when(whole >= seen).then(whole - seen)
    # A denominator of 1 or of the days of a month counts nobody.
    people = pl.when(whole > _DAYS).then(whole)
    counted = pl.when(whole > _DAYS).then(rest)
    small = preset.hides(seen) | preset.hides(people) | preset.hides(counted)
    return ~pl.col("published") & small


def _alone(frame: pl.DataFrame, group: str | None) -> pl.DataFrame:
    """Hide the next smallest where one figure alone is hidden of a total."""
    over = [*_MONTH, *([group] if group else [])]
    open_ = ~pl.col("_hidden") & ~pl.col("published") & pl.col("numerator").is_not_null()
    rank = pl.when(open_).then(pl.col("numerator")).rank("ordinal").over(over)
    one = pl.col("_hidden").sum().over(over) == 1
    return frame.with_columns((pl.col("_hidden") | (one & open_ & (rank == 1))).alias("_hidden"))


def _shown(frame: pl.DataFrame, preset: Preset) -> pl.DataFrame:
    """Nothing of a hidden figure, the rest of what is not published rounded."""
    seen, whole = pl.col("numerator"), pl.col("denominator")
    near = preset.rounded(seen)
    by = pl.when(whole > _DAYS).then(preset.rounded(whole)).otherwise(whole)
    changed = (near / seen).fill_nan(1.0) / (by / whole).fill_nan(1.0)
    open_ = ~pl.col("published")
    told = frame.with_columns(
        pl.when(open_).then(near).otherwise(seen).alias("numerator"),
        pl.when(open_).then(by).otherwise(whole).alias("denominator"),
        pl.when(open_ & seen.is_not_null())
        .then(pl.col("value") * changed)
        .otherwise(pl.col("value"))
        .alias("value"),
    )
    hidden = pl.col("_hidden")
    none = [
        pl.when(~hidden).then(pl.col(c)).alias(c) for c in ("numerator", "denominator", "value")
    ]
    named = (
        [pl.when(hidden).then(pl.lit(HIDDEN)).otherwise(pl.col("state")).alias("state")]
        if "state" in frame.columns
        else []
    )
    return told.with_columns(*none, *named).drop("_hidden")


_DAYS = 31
