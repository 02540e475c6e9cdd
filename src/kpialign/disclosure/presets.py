"""The rules by which small numbers are hidden, as those who published them say."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Preset:
    """Counts from ``least`` to ``most`` are hidden, others rounded to multiples of ``step``."""

    name: str
    least: int
    most: int
    step: int

    def hides(self, count: pl.Expr) -> pl.Expr:
        """Whether a count is hidden; one that is not known is not.

        >>> frame = pl.DataFrame({"n": [0.0, 1, 7, 8, None]})
        >>> frame.select(NHS_DIGITAL.hides(pl.col("n")))["n"].to_list()
        [False, True, True, False, False]
        """
        return (count.is_between(self.least, self.most) & count.is_finite()).fill_null(False)

    def rounded(self, count: pl.Expr) -> pl.Expr:
        """A count to the nearest multiple."""
        return (count / self.step).round() * self.step


# NHS Digital's rule for areas below England (Hospital Episode Statistics, disclosure control):
# 1 to 7 become an asterisk, all else goes to the nearest 5.
NHS_DIGITAL = Preset("nhs-digital", 1, 7, 5)
# OpenSAFELY's ehrQL: 7 and under, nought too, and the nearest 5.
EHRQL = Preset("ehrql", 0, 7, 5)
PRESETS = {preset.name: preset for preset in (NHS_DIGITAL, EHRQL)}
