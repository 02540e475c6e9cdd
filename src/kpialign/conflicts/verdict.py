"""Verdicts: the word each arrow and rule has earned, and why it is not a stronger one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpialign.conflicts.methods.peer_controlled import Weighed
from kpialign.definitions.conflicts import EvidencePlan
from kpialign.evidence import Pooled, adjusted, no_meaningful_link, smallest_visible_pooled
from kpialign.terms import Verdict


@dataclass(frozen=True)
class Judgement:
    """A verdict with its reasons, most telling first."""

    verdict: Verdict
    reasons: tuple[str, ...]


def excludes_zero(pooled: Pooled | None, direction: int) -> int:
    """+1 where the interval lies wholly in the declared direction, -1 in the other, else 0."""
    if pooled is None or pooled.interval is None:
        return 0
    low, high = pooled.interval
    if low > 0:
        return direction
    return -direction if high < 0 else 0


def judge_arrow(
    weighed: Weighed,
    plan: EvidencePlan,
    *,
    controls: Mapping[str, Weighed],
    titles: Mapping[str, str],
    family_p: float | None,
    family_p_opposite: float | None,
) -> Judgement:
    """Give one arrow its verdict by the rules declared before looking.

    Args:
        weighed: the arrow.
        plan: minimum months, ties, peers; smallest effect; false discovery rate.
        controls: the rule's negative controls by label.
        titles: indicator → short title, for the reasons.
        family_p: relabelling p in the declared direction, adjusted within the family.
        family_p_opposite: the same for the other direction.
    """
    lacking = _no_figures(weighed, titles) or too_little(weighed, plan)
    lacking = lacking or _unguarded(weighed, controls, titles)
    if lacking:
        return Judgement(Verdict.TOO_LITTLE_DATA, tuple(lacking))
    sign = excludes_zero(weighed.seen.r, weighed.direction)
    failing = _failing_controls(controls)
    if sign == 0:
        return _no_link(weighed, plan, failing)
    p = family_p if sign > 0 else family_p_opposite
    word = Verdict.SUPPORTED if sign > 0 else Verdict.OPPOSITE
    common = _common_pressure(weighed, sign, failing, titles)
    if common:
        return Judgement(Verdict.NOT_SEPARABLE, tuple(common))
    weak = _weak(weighed, sign, p, plan)
    if weak:
        return Judgement(Verdict.NOT_SUPPORTED, tuple(weak))
    return Judgement(word, ())


def too_little(weighed: Weighed, plan: EvidencePlan) -> list[str]:
    """What is missing for any verdict, in words; empty where enough is there."""
    out = []
    if weighed.months < plan.min_months:
        out.append(
            f"{weighed.months} month{'s' * (weighed.months != 1)} of at least {plan.min_months}"
        )
    if weighed.seen.r.ties < plan.min_ties:
        out.append(f"{weighed.seen.r.ties} ties of at least {plan.min_ties}")
    for end, side in ((weighed.arrow.start, weighed.start), (weighed.arrow.end, weighed.end)):
        least = plan.min_peers.get(end.at, 0)
        # Unlinked pairs leave out both parties, so they have one tie's units fewer.
        if min(side.peers, default=0) < least:
            out.append(f"{min(side.peers, default=0)} {end.at} peers of at least {least}")
    return list(dict.fromkeys(out))


def _no_figures(weighed: Weighed, titles: Mapping[str, str]) -> list[str]:
    """The ends of an arrow that nobody sent."""
    sides = ((weighed.arrow.start, weighed.start), (weighed.arrow.end, weighed.end))
    return [
        f"no figures of {titles.get(end.indicator, end.indicator)} in these months"
        for end, side in sides
        if not side.sent
    ]


def _unguarded(
    weighed: Weighed, controls: Mapping[str, Weighed], titles: Mapping[str, str]
) -> list[str]:
    """What the plan wants looked at and nobody can: it has cleared nothing."""
    out = [
        f"too few figures for its control: {label}"
        for label, control in controls.items()
        if control.seen.r.estimate is None
    ]
    if weighed.held is not None and weighed.held.r.estimate is None:
        held = ", ".join(titles.get(name, name) for name in weighed.arrow.hold_fixed)
        out.append(f"too few figures to hold fixed: {held}")
    return out


def _failing_controls(controls: Mapping[str, Weighed]) -> list[str]:
    return [
        label
        for label, control in controls.items()
        if excludes_zero(control.seen.r, control.direction) != 0
    ]


def _no_link(weighed: Weighed, plan: EvidencePlan, failing: Sequence[str]) -> Judgement:
    smallest = plan.smallest_effect_of_interest.partial_r
    if no_meaningful_link(weighed.seen.r.interval, smallest):
        return Judgement(Verdict.NO_MEANINGFUL_LINK, (f"the interval lies inside ±{smallest:.2f}",))
    seen = smallest_visible_pooled(weighed.seen.r)
    reasons = [f"a link of {seen:.2f} or more would have been seen"] if seen is not None else []
    reasons += [f"its control also moves: {label}" for label in failing]
    if (weighed.seen.r.estimate or 0.0) * weighed.direction < 0:
        reasons.insert(0, "leans the other way")
    return Judgement(Verdict.NOT_SUPPORTED, tuple(reasons))


def _common_pressure(
    weighed: Weighed, sign: int, failing: Sequence[str], titles: Mapping[str, str]
) -> list[str]:
    out = [f"its control also moves: {label}" for label in failing]
    if weighed.held is not None and excludes_zero(weighed.held.r, weighed.direction) != sign:
        held = ", ".join(titles.get(name, name) for name in weighed.arrow.hold_fixed)
        out.append(f"vanishes when {held} is held fixed")
    out += [
        f"vanishes when an unconfirmed event is allowed for: {shift.title or shift.id}"
        for shift, national in weighed.events
        if excludes_zero(national.r, weighed.direction) != sign
    ]
    return out


def _weak(weighed: Weighed, sign: int, p: float | None, plan: EvidencePlan) -> list[str]:
    out = []
    if p is None or p > plan.fdr:
        out.append(f"links drawn by lot look as strong (family p {p or 1.0:.3f})")
    wanted = sign * weighed.direction
    for words, part in (("first", weighed.first_24.r), ("last", weighed.last_24.r)):
        if part.estimate is None or part.estimate * wanted <= 0:
            out.append(f"does not hold in the {words} 24 months")
    return out


def judge_rule(arrows: Sequence[Judgement]) -> Judgement:
    """A rule needs all its arrows; where they differ the weakest word stands."""
    order = (
        Verdict.TOO_LITTLE_DATA,
        Verdict.NOT_SEPARABLE,
        Verdict.NOT_SUPPORTED,
        Verdict.NO_MEANINGFUL_LINK,
        Verdict.OPPOSITE,
        Verdict.SUPPORTED,
    )
    return min(arrows, key=lambda arrow: order.index(arrow.verdict))


def family_p(weighed: Mapping[str, Weighed], *, opposite: bool) -> dict[str, float]:
    """Relabelling p-values of a family's arrows, adjusted for their number."""
    found = {
        key: one.relabelling.p_opposite if opposite else one.relabelling.p
        for key, one in weighed.items()
    }
    return adjusted(found) if found else {}
