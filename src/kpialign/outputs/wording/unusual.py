"""Unusual shape in words: questions about figures, one wording for screen and page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kpialign.charts import words
from kpialign.findings import Look, Seen, Shape, Stakes
from kpialign.findings.narratives import Narrative

_MEANING = {
    Seen.UNUSUAL: "The figures have a shape that chance seldom makes, or two figures for one "
    "thing differ. It says that somebody should ask, not what the answer is.",
    Seen.NOTHING: "The figures have the shape they would have if nobody looked at the target. "
    "This is an answer.",
    Seen.TOO_LITTLE_DATA: "There is not enough data to say, and nothing is said.",
}
_MOST = 4  # looks of a rule on the screen; the page has them all
_FEW = 2  # looks that ask nothing
_ALL = "ENGLAND"


def meaning(seen: Seen) -> str:
    """What a word allows to be said."""
    return _MEANING[seen]


def lead(shapes: Sequence[Shape]) -> str:
    """How many rules raise a question."""
    asking = sum(shape.seen is Seen.UNUSUAL for shape in shapes)
    rules = words.count(len(shapes), "rule")
    return f"shape: {asking} of {rules} raise a question; a question is no finding against anybody"


def lines(shapes: Sequence[Shape], stakes: Sequence[Stakes] = ()) -> Iterator[str]:
    """The section as the screen has it: in full what asks or was counted, the rest by name."""
    if shapes:
        yield lead(shapes)
    quiet: dict[Seen, list[str]] = {seen: [] for seen in Seen}
    for shape in shapes:
        if shape.unusual or shape.withheld or in_order(shape):
            yield from _in_full(shape)
        else:
            quiet[shape.seen].append(shape.rule)
    yield from (f"{seen.words()}: {', '.join(named)}" for seen, named in quiet.items() if named)
    yield from _stakes(stakes)


def _in_full(shape: Shape) -> Iterator[str]:
    yield f"{headline(shape)} · {shape.rule} {shape.title}"
    told = shape.unusual
    for look in told[:_MOST]:
        yield f"  {asked(look)}"
        yield from (f"    {reply(one)}" for one in look.replies)
    if len(told) > _MOST:
        yield f"  and {words.count(len(told) - _MOST, 'more question')} in the report"
    yield f"  {summary(shape)}"
    yield from (f"  {one}" for one in in_order(shape))
    if told and shape.false_alarms:
        yield f"  its test fires at nothing: {shape.false_alarms}"
    if told:
        yield f"  would go away if: {'; or '.join(shape.goes_away)}"
        yield f"  in the room: {', '.join(shape.involve)}"
    if shape.withheld:
        yield f"  {withheld(shape)}"


def _stakes(stakes: Sequence[Stakes]) -> Iterator[str]:
    met = [one for one in stakes if one.unusual]
    looked = sum(1 for one in stakes if one.looked)
    if stakes:
        yield (
            f"of {words.count(len(stakes), 'figure')} on which much rests {looked} could be looked "
            f"at; {len(met)} raised a question"
        )
        yield from (f"  {at_stake(one)}" for one in met)


def at_stake(one: Stakes) -> str:
    """What rests on an indicator and what was found of it, in one line."""
    kinds = ", ".join(dict.fromkeys(words.state_words(kind) for kind, *_ in one.rests))
    return f"{one.title}: {kinds}; {found(one)}"


def rests(since: str, what: str) -> str:
    """What rests on a figure, and since when."""
    return f"{what} (since {words.month(since)})" if since else what


def found(one: Stakes) -> str:
    """What was found of an indicator's shape."""
    if not one.looked:
        return "too little data to say anything of its shape"
    asked = words.count(one.unusual, "question")
    return f"{asked} in {words.count(one.looked, 'look')}"


def headline(shape: Shape) -> str:
    """The word of a rule, with how sure it is where it asks."""
    sure = f" (confidence {shape.confidence})" if shape.confidence else ""
    lead_alone = shape.unusual and shape.seen is not Seen.UNUSUAL
    return f"{'leads alone' if lead_alone else shape.seen.words()}".upper() + sure


def asked(look: Look) -> str:
    """A question with the figures it rests on."""
    lead = "lead, low power: " if look.low_power else ""
    return f"{look.scope_name}, {look.about}: {lead}{look.question} {sure(look)}".rstrip()


def reply(narrative: Narrative) -> str:
    """The words of the organisation that a look names."""
    by = f", {narrative.by}" if narrative.by else ""
    return f"their words ({words.month(narrative.period)}{by}): {narrative.text}"


def sure(look: Look) -> str:
    """The figures of a look, and how often chance makes the like."""
    parts = [look.said]
    if look.p is not None:
        parts.append(f"p {words.share(look.p)}")
    if look.family_p is not None:
        parts.append(f"within the family {words.share(look.family_p)}")
    return "; ".join(part for part in parts if part)


def summary(shape: Shape) -> str:
    """How many looks ended with which word."""
    tally = Counter(look.seen for look in shape.looks)
    told = ", ".join(f"{tally[word]} {word.words()}" for word in Seen if tally[word])
    return f"{words.count(len(shape.looks), 'look')}: {told}" if told else "nothing to look at"


def in_order(shape: Shape) -> list[str]:
    """What two counts or two years of one thing came to, where that raises no question."""
    looks = [one for one in shape.looks if one.seen is Seen.NOTHING and one.scope == _ALL]
    told = [f"{one.about}: {sure(one)}" for one in looks if one.estimate is not None]
    return told[:_FEW] if shape.kind == "definition" and not shape.unusual else []


def withheld(shape: Shape) -> str:
    """That leads are kept back, and until when."""
    what = words.count(shape.withheld, "lead")
    return f"{what} naming one organisation not told in public without its reply"


def span(look: Look) -> str:
    """The months looked at."""
    if not look.first_month:
        return "no months"
    if look.first_month == look.last_month:
        return words.month(look.first_month)
    return f"{words.month(look.first_month)} to {words.month(look.last_month)}"
