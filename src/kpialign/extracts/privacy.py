"""Columns that look like data of persons, told before anything of a file is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kpialign.errors import UnreadableError
from kpialign.extracts.document import Document, Sheet
from kpialign.extracts.recognise import DEPTH, plain

FEWEST = 5  # cells that look alike by chance in fewer rows say nothing

_NHS_NUMBER = re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}")
# A full postcode; an outward code alone (SW1A) is no one's address.
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}|GIR ?0AA", re.IGNORECASE)
_POSTCODE_INSIDE = re.compile(rf"\b({_POSTCODE.pattern})\b")
_BIRTH = re.compile(r"\b(dob|d o b|date of birth|birth ?date|birth dt)\b", re.IGNORECASE)
_DATE = re.compile(
    r"(\d{1,2}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|(18|19|20)\d{6})([ T]\d{1,2}:.*)?"
)
_TELLING = re.compile(r"\d{3}")  # a heading does not have it; a cell of a person may


@dataclass(frozen=True)
class Personal:
    """A column that looks personal: ``cells`` of the ``seen`` filled ones, and what they are."""

    sheet: str
    column: str
    kind: str
    cells: int
    seen: int

    def __str__(self) -> str:
        place = f"sheet {self.sheet!r}, " if self.sheet else ""
        return (
            f"{place}column {self.column!r} looks like {self.kind} "
            f"({self.cells:,} of the first {self.seen:,} filled cells)"
        )


def guard(
    document: Document,
    name: str,
    allowed: Collection[tuple[str, str]],
    sound: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Stop a file with a personal column; return what was let through, and why.

    ``allowed`` are file and column; ``sound`` columns of which the layout says what they are.

    Raises:
        UnreadableError: it names each such column and how to let it through, never a value.
    """
    by_name = {(file, plain(column).casefold()) for file, column in allowed}
    stopped: list[Personal] = []
    through: list[str] = []
    for found in personal_columns(document):
        if (name, found.column.casefold()) in by_name:
            through.append(f"{found}; --allow let it through")
        elif found.column in sound:
            through.append(f"{found}; they are {sound[found.column]}, its layout says")
        else:
            stopped.append(found)
    if stopped:
        first = stopped[0]
        raise UnreadableError(
            f"{name}: {'; '.join(map(str, stopped))}. Data of persons do not belong here: nothing "
            "of this file was kept. Ask for aggregates, or take the column out. If it is not about "
            f'persons, let it through with --allow "{name}:{first.column}".'
        )
    return tuple(through)


def personal_columns(document: Document) -> Iterator[Personal]:
    """Every column of every sheet that looks like NHS numbers, postcodes or dates of birth."""
    for sheet in document.sheets:
        rows = sheet.head
        for at in range(max(map(len, rows), default=0)):
            cells = [plain(row[at]) for row in rows if len(row) > at]
            told = _told(cells)
            if told is not None:
                kind, hits, seen = told
                yield Personal(sheet.name, _column(sheet, at, _TESTS[kind]), kind, hits, seen)


def _told(cells: Sequence[str]) -> tuple[str, int, int] | None:
    filled = [cell for cell in cells if cell]
    for kind in ("NHS numbers", "postcodes"):
        hits = sum(map(_TESTS[kind], filled))
        if hits >= FEWEST and 2 * hits > len(filled):
            return kind, hits, len(filled)
    for start, cell in enumerate(filled[:DEPTH]):
        if _is_birth_heading(cell):
            below = filled[start + 1 :]
            hits = sum(map(_is_date, below))
            if 2 * hits > len(below):
                return "dates of birth", hits, len(below)
    return None


def is_nhs_number(text: str) -> bool:
    """Ten digits of which the last checks the others, modulus 11.

    One digit ten times over passes the sum too, but stands for "none".

    >>> is_nhs_number("943 476 5919"), is_nhs_number("9434765918"), is_nhs_number("1111111111")
    (True, False, False)
    """
    if not _NHS_NUMBER.fullmatch(text):
        return False
    digits = [int(digit) for digit in text if digit.isdigit()]
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == digits[9] and len(set(digits)) > 1


def person_told(text: str) -> str:
    """What of a person stands in a text that people wrote; empty where nothing is seen.

    >>> person_told("Seen on ward 7, NHS number 943 476 5919."), person_told("Ward 7 was full.")
    ('an NHS number', '')
    """
    if any(is_nhs_number(found) for found in _NHS_NUMBER.findall(text)):
        return "an NHS number"
    return "a full postcode" if _POSTCODE_INSIDE.search(text) else ""


def is_postcode(text: str) -> bool:
    """A full postcode, as of an address.

    >>> is_postcode("SW1A 1AA"), is_postcode("SW1A"), is_postcode("A81001")
    (True, False, False)
    """
    return _POSTCODE.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


def _is_birth_heading(text: str) -> bool:
    if len(text) > 100:
        return False
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return _BIRTH.search(re.sub(r"[\W_]+", " ", words)) is not None


_TESTS: dict[str, Callable[[str], bool]] = {
    "NHS numbers": is_nhs_number,
    "postcodes": is_postcode,
    "dates of birth": _is_date,
}


def _column(sheet: Sheet, at: int, hit: Callable[[str], bool]) -> str:
    """The last words above the first hit, or the column's place: never what may be a person's."""
    heading = ""
    for row in sheet.head[:DEPTH]:
        cell = plain(row[at]) if len(row) > at else ""
        if hit(cell):
            break
        heading = cell or heading
    if not heading or len(heading) > 100 or _TELLING.search(heading) or is_postcode(heading):
        return str(at + 1)
    return heading
