"""One table of a sheet as a draft: where its keys stand, which rows are totals, its items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kpialign.drafting.keys import Keys
from kpialign.drafting.look import MARKER, Look, Seen
from kpialign.drafting.splits import Split, find_split
from kpialign.drafting.sums import adding_up
from kpialign.drafting.words import once, own, safe, slug
from kpialign.errors import UnreadableError

Address = str | dict[str, Any]
ROLE = (
    "What are these organisations? The role is written as hospital; it may be ambulance, or "
    "another role that your indicators name (--role)."
)
_STOCK = re.compile(r"\b(waiting|occupied|occ|open|available|remaining|beds|incomplete|list)\b")


@dataclass
class Drafted:
    """A table, its items, comments by key of the table, and what its author must decide."""

    table: dict[str, Any]
    items: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    markers: set[str] = field(default_factory=set)
    never: set[Seen] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)
    zeros: bool = False

    def ask(self, key: str, question: str) -> None:
        """Put a question beside a key, and to the author."""
        self.note(key, f"? {question}")
        sheet = f"sheet {self.table['sheet']!r}: " if "sheet" in self.table else ""
        self.questions.append(f"{sheet}{question}")

    def note(self, key: str, text: str) -> None:
        """Put a comment beside a key."""
        self.notes.setdefault(key, []).append(text)


class Writer:
    """Drafts the tables of one file; ids of items are given once."""

    def __init__(self, area: str, role: str | None, *, many: bool) -> None:
        self.area = area
        self.role = role
        self.many = many
        self.taken: set[str] = set()

    def draft(self, look: Look, keys: Keys, *, days: bool, blocks: bool) -> Drafted | None:
        """Draft a table; ``None`` where no column holds counts."""
        numbers = [c for c in look.columns if c.is_number and c not in keys.all]
        counts = [c for c in numbers if not c.is_derived and (c.heading or c.above)]
        if blocks:
            counts = list({c.heading: c for c in reversed(counts)}.values())[::-1]
        split = find_split(look, keys, counts)
        counts = [c for c in counts if c not in (*split.columns, *split.labels)]
        if not counts:
            return None
        if split.columns and not split.words and not split.total:
            told = ", ".join(safe(column.heading) for column in split.columns)
            raise UnreadableError(
                f"Rows of one organisation and month differ by {told}, and no two organisations "
                "share a word there. Are these rows of persons? Ask for aggregates."
            )
        out = Drafted({"sheet": own(look.sheet.name)} if look.sheet.name else {})
        self._keys(out, look, keys, split)
        self._totals(out, look, keys, counts, split, days=days)
        self._split(out, look, split)
        self._items(out, look, counts, split, blocks=blocks)
        self._left_out(out, look, keys, [*counts, *split.columns], blocks=blocks)
        self._rejected(out, look, keys)
        return out

    def _keys(self, out: Drafted, look: Look, keys: Keys, split: Split) -> None:
        out.table["header"] = _header(look, keys, split)
        if look.stacked:
            out.table["stacked"] = True
        rule: dict[str, Any] = {"code": address(look, keys.code)}
        if keys.name:
            rule["name"] = address(look, keys.name)
        if keys.region:
            rule |= {"parent": address(look, keys.region), "parent_level": "region"}
        rule["role"] = self.role or "hospital"
        out.table["organisation"] = rule
        if self.role is None:
            out.note("organisation", f"? {ROLE}")

    def _totals(
        self, out: Drafted, look: Look, keys: Keys, counts: list[Seen], split: Split, *, days: bool
    ) -> None:
        rules = []
        for column, texts in _ends(look, keys):
            rule: dict[str, Any] = {
                "columns": [address(look, column)],
                "equals": texts,
                "level": "england",
            }
            rules.append(rule)
        adding = adding_up(look, keys, counts, split) if rules and not days else ()
        if rules and not adding:
            for rule in rules:
                rule["adds_up"] = False
            if days:
                out.note("totals", "Days are not held against totals.")
            else:
                out.ask("totals", "Why do these totals differ from the sums of their rows? They "
                        "are not held against them.")  # fmt: skip
        elif rules:
            out.never = {c for c in counts if c not in adding}
            if out.never:
                told = ", ".join(safe(c.heading) for c in counts if c in out.never)
                out.ask("totals", "Are these columns means or percentiles? They do not add up to "
                        f"the printed total, and their items say so: {told}.")  # fmt: skip
        for level, letter in keys.starts.items():
            rules.append(
                {
                    "columns": [address(look, keys.code)],
                    "starts_with": letter,
                    "level": level,
                    "adds_up": False,
                }
            )
            out.note("totals", f"Rows of a {level} are set aside; take adds_up away to hold them "
                     "against their organisations.")  # fmt: skip
        if rules:
            out.table["totals"] = rules

    def _split(self, out: Drafted, look: Look, split: Split) -> None:
        if split.bodies:
            out.table["adds"] = True
            told = ", ".join(safe(column.heading) for column in split.bodies)
            out.ask("adds", f"An organisation has a row for each {told}. They are added up: is "
                    "that right, or do they overlap?")  # fmt: skip
        elif split.repeats:
            out.ask("organisation", f"{split.repeats:,} rows say the same organisation and month "
                    "as another, and no column tells them apart. Which one holds?")  # fmt: skip
        if split.total:
            column, word = split.total
            out.table["rows"] = {"column": address(look, column), "equals": [own(word)]}
            out.note(
                "rows", "The other rows are the parts: they add up to this one in every column."
            )
        elif split.columns:
            out.table["split"] = [address(look, column) for column in split.columns]
        if split.left_out:
            out.table["other_rows"] = "ignore"
            out.ask("split", f"{split.left_out:,} other combinations of words are not drafted as "
                    "items, and their rows are passed over. Which of them are needed?")  # fmt: skip

    def _items(
        self, out: Drafted, look: Look, counts: list[Seen], split: Split, *, blocks: bool
    ) -> None:
        items: dict[str, Any] = {}
        for words in split.words or [()]:
            for column in counts:
                place = own(column.heading) if blocks else address(look, column)
                title = self._title(column, words, place, alone=len(counts) == 1)
                id_ = once(self._id(look, title), self.taken)
                self.taken.add(id_)
                if words:
                    whole = place if isinstance(place, dict) else {"heading": place}
                    place = {**whole, "where": [own(word) for word in words]}
                items[id_] = place
                out.places[id_] = column.position
                out.items.append(_item(id_, title, column, words, never=column in out.never))
        out.zeros = any("0" in column.told for column in counts)
        out.markers |= {marker for column in counts for marker in column.markers}
        out.table["items"] = items
        if any(isinstance(place, dict) and "above" in place for place in items.values()):
            out.table["headings_above"] = True

    def _title(self, column: Seen, words: tuple[str, ...], place: Address, *, alone: bool) -> str:
        heading = column.heading or column.above
        if not isinstance(place, str) and column.above not in ("", heading):
            heading = f"{heading}, {column.above}"
        if words and alone:
            return safe(", ".join(word for word in words if word) or heading)
        return safe(", ".join([*words, heading]))

    def _id(self, look: Look, title: str) -> str:
        sheet = [slug(look.sheet.name)] if self.many and look.sheet.name else []
        return ".".join([self.area, *sheet, slug(title)])

    def _left_out(
        self, out: Drafted, look: Look, keys: Keys, used: list[Seen], *, blocks: bool
    ) -> None:
        others = [c for c in look.columns if c not in keys.all and c not in used]
        derived = [safe(c.heading) for c in others if c.is_number and c.is_derived]
        if others and not blocks:
            out.table["other_columns"] = "ignore"
            if derived:
                told = ", ".join(derived[:12]) + (" and more" if len(derived) > 12 else "")
                out.note("other_columns", f"Left out, as worked out from counts: {told}.")
            rest = len(others) - len(derived)
            if rest:
                out.note(
                    "other_columns", f"{rest} columns hold no figures, or none under a heading."
                )

    def _rejected(self, out: Drafted, look: Look, keys: Keys) -> None:
        code = f"cell_{keys.code.position}"
        rows = look.frame.filter(~keys.totals)
        without = sum(MARKER.fullmatch(text) is not None for text in rows[code])
        if without:
            out.ask("organisation", f"{without:,} rows name no organisation and will be rejected. "
                    "Are they notes below the table?")  # fmt: skip


def _header(look: Look, keys: Keys, split: Split) -> list[str]:
    """Headings by which the row is found."""
    told = [c.heading for c in (*keys.all, *split.columns) if c.heading]
    return list(dict.fromkeys(map(own, told))) or [own(h) for h in look.headings if h][:4]


def address(look: Look, column: Seen) -> Address:
    """The shortest address of a column that finds no other."""
    same = [c for c in look.columns if c.heading == column.heading]
    pairs = [c for c in same if c.above == column.above]
    if column.heading and len(same) > 1 and column.above and pairs[0] is column:
        return {"above": own(column.above), "heading": own(column.heading)}
    if column.heading and same[0] is column:
        return own(column.heading)
    return {"position": column.position}


def _ends(look: Look, keys: Keys) -> Iterator[tuple[Seen, list[str]]]:
    """Columns whose words mark totals, each for the rows that none before it marks."""
    rows = look.frame
    for column in (keys.code, keys.name, keys.region):
        if column is None:
            continue
        cell = pl.col(f"cell_{column.position}")
        ends = [text for text in keys.ends if text != "-" or column is keys.code]
        marked = rows.filter(cell.is_in(ends))
        if marked.height:
            texts = marked.select(cell.str.to_lowercase().unique().sort()).to_series()
            yield column, [own(text) for text in texts]
            rows = rows.filter(~cell.is_in(ends))


def _item(
    id_: str, title: str, column: Seen, words: tuple[str, ...], *, never: bool
) -> dict[str, Any]:
    item: dict[str, Any] = {"id": id_, "title": title, "unit": "count"}
    if never:
        item |= {"over_organisations": "never", "over_months": "never"}
    if _STOCK.search(" ".join([column.words, *words]).lower()):
        item |= {"measured": "stock", "over_months": "never"}
    return item
