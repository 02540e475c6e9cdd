"""Did the count that a rate is divided by jump at one place and not at the others?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpialign.evidence.breaks import Split, split
from kpialign.evidence.state import Floats, Masked, State

YEAR = 12
WINDOW = 3  # months: one month alone is a flood or a fair
MIN_PLACES = 10


@dataclass(frozen=True)
class Jumps:
    """How far each place's count left its own year before, arrays of shape (places,).

    Attributes:
        state: `estimated` or `too_little_data`.
        change: of the last three months that ten places have, on the same months a year
            before, as a share, beyond the median; masked where a month is missing.
        share: of all places and earlier windows that moved at least as far, this one counted.
        placebos: how many there are.
    """

    state: State
    change: Masked
    share: Masked
    placebos: int


def parted(counts: ArrayLike, place: int) -> Split | None:
    """The month from which the level of one place has left the others' median, as a log change.

    Args:
        counts: as for :func:`jumps`.
        place: which place.
    """
    panel = np.asarray(counts, dtype=float)
    level = np.log(np.where(panel > 0, panel, np.nan))
    rest = np.delete(level, place, axis=1)
    both = np.isfinite(level[:, place]) & np.isfinite(rest).any(axis=1)
    own = np.full(len(level), np.nan)
    own[both] = level[both, place] - np.nanmedian(rest[both], axis=1)
    return split(own)


def jumps(counts: ArrayLike) -> Jumps:
    """Rank the latest year-on-year change of each place among those of all places and months.

    A place among others of two years or more; a rank, because counts of one place hang together
    and a nominal p would fire far too often.

    Args:
        counts: shape (months, places), a full run of calendar months, NaN = not reported.

    Raises:
        ValueError: not months by places.
    """
    panel = np.asarray(counts, dtype=float)
    if panel.ndim != 2:
        raise ValueError(f"counts have shape {panel.shape}: expected (months, places)")
    moved = _moved(panel)
    enough = np.flatnonzero(np.isfinite(moved).sum(axis=1) >= MIN_PLACES)
    if not enough.size:
        nobody = np.ma.masked_array(np.zeros(panel.shape[1]), mask=True)
        return Jumps(State.TOO_LITTLE_DATA, nobody, nobody, 0)
    now = moved[enough[-1]]
    known = np.isfinite(now)
    size = np.sort(np.abs(moved[np.isfinite(moved)]))
    own = np.where(known, np.abs(now), 0.0)
    as_far = len(size) - np.searchsorted(size, own, side="left")
    share = np.ma.masked_array(as_far / len(size), mask=~known)
    change = np.ma.masked_array(np.expm1(np.where(known, now, 0.0)), mask=~known)
    return Jumps(State.ESTIMATED, change, share, len(size))


def _moved(panel: Floats) -> Floats:
    """Give the log change on the year before over each window, beyond the others' median.

    Shape (windows, places), the latest window last; NaN where a month is missing or nought.
    """
    windows = len(panel) - YEAR - WINDOW + 1
    if windows < 1:
        return np.empty((0, panel.shape[1]))
    level = np.where(panel > 0, panel, np.nan)
    sums = np.stack([level[at : at + WINDOW].sum(axis=0) for at in range(windows + YEAR)])
    change: Floats = np.log(sums[YEAR:] / sums[:-YEAR])
    out = np.full_like(change, np.nan)
    some = np.isfinite(change).any(axis=1)
    out[some] = change[some] - np.nanmedian(change[some], axis=1, keepdims=True)
    return out
