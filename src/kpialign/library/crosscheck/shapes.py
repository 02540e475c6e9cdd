"""Rules of unusual shape: indicators that exist and fit the method, one rate a family."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.definitions.expression import read_sum
from kpialign.definitions.shapes import (
    BunchingPlan,
    DenominatorsPlan,
    DensityPlan,
    EasingPlan,
    MixPlan,
    RecordersPlan,
    ShapeRule,
    StickingPlan,
)
from kpialign.library.crosscheck.wrong import Wrong, unknown
from kpialign.library.model import Library

_KIND = {
    "density": "threshold", "recorders": "definition", "records": "definition",
    "mix_shift": "definition", "denominators": "definition",
    "sticking": "threshold", "bunching": "threshold",
}  # fmt: skip


def check(library: Library) -> Iterator[Wrong]:
    """Check every rule of unusual shape."""
    for rule in library.shapes.values():
        yield from _kind(rule)
        if isinstance(rule.evidence, DensityPlan):
            yield from _targets(rule, rule.evidence, library)
        if isinstance(rule.evidence, RecordersPlan):
            yield from _counts(rule, rule.evidence, library)
        if isinstance(rule.evidence, BunchingPlan):
            at = ("evidence", "bands")
            bands = rule.evidence.items.values()
            yield from unknown(("shapes", rule.id, at), bands, library.items, "item")
        if isinstance(rule.evidence, MixPlan):
            yield from _groups(rule, rule.evidence, library)
        if isinstance(rule.evidence, DenominatorsPlan | StickingPlan | EasingPlan):
            at, names = ("evidence", "indicators"), rule.evidence.indicators
            yield from unknown(("shapes", rule.id, at), names, library.indicators, "indicator")
        if rule.id in library.conflicts:
            what = f"{rule.id} is also the id of a rule of kind {library.conflicts[rule.id].kind}."
            yield Wrong(("shapes", rule.id, ("id",)), what, "Give one another id.")
    yield from _families(library)


def _kind(rule: ShapeRule) -> Iterator[Wrong]:
    wanted = _KIND.get(rule.evidence.method)  # easing is of either kind
    if wanted and rule.kind != wanted:
        what = f"{rule.evidence.method} is a method for kind {wanted}, not {rule.kind}."
        yield Wrong(("shapes", rule.id, ("kind",)), what)


def _targets(rule: ShapeRule, plan: DensityPlan, library: Library) -> Iterator[Wrong]:
    at = ("evidence", "indicators")
    yield from unknown(("shapes", rule.id, at), plan.indicators, library.indicators, "indicator")
    for name in plan.indicators:
        if name in library.indicators and not library.indicators[name].targets:
            what = f"{name} has no target, so no month can crowd at one."
            yield Wrong(("shapes", rule.id, at), what, "Leave it out, or name its target.")


def _counts(rule: ShapeRule, plan: RecordersPlan, library: Library) -> Iterator[Wrong]:
    for side, count in (("one", plan.one), ("other", plan.other)):
        at = ("evidence", side, "sum")
        yield from unknown(("shapes", rule.id, at), read_sum(count.sum), library.items, "item")
    if plan.tie == "same_organisation" and plan.one.role != plan.other.role:
        what = f"{plan.one.role} and {plan.other.role} are no one organisation."
        yield Wrong(("shapes", rule.id, ("evidence", "tie")), what, "Say tie: conveys_to.")


def _groups(rule: ShapeRule, plan: MixPlan, library: Library) -> Iterator[Wrong]:
    at = ("evidence", "indicator")
    yield from unknown(("shapes", rule.id, at), [plan.indicator], library.indicators, "indicator")
    for n, group in enumerate(plan.groups):
        for side, text in (("numerator", group.numerator), ("denominator", group.denominator)):
            where = ("shapes", rule.id, ("evidence", "groups", n, side))
            yield from unknown(where, read_sum(text), library.items, "item")


def _families(library: Library) -> Iterator[Wrong]:
    """Discovery control runs over a family, so its rules share one rate."""
    first = {rule.evidence.family: rule.evidence.fdr for rule in library.conflicts.values()}
    for rule in library.shapes.values():
        rate = first.setdefault(rule.evidence.family, rule.evidence.fdr)
        if rate != rule.evidence.fdr:
            what = f"Family {rule.evidence.family} has fdr {rate} in another rule."
            yield Wrong(("shapes", rule.id, ("evidence", "fdr")), what, "Give both the same.")
