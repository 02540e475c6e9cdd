"""A composite on the terminal: parts and what moved them first, the one figure after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from kpialign.charts import words
from kpialign.findings import CompositeMove, CompositeValue, Movement

_WIDTH = 100
_MOST = 4


def render(value: CompositeValue, movements: Sequence[Movement] = ()) -> str:
    """Everything there is to say of one composite, as text."""
    lines = [f"{value.title} · {value.scope_name} · {words.month(value.period)}", ""]
    lines += [*_parts(value), ""]
    own = [m for m in movements if m.scope == value.scope and m.since != ""]
    moved = [_moved(m) for m in own if m.indicator in {p.indicator for p in value.parts}]
    for heading, body in (
        ("WHAT MOVED THE PARTS", moved),
        ("THE ONE FIGURE", list(_figure(value))),
        ("WHERE THE DOUBT COMES FROM", list(_sources(value))),
        ("WHAT MOVED IT", [_move(move) for move in value.moves]),
        ("OTHER WEIGHTS AND MEANS", list(_alternatives(value))),
        ("TO ANOTHER BAND, ONE PART ALONE", list(_bands(value))),
        ("DO THE PARTS GO TOGETHER", list(_coherence(value))),
        ("WHAT IT REWARDS", list(value.rewards)),
        ("NOTES", list(value.notes)),
    ):
        if body:
            lines += [heading]
            for text in body:
                lines += wrap(words.clean(text), _WIDTH, initial_indent="  ",
                              subsequent_indent="    ")  # fmt: skip
    return "\n".join(lines) + "\n"


def _parts(value: CompositeValue) -> Iterator[str]:
    yield f"{'PART':40}{'NOW':>12}{'LAST MONTH':>12}{'YEAR BEFORE':>13}{'SCORE':>7}{'SHARE':>8}"
    for part in value.parts:
        now, last, year = (
            words.figure(x, part.unit, part.state if i == 0 else "not_reported")
            for i, x in enumerate((part.value, part.last_month, part.year_before))
        )
        score = words.figure(part.score, "score", "–")
        yield (
            f"{part.title[:39]:40}{_short(now):>12}{_short(last):>12}{_short(year):>13}"
            f"{_short(score):>7}{part.weight:>8.1%}"
        )
        if part.basis:
            yield f"  {part.basis}"[:_WIDTH]


def _short(text: str) -> str:
    return text if len(text) <= 12 else "–"


def _moved(move: Movement) -> str:
    steps = sorted(move.steps, key=lambda step: -abs(step.amount))[:_MOST]
    told = "; ".join(
        f"{step.kind.replace('_', ' ')}{f' {step.name}' if step.name else ''} {step.amount:+.2f}"
        for step in steps
    )
    kinds = ("revision", "boundaries", "came", "went", "other_bodies", "rate", "mix")
    sums = ", ".join(f"{kind.replace('_', ' ')} {move.total(kind):+.2f}"
                     for kind in kinds if abs(move.total(kind)) >= 0.005)  # fmt: skip
    reversal = f" Reversal: {move.reversal}." if move.reversal else ""
    return (
        f"{move.title}, since {words.month(move.since)}: {move.before:.2f} to {move.after:.2f} = "
        f"{sums or 'nothing'}. Largest: {told or 'none'}.{reversal}"
    )


def _figure(value: CompositeValue) -> Iterator[str]:
    if value.value is None:
        yield f"no figure: {words.state_words(value.state)}"
        return
    top = max(value.low_end, value.high_end)
    yield f"{value.value:.1f} of {top:g} ({value.aggregate.replace('_', '-')} mean)" + (
        f", {words.state_words(value.state)}" if value.state != "reported" else ""
    )
    if value.band:
        before = f", last month {value.band_last_month}" if value.band_last_month else ""
        yield f"band: {value.band}{before}"
    if value.rating:
        yield f"rating by rules: {value.rating}"
    yield from (f"held back: {reason}" for reason in value.held)
    doubt = value.doubt
    if doubt:
        yield f"95 % interval from chance in the figures: {doubt.low:.1f} to {doubt.high:.1f}"
        yield f"with other weights and means: {doubt.wide_low:.1f} to {doubt.wide_high:.1f}"
        yield doubt.words + (
            ""
            if doubt.band_differs_wide is None
            else f" ({doubt.band_differs_wide:.0%} with other weights and means)"
        )


def _sources(value: CompositeValue) -> Iterator[str]:
    if value.doubt is None or not value.doubt.sources:
        return
    titles = {part.indicator: f"chance in {part.title}" for part in value.parts}
    for name, share, low, high in sorted(value.doubt.sources, key=lambda one: -one[1]):
        yield f"{share:.0%} ({low:.0%} to {high:.0%})  {titles.get(name, name)}"
    yield "with all that each acts together with, so they may add up to more than 100%"


def _move(move: CompositeMove) -> str:
    steps = "; ".join(f"{s.title} {s.amount:+.2f}" for s in move.steps)
    return (
        f"since {words.month(move.since)}: {move.before:.2f} to {move.after:.2f} "
        f"({move.after - move.before:+.2f}) = {steps}"
    )


def _alternatives(value: CompositeValue) -> Iterator[str]:
    for name, found in value.alternatives:
        if found is not None:
            yield f"{found:.1f}  {name}"


def _bands(value: CompositeValue) -> Iterator[str]:
    for step in value.to_move:
        yield f"{step.band}: {step.title} from {step.value:.2f} to {step.wanted:.2f}"


def _coherence(value: CompositeValue) -> Iterator[str]:
    if value.coherence is None:
        return
    yield value.coherence.words
    titles = {part.indicator: part.title for part in value.parts}
    for pair in value.coherence.pairs:
        if pair.correlation is not None:
            yield f"{titles[pair.one]} with {titles[pair.other]}: {pair.correlation:+.2f}"
