"""The one expression a definition may hold: a linear sum of data items.

``ae.attendances.all - ae.over_4h.all`` or ``0.5 * a.b + 2 * c.d``. Nothing else:
no brackets, no division, no functions. What is read becomes rows of the store, so
that no text of a definition is ever part of a statement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(
    r"\s*(?P<number>\d+(?:\.\d+)?)|\s*(?P<name>[a-z][a-z0-9_.]*)|\s*(?P<sign>[-+*])"
)

Terms = Mapping[str, float]


class ExpressionError(ValueError):
    """A text that is not a linear sum of items; ``column`` counts from 1."""

    def __init__(self, text: str, column: int, expected: str) -> None:
        self.column = column
        super().__init__(f"{text!r}, column {column}: expected {expected}")


def read_sum(text: str) -> dict[str, float]:
    """Read a linear sum as item → coefficient; an item named twice adds up.

    >>> read_sum("ae.attendances.all - ae.over_4h.all")
    {'ae.attendances.all': 1.0, 'ae.over_4h.all': -1.0}
    >>> read_sum("0.5 * a.b + a.b")
    {'a.b': 1.5}
    >>> read_sum("a.b / c.d")
    Traceback (most recent call last):
    kpialign.definitions.expression.ExpressionError: 'a.b / c.d', column 5: expected + or -

    Raises:
        ExpressionError: the text is anything else.
    """
    terms: dict[str, float] = {}
    place, sign = 0, 1.0
    while True:
        place, factor, name = _read_term(text, place)
        terms[name] = terms.get(name, 0.0) + sign * factor
        if not text[place:].strip():
            return terms
        place, sign = _read_sign(text, place)


def _read_term(text: str, place: int) -> tuple[int, float, str]:
    factor = 1.0
    found = _TOKEN.match(text, place)
    if found and found["number"]:
        factor, place = float(found["number"]), found.end()
        star = _TOKEN.match(text, place)
        if not star or star["sign"] != "*":
            raise ExpressionError(text, _column(text, place), "* after a number")
        place = star.end()
        found = _TOKEN.match(text, place)
    if not found or not found["name"]:
        raise ExpressionError(text, _column(text, place), "an item such as ae.attendances.type1")
    return found.end(), factor, found["name"]


def _read_sign(text: str, place: int) -> tuple[int, float]:
    found = _TOKEN.match(text, place)
    if not found or found["sign"] not in ("+", "-"):
        raise ExpressionError(text, _column(text, place), "+ or -")
    return found.end(), 1.0 if found["sign"] == "+" else -1.0


def _column(text: str, place: int) -> int:
    return place + len(text[place:]) - len(text[place:].lstrip()) + 1


def expand(
    terms: Terms, sums: Mapping[str, Terms], *, inside: frozenset[str] = frozenset()
) -> dict[str, float]:
    """Replace items that are themselves sums until only collected items are left.

    >>> expand({"ae.all": -1.0}, {"ae.all": {"ae.t1": 1.0, "ae.t3": 1.0}})
    {'ae.t1': -1.0, 'ae.t3': -1.0}

    Args:
        terms: item → coefficient.
        sums: the terms of each item that is a sum.
        inside: the sums that are being written out, so that a circle is seen.

    Raises:
        ValueError: an item is a sum of itself, directly or by way of others.
    """
    out: dict[str, float] = {}
    for item, coefficient in terms.items():
        if item in inside:
            raise ValueError(f"{item} is a sum of itself")
        parts = sums.get(item)
        if parts is None:
            out[item] = out.get(item, 0.0) + coefficient
            continue
        for part, inner in expand(parts, sums, inside=inside | {item}).items():
            out[part] = out.get(part, 0.0) + coefficient * inner
    return out


def evaluate(terms: Terms, values: Mapping[str, float | None]) -> float | None:
    """Add up the terms, or say ``None`` when a part is missing.

    >>> evaluate({"a": 1.0, "b": -2.0}, {"a": 10.0, "b": 3.0})
    4.0
    >>> evaluate({"a": 1.0, "b": 1.0}, {"a": 10.0, "b": None}) is None
    True
    """
    total = 0.0
    for item, coefficient in terms.items():
        value = values.get(item)
        if value is None:
            return None
        total += coefficient * value
    return total
