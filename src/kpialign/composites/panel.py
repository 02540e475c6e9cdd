"""Figures as an array of months × units × indicators, out of a long frame and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kpialign.composites.means import Floats
from kpialign.errors import UsageError
from kpialign.terms import Period, months_between

_KEYS = ("unit", "period", "indicator")


@dataclass(frozen=True)
class Panel:
    """Arrays of shape (months, units, indicators); NaN where nothing was reported.

    Attributes:
        numerator, denominator: the parts, NaN where a frame has none.
        groups: (months, units) → the name of a unit's group, where groups are asked for.
    """

    units: tuple[str, ...]
    months: tuple[str, ...]
    indicators: tuple[str, ...]
    value: Floats
    numerator: Floats
    denominator: Floats
    groups: np.ndarray[tuple[int, ...], np.dtype[np.object_]]

    def long(self, value: Floats, names: Sequence[str], column: str = "value") -> pl.DataFrame:
        """An array over this panel as a frame, null where it has no figure."""
        months, units = np.meshgrid(self.months, self.units, indexing="ij")
        size = months.size
        frames = [
            pl.DataFrame(
                {
                    "unit": units.ravel(),
                    "period": months.ravel(),
                    "part": [name] * size,
                    column: value[..., i].ravel().astype(float),
                }
            )
            for i, name in enumerate(names)
        ]
        return pl.concat(frames).with_columns(pl.col(column).fill_nan(None))


def panel_of(frame: pl.DataFrame, indicators: Sequence[str], by: str | None = None) -> Panel:
    """Read ``unit, indicator, value`` with, where there are any, ``period``, parts and groups.

    A unit or month of any other indicator is there too, with every part missing.

    Raises:
        UsageError: a column is not there, a figure is no number, or one stands twice.
    """
    if "period" not in frame.columns:
        frame = frame.with_columns(pl.lit("").alias("period"))
    wanted = {*_KEYS, "value", *([by] if by else [])}
    if absent := sorted(wanted - set(frame.columns)):
        raise UsageError(
            f"the frame has no column {', '.join(absent)}. Give unit, indicator and value, and "
            "where there are any period, numerator and denominator."
        )
    doubled = frame.filter(frame.select(_KEYS).is_duplicated())
    if doubled.height:
        row = doubled.row(0, named=True)
        raise UsageError(
            f"{row['indicator']} of {row['unit']} {row['period']}".strip()
            + " stands twice in the frame. Keep one row a unit, month and indicator."
        )
    units = tuple(frame["unit"].unique(maintain_order=True))
    months = _spine(sorted(frame["period"].unique()))
    shape = (len(months), len(units), len(indicators))
    own = frame.filter(pl.col("indicator").is_in(list(indicators)))
    at = tuple(
        own[name].replace_strict({v: i for i, v in enumerate(known)}, return_dtype=pl.Int64)
        .to_numpy()
        for name, known in (("period", months), ("unit", units), ("indicator", tuple(indicators)))
    )  # fmt: skip
    value, top, below = (
        _placed(own, name, at, shape) for name in ("value", "numerator", "denominator")
    )
    groups = _groups(frame, by, units, months)
    return Panel(units, months, tuple(indicators), value, top, below, groups)


def _spine(periods: Sequence[str]) -> tuple[str, ...]:
    """Every month from the first to the last, those without a figure too."""
    try:
        first, last = Period.parse(periods[0]), Period.parse(periods[-1])
    except (ValueError, IndexError):
        return tuple(periods)
    return tuple(str(month) for month in months_between(first, last))


def _placed(
    frame: pl.DataFrame, name: str, at: tuple[np.ndarray, ...], shape: tuple[int, ...]
) -> Floats:
    out = np.full(shape, np.nan)
    if name in frame.columns and frame.height:
        try:
            figures = frame[name].cast(pl.Float64).to_numpy()
        except pl.exceptions.PolarsError as error:
            raise UsageError(f"{name} holds something that is no number: {error}") from None
        out[at] = np.where(np.isfinite(figures), figures, np.nan)
    return out


def _groups(
    frame: pl.DataFrame, by: str | None, units: Sequence[str], months: Sequence[str]
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    out = np.full((len(months), len(units)), None, dtype=object)
    if by:
        place = {unit: i for i, unit in enumerate(units)}
        month = {m: i for i, m in enumerate(months)}
        for unit, period, group in frame.select("unit", "period", by).unique().iter_rows():
            out[month[period], place[unit]] = group
    return out
