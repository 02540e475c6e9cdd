"""How sure a composite is: noise of its figures, and choices of weights and means.

Seeded draws, each a whole run of the plan with every month and unit together, so that two
months of one draw differ in noise alone and never in the choices (OECD/JRC Handbook 2008,
step 8; weights within a quarter of what was given).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from kpialign.composites.bands import limited
from kpialign.composites.means import ARITHMETIC, GEOMETRIC, Floats, Mean
from kpialign.composites.noise import Noise, noise_of
from kpialign.composites.plan import Node, Plan
from kpialign.composites.stages import Composed

DRAWS = 2000
SEED = 20260401
_QUARTER = 0.25
_CELLS = 1_000_000  # figures drawn at once: 4 MB an array
_ENDS = (2.5, 97.5)


@dataclass(frozen=True)
class Doubt:
    """Draws of a composite.

    Attributes:
        noise: (draws, months, units), with the plan as it stands.
        together: the same with weights and means drawn too.
        most: (draws, months, units), the best band that the limiters leave; a large number
            where they leave all.
        words: how the noise of each part was found.
        seed: the draws can be made again from it.
    """

    noise: Floats
    together: Floats
    most: np.ndarray[tuple[int, ...], np.dtype[np.int16]]
    words: tuple[str, ...]
    seed: int

    def interval(self, month: int, unit: int, *, together: bool = False) -> tuple[float, float]:
        """95 % of the draws lie between."""
        low, high = _ends(self.of(month, unit, together=together))
        return low, high

    def of(self, month: int, unit: int, *, together: bool = False) -> Floats:
        """The draws of one unit and month."""
        return np.asarray((self.together if together else self.noise)[:, month, unit])

    def change(self, now: int, before: int, unit: int, *, together: bool = False) -> Floats:
        """The draws of a change between two months."""
        both = self.of(now, unit, together=together), self.of(before, unit, together=together)
        return np.asarray(both[0] - both[1])

    def ranks(self, month: int) -> Floats:
        """(units, 2): 95 % of each unit's ranks, 1 for the highest; only for those who ask."""
        order = np.argsort(np.argsort(-self.together[:, month], axis=1), axis=1) + 1
        return np.asarray(np.percentile(order, _ENDS, axis=0).T)


def _ends(draws: Floats) -> tuple[float, float]:
    low, high = np.percentile(draws, _ENDS)
    return float(low), float(high)


