"""Who gave their part of a whole, and whether two months can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from kpialign.findings import LikeForLike
from kpialign.terms import Period

SUBSTANTIAL = 0.01  # part of a whole from which a provider that is no trust is named
_KEYS = ("indicator", "scope_level", "scope")


@dataclass(frozen=True)
class Completeness:
    """Who is missing from each whole, and who gave their part now and a year before.

    Attributes:
        missing: ``indicator, scope_level, scope, period, organisation, state, trust, called``.
        pairs: ``indicator, scope_level, scope, organisation, trust, in_now, in_before,
            share_moved, size, called``, for the month told.
        alike: ``indicator, scope_level, scope, members, trusts, value, year_before``, for
            the month told.
    """

    missing: pl.DataFrame = field(default_factory=pl.DataFrame)
    pairs: pl.DataFrame = field(default_factory=pl.DataFrame)
    alike: pl.DataFrame = field(default_factory=pl.DataFrame)

    def missing_from(self, key: tuple[str, str, str], period: Period) -> tuple[str, ...]:
        """Who did not give their part of a whole in a month, trusts first, and why."""
        rows = _of(self.missing, key)
        if rows.height:
            rows = rows.filter(pl.col("period") == str(period))
        if rows.is_empty():
            return ()
        rows = rows.sort(~pl.col("trust"), "organisation")
        return tuple(
            f"{_called(row)}, {str(row['state']).replace('_', ' ')}"
            for row in rows.iter_rows(named=True)
        )

    def like_for_like(self, key: tuple[str, str, str]) -> LikeForLike | None:
        """The comparison over those in both months; ``None`` where nobody is in both."""
        alike = _of(self.alike, key)
        if alike.is_empty():
            return None
        row = alike.row(0, named=True)
        return LikeForLike(
            members=row["members"],
            trusts=row["trusts"],
            value=row["value"],
            year_before=row["year_before"],
            apart=tuple(_apart(_of(self.pairs, key).iter_rows(named=True))),
        )


def _of(frame: pl.DataFrame, key: tuple[str, str, str]) -> pl.DataFrame:
    if frame.is_empty():
        return frame
    return frame.filter(pl.all_horizontal(pl.col(n) == v for n, v in zip(_KEYS, key, strict=True)))


def _apart(rows: Iterable[Mapping[str, object]]) -> Iterable[str]:
    """Trusts in one of the two months only, and others that make out much of the whole.

    Small providers come and go in most months, and move nothing that could be seen.
    """
    for row in sorted(rows, key=lambda row: str(row["organisation"])):
        matters = row["trust"] or float(str(row["size"])) > SUBSTANTIAL
        if matters and (row["in_now"] != row["in_before"] or row["share_moved"]):
            when = "now only" if row["in_now"] else "a year before only"
            moved = row["in_now"] == row["in_before"]
            yield f"{_called(row)}, {'with another share' if moved else when}"


def _called(row: Mapping[str, object]) -> str:
    code = str(row["organisation"])
    return f"{row['called']} ({code})" if row["called"] else code
