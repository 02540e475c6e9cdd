"""What of a pack is wanted: its sections and their order, as ``pack.toml`` or options say."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from kpialign.errors import UsageError, did_you_mean

FILE = "pack.toml"


@dataclass(frozen=True)
class Choice:
    """What is wanted; what is empty means everything.

    Attributes:
        title: the pack's own; the system's name if empty.
        sections: names of :mod:`kpialign.outputs.pack.sections`, in the order wanted.
        rules: ids of rules whose findings are wanted.
        templates: format (``docx``, ``pptx``) → the user's own document, as a path.
    """

    title: str = ""
    sections: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    templates: dict[str, str] = field(default_factory=dict)


def read(folder: Path) -> Choice:
    """Read ``pack.toml`` of a workspace; everything is wanted where there is none.

    Raises:
        UsageError: it is no TOML, or says something a pack does not know.
    """
    path = folder / FILE
    if not path.is_file():
        return Choice()
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: is not valid TOML: {error}") from error
    kinds = {f.name: type(getattr(Choice(), f.name)) for f in fields(Choice)}
    for key, value in given.items():
        if key not in kinds:
            raise UsageError(f"{path}: unknown key {key!r}. {did_you_mean(key, kinds)}".rstrip())
        expected = list if kinds[key] is tuple else kinds[key]
        texts = value.values() if isinstance(value, dict) else value
        if not isinstance(value, expected) or not all(isinstance(one, str) for one in texts):
            raise UsageError(f"{path}: {key} is {value!r}. {_FORMS[key]}")
    told: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    own: dict[str, str] = told.get("templates", {})
    told["templates"] = {kind: str(folder / name) for kind, name in own.items()}
    return Choice(**told)


_FORMS = {
    "title": 'Write it as title = "Board, March 2026".',
    "sections": 'Write it as sections = ["headline", "findings"].',
    "rules": 'Write it as rules = ["KA-UEC-002"].',
    "templates": 'Write it as docx = "board.docx" under [templates].',
}
