"""Did a rate change because its groups did, or because there is more of some group?"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from kpialign.evidence.state import Flags, Floats, Masked, State

_NIL = 1e-9  # of the scale: a change below it is rounding


class Reversal(StrEnum):
    """Whether the groups and the whole go different ways (Simpson)."""

    NONE = "none"
    IN_THE_SUM = "the groups together go against the whole"
    IN_EVERY_GROUP = "every group goes against the whole"


@dataclass(frozen=True)
class Mix:
    """A change of rates split in two, for many places at once; `rate` + `mix` = `change`.

    The arrays have the places' shape, those of groups one dimension more. Where a place has no
    answer they are masked and `state` says why.

    Attributes:
        state: `estimated` or `too_little_data`.
        before, after: the rate of the whole.
        change: after less before.
        rate: the part of the change made by the groups' own rates.
        mix: the part made by the groups' shares.
        rate_by_group, mix_by_group: the same by group.
        group_change: change of each group's own rate, masked where it is in one period alone.
        share_before, share_after: each group's part of the denominator.
        reversal: `Reversal` of each place, None without an answer.
    """

    state: np.ndarray[tuple[int, ...], np.dtype[np.object_]]
    before: Masked
    after: Masked
    change: Masked
    rate: Masked
    mix: Masked
    rate_by_group: Masked
    mix_by_group: Masked
    group_change: Masked
    share_before: Masked
    share_after: Masked
    reversal: np.ndarray[tuple[int, ...], np.dtype[np.object_]]


def mix(numerator: ArrayLike, denominator: ArrayLike, *, scale: float = 100.0) -> Mix:
    """Split a change of rates into rate and mix (Kitagawa 1955; Oaxaca with equal weights).

    Each group's change of rate counts with its mean share, each change of share with the group's
    mean rate, so that both periods are treated alike and nothing is left over. A group that is
    in one period alone has no change of rate; all of what it does is mix. Exact; no p-value.

    A reversal is full if every group of both periods, two or more, goes one way and the whole
    the other. The same split serves two places or two kinds of people in place of two periods.

    Args:
        numerator: shape (2, ..., groups), before and after; 0 where a place has no such group.
        denominator: the same shape; NaN in either = not reported, and the place has no answer.
        scale: of the rates, 100 for per cent.

    Raises:
        ValueError: arrays whose shapes do not fit.

    >>> found = mix([[81, 192], [234, 55]], [[87, 263], [270, 80]])
    >>> [round(float(part), 2) for part in (found.change, found.rate, found.mix)]
    [4.57, -5.37, 9.94]
    >>> found.reversal.item().value
    'every group goes against the whole'
    """
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    if top.ndim < 2 or top.shape != bottom.shape or len(top) != 2:
        raise ValueError(f"shapes {top.shape} and {bottom.shape}: expected (2, ..., groups) twice")
    known = _known(top, bottom)
    top, bottom = np.where(known[..., None], top, 0.0), np.where(known[..., None], bottom, 0.0)
    here = bottom > 0
    own = scale * np.divide(top, bottom, out=np.zeros_like(top), where=here)
    # A group without a rate in one period lends it the other's, so that it has no change.
    rates = np.where(here, own, own[::-1])
    whole = np.where(known, bottom.sum(axis=-1), 1.0)
    shares = bottom / whole[..., None]
    overall = scale * top.sum(axis=-1) / whole
    by_rate = shares.mean(axis=0) * (rates[1] - rates[0])
    by_mix = rates.mean(axis=0) * (shares[1] - shares[0])
    both = np.asarray(here.all(axis=0))
    change, rate = overall[1] - overall[0], by_rate.sum(axis=-1)
    reversal = _reversal(change, rate, rates[1] - rates[0], both, _NIL * scale)
    reversal[~known] = None
    state = np.empty(known.shape, dtype=object)
    state[~known] = State.TOO_LITTLE_DATA
    state[known] = State.ESTIMATED
    by_place = known[..., None]
    return Mix(
        state,
        before=_shown(overall[0], known),
        after=_shown(overall[1], known),
        change=_shown(change, known),
        rate=_shown(rate, known),
        mix=_shown(by_mix.sum(axis=-1), known),
        rate_by_group=_shown(by_rate, by_place),
        mix_by_group=_shown(by_mix, by_place),
        group_change=_shown(rates[1] - rates[0], by_place & both),
        share_before=_shown(shares[0], by_place),
        share_after=_shown(shares[1], by_place),
        reversal=reversal,
    )


def _known(top: Floats, bottom: Floats) -> Flags:
    """Say which places have a rate in both periods and no numerator without a denominator."""
    sound = np.isfinite(top) & np.isfinite(bottom) & (bottom >= 0) & ((bottom > 0) | (top == 0))
    return np.asarray(sound.all(axis=(0, -1)) & (np.nansum(bottom, axis=-1) > 0).all(axis=0))


def _reversal(
    change: Floats, rate: Floats, by_group: Floats, both: Flags, nil: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """Compare the way of the groups with the way of the whole."""
    way = np.where(np.abs(change) > nil, np.sign(change), 0.0)
    against = (way[..., None] * by_group < -nil) | ~both
    full = (way != 0) & against.all(axis=-1) & (both.sum(axis=-1) >= 2)
    found = np.empty(change.shape, dtype=object)
    found.fill(Reversal.NONE)  # numpy.full would make it a plain str
    found[way * rate < -nil] = Reversal.IN_THE_SUM
    found[full] = Reversal.IN_EVERY_GROUP
    return found


def _shown(values: Floats, known: Flags) -> Masked:
    return np.ma.masked_array(values, mask=~np.broadcast_to(known, values.shape))
