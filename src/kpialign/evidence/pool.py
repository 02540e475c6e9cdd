"""The national estimate: the ties' arrows pooled, allowing ties to differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from kpialign.evidence.association import Association, Interval
from kpialign.evidence.state import Floats, State

_RUNGS = 60  # seven a decade


@dataclass(frozen=True)
class Pooled:
    """A pooled estimate. With fewer than two ties `state` says so and every estimate is None.

    Attributes:
        state: `estimated` or `too_little_data`.
        ties: how many ties had an answer and were pooled.
        estimate: pooled r, or pooled slope in y's unit per unit of x.
        interval: 95 % interval of the estimate.
        centre: the estimate on the scale of pooling: Fisher's z for r, the slope itself.
        se: its standard error on that scale.
        tau2: variance between ties on that scale.
        i2: share of the variation that is between ties, 0 to 1.
        p: one-sided p in the declared direction.
        p_two_sided: two-sided p.
        direction: +1 or -1, the sign that `p` speaks for.
    """

    state: State
    ties: int
    estimate: float | None = None
    interval: Interval | None = None
    centre: float | None = None
    se: float | None = None
    tau2: float | None = None
    i2: float | None = None
    p: float | None = None
    p_two_sided: float | None = None
    direction: int = 1


def pool(arrows: Sequence[Association]) -> Pooled:
    """Pool the ties' correlations on Fisher's z, each with variance 1/(df - 1).

    Ties without an answer are left out and not counted.

    Raises:
        ValueError: the arrows speak for different directions.
    """
    z = [(np.arctanh(a.r), 1 / (a.df - 1)) for a in arrows if a.r is not None]
    return random_effects(z, direction=_common_direction(arrows), back=np.tanh)


def pool_slopes(arrows: Sequence[Association]) -> Pooled:
    """Pool the ties' slopes, in y's unit per unit of x.

    Raises:
        ValueError: the arrows speak for different directions.
    """
    slopes = [
        (a.slope, a.slope_se**2) for a in arrows if a.slope is not None and a.slope_se is not None
    ]
    return random_effects(slopes, direction=_common_direction(arrows), back=float)


def random_effects(
    estimates: Sequence[tuple[float, float]],
    *,
    direction: int = 1,
    back: Callable[[float], float] = float,
) -> Pooled:
    """Pool (estimate, variance) pairs by random effects.

    Between-tie variance by restricted maximum likelihood, as Langan and others (2019) advise: a
    moment estimate lets one imprecise slope set it. Interval by Hartung and Knapp (2001) on
    Student's t with ties - 1 degrees of freedom. The variance is never scaled below the plain
    random-effects one (Röver, Knapp and Friede 2015): with few ties that happen to agree the
    unguarded interval can be shorter than a fixed-effect one.

    Args:
        estimates: one pair a tie, on the scale of pooling.
        direction: +1 or -1, the sign the one-sided p speaks for.
        back: from the scale of pooling to the scale told.
    """
    ties = len(estimates)
    if ties < 2:
        return Pooled(State.TOO_LITTLE_DATA, ties, direction=direction)
    y, v = np.array(estimates, dtype=float).T
    tau2 = _between(y, v)
    weight = 1 / (v + tau2)
    centre = float((weight * y).sum() / weight.sum())
    scale = max(1.0, _spread(y, v, tau2) / (ties - 1))
    se = float(np.sqrt(scale / weight.sum()))
    half = float(special.stdtrit(ties - 1, 0.975)) * se
    # With few ties Student's t, not the normal: the variance between them is a guess too.
    t = direction * centre / se
    return Pooled(
        State.ESTIMATED,
        ties,
        estimate=float(back(centre)),
        interval=(float(back(centre - half)), float(back(centre + half))),
        centre=centre,
        se=se,
        tau2=tau2,
        i2=_i2(y, v),
        p=float(special.stdtr(ties - 1, -t)),
        p_two_sided=float(2 * special.stdtr(ties - 1, -abs(t))),
        direction=direction,
    )


def _spread(y: Floats, v: Floats, tau2: float) -> float:
    """Give the weighted sum of squares about the weighted mean (Cochran's Q when tau2 is 0)."""
    weight = 1 / (v + tau2)
    centre = (weight * y).sum() / weight.sum()
    return float((weight * (y - centre) ** 2).sum())


def _between(y: Floats, v: Floats) -> float:
    """Find the between-tie variance by restricted maximum likelihood (Viechtbauer 2005).

    The likelihood can have two peaks when ties differ much in precision, so it is walked through
    on a ladder before the best rung is refined.

    >>> round(_between(np.array([0.0, 2.0]), np.array([1.0, 1.0])), 4)
    1.0
    """
    ladder = np.concatenate([[0.0], np.geomspace(1e-8, 1.0, _RUNGS) * np.ptp(y) ** 2])
    best = int(np.argmin(_misfit(ladder, y, v)))
    if best == 0:
        return 0.0
    refined = optimize.minimize_scalar(
        lambda share: float(_misfit(share * ladder[best : best + 1], y, v)[0]),
        bounds=(0.5, 2.0),
        method="bounded",
    )
    return float(refined.x * ladder[best])


def _misfit(tau2: Floats, y: Floats, v: Floats) -> Floats:
    """Give minus twice the restricted log-likelihood of each tau2, less a constant."""
    weight = 1 / (v + tau2[:, None])
    total = weight.sum(axis=1)
    centre = (weight @ y) / total
    spread = (weight * (y - centre[:, None]) ** 2).sum(axis=1)
    return np.asarray(np.log(total) - np.log(weight).sum(axis=1) + spread)


def _i2(y: Floats, v: Floats) -> float:
    """Give Higgins and Thompson's (2002) I²."""
    q = _spread(y, v, 0.0)
    return max(0.0, (q - (len(y) - 1)) / q) if q > 0 else 0.0


def _common_direction(arrows: Sequence[Association]) -> int:
    """Give the direction all arrows speak for."""
    directions = {arrow.direction for arrow in arrows}
    if len(directions) > 1:
        raise ValueError("arrows of different directions cannot be pooled")
    return directions.pop() if directions else 1
