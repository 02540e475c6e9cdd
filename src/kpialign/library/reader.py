"""A definition file → plain values and the line each came from.

Nodes are turned into values here, and not by a YAML constructor, so that a file can hold
nothing but text, numbers, dates, lists and maps, and every one of them knows its line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kpialign.errors import Fault

LARGEST = 256 * 1024  # bytes; the longest shipped file is a tenth of it

Path = tuple[str | int, ...]

_PLAIN: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": lambda text: int(text.replace("_", ""), 0),
    "float": lambda text: float(text.replace("_", "")),
    "bool": lambda text: text.lower() == "true",
    "null": lambda _: None,
    "timestamp": date.fromisoformat,
}


@dataclass(frozen=True)
class Document:
    """What a file says, and on which line it says it."""

    file: str
    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the innermost part of ``path`` that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@lru_cache(maxsize=512)  # a process that checks every month reads every file once
def read(file: str, content: bytes) -> tuple[Document, tuple[Fault, ...]]:
    """Read one file; what is wrong with it comes beside what could be read."""
    if len(content) > LARGEST:
        what = f"The file has {len(content):,} bytes; {LARGEST:,} is the most a definition needs."
        return Document(file, None, {}), (Fault(file, 1, what, "Split it."),)
    try:
        root = YAML(typ="safe", pure=True).compose(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        what = f"Byte {error.start + 1} is not UTF-8."
        return Document(file, None, {}), (Fault(file, 1, what, "Save the file as UTF-8."),)
    except YAMLError as error:
        return Document(file, None, {}), (_not_yaml(file, error),)
    reading = _Reading(file)
    value = reading.value(root, ()) if root is not None else None
    return Document(file, value, reading.lines), tuple(reading.faults)


class _Reading:
    """Walks the nodes of one file, keeping lines and faults as it goes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []

    def value(self, node: Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.anchor is not None:
            # an alias repeated ten times over ten levels is a gigabyte once unfolded
            self._fault(node, f"Anchor &{node.anchor} is not allowed.", "Write the part out.")
            return None
        if isinstance(node, MappingNode) and _kind(node) == "map":
            return self._map(node, path)
        if isinstance(node, SequenceNode) and _kind(node) == "seq":
            return [self.value(part, (*path, i)) for i, part in enumerate(node.value)]
        return self._plain(node)

    def _map(self, node: MappingNode, path: Path) -> dict[Any, Any]:
        out: dict[Any, Any] = {}
        for key_node, part in node.value:
            key = self._plain(key_node)
            if key in out:
                first = self.lines[*path, key]
                what = f"{key!r} stands here twice, first on line {first}."
                self._fault(key_node, what, "Keep one.")
                continue
            self.lines[*path, key] = key_node.start_mark.line + 1
            out[key] = self.value(part, (*path, key))
        return out

    def _plain(self, node: Node) -> Any:
        kind = _kind(node)
        if not isinstance(node, ScalarNode) or kind not in _PLAIN:
            what = f"Tag {node.tag} is not allowed."
            self._fault(node, what, "Definitions hold text, numbers, dates, lists and maps only.")
            return None
        try:
            return _PLAIN[kind](node.value)
        except ValueError:
            self._fault(node, f"{node.value!r} is not a {kind}.", "Put it in quotes if it is text.")
            return None

    def _fault(self, node: Node, what: str, todo: str) -> None:
        self.faults.append(Fault(self.file, node.start_mark.line + 1, what, todo))


def _kind(node: Node) -> str:
    return str(node.tag).removeprefix("tag:yaml.org,2002:")


def _not_yaml(file: str, error: YAMLError) -> Fault:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    problem = error.problem if isinstance(error, MarkedYAMLError) else str(error).split("\n")[0]
    return Fault(
        file,
        mark.line + 1 if mark else 1,
        f"This is not YAML: {problem}.",
        "Look for a missing colon, quote or indent on this line or the one above.",
    )
