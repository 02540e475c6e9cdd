"""Words for definitions from words of a file: ids, titles, comments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from kpialign.errors import UnreadableError
from kpialign.extracts.privacy import is_nhs_number, is_postcode

_NUMBER = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_DATES = re.compile(
    r"(january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|revised|to|up|copy|csv|xlsx?|final)",
    re.IGNORECASE,
)


def slug(text: str) -> str:
    """One word of an id.

    >>> slug("A&E attendances: Type 1 (%)"), slug("> 52 weeks"), slug("–")
    ('a_and_e_attendances_type_1_percent', 'over_52_weeks', 'x')
    """
    spoken = text.replace("&", " and ").replace("%", " percent ")
    spoken = spoken.replace(">", " over ").replace("<", " under ").replace("+", " plus ")
    ascii_ = unicodedata.normalize("NFKD", spoken).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", ascii_.lower()).strip("_")[:70].strip("_") or "x"


def name_of(file: str) -> str:
    """What a file is about by its name, dates and random letters left out.

    >>> name_of("Monthly-AE-April-2024-revised-g9Hy6.csv"), name_of("beds.parquet")
    ('monthly_ae', 'beds')
    """
    words = re.split(r"[^A-Za-z0-9]+", file.rpartition("/")[2].lstrip(".").partition(".")[0])
    kept = [
        w for w in words
        if w and not re.search(r"\d|[a-z][A-Z]", w) and not _DATES.fullmatch(w)
    ]  # fmt: skip
    return slug(" ".join(kept))


def once(word: str, taken: Collection[str]) -> str:
    """The word, or the word with the first number that makes it another.

    >>> once("beds", {"beds", "beds_2"})
    'beds_3'
    """
    numbered = (f"{word}_{n}" for n in range(2, len(taken) + 3))
    return word if word not in taken else next(one for one in numbered if one not in taken)


def safe(text: str) -> str:
    """The text for a title or a comment: on one line, without signs that no file takes.

    Raises:
        UnreadableError: as :func:`own`.
    """
    return " ".join("".join(c if c.isprintable() else " " for c in own(text)).split())


def own(text: str) -> str:
    """The text as it stands.

    Raises:
        UnreadableError: it looks like an NHS number or a postcode, which no draft repeats.
    """
    numbers = (found[0] for found in _NUMBER.finditer(text))
    if any(map(is_nhs_number, numbers)) or is_postcode(text.strip()):
        raise UnreadableError(
            "A heading or a word that would stand in the draft looks like data of a person. "
            "Nothing was written. Take it out of the file, or write the layout by hand."
        )
    return text
