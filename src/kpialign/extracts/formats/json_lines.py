"""JSON lines: one object a line, its keys the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kpialign.errors import UnreadableError
from kpialign.extracts.document import File, Sheet, sheet_of
from kpialign.extracts.formats.delimited import decode

ENDINGS = (".jsonl", ".ndjson")


def read(file: File) -> Iterator[Sheet]:
    """Read the objects as rows under the union of their keys, in the order first seen.

    The headings stand in row 0, which is no line of the file, so that every other row has
    the number of its line.

    Raises:
        UnreadableError: a line is no object, names a key twice or holds more than plain values.
    """
    text = decode(file.read_bytes(), file.name)
    # The second count: line ends, where the rows are split at them.
    counted = text.count("\n") + bool(text and not text.endswith("\n"))
    lines = text.removesuffix("\n").split("\n") if text else []
    objects = [_object(line, f"{file.name}:{at}") for at, line in enumerate(lines, start=1)]
    columns = list(dict.fromkeys(key for one in objects for key in one))
    rows = [[one.get(column, "") for column in columns] for one in objects]
    yield sheet_of("", [columns, *rows], list(range(len(rows) + 1)), counted + 1)


def _object(line: str, place: str) -> dict[str, str]:
    if not line.strip():
        return {}
    try:
        # Numbers stay as they are written: no figure passes through a float here.
        pairs = json.loads(
            line, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_Pairs
        )
    except (json.JSONDecodeError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise UnreadableError(
            f"{place}: is no JSON ({why}). Each line holds one object; mend the line or ask for "
            "the file again."
        ) from error
    if not isinstance(pairs, _Pairs):
        raise UnreadableError(f"{place}: is no JSON object. Each line holds one, as {{…}}.")
    out: dict[str, str] = {}
    for key, value in pairs:
        if isinstance(value, list):  # an object inside is a list of pairs
            raise UnreadableError(f"{place}: {key!r} holds a list or an object, not one value.")
        if _text(key) in out:
            raise UnreadableError(f"{place}: names {key!r} twice, so its value is not known.")
        out[_text(key)] = _text(value)
    return out


class _Pairs(list[tuple[str, Any]]):
    """An object as it is written, with keys that stand twice."""


def _text(value: str | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    # An escaped half of a character pair (\ud83d alone) is text that no store takes.
    return value.encode("utf-8", "replace").decode("utf-8")
