"""Findings in words: what moved with what, how sure, who gains and pays, what to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from kpialign.conflicts.methods.peer_controlled import National, Weighed
from kpialign.conflicts.network import Network
from kpialign.conflicts.verdict import Judgement
from kpialign.definitions.conflicts import Arrow, Conflict
from kpialign.definitions.indicators import Indicator
from kpialign.evidence import Pooled, beside_pool, smallest_visible_pooled, standing
from kpialign.evidence.state import State
from kpialign.findings import (
    ArrowResult,
    Citation,
    Estimate,
    EvidenceStep,
    Finding,
    Lead,
    TieEstimate,
)
from kpialign.findings.facts import EventMark
from kpialign.terms import LocalWord, Period, Verdict

TIES = {"conveys_to": "ambulance services and their hospitals", "same_organisation": "hospitals"}


# A change in a percentage is counted in points.
_MANY = {
    "percent": "points", "minutes": "minutes", "seconds": "seconds", "count": "cases",
    "per 1,000": "per 1,000", "per day": "a day",
}  # fmt: skip
_ONE = {
    "percent": "point", "minutes": "minute", "seconds": "second", "count": "case",
    "per 1,000": "1 in 1,000", "per day": "1 a day",
}  # fmt: skip


class Titles:
    """Short titles, units and directions of indicators."""

    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self.indicators = indicators

    @cached_property
    def short(self) -> dict[str, str]:
        """Indicator → its short title."""
        return {i.id: i.short for i in self.indicators.values()}

    @cached_property
    def unit(self) -> dict[str, str]:
        """Indicator → the unit of its value."""
        return {i.id: i.unit for i in self.indicators.values()}


def label(arrow: Arrow, titles: Titles) -> str:
    """An arrow in words: its two short titles."""
    return f"{titles.short[arrow.start.indicator]} → {titles.short[arrow.end.indicator]}"


def finding(
    rule: Conflict,
    *,
    arrows: Mapping[str, Weighed],
    controls: Mapping[str, Weighed],
    judged: Mapping[str, Judgement],
    verdict: Judgement,
    family_p: Mapping[str, float | None],
    network: Network,
    titles: Titles,
    here: Mapping[str, frozenset[str]],
) -> Finding:
    """Put a judged rule into a finding."""
    own = here.get(rule.tie.one, frozenset())
    results = tuple(
        _arrow(
            rule,
            arrow,
            judged=judged[id_],
            family_p=family_p[id_],
            network=network,
            titles=titles,
            controls=controls,
        )
        for id_, arrow in arrows.items()
    )
    local = tuple(tie for result in results for tie in result.ties if tie.tie in own)
    return Finding(
        rule=rule.id,
        version=rule.version,
        status=str(rule.status),
        kind=str(rule.kind),
        title=rule.title,
        mechanism=" ".join(rule.mechanism.split()),
        severity=rule.severity,
        verdict=verdict.verdict,
        sentence=_sentence(rule, results, verdict),
        arrows=results,
        controls=tuple(
            _arrow(rule, control, judged=None, family_p=None, network=network, titles=titles)
            for control in controls.values()
        ),
        here=local,
        here_words=_here_words(local),
        family=rule.evidence.family,
        plan_hash=rule.plan_hash,
        people=rule.wins.people,
        organisations=tuple(sorted(rule.wins.organisations.items())),
        public_purse=rule.wins.public_purse,
        ask=rule.ask,
        involve=rule.involve,
        shared_measure=rule.shared_measure or "",
        other_explanations=rule.other_explanations,
        references=tuple(Citation(r.cite, r.url or "", r.says) for r in rule.references),
    )


def _arrow(
    rule: Conflict,
    weighed: Weighed,
    *,
    judged: Judgement | None,
    family_p: float | None,
    network: Network,
    titles: Titles,
    controls: Mapping[str, Weighed] = MappingProxyType({}),
) -> ArrowResult:
    start, end = weighed.arrow.start, weighed.arrow.end
    marks = tuple((network.mark(shift), _estimate(one)) for shift, one in weighed.events)
    held_fixed = tuple(titles.short[name] for name in weighed.arrow.hold_fixed)
    return ArrowResult(
        id=weighed.arrow.id,
        control=judged is None,
        from_indicator=start.indicator,
        from_title=titles.short[start.indicator],
        from_moves=str(start.moves),
        to_indicator=end.indicator,
        to_title=titles.short[end.indicator],
        to_moves=str(end.moves),
        units=f"{_MANY[titles.unit[end.indicator]]} per {_ONE[titles.unit[start.indicator]]}",
        first_month=str(network.first),
        last_month=str(network.last),
        months=weighed.months,
        verdict=judged.verdict if judged else _control_verdict(weighed),
        reasons=judged.reasons if judged else (),
        pooled=_estimate(weighed.seen),
        held=_estimate(weighed.held),
        held_fixed=held_fixed,
        first_24=_estimate(weighed.first_24),
        last_24=_estimate(weighed.last_24),
        relabel_p=weighed.relabelling.p,
        family_p=family_p,
        smallest_detectable_r=smallest_visible_pooled(weighed.seen.r),
        smallest_effect=rule.evidence.smallest_effect_of_interest.partial_r,
        robust=tuple(_robust(rule, weighed)),
        ties=tuple(_tie(weighed, at, network, rule) for at in range(len(weighed.ties))),
        left_out=tuple(sorted({*weighed.start.left_out, *weighed.end.left_out})),
        events=marks,
        steps=tuple(_steps(weighed, held_fixed, marks, controls)) if judged else (),
    )


_LADDER = (
    ("as_reported", "figures as reported"),
    ("less_season", "less trend, season and known events"),
    ("less_peers", "less what the peers of both saw"),
    ("less_memory", "less each month’s echo of the months before"),
)


def _steps(
    weighed: Weighed,
    held_fixed: Sequence[str],
    marks: Iterable[tuple[EventMark, Estimate | None]],
    controls: Mapping[str, Weighed],
) -> Iterator[EvidenceStep]:
    """From the figures as reported to the estimate, then what it was tried against."""
    for (step, title), rung in zip(_LADDER, weighed.rungs(), strict=True):
        yield EvidenceStep(step, title, _estimate(rung.seen), rung.unlinked)
    if weighed.held is not None:
        title = f"with {', '.join(held_fixed)} held fixed"
        yield EvidenceStep("held_fixed", title, _estimate(weighed.held))
    for mark, estimate in marks:
        yield EvidenceStep("event", f"event allowed for: {mark.title or mark.id}", estimate)
    for name, control in controls.items():
        yield EvidenceStep("control", f"control, {name}", _estimate(control.seen))


def _control_verdict(weighed: Weighed) -> Verdict:
    """A control is no rule: it moves, or it is not seen to move."""
    interval = weighed.seen.r.interval
    if interval is None:
        return Verdict.TOO_LITTLE_DATA
    return Verdict.SUPPORTED if interval[0] > 0 or interval[1] < 0 else Verdict.NOT_SUPPORTED


def _estimate(national: National | None) -> Estimate | None:
    """A pooled r signed so that positive is the declared direction; slopes keep their sign."""
    if national is None:
        return None
    r, slope = national.r, national.slope
    if r.estimate is None or r.interval is None or r.p is None:
        return None
    assert slope.estimate is not None
    assert slope.interval is not None
    low, high = sorted(r.direction * end for end in r.interval)
    return Estimate(
        r=r.direction * r.estimate,
        low=low,
        high=high,
        slope=slope.estimate,
        slope_low=slope.interval[0],
        slope_high=slope.interval[1],
        p=r.p,
        ties=r.ties,
    )


def _robust(rule: Conflict, weighed: Weighed) -> list[tuple[str, bool]]:
    """Declared checks that could be made, and whether the estimate keeps its sign in each."""
    checks: dict[str, tuple[Pooled | None, ...]] = {
        "first_24": (weighed.first_24.r,),
        "last_24": (weighed.last_24.r,),
        "leave_one_tie_out": weighed.one_out,
        "log": (weighed.logged,),
        "with_events": tuple(national.r for _, national in weighed.events),
    }
    out = []
    for name in rule.evidence.robust:
        found = [p.estimate for p in checks[name] if p is not None and p.estimate is not None]
        if found and weighed.seen.r.estimate is not None:
            same = all(estimate * weighed.seen.r.estimate > 0 for estimate in found)
            out.append((name.replace("_", " "), same))
    return out


def _tie(weighed: Weighed, at: int, network: Network, rule: Conflict) -> TieEstimate:
    tie = weighed.ties[at]
    name = network.name(rule.tie.one, tie)
    arrow = weighed.linked[at]
    if arrow.state is not State.ESTIMATED or arrow.r is None or arrow.interval is None:
        return TieEstimate(tie, name, str(arrow.state), months=arrow.months)
    assert arrow.slope is not None
    assert arrow.slope_interval is not None
    rank = standing(arrow, weighed.base)
    local = beside_pool(weighed.linked, at, national=weighed.seen.r, others=weighed.one_out[at])
    sign = weighed.direction
    low, high = sorted(sign * end for end in arrow.interval)
    shrunk = sorted(sign * end for end in local.interval or (0.0, 0.0))
    return TieEstimate(
        tie=tie,
        name=name,
        state=str(arrow.state),
        months=arrow.months,
        peers_from=weighed.start.peers[at],
        peers_to=weighed.end.peers[at],
        r=sign * arrow.r,
        low=low,
        high=high,
        slope=arrow.slope,
        slope_low=arrow.slope_interval[0],
        slope_high=arrow.slope_interval[1],
        p=rank.deciding_p if rank.deciding_p is not None else 1.0,
        stronger=rank.as_strong,
        unlinked=rank.of,
        shrunk_r=sign * (local.shrunk or 0.0),
        shrunk_low=shrunk[0],
        shrunk_high=shrunk[1],
        word=LocalWord(str(local.word)),
        lead=_lead(weighed, at, network) if local.word is LocalWord.STANDS_OUT else None,
    )


def _lead(weighed: Weighed, at: int, network: Network) -> Lead | None:
    found = weighed.stepped(at, weighed.one_out[at].estimate or 0.0)
    if found is None or found.arrow.r is None or found.arrow.interval is None:
        return None
    sign = weighed.direction
    low, high = sorted(sign * end for end in found.arrow.interval)
    return Lead(str(network.first + found.at), sign * found.arrow.r, low, high)


def _here_words(ties: tuple[TieEstimate, ...]) -> str:
    said = [f"{tie.name}: {_WORDS[tie.word]}" for tie in ties if tie.state == "estimated"]
    if len(said) > 4:
        counts = {word: sum(tie.word is word for tie in ties) for word in LocalWord}
        return ", ".join(f"{n} {_WORDS[word]}" for word, n in counts.items() if n)
    return "; ".join(said)


_WORDS = {
    LocalWord.IN_LINE: "in line with England",
    LocalWord.STANDS_OUT: "stands out",
    LocalWord.CANNOT_TELL: "cannot tell",
}

_SAID = {
    Verdict.SUPPORTED: "move together as the mechanism says, beyond trend, season and what peers "
    "saw. This is an association, not proof of intent",
    Verdict.OPPOSITE: "move against the mechanism: the opposite of what it says is seen",
    Verdict.NOT_SEPARABLE: "cannot be told apart from pressure that falls on everyone",
    Verdict.NO_MEANINGFUL_LINK: "show no link large enough to matter",
    Verdict.NOT_SUPPORTED: "are not seen to move together as the mechanism says",
    Verdict.TOO_LITTLE_DATA: "cannot be judged on these data",
}


def _sentence(rule: Conflict, results: tuple[ArrowResult, ...], verdict: Judgement) -> str:
    arrow = next(r for r in results if r.verdict is verdict.verdict)
    first, last = (Period.parse(m).words() for m in (arrow.first_month, arrow.last_month))
    ties = arrow.pooled.ties if arrow.pooled else 0
    months = f"{arrow.months} month{'s' * (arrow.months != 1)}"
    text = (
        f"{arrow.from_title} ({arrow.from_moves}) and {arrow.to_title} ({arrow.to_moves}) "
        f"{_SAID[verdict.verdict]}: {ties} {TIES[rule.tie.kind]}, {months}, "
        f"{first} to {last}."
    )
    text = text[0].upper() + text[1:]
    if verdict.reasons:
        reasons = "; ".join(verdict.reasons)
        text += f" {reasons[0].upper()}{reasons[1:]}."
    return text
