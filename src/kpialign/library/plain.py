"""What pydantic says about a definition, in plain sentences with the right line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kpialign.definitions.model import Definition
from kpialign.errors import Fault, did_you_mean
from kpialign.library.reader import Document, Path

_WANTED = {
    "string_type": "text",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": "a date as 2026-01-31",
    "date_from_datetime_parsing": "a date as 2026-01-31",
    "tuple_type": "a list",
    "dict_type": "a map of keys and values",
    "model_type": "a map of keys and values",
    "dataclass_type": "a month as 2026-01",
}


def faults(error: ValidationError, model: type[Definition], document: Document) -> list[Fault]:
    """Turn each error into a fault at its line in the file."""
    details = error.errors(include_url=False)
    return [_fault(d, model, document) for d in details if not _follows(d, details)]


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is too short only because entries of it are wrong themselves."""
    if detail["type"] != "too_short":
        return False
    place = detail["loc"]
    return any(d["loc"][: len(place)] == place for d in details if d is not detail)


def _fault(detail: ErrorDetails, model: type[Definition], document: Document) -> Fault:
    path = _in_file(detail["loc"], document)
    what, todo = _sentence(detail, model)
    return Fault(document.file, document.line(path), what, todo)


def _in_file(loc: Path, document: Document) -> Path:
    """Leave out what only the model knows: the names of alternatives, ``[key]`` of a map."""
    path: Path = ()
    for part in loc:
        if (*path, part) in document.lines:
            path = (*path, part)
    return path


def _sentence(detail: ErrorDetails, model: type[Definition]) -> tuple[str, str]:
    kind, name = detail["type"], _name(detail["loc"])
    if kind == "missing":
        return f"{name} is missing.", "Add it."
    if kind == "extra_forbidden":
        known = _keys(model, detail["loc"][:-1])
        hint = did_you_mean(str(detail["loc"][-1]), known)
        return f"{name} is not a key here.", hint or f"Known keys: {', '.join(known)}."
    if kind in ("literal_error", "enum"):
        expected, found = detail["ctx"]["expected"], detail["input"]
        what = f"{name} is {found!r}; it can be {expected}."
        return what, did_you_mean(str(found), expected.split("'"))
    return _of_value(detail, name), ""


def _of_value(detail: ErrorDetails, name: str) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return _capital(str(context["error"])) + "."
    if kind == "too_short":
        least, found = context["min_length"], context["actual_length"]
        return f"{name} needs at least {least} of them, found {found}."
    if kind in _WANTED:
        return f"{name} needs {_WANTED[kind]}, found {_shown(detail['input'])}."
    return f"{name}: {detail['msg'][0].lower()}{detail['msg'][1:]}."


def _name(loc: Path) -> str:
    """The dotted place, as an author would say it: ``targets[2].at_least``."""
    out = ""
    for part in loc:
        out += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return out.removeprefix(".") or "The file"


def _shown(value: Any) -> str:
    return "nothing" if value is None else repr(value)[:60]


def _capital(text: str) -> str:
    # an id or a key at the start of a sentence keeps its letters
    first = text.partition(" ")[0]
    return text if "." in first or "_" in first else text[0].upper() + text[1:]


def _keys(model: type[BaseModel], loc: Path) -> list[str]:
    """The keys a file may use at a place, following the model's annotations."""
    models = [model]
    for part in loc:
        fields = [f for m in models for f in _fields(m).items() if f[0] == part]
        models = [m for _, annotation in fields for m in _models(annotation)] or models
    return [key for m in models for key in _fields(m)]


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
