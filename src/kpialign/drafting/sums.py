"""Whether printed totals are the sums of rows, by arithmetic on what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from kpialign.drafting.look import Look, Seen

if TYPE_CHECKING:
    from kpialign.drafting.keys import Keys
    from kpialign.drafting.splits import Split


def figure(column: Seen) -> pl.Expr:
    """The cells of a column as numbers; null where they are none."""
    cell = pl.col(f"cell_{column.position}").str.replace_all(",", "", literal=True)
    return cell.cast(pl.Float64, strict=False).alias(f"cell_{column.position}")


def adding_up(look: Look, keys: Keys, counts: Sequence[Seen], split: Split) -> tuple[Seen, ...]:
    """The columns in which every row of England equals the sum of the others, to half a unit."""
    if not look.complete:
        return ()
    split_at = () if split.total else split.columns
    cells = [f"cell_{c.position}" for c in (*keys.period, *split_at)]
    rows = look.frame.with_columns(figure(column) for column in counts)
    # Where all rows are of one month, a total may stand in the column of the month too.
    alone = len(keys.texts) <= 1 and not split_at
    by = [pl.lit(0).alias("all"), *([] if alone else map(pl.col, cells))]
    named = [f"cell_{c.position}" for c in counts]
    printed = rows.filter(keys.england).group_by(by).agg(pl.col(named).sum())
    if split.total:
        column, word = split.total
        rows = rows.filter(keys.england | (pl.col(f"cell_{column.position}") == word))
    added = rows.filter(~keys.totals).group_by(by).agg(pl.col(named).sum())
    on = ["all", *([] if alone else cells)]
    both = printed.join(added, on=on, suffix="_added")
    if both.height < printed.height or not printed.height:
        return ()
    differ = both.select((pl.col(n) - pl.col(f"{n}_added")).abs().max() >= 0.5 for n in named)
    return tuple(c for c, other in zip(counts, differ.row(0), strict=True) if not other)


def parts_add_up(look: Look, keys: Keys, counts: Sequence[Seen], column: Seen, word: str) -> bool:
    """Whether the rows that say the word equal the sum of the organisation's others."""
    if not look.complete:
        return False
    by = [f"cell_{c.position}" for c in (keys.code, *keys.period)]
    named = [f"cell_{c.position}" for c in counts]
    rows = look.frame.filter(~keys.totals).with_columns(figure(c) for c in counts)
    is_total = pl.col(f"cell_{column.position}") == word
    total = rows.filter(is_total).group_by(by).agg(pl.col(named).sum())
    parts = rows.filter(~is_total).group_by(by).agg(pl.col(named).sum())
    both = total.join(parts, on=by, how="full", suffix="_parts")
    differ = [(pl.col(n) - pl.col(f"{n}_parts")).abs().fill_null(1).max() >= 0.5 for n in named]
    return both.height > 0 and not any(both.select(differ).row(0))
