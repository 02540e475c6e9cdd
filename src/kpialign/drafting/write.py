"""A draft → YAML with its comments, quoted by the YAML library alone."""

from __future__ import annotations

import io
import re
from textwrap import wrap
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from kpialign.drafting.layout import Draft, Notes

Place = tuple[str | int, ...]
_WORDS = re.compile(r"[A-Za-z][\w .&/()+'-]*[\w)+]|[A-Za-z]")
_LINES = {"tables", "items", "totals", "missing"}


def layout_text(draft: Draft) -> str:
    """The layout's file; lines that begin with ``# ?`` ask its author."""
    return _text(_commented(draft.layout, draft.notes, ()))


def item_text(draft: Draft) -> str:
    """The file of its items."""
    items = _commented(draft.items, {}, ())
    items.yaml_set_start_comment(
        "? What is one unit of each item (attendance, bed, second)? A stock is counted at a\n"
        "moment, a flow over the month: is each right? Ids stay for ever, so choose them now."
    )
    return _text(items)


def _commented(value: Any, notes: Notes, place: Place) -> Any:
    if isinstance(value, dict):
        made = CommentedMap()
        for key, part in value.items():
            made[_quoted(key)] = _commented(part, notes, (*place, key))
            if told := notes.get((*place, key)):
                lines = [line for note in told for line in wrap(note, 92)]
                made.yaml_set_comment_before_after_key(
                    key, before="\n".join(lines), indent=2 * len(place)
                )
        if place and place[-1] not in _LINES and _is_flat(value):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        listed = CommentedSeq(_commented(v, notes, (*place, n)) for n, v in enumerate(value))
        if _is_flat(value):
            listed.fa.set_flow_style()
        return listed
    return _quoted(value) if isinstance(value, str) else value


def _quoted(text: str) -> str:
    """In quotation marks, unless it is plain words: the library leaves out some that it needs."""
    return text if _WORDS.fullmatch(text) else DoubleQuotedScalarString(text)


def _is_flat(value: Any) -> bool:
    """Whether it reads well on one line."""
    parts = value.values() if isinstance(value, dict) else value
    return len(str(value)) < 110 and all(
        not isinstance(p, dict | list) or (isinstance(p, list) and _is_flat(p)) for p in parts
    )


def _text(made: Any) -> str:
    writer = YAML()
    writer.width = 10_000  # a heading stays on its line
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    writer.dump(made, out)
    return out.getvalue()
