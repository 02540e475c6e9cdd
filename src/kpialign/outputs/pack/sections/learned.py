"""What moved when somebody changed something, and what they learned."""

from __future__ import annotations

from kpialign.outputs.pack import Told
from kpialign.outputs.pack.content import Block, Bullets, Paragraph, Section, Wanted
from kpialign.outputs.wording import phrases

_INTRODUCTION = (
    "A change is seen against everybody else, on what it was aimed at and on what it might harm, "
    "and ranked among the same step at places and in months where nothing was tried. A rank is "
    "evidence, not proof: other things happen in the same month."
)
_NONE = (
    "No change was written down. `changes.csv` of the workspace keeps who tried what and when; "
    "the next pack then shows what moved with it."
)


def section(told: Told) -> Section:
    """A part for each change, or how to keep a log of them."""
    from kpialign import charts

    drawn = charts.subjects(told.outcome, "step") if told.outcome.learned else ()
    parts = []
    for n, one in enumerate(told.outcome.learned, 1):
        blocks: list[Block] = [Paragraph(f"{phrases.learned(one.change, one.name)}.")]
        if one.steps:
            blocks.append(Bullets(tuple(f"{phrases.step(seen)}." for seen in one.steps)))
        subject = (one.change.organisation, one.change.date)
        if subject in drawn:
            blocks.append(Wanted("step", subject))
        if one.change.learned:
            blocks.append(Paragraph(one.change.learned, head="Learned:"))
        parts.append(Section(f"learned-{n}", f"{one.name}, {one.change.date}", tuple(blocks)))
    blocks_of_all = (Paragraph(_INTRODUCTION if parts else _NONE),)
    return Section("learned", "What was learned from changes", blocks_of_all, tuple(parts))
