"""Which columns of a table are its keys: organisation, name, region, period, and what splits it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kpialign.drafting.look import Look, Seen
from kpialign.drafting.periods import forms_of
from kpialign.library.model import as_written

CODE = re.compile(r"(?=.*[A-Z])[A-Z0-9]{3,6}")
WHOLE = re.compile(
    r"(the )?(grand )?total|england|eng|all|-|english|national|all english providers", re.I
)
_OWN = re.compile(r"\b(org|organisation|organization|provider|trust|service|ods|hospital)\b")
_OTHER = re.compile(
    r"\b(region|regional|icb|stp|parent|commissioner|commissioning|contract|sub|ccg|"
    r"item|treatment|specialty|group|metric|type|test|function|level|stage)\b"
)


@dataclass(frozen=True, eq=False)
class Keys:
    """The key columns of a table, and the rows that print figures of a whole.

    Attributes:
        period: one column, or those of a year and a month; none where no column says it.
        totals: a test of rows, as an expression.
        england: the same for rows of England alone.
        texts: what the period says, of rows that are no totals.
        forms: how that is written; every form that fits.
        ends: texts by which a row prints England's figures.
        starts: level → how the codes of rows of that level begin.
    """

    code: Seen
    name: Seen | None
    region: Seen | None
    period: tuple[Seen, ...]
    totals: pl.Expr
    england: pl.Expr
    texts: tuple[str, ...]
    forms: tuple[str, ...]
    ends: tuple[str, ...]
    starts: Mapping[str, str]

    @property
    def all(self) -> list[Seen]:
        """Every key column."""
        one = [self.code, self.name, self.region, *self.period]
        return [column for column in one if column is not None]


def find_keys(look: Look, regions: Mapping[str, str]) -> Keys | None:
    """Find the keys; ``None`` where no column looks like codes of organisations."""
    code = _code(look.columns, regions)
    if code is None:
        return None
    texts = [c for c in look.columns if c is not code and not c.is_number]
    region = _region(texts, regions)
    name = _name(look, code, [c for c in texts if c is not region])
    own = [c for c in (code, name, region) if c is not None]
    ends = sorted({t for c in own for t in c.filled if WHOLE.fullmatch(t)}, key=str.lower)
    starts = _starts(code, regions)
    england = _england(own, ends, code)
    totals = _totals(england, code, starts)
    period, said, forms = _period(look, totals, [c for c in look.columns if c not in own])
    return Keys(code, name, region, period, totals, england, said, forms, tuple(ends), starts)


def _code(columns: Iterable[Seen], regions: Mapping[str, str]) -> Seen | None:
    scored = [(_as_code(column, regions), column) for column in columns]
    best = max((score for score, _ in scored), default=0)
    return next((column for score, column in scored if score == best > 0), None)


def _as_code(column: Seen, regions: Mapping[str, str]) -> float:
    """How much a column is like codes of the organisations that report: 0 where it is not."""
    if column.share(CODE) < 0.6 or all(as_written(text) in regions for text in column.told):
        return 0
    score = 1.0 + min(1, len(column.told) / 100)
    score += 2 if _OWN.search(column.words) else 0
    score += 1 if re.search(r"\bcode\b", column.words) else 0
    return max(0.1, score - (4 if _OTHER.search(column.words) else 0))


def _region(columns: Iterable[Seen], regions: Mapping[str, str]) -> Seen | None:
    for column in columns:
        known = sum(as_written(text) in regions for text in column.told)
        if known >= 2 and known >= 0.5 * len(column.told):
            return column
    return None


def _name(look: Look, code: Seen, columns: Iterable[Seen]) -> Seen | None:
    """A column of words of which each code has one, but for a few that changed theirs."""
    best = None
    for column in columns:
        if "name" not in column.words.split() and not _OWN.search(column.words):
            continue
        pairs = look.frame.select(f"cell_{code.position}", f"cell_{column.position}").unique()
        if pairs.height <= 1.2 * len(code.values) and len(column.told) >= 0.5 * len(code.told):
            if _OWN.search(column.words) or column.position == code.position + 1:
                return column
            best = best or column
    return best


def _starts(code: Seen, regions: Mapping[str, str]) -> dict[str, str]:
    """Region codes among those of organisations begin with a letter that no other one has."""
    found = {text for text in code.told if as_written(text) in regions}
    others = {text[0] for text in code.told if text not in found}
    if found and {text[0] for text in found} == {"Y"} and "Y" not in others:
        return {"region": "Y"}
    return {}


def _england(own: list[Seen], ends: Collection[str], code: Seen) -> pl.Expr:
    """A dash stands for England in the column of codes alone."""
    return pl.any_horizontal(
        pl.col(f"cell_{c.position}").is_in([t for t in ends if t != "-" or c is code]) for c in own
    )


def _totals(england: pl.Expr, code: Seen, starts: Mapping[str, str]) -> pl.Expr:
    cell = pl.col(f"cell_{code.position}")
    return pl.any_horizontal(england, *(cell.str.starts_with(s) for s in starts.values()))


def _period(
    look: Look, totals: pl.Expr, columns: list[Seen]
) -> tuple[tuple[Seen, ...], tuple[str, ...], tuple[str, ...]]:
    rows = look.frame.filter(~totals)
    year = next((c for c in columns if c.words == "year"), None)
    month = next((c for c in columns if c.words == "month"), None)
    choices: list[tuple[Seen, ...]] = [(year, month)] if year and month else []
    likely = re.compile(r"\b(period|month|date|day)\b")
    choices += [(c,) for c in sorted(columns, key=lambda c: not likely.search(c.words))]
    for choice in choices:
        if len(choice) == 1 and choice[0].is_number and not likely.search(choice[0].words):
            continue
        cells = pl.concat_str([pl.col(f"cell_{c.position}") for c in choice], separator=" ")
        said = tuple(sorted(t for t in rows.select(cells.unique()).to_series() if t.strip()))
        if forms := forms_of(said):
            return choice, said, forms
    return (), (), ()
