"""A composite's tree as arrays: which columns each level averages, with which weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kpialign.composites.means import Floats, Mean, mean, mean_named, split
from kpialign.definitions.composites import Component, Composite


@dataclass(frozen=True)
class Node:
    """One level: the columns of its parts, their weights and their mean."""

    id: str
    title: str
    columns: tuple[int, ...]
    weights: Floats
    mean: Mean

    @property
    def shares(self) -> Floats:
        """Weights that add up to 1."""
        return np.asarray(self.weights / self.weights.sum())


@dataclass(frozen=True)
class Plan:
    """Leaves are the first columns, nodes the next, children before parents; the whole is last."""

    leaves: tuple[Component, ...]
    nodes: tuple[Node, ...]
    reweight: bool = False
    least: float = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """Of every column."""
        return (*(leaf.name for leaf in self.leaves), *(node.id for node in self.nodes))

    @property
    def effective(self) -> Floats:
        """(columns,): the share of the whole each column stands for, down the tree."""
        found = np.zeros(len(self.names))
        found[-1] = 1.0
        for i, node in self._from_the_top():
            found[list(node.columns)] = found[i] * node.shares
        return found

    def levels(self, scores: Floats) -> Floats:
        """(..., leaves) → (..., columns): every level's figure beside its parts."""
        k = len(self.leaves)
        out = np.empty((*scores.shape[:-1], len(self.names)), dtype=scores.dtype)
        out[..., :k] = scores
        for i, node in enumerate(self.nodes):
            parts = out[..., list(node.columns)]
            out[..., k + i] = mean(
                parts, node.weights, node.mean, reweight=self.reweight, least=self.least
            )
        return out

    def split(self, before: Floats, after: Floats) -> tuple[Floats, Floats]:
        """Share the whole's change out among the leaves and, where a mean has one, balance.

        Each level's split is exact, so carried down the tree it adds up.

        Args:
            before: (..., leaves).
            after: the same of the later month.

        Returns:
            By leaf (..., leaves), and by node what its balance adds (..., nodes).
        """
        k, was, now = len(self.leaves), self.levels(before), self.levels(after)
        by_column = np.zeros_like(was)
        balance = np.zeros((*was.shape[:-1], len(self.nodes)))
        factor = np.ones_like(was)  # what one point of a column moves the whole by
        for i, node in self._from_the_top():
            at = list(node.columns)
            by_part, own, _ = split(was[..., at], now[..., at], node.weights, node.mean)
            change = now[..., at] - was[..., at]
            down = factor[..., i, None]
            apart = np.abs(change) > 1e-12
            factor[..., at] = down * np.where(apart, by_part / np.where(apart, change, 1.0), 0.0)
            by_column[..., at] = down * by_part
            balance[..., i - k] = factor[..., i] * own
            still = ~apart & np.isin(at, range(k, k + len(self.nodes)))
            factor[..., at] = np.where(
                still,
                down * node.shares * _slopes(was[..., at], was[..., i], node),
                factor[..., at],
            )
        return by_column[..., :k], balance

    def _from_the_top(self) -> Iterator[tuple[int, Node]]:
        k = len(self.leaves)
        yield from ((k + i, self.nodes[i]) for i in reversed(range(len(self.nodes))))


def _slopes(parts: Floats, whole: Floats, node: Node) -> Floats:
    """What a small change of each part moves the level by, less its share."""
    how = node.mean
    return np.asarray(how.slope(parts) / how.slope(whole)[..., None])


def plan_of(composite: Composite) -> Plan:
    """Lay out a definition's tree."""
    leaves = composite.leaves
    column = {leaf.name: i for i, leaf in enumerate(leaves)}
    nodes: list[Node] = []
    whole = Component.model_construct(
        weight=1.0,
        id=composite.id, title=composite.title, components=composite.components,
        aggregate=composite.aggregate,
    )  # fmt: skip
    _add(whole, column, nodes)
    return Plan(leaves, tuple(nodes), composite.missing == "reweight", composite.at_least)


def _add(group: Component, column: dict[str, int], nodes: list[Node]) -> None:
    """Add a level after those it is made of, and give it the next column."""
    for part in group.components:
        if part.components:
            _add(part, column, nodes)
    assert group.aggregate is not None
    how = mean_named(group.aggregate.mean, group.aggregate.power)
    columns = tuple(column[part.name] for part in group.components)
    weights = np.array([part.weight for part in group.components])
    name = group.id or ""
    column[name] = len(column)
    nodes.append(Node(name, group.title or name, columns, weights, how))
