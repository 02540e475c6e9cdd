"""Thresholds and exceptions: names that exist, and no two that speak of the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from kpialign.definitions.thresholds import Excepted, Threshold
from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library


def check(library: Library) -> Iterator[Wrong]:
    """Check every threshold and exception, but for the check they name: the gate knows those."""
    for into, narrowed in (
        ("thresholds", library.thresholds),
        ("exceptions", library.exceptions),
    ):
        for name, one in narrowed.items():
            yield from _names(into, name, one, library)
    for name, exempted in library.exempted.items():
        at = ("exempted", name, ("rules",))
        yield from unknown(at, exempted.rules, library.conflicts, "rule of conflicts")
    yield from _ties(library.thresholds.values())


def _names(into: str, name: str, one: Threshold | Excepted, library: Library) -> Iterator[Wrong]:
    known = {
        "layouts": ("layout", library.layouts),
        "items": ("item", library.items),
        "indicators": ("indicator", library.indicators),
        "types": ("type of body", library.types),
    }
    for key, (kind, there) in known.items():
        yield from unknown((into, name, (key,)), getattr(one, key, ()), there, kind)


def _ties(thresholds: Iterable[Threshold]) -> Iterator[Wrong]:
    """The most specific threshold holds; of two equally specific ones none would."""
    for one, other in combinations(sorted(thresholds, key=lambda t: t.id), 2):
        if one.check == other.check and one.narrow == other.narrow and _meet(one, other):
            what = f"It speaks of rows that the {one.id} speaks of, and is no more specific."
            todo = "Make one of them one, or give one a scope that the other has not."
            yield Wrong(("thresholds", other.id, ("check",)), what, todo)


def _meet(one: Threshold, other: Threshold) -> bool:
    """Whether a row may be of both, which are narrowed in the same ways."""
    pairs = [
        ({*one.items, *one.indicators}, {*other.items, *other.indicators}),
        ({*one.organisations}, {*other.organisations}),
        ({*one.types}, {*other.types}),
        ({*one.layouts}, {*other.layouts}),
    ]
    return all(mine & theirs or not (mine or theirs) for mine, theirs in pairs)
