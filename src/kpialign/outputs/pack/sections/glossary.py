"""The words this pack uses; a word it does not use is not explained."""

from __future__ import annotations

import re

from kpialign.outputs.pack import Told
from kpialign.outputs.pack.content import Section, Terms, said
from kpialign.outputs.wording import phrases
from kpialign.terms import Verdict

_MEANS = {
    "assurance": "Whether a process, as it runs now, will meet its target: it passes or fails "
    "whatever the month, or may do either by chance.",
    "common cause": "The ups and downs that belong to a process as it runs. No single month of it "
    "needs a reason.",
    "composite": "Several indicators in one score, always shown with its parts.",
    "control": "A pair of figures that the mechanism cannot link. If they move together too, "
    "something that all share is at work.",
    "held back": "Read, and in no figure, because a check failed.",
    "indicator": "A measure with a purpose: its parts, its direction and whoever answers for it.",
    "interval": "Values that fit the data about as well, 19 times in 20.",
    "partial correlation": "How closely two indicators move together from month to month, from −1 "
    "to +1, after each one’s trend, season and what its peers saw are taken out. Plus means: as "
    "the rule says.",
    "peers": "Bodies of the same kind elsewhere, who saw the same months.",
    "process limits": "The range in which nearly all months lie while nothing changes.",
    "special cause": "A month or run of months that chance does not explain; something changed.",
    "standard": "A target that is meant to hold; an ambition is a step on the way.",
    "tie": "A link between bodies, such as one ambulance service and all hospitals it takes "
    "patients to. It counts once, however many hospitals it has.",
    "unlinked pairs": "The same two indicators at bodies that have nothing to do with each other. "
    "If many of those look as strong, the link is no news.",
    "variation": "Whether a figure changes beyond chance.",
}


def section(told: Told) -> Section:
    """Words found in the sections before, and the verdicts given."""
    text = " ".join(t for one in told.before for t in said(one)).casefold()
    used = [(w, means) for w, means in _MEANS.items() if re.search(rf"\b{w}s?\b", text)]
    given = {f.verdict for f in told.findings}
    used += [(v.words(), phrases.meaning(v)) for v in Verdict if v in given]
    pairs = tuple((word.capitalize(), means) for word, means in sorted(used))
    return Section("glossary", "Words used here", (Terms(pairs),))
