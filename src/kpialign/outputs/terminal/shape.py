"""A rule of unusual shape on the terminal: every look, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from kpialign.charts import words
from kpialign.findings import Look, Shape
from kpialign.outputs.wording import unusual

_WIDTH = 100


def render(shape: Shape) -> str:
    """Every look of one rule with its figures, as text."""
    lines = [f"{shape.rule} {shape.title}", f"{unusual.headline(shape)} · {unusual.summary(shape)}"]
    lines += ["", *_wrapped([shape.mechanism], "")]
    alarms = shape.false_alarms or "not measured; counts held against a tolerance are not tested"
    for heading, body in (
        ("WHERE IT WAS LOOKED", (text for look in shape.looks for text in _look(look))),
        ("KEPT BACK", [unusual.withheld(shape)] if shape.withheld else []),
        ("HOW OFTEN THE TEST FIRES AT NOTHING", [alarms]),
        ("WHAT WOULD MAKE IT GO AWAY", shape.goes_away),
        ("OTHER EXPLANATIONS", shape.other_explanations),
        ("WHAT TO ASK", shape.ask),
        ("WHO TO HAVE IN THE ROOM", [", ".join(shape.involve)]),
        ("DECLARED BEFORE LOOKING", [f"plan {shape.plan_hash}, family {shape.family}"]),
    ):
        told = list(_wrapped(body, "  "))
        lines += ["", heading, *told] if told else []
    return "\n".join(lines) + "\n"


def _look(look: Look) -> Iterator[str]:
    lead = ", low power" if look.low_power else ""
    where = f"{look.title}, {look.about}; {look.scope_name}, {unusual.span(look)}{lead}"
    yield f"{look.seen.words()}: {where}"
    yield f"  {unusual.sure(look)}"
    if look.question:
        yield f"  {look.question}"
    yield from (f"  {unusual.reply(one)}" for one in look.replies)


def _wrapped(texts: Iterable[str], indent: str) -> Iterator[str]:
    for text in texts:
        own = indent + " " * (len(text) - len(text.lstrip()))
        yield from wrap(
            words.clean(text.strip()), _WIDTH, initial_indent=own, subsequent_indent=f"{own}  "
        )
