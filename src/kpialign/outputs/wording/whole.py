"""What moved the figures of the whole, and what stages lose, in lines of a screen."""

from __future__ import annotations

from kpialign.charts import words
from kpialign.findings import Ledger, Movement, Outcome
from kpialign.outputs.wording import phrases

_MOST = 2  # bodies named a line


def moved(outcome: Outcome) -> list[str]:
    """Headline figures of what stands in front since last month; reversals are named."""
    headline = {value.indicator for value in outcome.system_values if value.headline}
    months = sorted({move.since for move in outcome.movements})
    front = outcome.system or "ENGLAND"
    return [
        movement(move)
        for move in outcome.movements
        if (move.scope, move.since) == (front, months[-1]) and move.indicator in headline
    ]


def movement(move: Movement) -> str:
    """From the earlier month to the later one: each kind of step, and the largest bodies."""
    told = []
    for kind in ("revision", "boundaries", "came", "went", "other_bodies", "rate", "mix"):
        amount = move.total(kind)
        if abs(amount) >= _LEAST:
            told.append(f"{kind.replace('_', ' ')} {_signed(amount, move.unit)}")
    bodies = [step for step in move.steps if step.organisation not in ("", "others")]
    largest = sorted(bodies, key=lambda step: -abs(step.amount))[:_MOST]
    who = ", ".join(
        f"{words.short_name(s.name)} {s.kind} {_signed(s.amount, move.unit)}" for s in largest
    )
    text = (
        f"{words.sentence(move.title)} since {words.month(move.since)}: "
        f"{words.figure(move.before, move.unit)} to {words.figure(move.after, move.unit)} = "
        f"{', '.join(told) or 'nothing'}"
    )
    text += f"; most by {who}" if who else ""
    return text + (f". Reversal: {move.reversal}" if move.reversal else "")


_LEAST = 0.005


def _signed(amount: float, unit: str) -> str:
    return words.signed(amount) if unit != "count" else words.change(amount, unit)


def ways(outcome: Outcome) -> list[str]:
    """One line a pathway of what stands in front: what each stage loses, and how many have none."""
    front = outcome.system or "ENGLAND"
    return [_way(ledger) for ledger in outcome.ledgers if ledger.scope == front and _losses(ledger)]


def composites(outcome: Outcome) -> list[str]:
    """Every composite of what stands in front, with England's beside it."""
    front = outcome.system or "ENGLAND"
    other = [one for one in outcome.composites if front != one.scope == "ENGLAND"]
    england = {one.id: one.value for one in other}
    return [
        phrases.composite(value) + _beside(england.get(value.id))
        for value in outcome.composites
        if value.scope == front
    ]


def _beside(england: float | None) -> str:
    return "" if england is None else f"; England {words.rounded(england, 1)}"


def _losses(ledger: Ledger) -> list[str]:
    return [
        f"{stage.title.lower()} {words.rounded(loss.amount, 0)} {loss.unit}"
        for stage in ledger.stages
        for loss in stage.losses
        if loss.amount is not None
    ]


def _way(ledger: Ledger) -> str:
    title = ledger.title.partition(",")[0]
    gaps = f"{len(ledger.gaps)} of {words.count(len(ledger.stages), 'stage')} without a figure"
    return f"{title}, lost (not added up): {'; '.join(_losses(ledger))}; {gaps}"
