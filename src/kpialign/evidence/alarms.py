"""How often the evidence cries wolf on pairs and links that cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kpialign.evidence.arrows import Arrows
from kpialign.evidence.pool import random_effects
from kpialign.evidence.rank import ranked
from kpialign.evidence.relabel import means, weights
from kpialign.evidence.state import Counts, Flags, Floats

ALPHA = 0.05
FEWEST_TIES = 4  # halves of fewer have no pairs
_LOTS = 1999


@dataclass(frozen=True)
class Alarms:
    """Shares of unlinked pairs at one-sided p < .05, 0 to 1; about .05 is honest.

    ``None`` with too few pairs. ``declared`` is the direction of the arrow, ``other`` its reverse.
    """

    unlinked: int
    model_declared: float | None = None
    model_other: float | None = None
    deciding_declared: float | None = None
    deciding_other: float | None = None


@dataclass(frozen=True)
class Looks:
    """Shares of links drawn by lot that are called supported, 0 to 1; ``None`` with too few ties.

    Attributes:
        draws: links drawn.
        looks: months at which each was looked at.
        once: supported at the last look.
        ever: supported at any look.
    """

    draws: int
    looks: int
    once: float | None = None
    ever: float | None = None


def alarms(pairs: Arrows, *, halves: int, seed: int) -> Alarms:
    """Ask the model's p and the deciding p of pairs that share no unit.

    The deciding p is calibrated on pairs within one half of the ties and asked of pairs within
    the other, both ways round, for several halves drawn by lot.
    """
    known = pairs.unlinked & ~pairs.r.mask
    asked = int(known.sum())
    if not asked:
        return Alarms(0)
    model = pairs.p.data[known]
    rng = np.random.default_rng(seed)
    found: list[tuple[float, float]] = []
    for _ in range(halves if len(known) >= FEWEST_TIES else 0):
        half = rng.permutation(len(known)) < len(known) // 2
        one, other = (known & np.outer(side, side) for side in (half, ~half))
        found += [_flagged(pairs, one, other), _flagged(pairs, other, one)]
    told = [share for share in found if np.isfinite(share).all()]
    declared, reverse = np.mean(told, axis=0).tolist() if told else (None, None)
    return Alarms(
        asked, float((model < ALPHA).mean()), float((model > 1 - ALPHA).mean()), declared, reverse
    )


def _flagged(pairs: Arrows, yardstick: Flags, asked: Flags) -> tuple[float, float]:
    """Give the shares flagged in the arrow's direction and in the other; NaN without pairs."""
    if not (yardstick.any() and asked.any()):
        return np.nan, np.nan
    r, df = pairs.r.data, pairs.df.data.astype(np.int64)
    declared, other = (
        ranked(r[asked], df[asked], r[yardstick], df[yardstick], direction=way).deciding_p
        for way in (pairs.direction, -pairs.direction)
    )
    return float((declared < ALPHA).mean()), float((other < ALPHA).mean())


def looked_at_monthly(looks: Sequence[Arrows], *, draws: int, fdr: float, seed: int) -> Looks:
    """Draw links that cannot be and see how often they are called supported, at one look or any.

    A link is called supported where the pooled interval leaves out 0 in the declared direction
    and the share of links drawn by lot that are as strong is at most ``fdr``. A verdict asks for
    more (held figures, controls, the family), so the shares are the most it can be.

    Args:
        looks: the arrow as of each month, the last month first.
        draws: links to draw.
        fdr: the rule's false discovery rate.
        seed: same seed, same links.
    """
    ties = len(looks[0].unlinked) if looks else 0
    if ties < FEWEST_TIES:
        return Looks(draws, len(looks))
    rng = np.random.default_rng(seed)
    links = np.array([_no_true_link(ties, rng) for _ in range(draws)])
    lots = np.array([_no_true_link(ties, rng) for _ in range(_LOTS)])
    supported = np.array([_supported(pairs, links, lots, fdr) for pairs in looks])
    return Looks(draws, len(looks), float(supported[0].mean()), float(supported.any(axis=0).mean()))


def _no_true_link(ties: int, rng: np.random.Generator) -> Counts:
    """Draw an order in which no tie keeps its own y: each takes the next one's, in a ring."""
    ring = rng.permutation(ties)
    order = np.empty(ties, dtype=np.int64)
    order[ring] = np.roll(ring, -1)
    return order


def _supported(pairs: Arrows, links: Counts, lots: Counts, fdr: float) -> Flags:
    z, weight = weights(pairs, linked=False)
    strength = pairs.direction * means(z, weight, links)
    chance = np.sort(pairs.direction * means(z, weight, lots))
    share = (len(chance) - np.searchsorted(chance, strength) + 1) / (len(chance) + 1)
    # Pooling is the dear part, so only links that lots leave standing are pooled.
    return np.array(
        [
            p <= fdr and _leaves_out_0(z, weight, link, pairs.direction)
            for p, link in zip(share, links, strict=True)
        ]
    )


def _leaves_out_0(z: Floats, weight: Floats, link: Counts, direction: int) -> bool:
    rows = np.arange(len(z))
    kept = weight[rows, link] > 0
    pairs = zip(z[rows, link][kept], 1 / weight[rows, link][kept], strict=True)
    interval = random_effects(list(pairs)).interval
    return interval is not None and min(direction * end for end in interval) > 0
