"""How complete and sound the data are: files, rows, checks, months that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.charts import words
from kpialign.outputs.pack import Told
from kpialign.outputs.pack.content import Block, Bullets, Paragraph, Section, Table, Wanted
from kpialign.outputs.wording import phrases

_MOST = 25


def section(told: Told) -> Section:
    """What came in, what the checks said, what is missing."""
    return Section("quality", "Data quality and completeness", tuple(_blocks(told)))


def _blocks(told: Told) -> Iterator[Block]:
    from kpialign import charts

    outcome = told.outcome
    if outcome.readings:
        yield Paragraph(
            f"{phrases.row_arithmetic(outcome.readings)}. Every row is accounted for: read = "
            f"loaded + set aside + rejected. {phrases.cell_arithmetic(outcome.readings)}".strip()
        )
    lines = [
        *phrases.extracts(outcome.readings),
        *(phrases.hole(*one) for one in outcome.holes),
        *phrases.expected(outcome),
        *phrases.not_for_publication(outcome),
    ]
    if lines:
        yield Bullets(tuple(words.sentence(line) for line in lines))
    yield Paragraph("", head="What the checks found")
    found = phrases.check_lines(outcome.gate)
    more = [f"and {len(found) - _MOST:,} more"] if len(found) > _MOST else []
    yield Bullets(tuple(words.sentence(x) for x in (*found[:_MOST], *more)) or ("Nothing wrong.",))
    own = outcome.system or "ENGLAND"
    for kind in ("completeness", "revisions"):
        yield from (Wanted(kind, s) for s in charts.subjects(outcome, kind) if s[0] == own)
    wrong = [r for r in outcome.readings if r.state in ("held_back", "refused")]
    if wrong:
        yield Table(
            caption="Files that could not be used",
            heads=("File", "What became of it", "Why"),
            rows=tuple((r.file, words.state_words(r.state), r.why) for r in wrong),
        )
    short = [v for v in outcome.system_values if v.state == "incomplete"]
    if short:
        yield Table(
            caption="Measures that lack somebody’s figures",
            heads=("Measure", "Whose", "Who reported", "Without"),
            rows=tuple(
                (words.sentence(v.title), v.scope_name, phrases.completeness(v),
                 "; ".join(v.missing))
                for v in short
            ),
        )  # fmt: skip
