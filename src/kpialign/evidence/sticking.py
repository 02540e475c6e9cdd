"""Figures that stick to a target, better at the end of a period, or sent again.

Each test's false-alarm rate on real figures is in `docs/unusual-shape.md`; what could not be
kept under 7 % is not here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from kpialign.evidence.association import Interval
from kpialign.evidence.density import Density, density_test
from kpialign.evidence.state import Counts, Flags, Floats, Masked, State

MIN_PLACES = 10  # with fewer the others' mean keeps too much of the country's noise
MIN_ENDS = 3  # one hard winter is not a habit
MIN_OTHERS = 18  # months that say how far a figure moves anyhow
MIN_PAIRS = 12  # months that follow on a month with a figure


@dataclass(frozen=True)
class Sticking:
    """How far figures move on from just above a target. Without an answer `state` says why.

    Attributes:
        state: `estimated`, `too_little_data` or `no_variation`.
        ratio: the usual move to the next month from just above, by that from just below and
            from further above; 1 = no sticking.
        interval: 95 % interval of the ratio.
        p: one-sided, for a ratio under 1.
        places: places with months in all three bands.
    """

    state: State
    ratio: float | None
    interval: Interval | None
    p: float | None
    places: int


@dataclass(frozen=True)
class PeriodEnds:
    """How much better each place is at the end of periods, arrays of shape (places,).

    Attributes:
        state: `estimated`, `too_little_data` or `no_variation`; the rest is masked without one.
        effect: in the figures' unit, beyond the months on either side and beyond the others;
            above 0 is better.
        p: one-sided, for an effect above 0.
        ends: ends of periods that could be read.
    """

    state: np.ndarray[tuple[int, ...], np.dtype[np.object_]]
    effect: Masked
    p: Masked
    ends: Counts


@dataclass(frozen=True)
class Repeats:
    """How often each place sent the same figure twice running, arrays of shape (places,).

    Attributes:
        state: `estimated` or `too_little_data`; the rest is masked without an answer.
        repeats: months whose figure equals the month before.
        expected: how many there would be by chance.
        p: one-sided, for more than that.
        pairs: months that could have been a repeat.
    """

    state: np.ndarray[tuple[int, ...], np.dtype[np.object_]]
    repeats: Masked
    expected: Masked
    p: Masked
    pairs: Counts


def sticking(values: ArrayLike, *, target: float, width: float, improves: int = 1) -> Sticking:
    """Test whether figures just above a target move less than their neighbours do.

    For every place the usual size (mean logarithm) of the move to the next month, the others'
    mean move taken out, from within `width` above the target is held against the mean of that
    from within `width` below and from the next `width` above: two-sided neighbours, because
    figures move less and less towards 100 %. Student's t over places; one answer for all.

    Args:
        values: shape (months, places), NaN = not reported.
        target: in the unit of the values.
        width: of each band; 1 point for percentages is what was measured.
        improves: +1 if higher is better, -1 if lower is.

    Raises:
        ValueError: a width that is not above 0 or an `improves` other than ±1.
    """
    _check(improves)
    if not width > 0:
        raise ValueError(f"width is {width}: expected above 0")
    figures = improves * _panel(values)
    moves = np.abs(_beyond_others(np.diff(figures, axis=0)))
    size = np.log(moves + _hundredth(moves))
    band = np.floor((figures[:-1] - improves * target) / width)
    above, below, further = (_mean_in(size, band == number) for number in (0, -1, 1))
    contrast = above - (below + further) / 2
    contrast = contrast[np.isfinite(contrast)]
    count = len(contrast)
    if count < MIN_PLACES:
        return Sticking(State.TOO_LITTLE_DATA, None, None, None, count)
    mean, se = float(contrast.mean()), float(contrast.std(ddof=1) / np.sqrt(count))
    if not se > 0:
        return Sticking(State.NO_VARIATION, None, None, None, count)
    low, high = np.exp(mean + np.array([-1, 1]) * stats.t.ppf(0.975, count - 1) * se).tolist()
    p = float(stats.t.cdf(mean / se, count - 1))
    return Sticking(State.ESTIMATED, float(np.exp(mean)), (low, high), p, count)


def period_ends(values: ArrayLike, *, ends: ArrayLike, improves: int = 1) -> PeriodEnds:
    """Test whether places are better in the last months of periods than around them.

    A month's figure less the mean of the month before and the month after, the same of the
    others taken out, averaged over the ends. Its noise is that of all months of the place,
    counted as a third of them because neighbouring contrasts share months.

    Args:
        values: shape (months, places), a full run of calendar months, NaN = not reported.
        ends: numbers of the last months of periods (years or quarters), counted from 0.
        improves: +1 if higher is better, -1 if lower is.

    Raises:
        ValueError: a month outside the run or an `improves` other than ±1.
    """
    _check(improves)
    figures = improves * _panel(values)
    last = np.unique(np.asarray(ends, dtype=np.int64))
    if last.size and not (last[0] >= 0 and last[-1] < len(figures)):
        raise ValueError(f"ends are {last.tolist()}: expected months 0 to {len(figures) - 1}")
    bump = np.full_like(figures, np.nan)
    bump[1:-1] = figures[1:-1] - (figures[:-2] + figures[2:]) / 2
    own = _beyond_others(bump)
    at_end = np.zeros(len(figures), dtype=bool)
    at_end[last] = True
    read, others = np.isfinite(own[at_end]).sum(axis=0), np.isfinite(own[~at_end]).sum(axis=0)
    effect = np.nansum(own[at_end], axis=0) / np.maximum(read, 1)
    count = np.maximum(read + others, 1)
    noise = np.sqrt(np.nansum(own**2, axis=0) / count)
    known = (read >= MIN_ENDS) & (others >= MIN_OTHERS)
    t = effect * np.sqrt(read) / np.where(noise > 0, noise, 1.0)
    p = stats.t.sf(t, np.maximum(count / 3, 1))
    state = _states(known)
    state[known & ~(noise > 0)] = State.NO_VARIATION
    answered = known & (noise > 0)
    return PeriodEnds(state, _shown(effect, answered), _shown(p, answered), read)


def repeats(figures: ArrayLike, *, least: float = 10) -> Repeats:
    """Test whether a place sends last month's figure again more often than chance would.

    The chance is that of a normal move of nought, its spread the median move of the place or,
    if larger, that of a Poisson count of its level. Small counts repeat anyhow and are left out.

    Args:
        figures: counts, shape (months, places), NaN = not reported.
        least: figures below it are left out.
    """
    counts = _panel(figures)
    moves = np.abs(np.diff(counts, axis=0))
    here = np.isfinite(moves) & (counts[1:] >= least)
    pairs = here.sum(axis=0)
    level, move = _median(counts[1:], here), _median(moves, here)
    spread = np.maximum(stats.norm.ppf(0.75) ** -1 * move, np.sqrt(2 * np.maximum(level, 1.0)))
    chance = 2 * stats.norm.cdf(0.5 / spread) - 1
    seen = ((moves == 0) & here).sum(axis=0)
    known = pairs >= MIN_PAIRS
    p = stats.binom.sf(seen - 1, np.maximum(pairs, 1), chance)
    return Repeats(
        _states(known),
        _shown(seen.astype(float), known),
        _shown(pairs * chance, known),
        _shown(p, known),
        pairs,
    )


def trajectory_test(values: ArrayLike, trajectory: ArrayLike) -> Density:
    """Test whether figures crowd on one side of what was planned for them.

    The density test of the distance from the trajectory, for all places and months together.

    Args:
        values: shape (months, places), NaN = not reported.
        trajectory: the planned figures, a shape that broadcasts to it, NaN = none.
    """
    return density_test(_panel(values) - np.asarray(trajectory, dtype=float), threshold=0)


def _check(improves: int) -> None:
    if improves not in (-1, 1):
        raise ValueError(f"improves is {improves}: expected 1 (up) or -1 (down)")


def _panel(values: ArrayLike) -> Floats:
    """Refuse anything but months by places, and give a copy without infinities."""
    panel = np.array(values, dtype=float)
    if panel.ndim != 2:
        raise ValueError(f"values have shape {panel.shape}: expected (months, places)")
    panel[~np.isfinite(panel)] = np.nan
    return panel


def _beyond_others(values: Floats) -> Floats:
    """Take out the mean of the others in each row; NaN where fewer than nine others reported."""
    reported = np.isfinite(values)
    others = reported.sum(axis=1, keepdims=True) - reported
    total = np.nansum(values, axis=1, keepdims=True) - np.where(reported, values, 0.0)
    mean = total / np.maximum(others, 1)
    return np.where(reported & (others >= MIN_PLACES - 1), values - mean, np.nan)


def _hundredth(moves: Floats) -> float:
    """Give a hundredth of the usual move, so that a move of nought has a logarithm."""
    known = moves[moves > 0]
    return float(np.median(known)) / 100 if known.size else 1.0


def _mean_in(size: Floats, band: Flags) -> Floats:
    """Average each place's months in a band; NaN with fewer than two."""
    here = band & np.isfinite(size)
    count = here.sum(axis=0)
    total = np.where(here, size, 0.0).sum(axis=0)
    return np.where(count >= 2, total / np.maximum(count, 1), np.nan)


def _median(values: Floats, here: Flags) -> Floats:
    """Give each column's median over the rows that count, 0 with none."""
    some = here.any(axis=0)
    found = np.zeros(some.shape)
    if some.any():
        found[some] = np.nanmedian(np.where(here, values, np.nan)[:, some], axis=0)
    return found


def _states(known: Flags) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    state = np.empty(known.shape, dtype=object)
    state[known], state[~known] = State.ESTIMATED, State.TOO_LITTLE_DATA
    return state


def _shown(values: Floats, known: Flags) -> Masked:
    return np.ma.masked_array(values, mask=~known)
