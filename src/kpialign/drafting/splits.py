"""What tells the rows of one organisation and month apart: words of columns, or other bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpialign.drafting.keys import WHOLE, Keys
from kpialign.drafting.look import Look, Seen
from kpialign.drafting.sums import parts_add_up

MOST_ITEMS = 150
_BODY = re.compile(r"\b(commissioner|contract|icb|stp|ccg|sub|site|commissioning)\b")


@dataclass(frozen=True)
class Split:
    """What tells rows apart.

    Attributes:
        columns: those whose words do.
        words: their combinations that become items; empty where ``total`` stands for all.
        total: a column, and its word in rows that print the sum of the others.
        bodies: columns of other bodies, over which rows are added up.
        repeats: rows that nothing tells from another.
        left_out: combinations that are too many, or said by one organisation alone.
        labels: columns of numbers that are none, but name the words again.
    """

    columns: tuple[Seen, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    total: tuple[Seen, str] | None = None
    bodies: tuple[Seen, ...] = ()
    repeats: int = 0
    left_out: int = 0
    labels: tuple[Seen, ...] = ()


def find_split(look: Look, keys: Keys, counts: Sequence[Seen]) -> Split:
    """Find the columns that tell rows apart, each the one that tells most."""
    rows = look.frame.filter(~keys.totals)
    by = [f"cell_{c.position}" for c in (keys.code, *keys.period)]
    left = [
        c for c in look.columns
        if c not in keys.all and c not in counts and c.told and not (c.is_number and c.is_derived)
    ]  # fmt: skip
    chosen: list[Seen] = []
    apart = rows.select(by).n_unique()
    while apart < rows.height and left:
        tried = [(rows.select([*by, f"cell_{c.position}"]).n_unique(), c) for c in left]
        most = max(number for number, _ in tried)
        if most == apart:
            break
        best = min((c for n, c in tried if n == most), key=_plainest)
        chosen.append(best)
        left.remove(best)
        by.append(f"cell_{best.position}")
        apart = most
    bodies = tuple(c for c in chosen if _BODY.search(c.words))
    columns = tuple(c for c in chosen if c not in bodies)
    repeats = 0 if bodies else rows.height - apart
    if not columns:
        return Split(bodies=bodies, repeats=repeats)
    labels = tuple(c for c in counts if _is_label(rows, columns, c))
    counts = [c for c in counts if c not in labels]
    if len(columns) == 1 and len(counts) > 1 and not bodies:
        for word in columns[0].filled:
            if WHOLE.fullmatch(word) and parts_add_up(look, keys, counts, columns[0], word):
                return Split(columns, total=(columns[0], word), repeats=repeats, labels=labels)
    words, left_out = _words(rows, keys, columns, MOST_ITEMS // max(1, len(counts)))
    return Split(columns, words, None, bodies, repeats, left_out, labels)


def _is_label(rows: pl.DataFrame, columns: tuple[Seen, ...], column: Seen) -> bool:
    """Whether a number only stands for the words beside it, as the number of a test does."""
    cells = [f"cell_{c.position}" for c in columns]
    words = rows.select(cells).n_unique()
    often = rows.height >= 2 * words > 6
    return often and words == rows.select([*cells, f"cell_{column.position}"]).n_unique()


def _plainest(column: Seen) -> tuple[bool, bool, int, int]:
    """Columns with a word for the whole come first, then words, then the fewest of them."""
    whole = any(WHOLE.fullmatch(text) for text in column.filled)
    return (not whole, column.is_number, len(column.values), column.position)


def _words(
    rows: pl.DataFrame, keys: Keys, columns: tuple[Seen, ...], most: int
) -> tuple[tuple[tuple[str, ...], ...], int]:
    """The combinations that organisations share, the commonest; how many others there are.

    What one organisation alone says may be of a person, and is not repeated.
    """
    cells = [f"cell_{c.position}" for c in columns]
    code = pl.col(f"cell_{keys.code.position}")
    shared = 2 if rows.select(code.n_unique()).item() > 2 else 1
    said = rows.group_by(cells).agg(code.n_unique().alias("bodies"))
    kept = said.filter(pl.col("bodies") >= shared).sort(
        ["bodies", *cells], descending=[True, *(False for _ in cells)]
    )
    taken = kept.head(max(1, most)).sort(cells)
    return tuple(taken.select(cells).rows()), said.height - taken.height
