"""Findings as plain JSON values, and the JSON Schema of them.

The schema is read off the dataclasses of :mod:`kpialign.findings`, so that the two cannot
disagree.
"""

from __future__ import annotations

import json
import math
import types
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from kpialign.findings import GateVerdict, Outcome, TieEstimate
from kpialign.terms import GateOutcome, Release

# The frames: each chart comes with its own table. What is returned: it is for its sender alone.
_LEFT_OUT = {"tables", "returned", "faults"}
_PLAIN: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    # A figure that is not finite, or stands for no estimate, is null and never a number.
    float: {"type": ["number", "null"]},
    types.NoneType: {"type": "null"},
    Release: {"type": "string"},  # published, management_information, embargoed:YYYY-MM-DD
}


def dump(document: Any) -> str:
    r"""JSON with sorted keys; what a terminal would obey or hide is escaped.

    >>> dump({"b": "\u202e", "a": "é"})
    '{\n "a": "é",\n "b": "\\u202e"\n}\n'
    """
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    if not text.replace("\n", "").isprintable():
        # Outside its strings there is nothing but printable ASCII and line ends.
        text = "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
    return f"{text}\n"


def plain(value: Any) -> Any:
    """A value of findings as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Release):
        return str(value)
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value):
        return _record(value)
    return value


def _record(value: Any) -> dict[str, Any]:
    record = {f.name: plain(getattr(value, f.name)) for f in _told(type(value))}
    if isinstance(value, Outcome):
        record["mark"] = value.mark
    if isinstance(value, GateVerdict):
        record["outcome"] = value.outcome.value
    if isinstance(value, TieEstimate) and value.state != "estimated":
        # Without an estimate the zeros are only defaults; nobody should average them.
        record |= {k: None for k, v in record.items() if isinstance(v, float)}
    return record


def _told(kind: type) -> list[Any]:
    return [f for f in fields(kind) if f.name not in _LEFT_OUT]


def record_of(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a dataclass itself; those of its fields go to ``definitions``."""
    import polars

    hints = get_type_hints(kind, localns={"pl": polars})
    properties = {f.name: schema_of(hints[f.name], definitions) for f in _told(kind)}
    if kind is Outcome:
        properties["mark"] = _PLAIN[str]
    if kind is GateVerdict:
        properties["outcome"] = schema_of(GateOutcome, definitions)
    return object_of(properties)


def object_of(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object with these properties, all of them and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def schema_of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; that of each dataclass goes to ``definitions``."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) in (Union, types.UnionType):
        return {"anyOf": [schema_of(arg, definitions) for arg in get_args(hint)]}
    if get_origin(hint) is tuple:
        return _array(get_args(hint), definitions)
    if issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = record_of(hint, definitions)
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _array(args: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if args[-1] is Ellipsis:
        return {"type": "array", "items": schema_of(args[0], definitions)}
    items = [schema_of(arg, definitions) for arg in args]
    return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
