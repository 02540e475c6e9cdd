"""Rules of unusual shape held to their own tests: what must fire, and what must stay silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kpialign.conflicts.shapes import invent, look_at
from kpialign.conflicts.sight import Sight
from kpialign.definitions.shapes import ShapeRule, ShapeTest
from kpialign.errors import Fault
from kpialign.findings.shapes import Seen
from kpialign.library import Library
from kpialign.proving.rules import within


def shape_tests(library: Library, seeds: int) -> Iterator[Fault]:
    """Run every rule's own tests; a share of words out of its bound is a fault."""
    for rule in library.shapes.values():
        for test in rule.tests:
            found = shares(rule, test, library, seeds)
            for word, bound in test.expect.items():
                share = found.get(Seen(word), 0.0)
                if not within(share, bound):
                    yield _fault(rule, test, library, f"{Seen(word).words()} in {share:.3f}", bound)


def shares(rule: ShapeRule, test: ShapeTest, library: Library, seeds: int) -> dict[Seen, float]:
    """The share of seeds that ended with each word."""
    counts: Counter[Seen] = Counter()
    plain = Sight.of_definitions(library.indicators)
    for seed in range(seeds):
        [shape] = look_at([rule], invent(rule, test, plain, seed))
        counts[Seen.UNUSUAL if shape.unusual else shape.seen] += 1  # a lead asks too
    return {word: count / seeds for word, count in counts.items()}


def _fault(rule: ShapeRule, test: ShapeTest, library: Library, what: str, bound: str) -> Fault:
    file, _, line = library.sources[rule.id].rpartition(":")
    todo = "Correct the rule, or say honestly what it can do."
    return Fault(file, int(line), f"{rule.id}, test {test.name!r}: {what}, expected {bound}.", todo)