def doubt_of(
    composed: Composed, draws: int = DRAWS, seed: int = SEED, months: slice = slice(None)
) -> Doubt:
    """Draw a composite again and again.

    A figure that was imputed or treated has no noise of its own, and is drawn as it stands.

    Args:
        composed: the composite.
        draws: how many.
        seed: the same gives the same.
        months: which to draw; noise is measured over all. A scale that compares all months
            sees only those drawn.
    """
    noise = _of_months(noise_as_it_stands(composed), months)
    size = int(np.prod(noise.middle.shape))
    chunk = max(1, min(draws, _CELLS // max(size, 1)))
    sizes = [chunk] * (draws // chunk) + ([draws % chunk] if draws % chunk else [])
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        drawn = list(
            pool.map(lambda job: _one(composed, noise, *job), zip(sizes, seeds, strict=True))
        )
    return Doubt(
        np.concatenate([each[0] for each in drawn]), np.concatenate([each[1] for each in drawn]),
        np.concatenate([each[2] for each in drawn]), noise.words, seed,
    )  # fmt: skip


def noise_as_it_stands(composed: Composed) -> Noise:
    """The noise of every figure; one that was imputed or treated has none of its own."""
    noise = noise_of(composed.panel, len(composed.plan.leaves))
    treated, reported = composed.stages["treated"], composed.stages["reported"]
    own = (treated == reported) | np.isnan(treated)
    return replace(
        noise,
        middle=np.where(own, noise.middle, treated),
        spread=np.where(own, noise.spread, 0.0),
        exact=noise.exact & own,
    )


def _of_months(noise: Noise, months: slice) -> Noise:
    fields = ("middle", "spread", "skew", "exact", "ones", "others")
    return replace(noise, **{name: getattr(noise, name)[months] for name in fields})


def _one(
    composed: Composed, noise: Noise, draws: int, seed: np.random.SeedSequence
) -> tuple[Floats, Floats, np.ndarray[tuple[int, ...], np.dtype[np.int16]]]:
    rng = np.random.default_rng(seed)
    figures = noise.draw(rng, draws)
    most = limited(composed, figures)
    scores = composed.score(figures).astype(np.float32, copy=False)
    plan = composed.plan
    given = plan.levels(scores)[..., -1].copy()  # a view would keep every level
    half = draws // 2
    drawn = [
        _chosen(plan, scores[part], rng, how)
        for part, how in ((slice(0, half), ARITHMETIC), (slice(half, None), GEOMETRIC))
    ]
    return given, np.concatenate(drawn), most


def _chosen(plan: Plan, scores: Floats, rng: np.random.Generator, how: Mean) -> Floats:
    """The whole with every mean another, where it may be, and every weight drawn."""
    other = replace(plan, nodes=tuple(
        replace(with_mean(node, how, scores),
                weights=drawn_weights(node, rng, len(scores)).astype(np.float32))
        for node in plan.nodes
    ))  # fmt: skip
    return np.asarray(other.levels(scores)[..., -1].copy())


def with_mean(node: Node, how: Mean, scores: Floats) -> Node:
    """A level with another mean, where the scores may have it: no geometric one below 0."""
    may = node.mean.positive or not how.positive or not np.nanmin(scores, initial=0.0) < 0
    return replace(node, mean=how if may else node.mean)


def drawn_weights(node: Node, rng: np.random.Generator, draws: int) -> Floats:
    """Weights within a quarter of what was given, (draws, 1, 1, parts)."""
    shape = (draws, 1, 1, len(node.columns))
    return np.asarray(node.weights * rng.uniform(1 - _QUARTER, 1 + _QUARTER, shape))


def side_by_side(composed: Composed, scores: Floats) -> tuple[tuple[str, Floats], ...]:
    """Three weightings by two means: as given, equal, and by how much each part tells units apart.

    Args:
        composed: the composite.
        scores: (..., units, leaves).

    Returns:
        What was chosen, and (..., units).
    """
    plan = composed.plan
    cases = composed.stages["normalised"].reshape(-1, len(plan.leaves)).T
    spread = np.array([np.std(own[np.isfinite(own)]) if np.isfinite(own).any() else 0
                       for own in cases])  # fmt: skip
    weights: dict[str, list[Floats]] = {
        "weights as given": [node.weights for node in plan.nodes],
        "equal weights": [np.ones(len(node.columns)) for node in plan.nodes],
        "weights by spread": [_by_spread(plan, i, spread) for i in range(len(plan.nodes))],
    }
    out = []
    for name, each in weights.items():
        for how in (ARITHMETIC, GEOMETRIC):
            if how.positive and np.nanmin(scores, initial=0.0) < 0:
                continue
            nodes = (replace(n, weights=w, mean=how) for n, w in zip(plan.nodes, each, strict=True))
            found = replace(plan, nodes=tuple(nodes)).levels(scores)[..., -1]
            out.append((f"{name}, {how.name} mean", np.asarray(found)))
    return tuple(out)


def _by_spread(plan: Plan, node: int, spread: Floats) -> Floats:
    """Standard deviations of a level's own leaves; groups in it count with their own weights."""
    columns = np.array(plan.nodes[node].columns)
    own = plan.nodes[node].weights
    leaf = columns < len(plan.leaves)
    if not leaf.all() or not spread[columns].sum() > 0:
        return own
    return np.asarray(spread[columns])
