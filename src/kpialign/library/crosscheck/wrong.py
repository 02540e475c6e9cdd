"""One disagreement between definitions, and the usual one: a name nobody defines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kpialign.errors import did_you_mean
from kpialign.library.reader import Path as Place

Where = tuple[str, str, Place]
"""A definition's collection, its id, and the place inside it."""


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a definition, and where."""

    where: Where
    what: str
    todo: str = ""


class UnknownName(Wrong):
    """A name that nothing read so far carries."""


def unknown(where: Where, names: Iterable[str], known: Iterable[str], kind: str) -> Iterator[Wrong]:
    """Say of each name that is not known what it might have been."""
    known = list(known)
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"Define it, or name one of the {len(known)} known."
            yield UnknownName(where, f"No {kind} is called {name}.", hint)
