"""Definition folders → one library, or all that is wrong with them at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kpialign.definitions.calendars import Calendar
from kpialign.definitions.composites import Composite
from kpialign.definitions.conflicts import Conflict
from kpialign.definitions.declared import DeclaredFile
from kpialign.definitions.events import Event
from kpialign.definitions.exemptions import ExceptionFile
from kpialign.definitions.indicators import Indicator
from kpialign.definitions.items import ItemFile
from kpialign.definitions.layouts import Layout
from kpialign.definitions.model import Definition
from kpialign.definitions.organisations import OrganisationFile, Serves
from kpialign.definitions.pathways import Pathway
from kpialign.definitions.planned import PlannedFile
from kpialign.definitions.shapes import ShapeRule, is_shape
from kpialign.definitions.thresholds import ThresholdFile
from kpialign.definitions.tolerances import ToleranceFile
from kpialign.errors import DefinitionError, Fault, did_you_mean
from kpialign.library import crosscheck, plain
from kpialign.library.model import Library, Replaced
from kpialign.library.reader import Document, read
from kpialign.library.reader import Path as Place
from kpialign.shipped import shipped


@dataclass(frozen=True)
class Entry:
    """One definition: the collection it belongs to, its id, and its place in its file."""

    into: str
    id: str
    value: Definition
    place: Place = ()


def _one(into: str) -> Callable[[Any], Iterator[Entry]]:
    return lambda model: iter([Entry(into, model.id, model)])


def _items(model: ItemFile) -> Iterator[Entry]:
    return (Entry("items", x.id, x, ("items", i)) for i, x in enumerate(model.items))


def _planned(model: PlannedFile) -> Iterator[Entry]:
    return (Entry("planned", x.id, x, ("planned", i)) for i, x in enumerate(model.planned))


def _thresholds(model: ThresholdFile) -> Iterator[Entry]:
    return (Entry("thresholds", x.id, x, ("thresholds", i)) for i, x in enumerate(model.thresholds))


def _exceptions(model: ExceptionFile) -> Iterator[Entry]:
    for i, x in enumerate(model.exceptions):
        yield Entry("exceptions", f"exception {x.id}", x, ("exceptions", i))
    for i, y in enumerate(model.findings):
        yield Entry("exempted", f"exception {y.id}", y, ("findings", i))


def _tolerances(model: ToleranceFile) -> Iterator[Entry]:
    return (Entry("tolerances", x.id, x, ("tolerances", i)) for i, x in enumerate(model.tolerances))


def _declared(model: DeclaredFile) -> Iterator[Entry]:
    return (Entry("declared", x.id, x, ("declared", i)) for i, x in enumerate(model.declared))


def _organisations(model: OrganisationFile) -> Iterator[Entry]:
    for i, region in enumerate(model.regions):
        yield Entry("regions", region.code, region, ("regions", i))
    for i, serves in enumerate(model.serves):
        yield Entry("serves", _served(serves), serves, ("serves", i))
    for i, override in enumerate(model.overrides):
        yield Entry("overrides", override.hospital, override, ("overrides", i))
    for i, peers in enumerate(model.peer_sets):
        yield Entry("peer_sets", peers.id, peers, ("peer_sets", i))
    for i, kind in enumerate(model.types):
        yield Entry("types", kind.id, kind, ("types", i))
    for i, system in enumerate(model.systems):
        yield Entry("systems", f"{system.code} from {system.since}", system, ("systems", i))
    for i, placed in enumerate(model.placed):
        name = f"{placed.organisation} {placed.role} {placed.level} from {placed.since}"
        yield Entry("placed", name, placed, ("placed", i))
    for i, follows in enumerate(model.successions):
        yield Entry("successions", follows.predecessor, follows, ("successions", i))


def _served(serves: Serves) -> str:
    return serves.service + (f" from {serves.since}" if serves.since else "")


_Kind = tuple[type[Definition], Callable[[Any], Iterator[Entry]]]
_KINDS: dict[str, _Kind] = {
    "items": (ItemFile, _items),
    "measures": (Indicator, _one("indicators")),
    "conflicts": (Conflict, _one("conflicts")),
    "composites": (Composite, _one("composites")),
    "layouts": (Layout, _one("layouts")),
    "events": (Event, _one("events")),
    "calendars": (Calendar, _one("calendars")),
    "organisations": (OrganisationFile, _organisations),
    "planned": (PlannedFile, _planned),
    "thresholds": (ThresholdFile, _thresholds),
    "tolerances": (ToleranceFile, _tolerances),
    "declared": (DeclaredFile, _declared),
    "pathways": (Pathway, _one("pathways")),
}
_SHAPES: _Kind = (ShapeRule, _one("shapes"))
_EXCEPTIONS: _Kind = (ExceptionFile, _exceptions)

MODELS: Mapping[str, Any] = {
    **{folder: model for folder, (model, _) in _KINDS.items()},
    "conflicts": Conflict | ShapeRule,
    "exceptions": ExceptionFile,
}
"""Folder → what one of its files holds."""


@dataclass
class _Shelf:
    """What has been read so far."""

    taken: dict[tuple[str, str], tuple[Entry, Document, int]] = field(default_factory=dict)
    replaced: list[Replaced] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)

    def add(self, entry: Entry, document: Document, folder: int) -> None:
        """Put a definition in its place; only a later folder may replace one."""
        before = self.taken.get((entry.into, entry.id))
        if before and before[2] == folder:
            place = f"{before[1].file}:{before[1].line(before[0].place)}"
            what = f"{entry.id} is defined twice, first at {place}."
            todo = "Give one another id; an id is permanent and belongs to one thing."
            line = document.line((*entry.place, "id"))
            self.faults.append(Fault(document.file, line, what, todo))
            return
        if before:
            self.replaced.append(Replaced(entry.id, document.file, before[1].file))
        self.taken[entry.into, entry.id] = (entry, document, folder)


def load(folders: Sequence[Path], exceptions: Path | None = None) -> Library:
    """Read definition folders; a later one adds to the earlier ones and replaces by id.

    ``exceptions`` is the workspace's folder of them, which holds nothing else.

    Raises:
        DefinitionError: anything is wrong anywhere; it holds every fault of every file.
    """
    shelf = _Shelf()
    for number, folder in enumerate(folders):
        for path in _files(folder):
            _read_file(path, folder, number, shelf)
    for path in _files(exceptions) if exceptions else ():
        _read_as(_EXCEPTIONS, path, len(folders), shelf)
    library = _library(shelf)
    places = {key: (document, entry.place) for key, (entry, document, _) in shelf.taken.items()}
    complete = not shelf.faults
    faults = [*shelf.faults, *crosscheck.faults(library, places, complete=complete)]
    if faults:
        raise DefinitionError(faults)
    return library


def in_force(own: Path, exceptions: Path | None = None) -> Library:
    """The shipped definitions and, standing before them, those of the user's own folder.

    ``exceptions`` is the workspace's folder of exceptions, where they matter.

    Raises:
        DefinitionError: as :func:`load`.
    """
    there = exceptions if exceptions and exceptions.is_dir() else None
    return load([shipped("indicators"), *([own] if own.is_dir() else [])], there)


def _files(folder: Path) -> list[Path]:
    found = [p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml") and p.is_file()]
    return sorted(found, key=lambda p: p.as_posix())


def _read_file(path: Path, folder: Path, number: int, shelf: _Shelf) -> None:
    kind = path.relative_to(folder).parts[0].removesuffix(path.suffix)
    if kind not in _KINDS:
        shelf.faults.append(_misplaced(str(path), kind, path.suffix))
        return
    _read_as(_KINDS[kind], path, number, shelf)


def _read_as(kind: _Kind, path: Path, number: int, shelf: _Shelf) -> None:
    content = path.read_bytes()
    shelf.hashes.append(hashlib.sha256(content).hexdigest())
    if path.suffix == ".yml":
        shelf.faults.append(_misplaced(str(path), "", path.suffix))
        return
    document, faults = read(str(path), content)
    shelf.faults += faults
    if faults:
        return
    shape = kind is _KINDS["conflicts"] and is_shape(document.value)
    model, entries = _SHAPES if shape else kind
    try:
        value = model.model_validate(document.value)
    except ValidationError as error:
        shelf.faults += plain.faults(error, model, document)
        return
    for entry in entries(value):
        shelf.add(entry, document, number)


def _misplaced(file: str, kind: str, suffix: str) -> Fault:
    if suffix == ".yml":
        return Fault(file, 1, "Definition files end in .yaml.", "Rename it.")
    hint = did_you_mean(kind, _KINDS) or f"Folders: {', '.join(_KINDS)}."
    return Fault(file, 1, f"No kind of definition is kept in {kind}/.", hint)


def _library(shelf: _Shelf) -> Library:
    collections: dict[str, dict[str, Any]] = {}
    sources = {}
    for (into, name), (entry, document, _) in shelf.taken.items():
        collections.setdefault(into, {})[name] = entry.value
        sources[name] = f"{document.file}:{document.line(entry.place)}"
    together = hashlib.sha256("".join(sorted(shelf.hashes)).encode()).hexdigest()
    return Library(**collections, sources=sources, replaced=tuple(shelf.replaced), hash=together)
