"""A composite of a whole: its parts, how sure it is, what moved it, and what it rewards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CompositePart:
    """A component of a composite: its value, its score and its share of the whole.

    ``basis`` says whose parts were added; ``kind`` is process, outcome, experience or balancing;
    ``last_month`` and ``year_before`` are its figures then.
    """

    indicator: str
    title: str
    value: float | None
    score: float | None
    weight: float
    worst: float
    best: float
    state: str
    basis: str = ""
    kind: str = ""
    unit: str = ""
    last_month: float | None = None
    year_before: float | None = None


@dataclass(frozen=True)
class CompositeDoubt:
    """95 % intervals from draws, and whether the change since last month is more than chance.

    ``low`` and ``high`` are of chance in the figures alone; ``wide_low`` and ``wide_high`` of
    weights and means too. ``band_differs`` is the share of draws in which the band is not last
    month's, ``band_differs_wide`` the same with weights and means drawn; ``words`` say it.
    ``sources`` are what the doubt comes from (a part, the weights, the mean), each with its
    total share of the variance and a 95 % interval; shares overlap.
    """

    low: float
    high: float
    wide_low: float
    wide_high: float
    change_low: float | None
    change_high: float | None
    band_differs: float | None
    band_differs_wide: float | None
    significant: bool | None
    words: str
    noise: tuple[tuple[str, str], ...]
    draws: int
    seed: int
    sources: tuple[tuple[str, float, float, float], ...] = ()


@dataclass(frozen=True)
class CompositeStep:
    """What one part (or the balance between parts) moved a composite by."""

    part: str
    title: str
    amount: float


@dataclass(frozen=True)
class CompositeMove:
    """The change since an earlier month; ``steps`` add up to ``after`` less ``before``."""

    since: str
    before: float
    after: float
    steps: tuple[CompositeStep, ...]


@dataclass(frozen=True)
class BandStep:
    """What one part alone would have to be to move the whole into a band beside its own."""

    band: str
    part: str
    title: str
    value: float
    wanted: float


@dataclass(frozen=True)
class PartPair:
    """How two parts went together over the months, as better with better; ``None``: too few."""

    one: str
    other: str
    correlation: float | None
    months: int


@dataclass(frozen=True)
class Coherence:
    """Whether the parts move as one. Not a mark of quality: parts need not measure one thing."""

    alpha: float | None
    pairs: tuple[PartPair, ...]
    words: str


@dataclass(frozen=True)
class CompositeValue:
    """A composite with its parts; ``value`` is ``None`` when a part is missing, which is named.

    ``alternatives`` are other weights and means on the same figures; ``band`` and ``rating`` are
    empty where the definition has none, ``held`` says which limiter held it back; ``rewards``
    are the parts that pull against each other, by the verdicts of rules.
    """

    id: str
    title: str
    scope: str
    scope_name: str
    period: str
    value: float | None
    year_before: float | None
    other_aggregate: float | None
    aggregate: str
    state: str
    parts: tuple[CompositePart, ...]
    last_month: float | None = None
    band: str = ""
    band_last_month: str = ""
    rating: str = ""
    held: tuple[str, ...] = ()
    doubt: CompositeDoubt | None = None
    alternatives: tuple[tuple[str, float | None], ...] = ()
    moves: tuple[CompositeMove, ...] = ()
    to_move: tuple[BandStep, ...] = ()
    coherence: Coherence | None = None
    rewards: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    low_end: float = 0.0
    high_end: float = 100.0
