"""Where the doubt about a composite comes from: chance in each part, the weights, the mean.

Total shares of the variance (Sobol), by the estimators of Saltelli and others (2010, Computer
Physics Communications 181:259-270) and Jansen (1999). Shares overlap where choices act together,
so they may add up to more than 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kpialign.composites.doubt import SEED, drawn_weights, noise_as_it_stands, with_mean
from kpialign.composites.means import ARITHMETIC, GEOMETRIC, Floats
from kpialign.composites.noise import Noise
from kpialign.composites.stages import Composed

DRAWS = 2048
WEIGHTS, MEAN = "weights within a quarter", "arithmetic or geometric mean"
_BOOT = 200


def sobol(a: Floats, b: Floats, mixed: Floats) -> tuple[Floats, Floats]:
    """First-order and total shares of the variance.

    Args:
        a: (draws,), the outcome of one sample.
        b: the same of another, independent one.
        mixed: (factors, draws), the outcome of the first with one factor out of the second.

    Returns:
        Of each factor alone, and with all it acts together with; (factors,) both.
    """
    spread = np.var(np.concatenate([a, b]), ddof=1)
    if not spread > 0:
        return np.zeros(len(mixed)), np.zeros(len(mixed))
    alone = (b * (mixed - a)).mean(axis=1) / spread
    together = ((a - mixed) ** 2).mean(axis=1) / (2 * spread)
    return np.asarray(alone), np.asarray(together)


@dataclass(frozen=True)
class Source:
    """What one factor stands for of the doubt, in all, with a 95 % interval by bootstrap."""

    name: str
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class _Sample:
    """Draws of every factor for one unit and month."""

    figures: Floats
    weights: tuple[Floats, ...]
    geometric: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def sources(
    composed: Composed, month: int, unit: int, draws: int = DRAWS, seed: int = SEED
) -> tuple[Source, ...]:
    """The doubt of one unit and month by factor, parts in their order, then weights and mean.

    Only on goalposts: on any other scale a unit's doubt is that of the others too.
    """
    if composed.definition.normalise.method != "goalposts" or draws < 2:
        return ()
    noise = _here(noise_as_it_stands(composed), month, unit)
    rng = np.random.default_rng(seed)
    one, other = (_sample(composed, noise, rng, draws) for _ in range(2))
    leaves = [leaf.name for leaf in composed.plan.leaves]
    mixtures = [_with(one.figures, other.figures, k) for k in range(len(leaves))]
    swapped = [replace(one, figures=figures) for figures in mixtures]
    swapped.append(replace(one, weights=other.weights))
    swapped.append(replace(one, geometric=other.geometric))
    a, b = _whole(composed, one), _whole(composed, other)
    mixed = np.array([_whole(composed, each) for each in swapped])
    if not np.isfinite(a).all():
        return ()
    _, total = sobol(a, b, mixed)
    picks = rng.integers(0, draws, (_BOOT, draws))
    again = np.array([sobol(a[pick], b[pick], mixed[:, pick])[1] for pick in picks])
    low, high = np.percentile(again, (2.5, 97.5), axis=0)
    names = [*leaves, WEIGHTS, MEAN]
    return tuple(
        Source(name, float(share), float(least), float(most))
        for name, share, least, most in zip(names, total, low, high, strict=True)
    )


def _here(noise: Noise, month: int, unit: int) -> Noise:
    fields = ("middle", "spread", "skew", "exact", "ones", "others")
    own = {name: getattr(noise, name)[month : month + 1, unit : unit + 1] for name in fields}
    return replace(noise, **own)


def _sample(composed: Composed, noise: Noise, rng: np.random.Generator, draws: int) -> _Sample:
    figures = noise.draw(rng, draws).astype(float)
    weights = tuple(drawn_weights(node, rng, draws) for node in composed.plan.nodes)
    return _Sample(figures, weights, rng.random(draws) < 0.5)


def _with(figures: Floats, others: Floats, part: int) -> Floats:
    mixed = figures.copy()
    mixed[..., part] = others[..., part]
    return mixed


def _whole(composed: Composed, sample: _Sample) -> Floats:
    scores = composed.score(sample.figures)
    both = []
    for how in (ARITHMETIC, GEOMETRIC):
        nodes = zip(composed.plan.nodes, sample.weights, strict=True)
        plan = replace(
            composed.plan,
            nodes=tuple(replace(with_mean(node, how, scores), weights=own) for node, own in nodes),
        )
        both.append(plan.levels(scores)[..., -1].reshape(len(scores)))
    return np.asarray(np.where(sample.geometric, both[1], both[0]))
