"""What was found: estimates of ties and arrows, and the findings made of them."""

from __future__ import annotations

from dataclasses import dataclass

from kpialign.findings.calibration import Calibration
from kpialign.findings.exemptions import Exemption
from kpialign.findings.facts import EventMark
from kpialign.findings.narratives import Narrative
from kpialign.terms import LocalWord, Verdict


@dataclass(frozen=True)
class Estimate:
    """A partial correlation and the same effect in the indicators' own units, with intervals.

    ``p`` is one-sided in the declared direction. ``units`` says what the slope counts,
    for example ``min of Category 2 mean per min of handover mean``.
    """

    r: float
    low: float
    high: float
    slope: float
    slope_low: float
    slope_high: float
    p: float
    ties: int


@dataclass(frozen=True)
class Lead:
    """A tie that stands out, with the change of level that brings it nearest to the others.

    The step from month ``since`` was chosen after looking: it can weaken a lead and make none.
    """

    since: str
    r: float
    low: float
    high: float


@dataclass(frozen=True)
class TieEstimate:
    """One arrow at one tie.

    ``stronger`` of ``unlinked`` unlinked pairs look at least as strong; ``p`` is the
    larger of the model's p and that share. ``shrunk_*`` is the estimate shrunk to the
    national one; ``lead`` is set where the tie stands out. ``state`` is ``estimated`` or
    the name of why there is none; every figure is meaningful only where it is ``estimated``.
    """

    tie: str
    name: str
    state: str
    months: int = 0
    peers_from: int = 0
    peers_to: int = 0
    r: float = 0.0
    low: float = 0.0
    high: float = 0.0
    slope: float = 0.0
    slope_low: float = 0.0
    slope_high: float = 0.0
    p: float = 1.0
    stronger: int = 0
    unlinked: int = 0
    shrunk_r: float = 0.0
    shrunk_low: float = 0.0
    shrunk_high: float = 0.0
    word: LocalWord = LocalWord.CANNOT_TELL
    lead: Lead | None = None


@dataclass(frozen=True)
class EvidenceStep:
    """What is left of an arrow once one more thing is taken out.

    ``estimate`` is pooled over the ties, positive in the declared direction; ``None`` where it
    could not be worked out. Before the memory of months is out its interval is too narrow.
    ``unlinked`` of the pairs that cannot influence each other look linked at this step
    (p < 0.05, two-sided; 0 to 1), which is what the steps are for: about 0.05 is honest.
    ``None`` where they are not looked at, as beside held figures and controls.

    ``step`` is ``as_reported``, ``less_season``, ``less_peers``, ``less_memory``, ``held_fixed``,
    ``event`` or ``control``; ``title`` says it in words.
    """

    step: str
    title: str
    estimate: Estimate | None
    unlinked: float | None = None


@dataclass(frozen=True)
class ArrowResult:
    """One arrow (or negative control) judged over all ties.

    ``pooled``, ``held`` (held-fixed indicators added), ``first_24`` and ``last_24`` are
    ``None`` where they could not be estimated; ``reasons`` says why, in words. Estimates
    are signed so that positive is the declared direction. ``smallest_effect`` is the
    partial correlation below which the rule says a link would not matter. ``events`` has
    the estimate with each unconfirmed event allowed for. ``steps`` lead from the figures as
    reported to the verdict's estimate and what it was tried against; controls have none.
    ``calibration`` is what `kpialign calibrate` measured of this plan on the figures at hand.
    """

    id: str
    control: bool
    from_indicator: str
    from_title: str
    from_moves: str
    to_indicator: str
    to_title: str
    to_moves: str
    units: str
    first_month: str
    last_month: str
    months: int
    verdict: Verdict
    reasons: tuple[str, ...]
    pooled: Estimate | None
    held: Estimate | None
    held_fixed: tuple[str, ...]
    first_24: Estimate | None
    last_24: Estimate | None
    relabel_p: float | None
    family_p: float | None
    smallest_detectable_r: float | None
    robust: tuple[tuple[str, bool], ...]
    ties: tuple[TieEstimate, ...]
    left_out: tuple[str, ...] = ()
    smallest_effect: float | None = None
    events: tuple[tuple[EventMark, Estimate | None], ...] = ()
    steps: tuple[EvidenceStep, ...] = ()
    calibration: Calibration | None = None


@dataclass(frozen=True)
class Divergence:
    """A tie whose two sides both left their usual gap to the peers in one month, as a rule says.

    A prompt to ask, and no evidence: nothing is taken from it for any verdict. Gaps are in the
    indicators' own units, from the average gap of the months before; ``*_usual`` is how far from
    0 they went in those months (two standard deviations of a steady process).
    """

    arrow: str
    tie: str
    name: str
    period: str
    from_title: str
    from_unit: str
    from_gap: float
    from_usual: float
    to_title: str
    to_unit: str
    to_gap: float
    to_usual: float


@dataclass(frozen=True)
class Citation:
    """A reference and whether it ``supports`` the mechanism, cautions or speaks ``against``."""

    cite: str
    url: str
    says: str


@dataclass(frozen=True)
class Finding:
    """A rule judged on the data: what was seen, how sure, who gains and pays, what to ask.

    ``narratives`` are the words of ``narrative.csv`` that answer it, latest month first.
    ``divergences`` are of the month told, prompts to ask; none where the months end before it.
    ``exemptions`` are what was agreed to be said beside it; they change no verdict.
    """

    rule: str
    version: int
    status: str
    kind: str
    title: str
    mechanism: str
    severity: str
    verdict: Verdict
    sentence: str
    arrows: tuple[ArrowResult, ...]
    controls: tuple[ArrowResult, ...]
    here: tuple[TieEstimate, ...]
    here_words: str
    family: str
    plan_hash: str
    people: str
    organisations: tuple[tuple[str, str], ...]
    public_purse: str
    ask: tuple[str, ...]
    involve: tuple[str, ...]
    shared_measure: str
    other_explanations: tuple[str, ...]
    references: tuple[Citation, ...]
    narratives: tuple[Narrative, ...] = ()
    divergences: tuple[Divergence, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
