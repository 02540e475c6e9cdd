"""From rules of unusual shape to findings: look, correct within the family, tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Protocol, cast

import polars as pl

from kpialign.conflicts import methods
from kpialign.conflicts.sight import ENGLAND, Sight
from kpialign.definitions.shapes import ShapeRule, ShapeTest
from kpialign.evidence import adjusted
from kpialign.findings.evidence import Citation
from kpialign.findings.narratives import Narrative
from kpialign.findings.outcome import no_points
from kpialign.findings.shapes import Look, Seen, Shape


class Method(Protocol):
    """What a module of :mod:`kpialign.conflicts.methods` has that looks at shapes."""

    def look(self, rule: ShapeRule, sight: Sight) -> Iterator[Look]:
        """Look everywhere the rule names."""

    def invent(self, rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
        """Invent figures for one of the rule's own tests."""


SURE = 0.01  # corrected p from which the evidence of a national look is called high


def look_at(
    rules: Iterable[ShapeRule],
    sight: Sight,
    *,
    public: bool = False,
    narratives: Sequence[Narrative] = (),
) -> tuple[Shape, ...]:
    """Judge every rule; the national looks of a family are corrected together.

    Args:
        rules: those in force.
        sight: what there is to look at.
        public: whether a look that names one organisation is told beside its reply alone.
        narratives: the words of organisations.
    """
    rules = sorted(rules, key=lambda rule: rule.id)
    looks = {rule.id: list(_method(rule).look(rule, sight)) for rule in rules}
    by_family: dict[str, dict[str, float | None]] = {}
    for rule in rules:
        family = by_family.setdefault(rule.evidence.family, {})
        family |= {f"{rule.id} {one.id}": one.p for one in looks[rule.id] if _national(one)}
    corrected = {key: p for one in by_family.values() if one for key, p in adjusted(one).items()}
    shapes = []
    for rule in rules:
        own = [_answered(one, rule, narratives) for one in looks[rule.id]]
        shapes.append(_shape(rule, own, corrected, public=public))
    return tuple(shapes)


def drawn(rules: Iterable[ShapeRule], shapes: Iterable[Shape], sight: Sight) -> pl.DataFrame:
    """The points behind the first look of each rule whose method has any, and those that ask.

    They are of the whole country: no point names a body.
    """
    by_id = {rule.id: rule for rule in rules}
    frames = [no_points()]
    for shape in shapes:
        method = import_module(f"{methods.__name__}.{shape.method}")
        for look in _pictured(shape) if hasattr(method, "points") else ():
            made: pl.DataFrame = method.points(by_id[shape.rule], look, sight)
            frames.append(made.select(frames[0].columns).cast(frames[0].schema))
    return pl.concat(frames)


def _pictured(shape: Shape) -> list[Look]:
    """Of a rule about targets every look that asks, else the largest; of others the first."""
    answered = [
        look
        for look in shape.looks
        if look.scope == ENGLAND and look.seen is not Seen.TOO_LITTLE_DATA
    ]
    if shape.method != "density":
        return answered[:1]
    asking = [look for look in answered if look.question]
    return asking or sorted(answered, key=lambda look: (-look.figures, look.id))[:1]


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """Figures of an invented country for a rule's own test; of ``sight`` only the definitions."""
    return _method(rule).invent(rule, test, sight, seed)


def _method(rule: ShapeRule) -> Method:
    return cast(Method, import_module(f"{methods.__name__}.{rule.evidence.method}"))


def _national(look: Look) -> bool:
    """Whether a look rests on a test that the family's rate is promised for."""
    return look.scope == ENGLAND and look.tested


def _shape(
    rule: ShapeRule,
    looks: Iterable[Look],
    corrected: dict[str, float],
    *,
    public: bool,
) -> Shape:
    judged = [_judged(one, rule, corrected.get(f"{rule.id} {one.id}")) for one in looks]
    shown = tuple(one for one in judged if not (public and one.names_one) or one.replies)
    return Shape(
        rule=rule.id,
        version=rule.version,
        status=str(rule.status),
        kind=rule.kind,
        method=rule.evidence.method,
        title=rule.title,
        mechanism=" ".join(rule.mechanism.split()),
        severity=rule.severity,
        confidence=_confidence(shown),
        seen=_word(shown),
        looks=shown,
        family=rule.evidence.family,
        plan_hash=rule.plan_hash,
        people=rule.wins.people,
        organisations=tuple(sorted(rule.wins.organisations.items())),
        public_purse=rule.wins.public_purse,
        ask=rule.ask,
        involve=rule.involve,
        goes_away=rule.goes_away,
        other_explanations=rule.other_explanations,
        references=tuple(Citation(r.cite, r.url or "", r.says) for r in rule.references),
        withheld=sum(one.seen is Seen.UNUSUAL for one in judged) - sum(
            one.seen is Seen.UNUSUAL for one in shown
        ),
        false_alarms=_alarms(rule),
    )  # fmt: skip


def _alarms(rule: ShapeRule) -> str:
    known = rule.false_alarms
    return f"{100 * known.rate:.1f} in 100, on {known.on}" if known else ""


def _answered(look: Look, rule: ShapeRule, narratives: Sequence[Narrative]) -> Look:
    """Put an organisation's words beside a look that names it; of a rule, of that rule alone."""
    replies = tuple(
        one
        for one in narratives
        if look.body and one.organisation == look.body
        and (one.rule == rule.id if one.rule else one.indicator == look.indicator)
    )  # fmt: skip
    return replace(look, replies=replies)


def _judged(look: Look, rule: ShapeRule, family_p: float | None) -> Look:
    """The word of a national look is that of its family; a question is asked where it is due."""
    seen = look.seen
    if family_p is not None and seen is not Seen.TOO_LITTLE_DATA:
        seen = Seen.UNUSUAL if family_p <= rule.evidence.fdr else Seen.NOTHING
    question = look.question if seen is Seen.UNUSUAL else ""
    return replace(look, seen=seen, family_p=family_p, question=question)


def _word(looks: Collection[Look]) -> Seen:
    """A rule's word is that of its strongest look; a lead alone does not make it unusual."""
    words = {one.seen for one in looks if not (one.low_power or one.names_one)}
    return next((word for word in Seen if word in words), Seen.TOO_LITTLE_DATA)


def _confidence(looks: Iterable[Look]) -> str:
    """How strong the evidence is: counted differences need no test, a lead is always weak."""
    unusual = [one for one in looks if one.seen is Seen.UNUSUAL]
    if not unusual:
        return ""
    sure = [one for one in unusual if not (one.low_power or one.names_one)]
    if not sure:
        return "low"
    return (
        "high"
        if any((one.family_p or 0.0) <= SURE and not one.unconfirmed for one in sure)
        else "moderate"
    )
