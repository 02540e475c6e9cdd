"""Mix: did a rate change because its groups did, or because there is more of some group?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from kpialign.conflicts.sight import ENGLAND, PARTS, Sight
from kpialign.definitions.shapes import MixPlan, ShapeRule, ShapeTest
from kpialign.evidence import Mix, Reversal, mix
from kpialign.evidence.state import Floats, State
from kpialign.findings.shapes import Look, Seen
from kpialign.terms import Period, months_between

YEAR = 12


def look(rule: ShapeRule, sight: Sight) -> Iterator[Look]:
    """Split the change between two years: of the country, then where groups and whole differ."""
    plan = rule.evidence
    assert isinstance(plan, MixPlan)
    rows = sight.parts.filter(pl.col("rule") == rule.id)
    years = _years(rows, plan)
    if years is None:
        wanted = f"{YEAR + plan.apart} months of every group are needed"
        yield _told(plan, sight, ("", ""), Seen.TOO_LITTLE_DATA, said=wanted)
        return
    span = (years[0][0], years[1][-1])
    broken = _broken(plan, sight, years)
    if broken:
        said = f"the two years do not compare: {broken}"
        yield _told(plan, sight, span, Seen.TOO_LITTLE_DATA, said=said)
        return
    places, parts = _parts(rows, plan, years)
    found = mix(*parts)
    known = [at for at, state in enumerate(found.state) if state is State.ESTIMATED]
    if not known:
        yield _told(plan, sight, span, Seen.TOO_LITTLE_DATA, said="nobody sent both years whole")
        return
    whole = mix(parts[0][:, known].sum(axis=1)[:, None], parts[1][:, known].sum(axis=1)[:, None])
    yield _country(plan, sight, span, whole, len(known))
    yield _reversals(plan, sight, span, found, len(known))
    for at in known:
        if _against(found, at, plan):
            yield _lead(plan, sight, span, _split(found, at), places[at])


def _years(rows: pl.DataFrame, plan: MixPlan) -> tuple[list[str], list[str]] | None:
    """The latest twelve months without a hole that have figures ``apart`` months before too."""
    known = {Period.parse(p) for p in rows.drop_nulls("value")["period"].unique()}
    for last in sorted(known, reverse=True):
        after = list(months_between(last + (1 - YEAR), last))
        before = [period + -plan.apart for period in after]
        if known >= {*before, *after}:
            return [str(p) for p in before], [str(p) for p in after]
    return None


def _broken(plan: MixPlan, sight: Sight, years: tuple[list[str], list[str]]) -> str:
    """A confirmed break between the first month and the last: no chain is made across it."""
    between = [
        f"{one.title}, from {Period.parse(one.since).words()}"
        for one in sight.breaks
        if one.confirmed and one.effect == "incomparable" and not one.whom
        and plan.indicator in one.indicators and years[0][0] < one.since <= years[1][-1]
    ]  # fmt: skip
    return "; ".join(between)


def _parts(
    rows: pl.DataFrame, plan: MixPlan, years: tuple[list[str], list[str]]
) -> tuple[list[str], tuple[Floats, Floats]]:
    """Sums of both years: numerators and denominators, each (2, places, groups)."""
    places = sorted(rows["organisation"].unique())
    column = {place: at for at, place in enumerate(places)}
    sums = np.full((2, 2, len(places), len(plan.groups)), np.nan)
    for year, months in enumerate(years):
        whole = (
            rows.filter(pl.col("period").is_in(months))
            .group_by("part", "organisation")
            .agg(pl.col("value").sum(), pl.col("value").count().alias("months"))
            .filter(pl.col("months") == YEAR)
        )
        for part, place, value in whole.select("part", "organisation", "value").iter_rows():
            group, _, side = part.partition(" ")
            sums[int(side == "denominator"), year, column[place], int(group)] = value
    return places, (sums[0], sums[1])


def _country(plan: MixPlan, sight: Sight, span: tuple[str, str], whole: Mix, bodies: int) -> Look:
    change, rate, mixed = _split(whole, 0)
    moved = (whole.share_after - whole.share_before)[0]
    shares = ", ".join(
        f"{group.name} {100 * float(by):+.1f}" for group, by in zip(plan.groups, moved, strict=True)
    )
    said = (
        f"{change:+.2f} points = {rate:+.2f} from the groups' rates and {mixed:+.2f} from the mix; "
        f"points of share moved: {shares}; {bodies} bodies with both years"
    ).replace("-", "\N{MINUS SIGN}")
    unlike = whole.reversal[0] is not Reversal.NONE
    seen = Seen.UNUSUAL if unlike or abs(mixed) >= plan.least else Seen.NOTHING
    question = (
        "Why does the whole go another way than its groups?"
        if unlike
        else "How much of the change is care, and how much is who is counted?"
    )
    return _told(plan, sight, span, seen, said=said, question=question, estimate=mixed)


def _reversals(plan: MixPlan, sight: Sight, span: tuple[str, str], found: Mix, known: int) -> Look:
    full = sum(one is Reversal.IN_EVERY_GROUP for one in found.reversal)
    said = f"at {full} of {known} bodies every group goes one way and the whole the other"
    return _told(plan, sight, span, Seen.NOTHING, said=said, about="reversals, body by body")


def _against(found: Mix, at: int, plan: MixPlan) -> bool:
    full = found.reversal[at] is Reversal.IN_EVERY_GROUP
    return bool(full and abs(float(found.change[at])) >= plan.least)


def _split(found: Mix, at: int) -> tuple[float, float, float]:
    return float(found.change[at]), float(found.rate[at]), float(found.mix[at])


def _lead(
    plan: MixPlan,
    sight: Sight,
    span: tuple[str, str],
    split: tuple[float, float, float],
    body: str,
) -> Look:
    change, rate, mixed = split
    said = f"{change:+.1f} points = {rate:+.1f} from the groups' rates, {mixed:+.1f} from the mix"
    question = "Which group grew, and is it counted here for the first time?"
    return _told(
        plan, sight, span, Seen.UNUSUAL, said=said.replace("-", "\N{MINUS SIGN}"),
        about="every group goes against the whole", question=question, estimate=mixed, body=body,
    )  # fmt: skip


def _told(
    plan: MixPlan,
    sight: Sight,
    span: tuple[str, str],
    seen: Seen,
    *,
    said: str,
    about: str = "change on the year before",
    question: str = "",
    estimate: float | None = None,
    body: str = "",
) -> Look:
    return Look(
        id=f"{plan.indicator} {about} {body}".strip(),
        indicator=plan.indicator,
        title=sight.indicators[plan.indicator].short,
        about=about,
        scope=body or ENGLAND,
        scope_name=sight.name(plan.indicator, body) if body else "England",
        seen=seen,
        said=said,
        question=question,
        body=body,
        first_month=span[0],
        last_month=span[1],
        estimate=estimate,
        unit="points from the mix",
        tested=False,
    )


def invent(rule: ShapeRule, test: ShapeTest, sight: Sight, seed: int) -> Sight:
    """Two groups of unlike rates; in the second year ``planted`` of the first one's share moves."""
    rng = np.random.default_rng(seed)
    plan = rule.evidence
    assert isinstance(plan, MixPlan)
    first = Period(2022, 4)
    rows = []
    for month in range(test.months):
        late = month >= test.months - YEAR
        for place in range(test.places):
            moved = 0.6 - (test.planted if late else 0.0)
            shares = [moved, *[(1 - moved) / (len(plan.groups) - 1)] * (len(plan.groups) - 1)]
            for group, share in enumerate(shares):
                seen = 10_000 * share * np.exp(rng.normal(0, 0.02))
                met = seen * (0.6 if group == 0 else 0.95)
                key = (rule.id, f"U{place:03d}", "hospital", str(first + month))
                rows.append((*key, f"{group} numerator", met))
                rows.append((*key, f"{group} denominator", seen))
    names = ["rule", "organisation", "role", "period", "part", "value"]
    parts = pl.DataFrame(rows, schema=names, orient="row").select(*PARTS)
    return Sight(sight.figures, sight.indicators, parts=parts)
