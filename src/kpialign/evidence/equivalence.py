"""Whether a link is shown to be too small to matter."""

from kpialign.evidence.association import Interval


def no_meaningful_link(interval: Interval | None, smallest: float) -> bool:
    """Say whether a 95 % interval lies inside ± the smallest effect of interest.

    Stricter than two one-sided tests at 5 % (Schuirmann 1987), which read a 90 % interval.

    Args:
        interval: of r or of a slope; None (no answer) shows nothing.
        smallest: smallest effect of interest, on the same scale.

    >>> no_meaningful_link((-0.1, 0.2), 0.25), no_meaningful_link((-0.1, 0.3), 0.25)
    (True, False)
    """
    return interval is not None and -smallest < interval[0] and interval[1] < smallest
